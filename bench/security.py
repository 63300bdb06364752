#!/usr/bin/python3
"""What those achieve who work against the mark: docs/watermark.md, "Security", has the figures.

Rows: shorter and shorter crops; several recipients' copies averaged; marks of other keys on top, also stronger ones; a mark
carried to another recording; and the key's pattern estimated from other recordings that it marked and taken away. All but the
last use `wm attack`. Every trial reads one seeded excerpt; rates have Wilson's 95 % interval.

The estimate is that of somebody who knows this software and the beginning of each file, but no key: the mean over blocks and
recordings of whitened levels, tile by tile, shows what all marks of a key have in common. Each tile of another recording is
then turned against its sign.

Needs: python3-numpy, python3-scipy, sox.
"""

import argparse
import random
import sys

import numpy
import scipy.io.wavfile
import scipy.ndimage
import scipy.signal

import recordings
import robustness

RATE_HZ = 22050
FRAME = 1024
HOP = 512
BLOCK_ROWS = 128
NUM_BANDS = 89
SECONDS = 30.0


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    recordings.add_marker_arguments(parser)
    parser.add_argument("--trials", type=int, default=24, help="for each row (default %(default)s)")
    parser.add_argument("--estimate-from", nargs="+", default=[], help="folders of other recordings, for the estimate")
    parser.add_argument("--steps-db", default="0.2 0.4 0.8", help="how far tiles are turned (default %(default)s)")
    return parser.parse_args()


def band_of_bins():
    """The band of each bin of a frame, -1 outside; bands as in watermark/tile_grid.cpp."""
    edges_hz = [200.0]
    while len(edges_hz) <= NUM_BANDS:
        edges_hz.append(edges_hz[-1] + max(2.0 * RATE_HZ / FRAME, edges_hz[-1] * (2 ** (1 / 24) - 1)))
    frequencies_hz = numpy.arange(FRAME // 2 + 1) * RATE_HZ / FRAME
    bands = numpy.searchsorted(edges_hz, frequencies_hz, side="right") - 1
    return numpy.where(bands < NUM_BANDS, bands, -1)


BANDS = band_of_bins()


def spectra(samples):
    """STFT of each channel, [channels, bins, rows]: row r is centred on r * HOP + HOP / 2."""
    _, _, result = scipy.signal.stft(numpy.roll(samples, -HOP // 2, axis=-1), window=scipy.signal.windows.cosine(FRAME),
                                     nperseg=FRAME, noverlap=FRAME - HOP, boundary="zeros")
    return result


def whitened(samples):
    """[rows, NUM_BANDS]: levels without their running means over rows and bands, over their local deviation."""
    power = (numpy.abs(spectra(samples)) ** 2).sum(axis=0)
    levels = numpy.stack([10 * numpy.log10(power[BANDS == b].sum(axis=0) + 1e-12) for b in range(NUM_BANDS)], axis=1)
    levels -= scipy.ndimage.uniform_filter1d(levels, 17, axis=0)
    levels -= scipy.ndimage.uniform_filter1d(levels, 13, axis=1)
    return levels / (numpy.sqrt(scipy.ndimage.uniform_filter1d(levels**2, 17, axis=0)) + 1e-3)


def low_rate(path, work):
    """The samples of `path` at RATE_HZ, [channels, samples]."""
    part = work / f"low_{path.stem}.wav"
    recordings.run(["sox", "-V1", "-D", path, "-b", "32", "-e", "floating-point", part, "rate", str(RATE_HZ)])
    _, samples = scipy.io.wavfile.read(part)
    part.unlink()
    return numpy.atleast_2d(samples.T)


def estimate(marker, paths, jobs):
    """What the marks of one key have in common, [BLOCK_ROWS, NUM_BANDS], and the minutes it was learned from."""
    def fold(path):
        rows = whitened(low_rate(marker.marked(path), marker.work))
        rows = rows[: len(rows) // BLOCK_ROWS * BLOCK_ROWS]
        return rows.reshape(-1, BLOCK_ROWS, NUM_BANDS)

    blocks = numpy.concatenate(recordings.in_parallel(fold, paths, jobs, "estimate"))
    return blocks.mean(axis=0), len(blocks) * BLOCK_ROWS * HOP / RATE_HZ / 60


def take_away(source, pattern, step_db, target, work):
    """Turns each tile of `source` by step_db against the sign of the pattern; mono, at RATE_HZ."""
    samples = low_rate(source, work).mean(axis=0, keepdims=True)
    frames = spectra(samples)
    tiles = numpy.sign(numpy.resize(pattern, (frames.shape[2], NUM_BANDS)))
    gains = numpy.where(BANDS[:, None] < 0, 1.0, 10 ** (-step_db / 20 * tiles.T[numpy.maximum(BANDS, 0)]))
    _, turned = scipy.signal.istft(frames * gains, window=scipy.signal.windows.cosine(FRAME), nperseg=FRAME,
                                   noverlap=FRAME - HOP)
    turned = numpy.roll(turned, HOP // 2, axis=-1)[:, : samples.shape[1]]
    scipy.io.wavfile.write(target, RATE_HZ, turned.T.astype(numpy.float32))


class Trials:
    """Runs and prints the rows."""

    def __init__(self, marker, paths, arguments):
        self.marker, self.paths, self.arguments = marker, paths, arguments
        self.rows = []

    def read(self, path, name, seconds):
        draw = random.Random(f"{self.marker.seed}:{name}")
        cut, _ = robustness.excerpt(path, seconds, draw, name, self.marker.work)
        ids = robustness.detected_ids(self.marker.program, cut, self.marker.key)
        cut.unlink()
        return set(ids)

    def row(self, label, attack, wanted, seconds=SECONDS):
        """attack(path) -> the attacked file; wanted(path) -> ids of which any may be read."""
        count = self.arguments.trials
        attacked = dict(zip(self.paths, recordings.in_parallel(attack, self.paths, self.arguments.jobs, label)))
        plan = [(i, self.paths[i % len(self.paths)]) for i in range(count)]
        found = recordings.in_parallel(
            lambda item: (self.read(attacked[item[1]], f"{label}_{item[0]}".replace(" ", "_"), seconds), wanted(item[1])),
            plan, self.arguments.jobs, label)
        read = sum(bool(ids & right) for ids, right in found)
        several = sum(len(ids & right) > 1 for ids, right in found)
        wrong = sum(bool(ids - right) for ids, right in found)
        low, high = robustness.wilson_interval(read, count)
        print(f"{label:36}{seconds:5g} s{read:5}/{count:<4}({100 * low:.1f} - {100 * high:.1f}) several {several} wrong {wrong}",
              flush=True)
        self.rows.append({"row": label, "seconds": seconds, "trials": count, "read": read, "several": several, "wrong": wrong})

    def attacked(self, path, label, *steps, source=None):
        target = self.marker.work / "security" / f"{label}_{path.stem}.wav"
        target.parent.mkdir(exist_ok=True)
        recordings.run([self.marker.program, "attack", source or self.marker.marked(path), target, *steps,
                        "--seed", self.marker.seed, "--quiet"])
        return target


def copies_of(marker, count):
    """Markers of one key with other ids: recipients."""
    return [marker.__class__(marker.program, marker.work, marker.key, f"{marker.seed}:{i}", marker.options)
            for i in range(count)]


def next_alike(paths, path):
    """The recording after `path`, in a circle, that has as many channels."""
    channels = lambda p: recordings.run(["soxi", "-c", p]).stdout  # noqa: E731
    at = paths.index(path)
    return next(p for p in paths[at + 1 :] + paths[: at + 1] if channels(p) == channels(path))


def measure(trials, marker, paths, arguments):
    own = lambda path: {marker.id_of(path)}  # noqa: E731
    for seconds in (10.0, 5.0, 3.0, 2.0):
        trials.row("crop", marker.marked, own, seconds)
    for count in (2, 3, 5, 10):
        recipients = copies_of(marker, count)
        average = lambda path: trials.attacked(  # noqa: E731
            path, f"average_{count}", "collude=" + ",".join(str(r.marked(path)) for r in recipients[1:]),
            source=recipients[0].marked(path))
        trials.row(f"average of {count} copies", average, lambda path: {r.id_of(path) for r in recipients})
    for label, steps in (("another mark on top", ["remark"]), ("three more", ["remark"] * 3),
                         ("one of twice the strength", ["remark=strength=2"])):
        trials.row(label, lambda path, steps=steps, label=label: trials.attacked(path, label.replace(" ", "_"), *steps), own)
    others = {path: next_alike(paths, path) for path in paths}
    trials.row("carried to another recording", lambda path: trials.attacked(
        path, "transplant", f"transplant=host={path}:target={others[path]}"), own)
    learn = recordings.find_recordings(arguments.estimate_from) if arguments.estimate_from else []
    for count in sorted({1, 3, len(learn)} if learn else ()):
        pattern, minutes = estimate(marker, learn[:count], arguments.jobs)
        for step_db in map(float, arguments.steps_db.split()):
            label = f"estimate of {minutes:.1f} min, {step_db:g} dB"

            def turn(path, pattern=pattern, step_db=step_db, label=label):
                target = marker.work / "security" / f"{label.replace(' ', '_')}_{path.stem}.wav"
                take_away(marker.marked(path), pattern, step_db, target, marker.work)
                return target

            trials.row(label, turn, own)


def main():
    arguments = parse_arguments()
    recordings.require("sox", "soxi")
    marker = recordings.Marker.create(arguments)
    paths = recordings.find_recordings(arguments.folders)
    trials = Trials(marker, paths, arguments)
    measure(trials, marker, paths, arguments)
    recordings.write_csv(arguments.csv, trials.rows)
    return 0


if __name__ == "__main__":
    sys.exit(recordings.exit_code(main))
