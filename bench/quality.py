#!/usr/bin/python3
"""What marking changes, recording by recording, beside audiowmark: SNR, and gstpeaq's distortion index and Total NMR.

The distortion index is better when higher, the noise-to-mask ratio (NMR) when lower. Prints one line a recording, then
the comparison: how many recordings have a distortion index no worse, the worst difference, mean NMR, mean SNR.

Needs: python3-numpy, ffmpeg; --peaq measures with bench/peaq_measures.sh (gstpeaq), --audiowmark compares.
"""

import argparse
import pathlib
import sys

import numpy

import recordings

PEAQ_SCRIPT = pathlib.Path(__file__).resolve().parent / "peaq_measures.sh"
MESSAGE = "5f3a9c0212ab77e15f3a9c0212ab77e1"  # audiowmark's payload has 128 bits
MEASURES = ("snr_db", "di", "odg", "nmr_db")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    recordings.add_marker_arguments(parser)
    parser.add_argument("--peaq", action="store_true", help="measure with gstpeaq (bench/peaq_measures.sh)")
    parser.add_argument("--audiowmark", type=pathlib.Path, help="the audiowmark program to compare with")
    parser.add_argument("--audiowmark-strength", default="10", help="its strength (default %(default)s, as its own)")
    parser.add_argument("--audiowmark-key", type=pathlib.Path, help="its key file (default: made and kept)")
    parser.add_argument("--worst-difference", type=float, default=0.3, help="allowed loss of distortion index")
    parser.add_argument("--check", action="store_true", help="exit 1 when a figure of docs/benchmarks.md is missed")
    return parser.parse_args()


class Audiowmark:
    """The rival, marking with one key at one strength; its copies are kept."""

    def __init__(self, arguments):
        self.program = arguments.audiowmark.resolve()
        self.strength = arguments.audiowmark_strength
        self.work = pathlib.Path(arguments.work)
        self.key = arguments.audiowmark_key or self.work / "audiowmark.key"
        recordings.require(self.program)
        self.work.mkdir(parents=True, exist_ok=True)
        if not self.key.exists():
            recordings.run([self.program, "gen-key", self.key])

    def marked(self, recording):
        version = recordings.digest(self.program, self.key, self.strength)
        copy = self.work / "audiowmark" / version / recording.name
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            unfinished = copy.with_suffix(".part.wav")
            options = ["-q", "--key", self.key, "--strength", self.strength]
            recordings.run([self.program, "add", *options, recording, unfinished, MESSAGE])
            unfinished.rename(copy)
        return copy


def samples(path):
    """All samples, channels interleaved, full scale +-1."""
    decode = ["ffmpeg", "-nostdin", "-v", "error", "-i", path, "-f", "f32le", "-"]
    return numpy.frombuffer(recordings.run(decode, text=False).stdout, numpy.float32).astype(numpy.float64)


def snr_db(original, marked):
    host, copy = samples(original), samples(marked)
    if host.shape != copy.shape:
        raise RuntimeError(f"{marked}: {copy.size} samples, but the original has {host.size}")
    residual_power = numpy.sum((copy - host) ** 2)
    return float(10 * numpy.log10(numpy.sum(host**2) / residual_power)) if residual_power > 0 else float("inf")


def measure(original, marked, with_peaq):
    """snr_db, and with gstpeaq di, odg, nmr_db."""
    measures = {"snr_db": snr_db(original, marked)}
    if with_peaq:
        grades = recordings.run(["bash", PEAQ_SCRIPT, original, marked]).stdout.split()
        measures.update(zip(MEASURES[1:], (float(word) for word in grades)))
    return measures


def print_rows(rows, columns):
    width = max(len(row["recording"]) for row in rows) + 2
    print("recording".ljust(width) + "".join(column.rjust(18) for column in columns))
    for row in rows:
        print(row["recording"].ljust(width) + "".join(f"{row[column]:18.2f}" for column in columns))
    print("mean".ljust(width) + "".join(f"{mean(rows, column):18.2f}" for column in columns))


def mean(rows, column):
    return sum(row[column] for row in rows) / len(rows)


def compare(rows, arguments):
    """Prints the comparison with audiowmark; returns whether every figure is met."""
    met = [mean(rows, "wm_snr_db") >= 26]
    print(f"\nmean SNR {mean(rows, 'wm_snr_db'):.2f} dB (wanted: at least 26)")
    if arguments.audiowmark and arguments.peaq:
        differences = {row["recording"]: row["wm_di"] - row["audiowmark_di"] for row in rows}
        no_worse = sum(difference >= 0 for difference in differences.values())
        worst = min(differences, key=differences.get)
        wm_nmr, rival_nmr = mean(rows, "wm_nmr_db"), mean(rows, "audiowmark_nmr_db")
        met += [no_worse >= 0.9 * len(rows), differences[worst] >= -arguments.worst_difference, wm_nmr <= rival_nmr]
        print(f"distortion index no worse on {no_worse} of {len(rows)} recordings, {100 * no_worse / len(rows):.1f} % "
              "(wanted: at least 90 %)")
        print(f"worst difference {differences[worst]:+.3f} on {worst} (wanted: at least -{arguments.worst_difference})")
        print(f"mean Total NMR {wm_nmr:.2f} dB, audiowmark {rival_nmr:.2f} dB (wanted: no higher)")
    return all(met)


def main():
    arguments = parse_arguments()
    recordings.require("ffmpeg")
    marker = recordings.Marker.create(arguments)
    rival = Audiowmark(arguments) if arguments.audiowmark else None

    def measure_recording(recording):
        row = {"recording": recording.stem}
        for name, program in (("wm", marker), ("audiowmark", rival)):
            if program:
                measures = measure(recording, program.marked(recording), arguments.peaq)
                row.update({f"{name}_{key}": value for key, value in measures.items()})
        return row

    paths = recordings.find_recordings(arguments.folders)
    rows = recordings.in_parallel(measure_recording, paths, arguments.jobs, "measured")
    print_rows(rows, [column for column in rows[0] if column != "recording" and not column.endswith("odg")])
    met = compare(rows, arguments)
    recordings.write_csv(arguments.csv, rows)
    return 1 if arguments.check and not met else 0


if __name__ == "__main__":
    sys.exit(recordings.exit_code(main))
