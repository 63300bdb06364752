#!/usr/bin/python3
"""Whether every id of a splice is found, and where: pieces of several marked recordings, each with its own id, end to end.

A trial cuts one piece at a random offset from each of --pieces recordings drawn at random, joins them, and succeeds when
`wm detect` reports exactly their ids, each from within --tolerance of where its piece begins to where it ends.

Needs: python3, sox.
"""

import argparse
import json
import pathlib
import random
import sys

import recordings
import robustness


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    recordings.add_marker_arguments(parser)
    parser.add_argument("--pieces", type=int, default=5, help="in a splice (default %(default)s)")
    parser.add_argument("--seconds", type=float, default=10, help="a piece (default %(default)s)")
    parser.add_argument("--tolerance", type=float, default=1, help="of each begin and end, s (default %(default)s)")
    parser.add_argument("--trials", type=int, default=120, help="splices (default %(default)s)")
    parser.add_argument("--trials-csv", type=pathlib.Path, help="write one row for each piece here")
    return parser.parse_args()


def in_stereo(cut):
    """Joins need pieces of one shape."""
    stereo = cut.with_suffix(".stereo.wav")
    recordings.run(["sox", "-V1", "-D", cut, "-c", "2", stereo])
    return stereo.replace(cut)


def run_trial(marker, paths, arguments, index):
    """One splice; returns a row for each piece."""
    draw = random.Random(f"{marker.seed}:splice:{index}")
    chosen = draw.sample(paths, arguments.pieces)
    cuts = [in_stereo(robustness.excerpt(marker.marked(path), arguments.seconds, draw, f"splice_{index}_{place}", marker.work)[0])
            for place, path in enumerate(chosen)]
    splice = marker.work / "excerpts" / f"splice_{index}.wav"
    recordings.run(["sox", "-V1", "-D", *cuts, splice])
    result = recordings.run([marker.program, "detect", splice, "--key", marker.key, "--json"], allowed=(0, 1, 3))
    marks = {mark["id"]: mark for mark in json.loads(result.stdout)["marks"]}
    for path in (*cuts, splice):
        path.unlink()
    rows = []
    for place, path in enumerate(chosen):
        mark = marks.pop(marker.id_of(path), None)
        begin, end = place * arguments.seconds, (place + 1) * arguments.seconds
        error = max(abs(mark["start_s"] - begin), abs(mark["end_s"] - end)) if mark else None
        rows.append({"trial": index, "place": place, "recording": path.stem, "found": int(mark is not None),
                     "placed": int(mark is not None and error <= arguments.tolerance),
                     "error_s": "" if error is None else f"{error:.2f}"})
    return [{**row, "other_ids": len(marks)} for row in rows]


def main():
    arguments = parse_arguments()
    recordings.require("sox", "soxi")
    marker = recordings.Marker.create(arguments)
    paths = recordings.find_recordings(arguments.folders)
    if len(paths) < arguments.pieces:
        sys.exit(f"{arguments.pieces} pieces need as many recordings, and there are {len(paths)}")
    recordings.in_parallel(marker.marked, paths, arguments.jobs, "marked")
    trials = recordings.in_parallel(lambda index: run_trial(marker, paths, arguments, index), range(arguments.trials),
                                    arguments.jobs, "splices")
    rows = [row for trial in trials for row in trial]
    summary = []
    for measure, count, total in (
            ("pieces found", sum(row["found"] for row in rows), len(rows)),
            ("pieces placed", sum(row["placed"] for row in rows), len(rows)),
            ("splices with every id found", sum(all(row["found"] for row in trial) for trial in trials), len(trials)),
            ("splices with every id placed", sum(all(row["placed"] for row in trial) for trial in trials), len(trials))):
        low, high = robustness.wilson_interval(count, total)
        summary.append({"measure": measure, "count": count, "of": total, "percent": f"{100 * count / total:.1f}",
                        "low": f"{100 * low:.1f}", "high": f"{100 * high:.1f}"})
        print(f"{measure:30}{count:6}/{total:<6}{100 * count / total:6.1f} %   {100 * low:.1f} - {100 * high:.1f}")
    wrong = sum(trial[0]["other_ids"] for trial in trials)
    print(f"ids that were not there: {wrong}")
    recordings.write_csv(arguments.csv, summary)
    recordings.write_csv(arguments.trials_csv, rows)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(recordings.exit_code(main))
