"""The sound of bench/catalogue.py: tracks cut from real recordings and varied, and what uploads go through."""

import collections
import random

import recordings

SLOT_S = 36  # of a recording, for one track: 32 s, two semitones faster
SAME_WORK = 5  # letters that the names of one work's parts have in common
CODECS = ("mp3=96k..192k", "aac=96k..160k", "opus=64k..128k", "vorbis=96k..160k")


def chain_of(name, seed):
    """Steps of `wm attack`; their numbers are drawn there."""
    draw = random.Random(f"{seed}:chain:{name}")
    steps = [draw.choice(("loudness=-24LUFS..-9LUFS", "gain=-12dB..-1dB")), "speed=-4%..4%", "pitch=-1st..1st",
             "mix=@other:10dB..20dB"]
    return [step for step in steps if draw.random() < 0.5] + [draw.choice(CODECS)]


class Cutter:
    """Deals out places in recordings, no place twice, strangers' and others' never from the same recording.

    Nor from those whose names begin alike: parts of one work share passages.
    """

    def __init__(self, paths, seed, num_strangers):
        self.draw = random.Random(f"{seed}:cut")
        works = collections.defaultdict(list)
        for path in paths:
            length_s = float(recordings.run(["soxi", "-D", path]).stdout)
            works[path.stem[:SAME_WORK]] += [(path, SLOT_S * k) for k in range(int(length_s // SLOT_S))]
        self.places = {True: [], False: []}
        for name in sorted(works, key=lambda name: recordings.digest("catalogue", seed, name)):
            self.places[len(self.places[True]) < num_strangers] += works[name]
        for places in self.places.values():
            self.draw.shuffle(places)

    def place(self, is_stranger):
        """A place with all that `cut` makes of it."""
        if not self.places[is_stranger]:
            raise RuntimeError("the recordings are too few, or too short, for so many tracks")
        path, start_s = self.places[is_stranger].pop()
        return {"path": path, "work": path.stem[:SAME_WORK], "start_s": start_s, "seconds": self.draw.uniform(25, 32), "speed": 2 ** (self.draw.uniform(-2, 2) / 12),
                "bass": self.draw.uniform(-4, 4), "treble": self.draw.uniform(-4, 4)}

    @staticmethod
    def cut(place, target):
        seconds = place["seconds"] * place["speed"]
        recordings.run(["sox", "-V1", "-R", place["path"], "-b", "16", target, "trim", f"{place['start_s']:.3f}", f"{seconds:.3f}",
                        "gain", "-3", "speed", f"{place['speed']:.5f}", "rate", "44100", "bass", f"{place['bass']:.1f}", "treble",
                        f"{place['treble']:.1f}"])

    @staticmethod
    def insert(piece_of, host, target, seed):
        """8 to 12 s of one recording amid 25 s of the host."""
        draw = random.Random(f"insert:{seed}")
        seconds, start_s, before_s = draw.uniform(8, 12), draw.uniform(0, 12), draw.uniform(5, 20)
        parts = [target.with_suffix(f".{k}.wav") for k in range(3)]
        for part, source, trim in zip(parts, (host, piece_of, host),
                                      ((0, before_s), (start_s, seconds), (before_s, 25 - before_s))):
            recordings.run(["sox", "-V1", "-D", source, "-c", "2", part, "trim", *(f"{value:.3f}" for value in trim)])
        recordings.run(["sox", "-V1", "-D", *parts, target])
        for part in parts:
            part.unlink()
