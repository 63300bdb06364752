#!/usr/bin/env python3
"""Builds the benchmarks of two commits, runs them by turns, and says which rows got slower.

Rows are compared by the median CPU time of all rounds. Exit code 1 when a row of both commits got slower by more than
--threshold percent. Noise is 3 to 6 % on a shared machine: repeat with more rounds before believing a small change.

Needs: git, cmake, ninja, and what the bench preset needs. Builds in a folder of its own; the work tree is not touched.
"""

import argparse
import json
import pathlib
import statistics
import sys

import recordings

ROOT = pathlib.Path(__file__).resolve().parents[1]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("old", help="commit to compare with")
    parser.add_argument("new", nargs="?", default="HEAD", help="commit that may be slower (default %(default)s)")
    parser.add_argument("--filter", default=".", help="rows to run, a regular expression of Google Benchmark")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each commit (default %(default)s)")
    parser.add_argument("--threshold", type=float, default=5, help="percent that counts (default %(default)s)")
    parser.add_argument("--min-time", default="0.1", help="seconds a row and round (default %(default)s)")
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "build" / "compare",
                        help="where both are built and kept (default %(default)s)")
    parser.add_argument("--json", type=pathlib.Path, help="also write all rows here")
    return parser.parse_args()


def build(commit, work):
    """Builds the benchmarks of `commit`; returns their programs by name. A commit that was built is not built again."""
    name = recordings.run(["git", "-C", ROOT, "rev-parse", "--verify", f"{commit}^{{commit}}"]).stdout.strip()
    tree = work / name[:12]
    if not tree.exists():
        work.mkdir(parents=True, exist_ok=True)
        archive = work / f"{name[:12]}.tar"
        recordings.run(["git", "-C", ROOT, "archive", "-o", archive, name])
        tree.mkdir()
        recordings.run(["tar", "-xf", archive, "-C", tree])
        archive.unlink()
    options = ["-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DWM_BUILD_BENCH=ON", "-DWM_BUILD_TESTS=OFF"]
    recordings.run(["cmake", "-S", tree, "-B", tree / "build", *options])
    recordings.run(["cmake", "--build", tree / "build"])
    return {path.name: path for path in (tree / "build" / "bench").glob("bench_*") if path.is_file()}


def cpu_times_ns(program, arguments):
    """Row name -> CPU time of one iteration."""
    options = [f"--benchmark_filter={arguments.filter}", f"--benchmark_min_time={arguments.min_time}"]
    report = recordings.run([program, "--benchmark_format=json", *options]).stdout
    rows = json.loads(report)["benchmarks"] if report else []  # nothing is printed when no row matches
    units = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}
    return {row["name"]: row["cpu_time"] * units[row["time_unit"]] for row in rows if "error_message" not in row}


def measure(old_programs, new_programs, arguments):
    """Row -> (old times, new times), for the programs and rows that both commits have."""
    times = {}
    for _ in range(arguments.rounds):
        for name in sorted(old_programs.keys() & new_programs.keys()):
            old = cpu_times_ns(old_programs[name], arguments)
            new = cpu_times_ns(new_programs[name], arguments)
            for row in old.keys() & new.keys():
                olds, news = times.setdefault(f"{name}:{row}", ([], []))
                olds.append(old[row])
                news.append(new[row])
    return times


def main():
    arguments = parse_arguments()
    recordings.require("git", "tar", "cmake", "ninja")
    old_programs, new_programs = build(arguments.old, arguments.work), build(arguments.new, arguments.work)
    times = measure(old_programs, new_programs, arguments)
    if not times:
        raise RuntimeError("the two commits have no benchmark row in common")
    rows = []
    for row, (old, new) in sorted(times.items()):
        old_ns, new_ns = statistics.median(old), statistics.median(new)
        rows.append({"row": row, "old_ns": old_ns, "new_ns": new_ns, "change_percent": 100 * (new_ns / old_ns - 1)})
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=2) + "\n")
    slower = [row for row in rows if row["change_percent"] > arguments.threshold]
    for row in sorted(slower, key=lambda r: -r["change_percent"]):
        print(f"slower {row['change_percent']:+6.1f} %  {row['row']}  {row['old_ns']:.0f} -> {row['new_ns']:.0f} ns")
    print(f"{len(slower)} of {len(rows)} rows slower by more than {arguments.threshold:g} %")
    return 1 if slower else 0


if __name__ == "__main__":
    sys.exit(recordings.exit_code(main))
