#!/usr/bin/python3
"""Grades pairs of recordings by `wm quality` and by gstpeaq, an independent implementation of PEAQ basic, and compares.

The pairs are drawn by a seed: from each recording an excerpt of 20 s and three kinds of change (marks, codecs, noise,
filters, distortion), so that every run makes the same ones. With --golden, gstpeaq's grades come from the table that an
earlier run wrote (bench/peaq_golden.csv) instead of from the program; a pair that was not remade byte by byte is left out,
and counted. Exits with 1 when the two differ by more than docs/quality.md says.

Needs: ffmpeg, sox, python3-numpy, recordings made by bench/make_recordings.py; gstpeaq's `peaq` on the PATH unless --golden;
audiowmark unless --without-audiowmark.
"""

import argparse
import csv
import json
import math
import pathlib
import random
import re
import statistics
import sys

import numpy

import recordings

EXCERPT_S = 20
MOST_MEDIAN, MOST_90TH = 0.1, 0.25
KEY = pathlib.Path(__file__).resolve().parent / "peaq_comparison.key"  # public: protects nothing
MESSAGE = "5f3a9c0212ab77e15f3a9c0212ab77e1"
FFMPEG = ["ffmpeg", "-nostdin", "-v", "error", "-y"]
WAV_16 = ["-c:a", "pcm_s16le", "-map_metadata", "-1", "-bitexact"]

CODECS = {f"mp3_{rate}k": ("mp3", "libmp3lame", rate) for rate in (48, 64, 96, 128, 192, 256)}
CODECS.update({f"aac_{rate}k": ("m4a", "aac", rate) for rate in (48, 64, 96, 128, 192)})
CODECS.update({f"opus_{rate}k": ("opus", "libopus", rate) for rate in (24, 48, 64, 96, 160)})
CODECS.update({f"vorbis_{rate}k": ("ogg", "libvorbis", rate) for rate in (64, 96, 128, 192)})
SOX_EFFECTS = {
    "lowpass_4k": ["lowpass", "4000"], "lowpass_11k": ["lowpass", "11000"], "highpass_300": ["highpass", "300"],
    "equalizer_1k_+4db": ["equalizer", "1000", "1q", "4"], "treble_-6db": ["treble", "-6"], "gain_-1db": ["vol", "-1dB"],
    "gain_-12db": ["vol", "-12dB"], "overdrive_6db": ["overdrive", "6", "0"], "rate_16k": ["rate", "16000", "rate"],
    "echo_60ms": ["echo", "0.8", "0.9", "60", "0.2"], "compand": ["compand", "0.01,0.2", "-60,-60,-30,-18,0,-6"],
}
NOISES = {f"noise_{snr}db": snr for snr in (10, 20, 30, 40, 55)}
CLIPS = {f"clip_{percent}": percent / 100 for percent in (30, 60, 90)}
MARKS = {f"wm_{strength}": ["--strength", str(strength)] for strength in (0.5, 1, 2, 3)}
AUDIOWMARKS = {f"audiowmark_{strength}": ["--strength", str(strength)] for strength in (5, 10, 20, 30)}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", help="folders of *.wav recordings of 44.1 kHz (tune/ and report/)")
    parser.add_argument("--wm", required=True, type=pathlib.Path, help="the wm program under test")
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("bench-work"), help="folder for the pairs")
    parser.add_argument("--seed", type=int, default=1387, help="draws the pairs (default %(default)s)")
    parser.add_argument("--rate", type=int, default=44100, help="of the pairs, in Hz: at 48000 neither program converts")
    parser.add_argument("--golden", type=pathlib.Path, help="take gstpeaq's grades from this table")
    parser.add_argument("--write-golden", type=pathlib.Path, help="write gstpeaq's grades to this table")
    parser.add_argument("--without-audiowmark", action="store_true", help="draw no audiowmark pairs: other pairs")
    parser.add_argument("--jobs", type=int, default=2, help="pairs at a time (default %(default)s)")
    parser.add_argument("--csv", type=pathlib.Path, help="also write both grades of each pair here")
    return parser.parse_args()


def draw_pairs(paths, arguments):
    """(recording, change, start in s): each change as often as the others, give or take one."""
    draw = random.Random(arguments.seed)
    changes = [*CODECS, *SOX_EFFECTS, *NOISES, *CLIPS, *MARKS, *([] if arguments.without_audiowmark else AUDIOWMARKS)]
    queue, pairs = [], []
    for path in paths:
        start_s = draw.randrange(5, 50)
        for _ in range(3):
            queue = queue or draw.sample(changes, len(changes))
            pairs.append((path, queue.pop(), start_s))
    return pairs


def change_samples(source, target, change, arguments):
    """White noise at an SNR, or clipping at a share of the peak, on the 16-bit samples."""
    raw = recordings.run([*FFMPEG, "-i", source, "-f", "s16le", "-"], text=False).stdout
    samples = numpy.frombuffer(raw, "<i2").astype(numpy.float64)
    if change in NOISES:
        noise = numpy.random.Generator(numpy.random.PCG64(arguments.seed)).standard_normal(samples.size)
        power = numpy.mean(samples**2) / 10 ** (NOISES[change] / 10)
        samples = samples + noise * numpy.sqrt(power)
    else:
        limit = CLIPS[change] * numpy.max(numpy.abs(samples))
        samples = numpy.clip(samples, -limit, limit)
    samples = numpy.clip(numpy.rint(samples), -32768, 32767).astype("<i2")
    channels = recordings.run(["soxi", "-c", source]).stdout.strip()
    part = target.with_suffix(".raw")
    part.write_bytes(samples.tobytes())
    recordings.run([*FFMPEG, "-f", "s16le", "-ar", arguments.rate, "-ac", channels, "-i", part, *WAV_16, target])
    part.unlink()


def make_changed(original, target, change, arguments):
    rate = ["-ar", arguments.rate]
    if change in CODECS:
        ending, encoder, kbit_s = CODECS[change]
        coded = target.with_suffix("." + ending)
        recordings.run([*FFMPEG, "-i", original, "-c:a", encoder, "-b:a", f"{kbit_s}k", "-bitexact", coded])
        recordings.run([*FFMPEG, "-i", coded, "-t", EXCERPT_S, *rate, *WAV_16, target])
        coded.unlink()
    elif change in SOX_EFFECTS:
        back = [arguments.rate] if change == "rate_16k" else []
        recordings.run(["sox", "-R", original, "-b", "16", target, *SOX_EFFECTS[change], *back])
    elif change in MARKS:
        mark = ["embed", original, target, "--key", KEY, "--id", MESSAGE[:16], "--no-verify", *MARKS[change]]
        recordings.run([arguments.wm.resolve(), *mark])
    elif change in AUDIOWMARKS:
        recordings.run(["audiowmark", "add", "-q", *AUDIOWMARKS[change], original, target, MESSAGE])
    else:
        change_samples(original, target, change, arguments)


def make_pair(pair, arguments):
    """The two WAV files of a pair, made afresh."""
    recording, change, start_s = pair
    arguments.work.mkdir(parents=True, exist_ok=True)
    original = arguments.work / f"{recording.stem}.{change}.original.wav"
    changed = arguments.work / f"{recording.stem}.{change}.wav"
    changed.unlink(missing_ok=True)
    recordings.run([*FFMPEG, "-ss", start_s, "-t", EXCERPT_S, "-i", recording, "-ar", arguments.rate, *WAV_16, original])
    make_changed(original, changed, change, arguments)
    return original, changed


def gstpeaq_grade(original, changed):
    """The model output variables, distortion index and grade that gstpeaq prints."""
    text = recordings.run(["peaq", original, changed]).stdout
    variables = dict(re.findall(r"^ *([\w ]+B): (\S+)$", text, re.MULTILINE))
    row = {name.removesuffix("B"): float(value) for name, value in variables.items()}
    row["distortion_index"] = float(re.search(r"Distortion Index: (\S+)", text)[1])
    row["odg"] = float(re.search(r"Objective Difference Grade: (\S+)", text)[1])
    return row


def wm_grade(original, changed, arguments):
    command = [arguments.wm.resolve(), "quality", original, changed, "--no-align", "--no-loudness", "--json"]
    return json.loads(recordings.run(command).stdout)


def read_golden(path):
    with path.open(newline="", encoding="utf-8") as file:
        return {(row["recording"], row["change"], row["digest"]): row for row in csv.DictReader(file)}


def measure(pair, arguments, golden):
    original, changed = make_pair(pair, arguments)
    row = {"recording": pair[0].stem, "change": pair[1], "start_s": pair[2],
           "digest": recordings.digest(original, changed)}
    if golden is None:
        row.update(gstpeaq_grade(original, changed))
    else:
        known = golden.get((row["recording"], row["change"], row["digest"]))
        row["odg"] = float(known["odg"]) if known else None
    wm = wm_grade(original, changed, arguments)
    row["wm_distortion_index"], row["wm_odg"] = wm["distortion_index"], wm["odg"]
    original.unlink()
    changed.unlink()
    return row


def compare(rows):
    """Prints the comparison; returns whether both figures are met."""
    differences = []
    for row in rows:
        difference = abs(row["wm_odg"] - row["odg"])
        differences.append(difference)
        print(f"{row['recording']:34} {row['change']:18} gstpeaq {row['odg']:7.3f}  wm {row['wm_odg']:7.3f}  "
              f"differ by {difference:.3f}")
    median, ninetieth = statistics.median(differences), float(numpy.percentile(differences, 90))
    print(f"\n{len(rows)} pairs: ODG differs by {median:.4f} (median), {ninetieth:.4f} (90th percentile), "
          f"{max(differences):.4f} (largest)")
    return median <= MOST_MEDIAN and ninetieth <= MOST_90TH


def main():
    arguments = parse_arguments()
    needed = ["ffmpeg", "sox", "soxi"] + ([] if arguments.golden else ["peaq"])
    recordings.require(*needed, *([] if arguments.without_audiowmark else ["audiowmark"]))
    golden = read_golden(arguments.golden) if arguments.golden else None
    pairs = draw_pairs(recordings.find_recordings(arguments.folders), arguments)
    rows = recordings.in_parallel(lambda pair: measure(pair, arguments, golden), pairs, arguments.jobs, "pairs")
    if arguments.write_golden:
        recordings.write_csv(arguments.write_golden,
                             [{k: v for k, v in row.items() if not k.startswith("wm_")} for row in rows])
    recordings.write_csv(arguments.csv, rows)
    known = [row for row in rows if row["odg"] is not None]
    if len(known) < len(rows):
        print(f"{len(rows) - len(known)} pairs were not remade byte by byte and are left out")
    graded = [row for row in known if not math.isnan(row["odg"])]
    if len(graded) < len(known):
        print(f"{len(known) - len(graded)} pairs have no grade by gstpeaq and are left out")
    return 0 if graded and compare(graded) else 1


if __name__ == "__main__":
    sys.exit(recordings.exit_code(main))
