#!/usr/bin/python3
"""Whether `wm attack` does what the attack script does: as long, as loud, and as hard on the mark.

Each pair of attacks, one by name and one a chain of `wm attack`, is applied to the same marked recordings, and the same
excerpts of both are searched for the mark. Durations must agree within 10 ms and levels within 0.5 dB (of the recording's
own for stretch and pitch: Rubber Band does not keep it). Where between 20 and 80 % of the excerpts show the id, McNemar's
exact test compares which; it must find no difference at 5 % after Holm's correction for the number of such cells. Exits with
1 otherwise.

Needs: python3, sox, the attack script (option --attacks-script, or $WM_ATTACKS) and what that script needs.
"""

import argparse
import math
import os
import pathlib
import random
import sys

import recordings
import robustness

MOST_SECONDS, MOST_DB, SIGNIFICANCE = 0.010, 0.5, 0.05
LEAST_SHARE, MOST_SHARE = 0.2, 0.8
EQ_6DB = "+".join(["gain=-6dB", *(f"eq=peak:{hz}Hz:{db}dB:1" for hz, db in
                                  ((100, 6), (300, -6), (1000, 6), (2500, -6), (6000, 6), (12000, -6)))])
PAIRS = {
    "lowpass_4k": "lowpass=4kHz:transition=1100Hz", "highpass_500": "highpass=500Hz:transition=1100Hz",
    "eq_6db": EQ_6DB, "rs_22050": "resample=22050Hz",
    "rs_8000": "resample=8kHz", "mono": "gain=0dB+mono", "quant8": "requantise=8",
    "white_30": "noise=white:30dB", "white_20": "noise=white:20dB", "white_10": "noise=white:10dB", "pink_10": "noise=pink:10dB",
    "mp3_128": "mp3=128k", "mp3_64": "mp3=64k", "mp3_48": "mp3=48k", "aac_96": "aac=96k", "aac_64": "aac=64k",
    "opus_64": "opus=64k", "opus_32": "opus=32k", "opus_24": "opus=24k", "vorbis_q1": "vorbis=80k",
    "speed_p1": "speed=1%", "speed_m5": "speed=-5%", "speed_p10": "speed=10%",
    "stretch_p2": "stretch=2%", "stretch_m5": "stretch=-5%", "stretch_p10": "stretch=10%",
    "pitch_p05": "pitch=0.5st", "pitch_m1": "pitch=-1st", "pitch_p2": "pitch=2st",
}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    recordings.add_marker_arguments(parser)
    parser.add_argument("--attacks", default=" ".join(PAIRS), help="names, in one word list (default: all pairs)")
    parser.add_argument("--attacks-script", default=os.environ.get("WM_ATTACKS", robustness.DEFAULT_SCRIPT), type=pathlib.Path,
                        help="called as SCRIPT NAME in.wav out.wav (default: $WM_ATTACKS, else %(default)s)")
    parser.add_argument("--attack-seconds", type=float, default=60, help="of each recording (default %(default)s)")
    parser.add_argument("--seconds", default="3 5", help="excerpt lengths, in one list (default %(default)s)")
    parser.add_argument("--trials", type=int, default=60, help="for each attack and length (default %(default)s)")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.attacks.split() if name not in PAIRS]
    if unknown:
        parser.error(f"no pair for {' '.join(unknown)}; there are {' '.join(PAIRS)}")
    return arguments


def quieter(recording, work):
    """A copy at a quarter of the amplitude, so that neither program clips a result, or brings it down from full scale."""
    copy = work / "quieter" / recording.name
    if not copy.exists():
        copy.parent.mkdir(parents=True, exist_ok=True)
        recordings.run(["sox", "-V1", "-D", "-v", "0.25", recording, copy])
    return copy


def level_db(path):
    stats = recordings.run(["sox", path, "-n", "stats"]).stderr
    return float(stats.split("RMS lev dB")[1].split()[0])


def mcnemar_p(only_first, only_second):
    """McNemar's exact test, two-sided: of the trials that differ, as many to either side."""
    count = only_first + only_second
    tail = sum(math.comb(count, k) for k in range(min(only_first, only_second) + 1)) / 2**count
    return min(1.0, 2 * tail)


def compare_sounds(name, pairs):
    """The largest differences of duration and level over the recordings; `pairs` of files, and the marked copies."""
    durations, levels = [], []
    for theirs, ours, source in pairs:
        durations.append(abs(robustness.duration_s(theirs) - robustness.duration_s(ours)))
        wanted = source if name.startswith(("stretch", "pitch")) else theirs
        levels.append(abs(level_db(wanted) - level_db(ours)))
    return max(durations), max(levels)


class Trials:
    """Excerpts of both copies at the same places."""

    def __init__(self, marker, paths, carriers, copies):
        self.marker, self.paths, self.carriers, self.copies = marker, paths, carriers, copies

    def look(self, trial):
        name, seconds, index = trial
        path = self.paths[index % len(self.paths)]
        both = [self.copies[attack, path] for attack in (name, PAIRS[name])]
        last_s = min(map(robustness.duration_s, both)) - seconds
        offset_s = random.Random(f"{self.marker.seed}:{name}:{seconds:g}:{index}").uniform(0, last_s)
        return tuple(self.shows_id(copy, path, offset_s, trial, place) for place, copy in enumerate(both))

    def shows_id(self, copy, path, offset_s, trial, place):
        name, seconds, index = trial
        cut = self.marker.work / "excerpts" / f"{name}_{seconds:g}_{index}_{place}.wav"
        cut.parent.mkdir(exist_ok=True)
        recordings.run(["sox", "-V1", "-D", copy, cut, "trim", f"{offset_s:.6f}", f"{seconds:g}"])
        found = robustness.detected_ids(self.marker.program, cut, *self.carriers.keys())
        cut.unlink()
        return found == self.carriers.ids(path)


def count_cell(name, seconds, outcomes):
    only_script = sum(theirs and not ours for theirs, ours in outcomes)
    only_wm = sum(ours and not theirs for theirs, ours in outcomes)
    both = sum(theirs and ours for theirs, ours in outcomes)
    shares = [(both + only) / len(outcomes) for only in (only_script, only_wm)]
    return {"attack": name, "seconds": seconds, "trials": len(outcomes), "both": both, "only_script": only_script,
            "only_wm": only_wm, "neither": len(outcomes) - both - only_script - only_wm,
            "is_informative": LEAST_SHARE <= sum(shares) / 2 <= MOST_SHARE, "p": mcnemar_p(only_script, only_wm)}


def differing(cells):
    """Holm's procedure over the informative cells: those that differ although all are looked at."""
    found, left = [], sorted((cell for cell in cells if cell["is_informative"]), key=lambda cell: cell["p"])
    for rank, cell in enumerate(left):
        if cell["p"] > SIGNIFICANCE / (len(left) - rank):
            break
        found.append(cell)
    return found


def report(sounds, cells):
    """Prints both tables; returns whether everything agrees."""
    print(f"{'attack':14}{'duration differs by':>20}{'level differs by':>20}")
    for name, (duration_s, level) in sounds.items():
        print(f"{name:14}{1000 * duration_s:17.2f} ms{level:17.2f} dB")
    print(f"\n{'attack':14}{'excerpt':>9}{'both':>7}{'script':>8}{'wm':>5}{'neither':>9}{'p':>9}")
    for cell in cells:
        p = f"{cell['p']:9.3f}" if cell["is_informative"] else f"{'-':>9}"
        print(f"{cell['attack']:14}{cell['seconds']:7g} s{cell['both']:7}{cell['only_script']:8}{cell['only_wm']:5}"
              f"{cell['neither']:9}{p}")
    apart = [name for name, (duration_s, level) in sounds.items() if duration_s > MOST_SECONDS or level > MOST_DB]
    informative = [cell for cell in cells if cell["is_informative"]]
    worse = differing(cells)
    print(f"\n{len(informative)} of {len(cells)} cells lie between 20 and 80 %; in them the mark was found "
          f"{sum(cell['only_script'] for cell in informative)} times only after the script's attack and "
          f"{sum(cell['only_wm'] for cell in informative)} times only after wm's")
    print(f"differ in duration or level: {' '.join(apart) or 'none'}; differ in detection: "
          f"{' '.join(cell['attack'] for cell in worse) or 'none'}")
    return not apart and not worse


def main():
    arguments = parse_arguments()
    recordings.require("sox", "soxi", "bash")
    marker = recordings.Marker.create(arguments)
    paths = [quieter(path, marker.work) for path in recordings.find_recordings(arguments.folders)]
    names = arguments.attacks.split()
    carriers = robustness.Carriers(marker, two_keys=False)
    attacked = robustness.Attacked(marker, carriers, arguments)
    jobs = [(attack, path) for name in names for attack in (name, PAIRS[name]) for path in paths]
    recordings.in_parallel(carriers.copy, paths, arguments.jobs, "marked")
    copies = dict(zip(jobs, recordings.in_parallel(attacked.make, jobs, arguments.jobs, "attacked")))
    sources = {path: attacked.make(("gain=0dB", path)) for path in paths}
    sounds = {name: compare_sounds(name, [(copies[name, path], copies[PAIRS[name], path], sources[path]) for path in paths])
              for name in names}
    plan = [(name, float(seconds), index) for name in names for seconds in arguments.seconds.split()
            for index in range(arguments.trials)]
    looks = recordings.in_parallel(Trials(marker, paths, carriers, copies).look, plan, arguments.jobs, "trials")
    cells = [count_cell(*cell, [outcome for trial, outcome in zip(plan, looks) if trial[:2] == cell])
             for cell in dict.fromkeys(trial[:2] for trial in plan)]
    recordings.write_csv(arguments.csv, cells)
    return 0 if report(sounds, cells) else 1


if __name__ == "__main__":
    sys.exit(recordings.exit_code(main))
