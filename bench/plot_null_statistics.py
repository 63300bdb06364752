#!/usr/bin/python3
"""Draws what bench_null_statistics printed: the tail of the statistics beside the proved bound, as an SVG or PNG."""

import argparse
import csv
import pathlib

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402  (the backend comes first)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("statistics", type=pathlib.Path, help="the CSV")
    parser.add_argument("picture", type=pathlib.Path, help="what is written: .svg or .png")
    arguments = parser.parse_args()
    with arguments.statistics.open(encoding="utf-8") as file:
        rows = [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]
    total = rows[0]["total"]
    energies = [row["energy"] for row in rows]
    matplotlib.rcParams["svg.hashsalt"] = "wm"
    figure, axes = pyplot.subplots(figsize=(7, 4.5))
    axes.semilogy(energies, [row["allowed"] / total for row in rows], "k--", label="bound (1 + s) exp(-s)")
    axes.semilogy(energies, [row["reached"] / total for row in rows], "o", markersize=3, label="measured")
    axes.set_xlabel("energy s of the evidence")
    axes.set_ylabel("share of statistics at or above s")
    axes.set_title(f"{total:.3g} statistics of audio without the key")
    axes.grid(True, which="major", alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(arguments.picture, metadata={"Date": None} if arguments.picture.suffix == ".svg" else None)


if __name__ == "__main__":
    main()
