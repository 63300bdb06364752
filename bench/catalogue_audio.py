"""The sound of bench/catalogue.py: tracks cut from real recordings and varied, and what uploads go through."""

import random

import recordings

SLOT_S = 48  # of a recording, for one track
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

    def __init__(self, paths, seed):
        self.draw = random.Random(f"{seed}:cut")
        order = sorted(paths, key=lambda path: (recordings.digest("catalogue", seed, path.stem[:SAME_WORK]), path.stem))
        num_strangers = len(order) * 2 // 5
        while order[num_strangers - 1].stem[:SAME_WORK] == order[num_strangers].stem[:SAME_WORK]:
            num_strangers += 1
        self.places = {True: self.slots(order[:num_strangers]), False: self.slots(order[num_strangers:])}

    def slots(self, paths):
        lengths = [(path, float(recordings.run(["soxi", "-D", path]).stdout)) for path in paths]
        slots = [(path, SLOT_S * k) for path, length_s in lengths for k in range(int(length_s // SLOT_S))]
        self.draw.shuffle(slots)
        return slots

    def place(self, is_stranger):
        """A place with all that `cut` makes of it."""
        if not self.places[is_stranger]:
            raise RuntimeError("the recordings are too few, or too short, for so many tracks")
        path, start_s = self.places[is_stranger].pop()
        return {"path": path, "start_s": start_s + self.draw.uniform(0, 2), "seconds": self.draw.uniform(25, 40),
                "speed": 2 ** (self.draw.uniform(-2, 2) / 12), "bass": self.draw.uniform(-4, 4), "treble": self.draw.uniform(-4, 4)}

    @staticmethod
    def cut(place, target):
        seconds = place["seconds"] * place["speed"]
        recordings.run(["sox", "-V1", "-R", place["path"], "-b", "16", target, "trim", f"{place['start_s']:.3f}", f"{seconds:.3f}",
                        "gain", "-3", "speed", f"{place['speed']:.5f}", "rate", "44100", "bass", f"{place['bass']:.1f}", "treble",
                        f"{place['treble']:.1f}"])

    @staticmethod
    def insert(piece_of, host, target, seed):
        """12 to 18 s of one recording amid the host, which goes on for 30 s around it (or as long as it is)."""
        draw = random.Random(f"insert:{seed}")
        seconds, start_s, before_s = draw.uniform(12, 18), draw.uniform(0, 7), draw.uniform(5, 20)
        parts = [target.with_suffix(f".{k}.wav") for k in range(3)]
        for part, source, trim in zip(parts, (host, piece_of, host),
                                      ((0, before_s), (start_s, seconds), (before_s, 30 - before_s))):
            recordings.run(["sox", "-V1", "-D", source, "-c", "2", part, "trim", *(f"{value:.3f}" for value in trim)])
        recordings.run(["sox", "-V1", "-D", *parts, target])
        for part in parts:
            part.unlink()
