#!/usr/bin/python3
"""How many planted near-duplicates `wm duplicates` groups with their originals, and how many groups it makes wrongly.

Plants `--pairs` variants of cuts of the given recordings in WORK/uploads, drawn from `--seed`: transcoded (codec), sped up or slowed down with
the pitch (speed), shifted in pitch alone (pitch), cut to 40 to 80 % (trim), or padded with silence to 1.2 to 1.8 times the length
(padded); half of the latter four are transcoded as well. Then runs `wm duplicates` on them, and counts pairs:

  recall     planted pairs (a recording and its variant) that are in one group
  precision  pairs of uploads in one group that come from one recording

Intervals are Wilson's, 95 %.

    bench/duplicates.py WORK FOLDER... --wm build/release/cli/wm --seed 2 --half 1

Needs: ffmpeg with libmp3lame, libopus and librubberband; sox.
"""

import argparse
import collections
import csv
import itertools
import pathlib
import random
import resource
import shutil
import sys

import recordings
from robustness import wilson_interval

CODECS = {"mp3_128": ("mp3", "-c:a libmp3lame -b:a 128k"), "mp3_96": ("mp3", "-c:a libmp3lame -b:a 96k"),
          "aac_96": ("m4a", "-c:a aac -b:a 96k"), "opus_64": ("opus", "-c:a libopus -b:a 64k")}
KINDS = ("codec", "speed", "pitch", "trim", "padded")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=pathlib.Path, help="where the uploads and the table go; emptied first")
    parser.add_argument("folders", nargs="+", help="recordings (*.wav)")
    parser.add_argument("--wm", required=True, help="the wm program under test")
    parser.add_argument("--pairs", type=int, default=300, help="(default %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="(default %(default)s)")
    parser.add_argument("--half", type=int, choices=(0, 1), help="take every other recording only, from the first or the second on")
    parser.add_argument("--seconds", type=float, default=40, help="cut from each recording at a drawn place (default %(default)s)")
    parser.add_argument("--jobs", type=int, default=1, help="(default %(default)s)")
    parser.add_argument("--profile", help="passed to wm duplicates")
    return parser.parse_args()


def filters(kind, draw, seconds, rate):
    """The filter of a variant, and how it reads."""
    if kind == "speed":
        speed = draw.choice((-1, 1)) * draw.uniform(0.02, 0.08) + 1
        return f"asetrate={round(rate * speed)},aresample={rate}", f"{speed:.3f}"
    if kind == "pitch":
        semitones = draw.choice((-1, 1)) * draw.uniform(0.5, 2)
        return f"rubberband=pitch={2 ** (semitones / 12):.6f}", f"{semitones:+.2f}"
    if kind == "trim":
        kept = draw.uniform(0.4, 0.8) * seconds
        start = draw.uniform(0, seconds - kept)
        return f"atrim={start:.3f}:{start + kept:.3f},asetpts=PTS-STARTPTS", f"{start:.1f}-{start + kept:.1f}"
    if kind == "padded":
        added = draw.uniform(0.2, 0.8) * seconds
        before = draw.uniform(0, added)
        return f"adelay={round(1000 * before)}:all=1,apad=pad_dur={added - before:.3f}", f"{before:.1f}+{added - before:.1f}"
    return "anull", ""


def plant(arguments, sources, folder):
    """Fills the folder; returns which recording and kind each file is of."""
    draw = random.Random(arguments.seed)
    made, cuts = {}, {}
    for source in sources:
        target = folder / f"{digest_name(draw)}.wav"
        length = float(recordings.run(["soxi", "-D", source]).stdout)
        start = draw.uniform(0, length - arguments.seconds)
        recordings.run(["sox", "-D", source, target, "trim", f"{start:.3f}", arguments.seconds])
        made[target.name] = (source.stem, "original", "")
        cuts[source.stem] = target
    for k in range(arguments.pairs):
        source, kind = sources[k % len(sources)], KINDS[k // len(sources) % len(KINDS)]
        cut = cuts[source.stem]
        rate = int(recordings.run(["soxi", "-r", cut]).stdout)
        filter_text, value = filters(kind, draw, arguments.seconds, rate)
        codec = draw.choice(sorted(CODECS)) if kind == "codec" or draw.random() < 0.5 else ""
        ending, options = CODECS[codec] if codec else ("wav", "-c:a pcm_s16le")
        target = folder / f"{digest_name(draw)}.{ending}"
        recordings.run(["ffmpeg", "-v", "error", "-i", cut, "-af", filter_text, "-map_metadata", "-1", *options.split(), target])
        made[target.name] = (source.stem, kind, f"{value} {codec}".strip())
    return made


def digest_name(draw):
    """A name that says nothing, so that the order of the uploads is one of chance."""
    return f"{draw.getrandbits(48):012x}"


def share_text(hits, trials):
    low, high = wilson_interval(hits, trials)
    return f"{hits}/{trials} = {100 * hits / max(trials, 1):.2f} % ({100 * low:.2f}-{100 * high:.2f})"


def main():
    arguments = parse_arguments()
    recordings.require("ffmpeg", "sox", "soxi")
    sources = recordings.find_recordings(arguments.folders)
    sources = sources if arguments.half is None else sources[arguments.half::2]
    shutil.rmtree(arguments.work, ignore_errors=True)
    uploads, table = arguments.work / "uploads", arguments.work / "groups.csv"
    uploads.mkdir(parents=True)
    made = plant(arguments, sources, uploads)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [arguments.wm, "duplicates", uploads, "--out", table, "--jobs", arguments.jobs, "--quiet"]
    recordings.run(command + (["--profile", arguments.profile] if arguments.profile else []), allowed=(0, 1))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)

    with table.open(newline="", encoding="utf-8") as file:
        rows = {pathlib.Path(row["file"]).name: row for row in csv.DictReader(file)}
    group = {name: rows[name]["group"] if name in rows else "" for name in made}
    original = {made[name][0]: name for name in made if made[name][1] == "original"}
    planted = [name for name in made if made[name][1] != "original"]
    found = {name for name in planted if group[name] and group[name] == group[original[made[name][0]]]}
    members = collections.defaultdict(list)
    for name in sorted(made):
        members[group[name]].append(name)
    members.pop("", None)
    pairs = [pair for names in members.values() for pair in itertools.combinations(names, 2)]
    right = [pair for pair in pairs if made[pair[0]][0] == made[pair[1]][0]]

    print(f"{len(sources)} recordings, {len(planted)} planted pairs, seed {arguments.seed}")
    print(f"recall     {share_text(len(found), len(planted))}")
    for kind in KINDS:
        of_kind = [name for name in planted if made[name][1] == kind]
        print(f"  {kind:8} {share_text(len(found & set(of_kind)), len(of_kind))}")
    print(f"precision  {share_text(len(right), len(pairs))}")
    print(f"CPU {after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime:.0f} s, "
          f"largest memory of any program run {after.ru_maxrss / 1024:.0f} MB")
    for name in planted:
        if name not in found:
            print(f"missed: {name} {' '.join(made[name])}")
    for names in members.values():
        if len({made[name][0] for name in names}) > 1:
            print("joined: " + ", ".join(sorted({made[name][0] for name in names})))


if __name__ == "__main__":
    sys.exit(main())
