#!/usr/bin/python3
"""Makes the queries of bench/identification.py: attacked excerpts of recordings, and a list that says what is in each.

RECORDINGS is a folder of 44.1 kHz WAV files. A seed deals them out: strangers, which no index may hold, and the rest, whose
halves are called tune and report. Every query is ten seconds long (or --seconds), from a place drawn by the seed.

Attacks are names of the attack script, joined by + when one follows the other (speed_p5+mp3_64+voice_0), and also
  mix     the recording with another one of the index at the same level
  inside  the recording, ten seconds somewhere within a minute of a stranger

Writes WORK/queries/ATTACK/NNN.wav, WORK/queries.json, WORK/indexed.txt and WORK/strangers.txt. What is there stays.

Needs: sox, and the attack script (option --attacks-script, or $WM_ATTACKS) with what that script needs.
"""

import argparse
import json
import math
import os
import pathlib
import random
import sys

import recordings

DEFAULT_SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "shared" / "attacks.sh"
EDGE_S = 0.25  # cut from both ends of an attacked excerpt: filters and codecs start and end there


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recordings", type=pathlib.Path, help="folder of *.wav recordings (44.1 kHz, 16 bit)")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="where the queries and lists go")
    parser.add_argument("--attacks", required=True, help="names, in one word list")
    parser.add_argument("--trials", type=int, default=100, help="queries of each attack (default %(default)s)")
    parser.add_argument("--half", choices=("tune", "report"), default="report", help="(default %(default)s)")
    parser.add_argument("--num-strangers", type=int, default=40, help="recordings kept out (default %(default)s)")
    parser.add_argument("--strangers", action="store_true", help="make queries from the strangers instead")
    parser.add_argument("--seconds", type=float, default=10, help="length of a query (default %(default)s)")
    parser.add_argument("--seed", default="1", help="deals and draws (default %(default)s)")
    parser.add_argument("--jobs", type=int, default=2, help="programs run at a time (default %(default)s)")
    parser.add_argument("--attacks-script", default=os.environ.get("WM_ATTACKS", DEFAULT_SCRIPT), type=pathlib.Path,
                        help="called as SCRIPT NAME in.wav out.wav (default: $WM_ATTACKS, else %(default)s)")
    return parser.parse_args()


def changes(attack):
    """(tempo, pitch): the recording's seconds in a second of the query, and how many semitones higher it sounds."""
    tempo, pitch = 1.0, 0.0
    for step in attack.split("+"):
        kind, _, amount = step.partition("_")
        if kind not in ("speed", "stretch", "pitch"):
            continue
        sign = 1 if amount[0] == "p" else -1
        size = 0.5 if amount[1:] == "05" and kind == "pitch" else float(amount[1:])
        if kind == "pitch":
            pitch += sign * size
        else:
            factor = 1 + sign * size / 100
            tempo *= factor if kind == "speed" else 1 / factor
    return tempo, pitch


def duration_s(path):
    return float(recordings.run(["soxi", "-D", path]).stdout)


def deal(paths, num_strangers, seed):
    """(strangers, tune, report), by the seed and the names alone."""
    order = sorted(paths, key=lambda path: recordings.digest("deal", seed, path.stem))
    rest = order[num_strangers:]
    return order[:num_strangers], rest[::2], rest[1::2]


class Maker:
    def __init__(self, arguments, sources, partners):
        self.arguments = arguments
        self.sources = sources
        self.partners = partners
        self.lengths = {path: duration_s(path) for path in {*sources, *partners}}

    def cut(self, source, seconds, draw, target):
        start_s = draw.uniform(0, max(0.0, self.lengths[source] - seconds))
        recordings.run(["sox", "-V1", "-D", source, target, "trim", f"{start_s:.4f}", f"{seconds:.4f}"])
        return start_s

    def make(self, job):
        attack, trial = job
        kind = "stranger" if self.arguments.strangers else self.arguments.half
        target = self.arguments.work / "queries" / kind / attack / f"{trial:03}.wav"
        note = target.with_suffix(".json")
        if note.exists():
            return json.loads(note.read_text())
        target.parent.mkdir(parents=True, exist_ok=True)
        draw = random.Random(f"{self.arguments.seed}:{kind}:{attack}:{trial}")
        tempo, pitch = changes(attack)
        seconds = self.arguments.seconds
        long_enough = [s for s in self.sources if self.lengths[s] > seconds * tempo + 1]
        source = draw.choice(long_enough)
        scratch = [target.with_suffix(f".{k}.wav") for k in range(3)]
        start_s = self.cut(source, seconds * tempo + 4 * EDGE_S * max(1, tempo), draw, scratch[0])
        query = {"file": str(target), "kind": kind, "attack": attack, "tempo": tempo,
                 "parts": [{"track": source.stem, "start_s": start_s + EDGE_S * tempo}]}
        query["pitch"] = pitch + sum(12 * math.log2(changes(step)[0]) for step in attack.split("+")
                                     if step.startswith("speed"))
        self.attack(attack, source, draw, scratch, query)
        recordings.run(["sox", "-V1", "-D", scratch[0], target, "trim", EDGE_S, query.pop("keep_s", seconds)])
        for path in scratch:
            path.unlink(missing_ok=True)
        note.write_text(json.dumps(query))
        return query

    def attack(self, attack, source, draw, scratch, query):
        """Turns scratch[0] into the attacked excerpt."""
        for step in attack.split("+"):
            if step == "mix":
                partner = draw.choice([s for s in self.sources if s != source])
                length_s = duration_s(scratch[0])
                start_s = self.cut(partner, length_s, draw, scratch[1])
                query["parts"].append({"track": partner.stem, "start_s": start_s + EDGE_S})
                levels = []
                for path in scratch[:2]:
                    stat = recordings.run(["sox", path, "-n", "stat"]).stderr
                    rms = next(line for line in stat.splitlines() if line.startswith("RMS     amplitude"))
                    levels.append(max(1e-4, float(rms.split(":")[1])))
                recordings.run(["sox", "-V1", "-D", "-m", "-v", f"{0.1 / levels[0]:.4f}", scratch[0], "-v",
                                f"{0.1 / levels[1]:.4f}", scratch[1], scratch[2]])
            elif step == "inside":
                partner = draw.choice(self.partners)
                before_s = draw.uniform(0, 50)
                self.cut(partner, before_s + 0.01, draw, scratch[1])
                recordings.run(["sox", "-V1", "-D", scratch[1], scratch[0], scratch[2], "trim", 0,
                                f"{before_s + EDGE_S + self.arguments.seconds:.4f}"])
                self.cut(partner, 60 - before_s - self.arguments.seconds, draw, scratch[1])
                recordings.run(["sox", "-V1", "-D", scratch[2], scratch[1], scratch[0]])
                query["parts"][0]["query_start_s"] = before_s
                query["keep_s"] = 60 - EDGE_S
                continue
            else:
                recordings.run(["bash", self.arguments.attacks_script, step, scratch[0], scratch[2]])
            scratch[2].rename(scratch[0])


def main():
    arguments = parse_arguments()
    arguments.work.mkdir(parents=True, exist_ok=True)
    paths = recordings.find_recordings([arguments.recordings])
    strangers, tune, report = deal(paths, arguments.num_strangers, arguments.seed)
    (arguments.work / "indexed.txt").write_text("".join(f"{path}\n" for path in sorted(tune + report)))
    (arguments.work / "strangers.txt").write_text("".join(f"{path}\n" for path in sorted(strangers)))
    sources = strangers if arguments.strangers else tune if arguments.half == "tune" else report
    maker = Maker(arguments, sources, strangers)
    jobs = [(attack, trial) for attack in arguments.attacks.split() for trial in range(arguments.trials)]
    recordings.in_parallel(maker.make, jobs, arguments.jobs, "queries")
    queries = [json.loads(note.read_text()) for note in sorted((arguments.work / "queries").glob("*/*/*.json"))]
    (arguments.work / "queries.json").write_text(json.dumps(queries, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(recordings.exit_code(main))
