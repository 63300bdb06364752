#!/usr/bin/env python3
"""Compares two sets of Google Benchmark's JSON files: compare.py BEFORE_PREFIX AFTER_PREFIX reads PREFIX.*.json."""

import glob
import json
import statistics
import sys

SLOWER = 1.05


def median_cpu_times(prefix):
    times = {}
    for path in glob.glob(prefix + ".*.json"):
        with open(path, encoding="utf-8") as file:
            for row in json.load(file)["benchmarks"]:
                times.setdefault(row["name"], []).append(row["cpu_time"])
    return {name: statistics.median(values) for name, values in times.items()}


def main():
    before, after = (median_cpu_times(prefix) for prefix in sys.argv[1:3])
    num_slower = 0
    for name in sorted(before.keys() & after.keys()):
        ratio = after[name] / before[name]
        slower = ratio > SLOWER
        num_slower += slower
        mark = "SLOWER" if slower else "faster" if ratio < 1 / SLOWER else ""
        print(f"{name:40} {before[name]:12.0f} {after[name]:12.0f} ns  {ratio:5.2f}  {mark}".rstrip())
    for name in sorted(before.keys() ^ after.keys()):
        print(f"{name:40} only {'before' if name in before else 'after'}")
    print(f"{num_slower} slower by more than {SLOWER - 1:.0%}")
    return 1 if num_slower else 0


if __name__ == "__main__":
    sys.exit(main())
