#!/usr/bin/python3
"""How often the id is read back from a short excerpt after an attack, and how often an id is read that is not there.

Each recording is marked once and attacked whole (a seeded piece of --attack-seconds when it is longer); each trial cuts
an excerpt at a random offset and counts only exactly the right id, with --two-keys exactly both ids of a recording
that was marked under two keys, or with --notice both the id and what the public notice beside it says. An attack is a name that the attack script knows, several of them joined by "+", or a chain
of `wm attack` joined by "+" (speed=+3%+mp3=64k). The excerpts of excise_mid10 are cut across the splice. Intervals are
Wilson's, 95 %. With --null, looks for marks in unmarked excerpts, and in marked ones with wrong keys.

Needs: python3, sox, the attack script (option --attacks-script, or $WM_ATTACKS) and what that script needs.
"""

import argparse
import dataclasses
import json
import math
import os
import pathlib
import random
import sys

import recordings

DEFAULT_ATTACKS = "none mp3_128 rs_16000 quant8 eq_6db loudnorm phaseinv mono white_30"
DEFAULT_SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "shared" / "attacks.sh"
EXCISED_AT_S = 25  # where the attack script's excise_mid10 joins what it keeps
NOTICE_OPTIONS = ("--public", "ai_training=notAllowed", "--public", "containsAI=None")
NOTICE_READ = {"authenticated": False, "training_mining": {"cawg.ai_training": "notAllowed"}, "contains_ai": "None"}
WILSON_Z = 1.959964  # 95 %


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    recordings.add_marker_arguments(parser)
    parser.add_argument("--attacks", default=DEFAULT_ATTACKS, help="names, in one word list (default: %(default)s)")
    parser.add_argument("--attacks-script", default=os.environ.get("WM_ATTACKS", DEFAULT_SCRIPT), type=pathlib.Path,
                        help="called as SCRIPT NAME in.wav out.wav (default: $WM_ATTACKS, else %(default)s)")
    parser.add_argument("--attack-seconds", type=float, default=100, help="at least 60 (default %(default)s)")
    parser.add_argument("--seconds", default="10", help="excerpt lengths, in one list (default %(default)s)")
    parser.add_argument("--trials", type=int, default=100, help="for each attack and length (default %(default)s)")
    parser.add_argument("--trials-csv", type=pathlib.Path, help="write one row for each trial here")
    parser.add_argument("--require", type=float, metavar="PERCENT", help="exit 1 when a row has a smaller share")
    parser.add_argument("--two-keys", action="store_true", help="mark twice, under two keys, and ask for both ids")
    parser.add_argument("--notice", action="store_true", help="put a public notice beside the mark, and ask for both")
    parser.add_argument("--null", action="store_true", help="count false marks instead")
    parser.add_argument("--null-excerpts", type=int, default=500, help="unmarked excerpts (default %(default)s)")
    parser.add_argument("--null-seconds", type=float, default=30, help="their length (default %(default)s)")
    parser.add_argument("--null-keys", type=int, default=1, help="looked for in each (default %(default)s)")
    parser.add_argument("--wrong-keys", type=int, default=100, help="for each marked excerpt (default %(default)s)")
    arguments = parser.parse_args()
    if arguments.attack_seconds < 60:
        parser.error("--attack-seconds must be at least 60")
    return arguments


def duration_s(path):
    return float(recordings.run(["soxi", "-D", path]).stdout)


def excerpt(source, seconds, draw, name, work, across_s=None):
    """Cuts `seconds` of `source` at an offset drawn by `draw`, across `across_s` if given; returns the file and the offset."""
    length_s = duration_s(source)
    if length_s < seconds:
        raise RuntimeError(f"{source}: {length_s:.1f} s is too short for an excerpt of {seconds:g} s")
    first, last = 0, length_s - seconds
    if across_s is not None:
        first, last = max(first, across_s - 0.8 * seconds), min(last, across_s - 0.2 * seconds)
    offset_s = draw.uniform(first, last)
    cut = work / "excerpts" / f"{name}.wav"
    cut.parent.mkdir(exist_ok=True)
    recordings.run(["sox", "-V1", "-D", source, cut, "trim", f"{offset_s:.6f}", f"{seconds:g}"])
    return cut, offset_s


def detected_ids(program, excerpt_path, *options):
    """The ids that `wm detect` reports, and "notice" for the one that is put beside marks; 0 found, 1 not found and
    3 inconclusive are results, all else stops."""
    result = recordings.run([program, "detect", excerpt_path, *options, "--json"], allowed=(0, 1, 3))
    marks = json.loads(result.stdout).get("marks", [])
    return ["notice" if mark.get("notice") == NOTICE_READ else mark["id"] for mark in marks]


class Carriers:
    """Marked copies, under one key or two or with a notice, and the ids and options of `wm detect` that must show them."""

    def __init__(self, marker, arguments):
        self.has_notice = arguments.notice
        if self.has_notice:
            marker = dataclasses.replace(marker, options=(*marker.options, *NOTICE_OPTIONS))
        self.markers = [marker]
        if arguments.two_keys:
            self.markers.append(recordings.Marker.create_second(marker))

    def copy(self, recording):
        for marker in self.markers:
            recording = marker.marked(recording)
        return recording

    def ids(self, recording):
        return sorted(marker.id_of(recording) for marker in self.markers) + ["notice"] * self.has_notice

    def detect_options(self):
        return [word for marker in self.markers for word in ("--key", marker.key)] + ["--public"] * self.has_notice


class Attacked:
    """Attacked copies, kept under the content of the marked copy: a change of the detector alone keeps them."""

    def __init__(self, marker, carriers, arguments):
        self.marker = marker
        self.carriers = carriers
        self.script = arguments.attacks_script
        self.seconds = arguments.attack_seconds

    def path(self, attack, recording):
        folder = self.marker.work / "attacked" / recordings.digest(self.carriers.copy(recording), self.seconds)
        return folder / f"{attack}.wav"

    def attack(self, attack, source, target):
        if "=" in attack:
            recordings.run([self.marker.program, "attack", source, target, *attack.split("+"), "--seed", self.marker.seed])
            return
        for step, name in enumerate(attack.split("+")):
            stage = target.with_suffix(f".{step}.wav")
            recordings.run(["bash", self.script, name, source, stage])
            stage.replace(target)
            source = target

    def make(self, job):
        attack, recording = job
        target = self.path(attack, recording)
        if target.exists():
            return target
        target.parent.mkdir(parents=True, exist_ok=True)
        source = self.carriers.copy(recording)
        if duration_s(source) > self.seconds:
            draw = random.Random(f"{self.marker.seed}:piece:{recording.stem}")
            source, _ = excerpt(source, self.seconds, draw, f"piece_{attack}_{recording.stem}", self.marker.work)
        unfinished = target.with_suffix(".part.wav")
        self.attack(attack, source, unfinished)
        unfinished.rename(target)
        if source != self.carriers.copy(recording):
            source.unlink()
        return target


def wilson_interval(found, trials):
    """Wilson's score interval for a share (E. B. Wilson, JASA 22, 1927), 95 %."""
    share, z2 = found / trials, WILSON_Z * WILSON_Z
    centre = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = WILSON_Z / (1 + z2 / trials) * math.sqrt(share * (1 - share) / trials + z2 / (4 * trials * trials))
    return max(0.0, centre - half), min(1.0, centre + half)


def run_trial(marker, detect_options, attacked_path, trial):
    """One excerpt, one look: `trial` gains its offset, and the outcome found, missed (an id at least) or wrong."""
    draw = random.Random(f"{marker.seed}:{trial['attack']}:{trial['seconds']:g}:{trial['trial']}")
    name = f"{trial['recording']}_{trial['attack']}_{trial['seconds']:g}_{trial['trial']}"
    across_s = EXCISED_AT_S if trial["attack"] == "excise_mid10" else None
    cut, offset_s = excerpt(attacked_path, trial["seconds"], draw, name, marker.work, across_s)
    found, wanted = set(detected_ids(marker.program, cut, *detect_options)), set(trial["ids"].split())
    cut.unlink()
    outcome = "wrong" if found - wanted else "found" if found == wanted else "missed"
    return {**trial, "offset_s": f"{offset_s:.3f}", "outcome": outcome}


def summarize(trials):
    """One row for each attack and length."""
    rows = []
    for attack, seconds in dict.fromkeys((trial["attack"], trial["seconds"]) for trial in trials):
        outcomes = [t["outcome"] for t in trials if t["attack"] == attack and t["seconds"] == seconds]
        found, wrong = outcomes.count("found"), outcomes.count("wrong")
        low, high = wilson_interval(found, len(outcomes))
        rows.append({"attack": attack, "seconds": seconds, "trials": len(outcomes), "found": found, "wrong": wrong,
                     "percent": f"{100 * found / len(outcomes):.1f}", "low": f"{100 * low:.1f}",
                     "high": f"{100 * high:.1f}"})
    return rows


def measure_robustness(marker, paths, arguments):
    attacks = arguments.attacks.split()
    lengths = [float(word) for word in arguments.seconds.split()]
    carriers = Carriers(marker, arguments)
    attacked = Attacked(marker, carriers, arguments)
    recordings.in_parallel(carriers.copy, paths, arguments.jobs, "marked")
    jobs = [(attack, path) for attack in attacks for path in paths]
    copies = dict(zip(jobs, recordings.in_parallel(attacked.make, jobs, arguments.jobs, "attacked")))
    plan = []
    for attack in attacks:
        for seconds in lengths:
            for index in range(arguments.trials):
                path = paths[index % len(paths)]
                plan.append(({"attack": attack, "seconds": seconds, "trial": index, "recording": path.stem,
                              "ids": " ".join(carriers.ids(path))}, copies[attack, path]))
    trials = recordings.in_parallel(lambda step: run_trial(marker, carriers.detect_options(), step[1], step[0]), plan,
                                    arguments.jobs, "trials")
    rows = summarize(trials)
    print(f"{'attack':16}{'excerpt':>9}{'found':>12}{'%':>8}   95 % interval   wrong")
    for row in rows:
        print(f"{row['attack']:16}{row['seconds']:7g} s{row['found']:7}/{row['trials']:<5}{row['percent']:>7}"
              f"   {row['low']:>5} - {row['high']:<5}   {row['wrong']:5}")
    recordings.write_csv(arguments.csv, rows)
    recordings.write_csv(arguments.trials_csv, trials)
    short = arguments.require is not None and any(float(row["percent"]) < arguments.require for row in rows)
    return 1 if short or any(row["wrong"] for row in rows) else 0


def look_for_false_marks(marker, looks, keys, jobs):
    """Cuts and searches one excerpt for each (source, name) of `looks`; returns the marks found, as rows."""
    def look(item):
        source, name, seconds = item
        cut, offset_s = excerpt(source, seconds, random.Random(f"{marker.seed}:{name}"), name, marker.work)
        ids = detected_ids(marker.program, cut, "--key", keys)
        cut.unlink()
        return [{"excerpt": name, "offset_s": f"{offset_s:.3f}", "id": found} for found in ids]

    return [row for rows in recordings.in_parallel(look, looks, jobs, "excerpts") for row in rows]


def wrong_keys(marker, count):
    """A folder of `count` keys that marked nothing."""
    folder = marker.work / f"wrong_keys_{count}"
    folder.mkdir(exist_ok=True)
    for index in range(count):
        key = folder / f"{index:04}.key"
        if not key.exists():
            recordings.run([marker.program, "keygen", key])
    return folder


def measure_false_marks(marker, paths, arguments):
    count, seconds = arguments.null_excerpts, arguments.null_seconds
    unmarked = [(paths[i % len(paths)], f"unmarked_{i:04}", seconds) for i in range(count)]
    null_keys = wrong_keys(marker, arguments.null_keys)
    false_marks = look_for_false_marks(marker, unmarked, null_keys, arguments.jobs)
    print(f"unmarked: {len(false_marks)} false marks in {count} excerpts of {seconds:g} s, {arguments.null_keys} keys each")

    marked = [(copy, f"marked_{copy.stem}", seconds)
              for copy in recordings.in_parallel(marker.marked, paths, arguments.jobs, "marked")]
    wrong = look_for_false_marks(marker, marked, wrong_keys(marker, arguments.wrong_keys), arguments.jobs)
    print(f"wrong keys: {len(wrong)} false marks in {len(marked)} marked excerpts of {seconds:g} s, "
          f"{arguments.wrong_keys} keys each")
    if false_marks or wrong:
        recordings.write_csv(arguments.csv, false_marks + wrong)
    return 1 if false_marks or wrong else 0


def main():
    arguments = parse_arguments()
    recordings.require("sox", "soxi", "bash")
    if not arguments.null and not arguments.attacks_script.exists():
        sys.exit(f"{arguments.attacks_script}: no such attack script; name one with --attacks-script or $WM_ATTACKS")
    marker = recordings.Marker.create(arguments)
    paths = recordings.find_recordings(arguments.folders)
    measure = measure_false_marks if arguments.null else measure_robustness
    return measure(marker, paths, arguments)


if __name__ == "__main__":
    sys.exit(recordings.exit_code(main))
