#!/usr/bin/python3
"""Whose copy `wm trace` says a leak is, when platforms and people changed it, and when several recipients averaged their copies.

Registers every recording of FOLDER, and `--recipients` copies in all, divided among them. Then:

  leaks       `--leaks` copies of drawn recipients, each put through a drawn row of the attack preset `platform` (without its row that
              needs speech): the recipient who is named
  strangers   `--strangers` clips of `--seconds` of the recordings of --other: every second one is marked with the same key and the id of a
              drawn recipient (a mark on other sound), the others with an id that nobody has; all are put through a row as well:
              whether anybody is named
  collusion   `--trials` leaks for each of 2, 3, 5 recipients whose copies are averaged: who is named

Intervals are Wilson's, 95 %.

    bench/tracing.py WORK FOLDER --other FOLDER --wm build/release/cli/wm --bench build/release/bench/bench_provenance

Needs: what the rows of `wm attack` need.
"""

import argparse
import collections
import json
import pathlib
import random
import shutil
import sys

import recordings
from audit import CLAIM
from robustness import wilson_interval


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=pathlib.Path, help="where everything goes; emptied first")
    parser.add_argument("folder", help="recordings that are registered")
    parser.add_argument("--other", nargs="+", required=True, help="folders of recordings that are not")
    parser.add_argument("--wm", required=True, type=pathlib.Path, help="the wm program under test")
    parser.add_argument("--bench", required=True, type=pathlib.Path, help="bench_provenance, which publishes copies")
    parser.add_argument("--recipients", type=int, default=10000, help="(default %(default)s)")
    parser.add_argument("--leaks", type=int, default=200, help="(default %(default)s)")
    parser.add_argument("--strangers", type=int, default=2000, help="(default %(default)s)")
    parser.add_argument("--seconds", type=float, default=10, help="of each stranger's clip (default %(default)s)")
    parser.add_argument("--trials", type=int, default=24, help="of each collusion (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="(default %(default)s)")
    return parser.parse_args()


class Tracing:
    """A registry with recipients, and trials with their copies."""

    def __init__(self, arguments):
        self.arguments, self.work = arguments, arguments.work
        self.draw = random.Random(arguments.seed)
        self.key = self.work / "label.key"
        self.copies = []
        document = json.loads(recordings.run([arguments.wm, "attack", "--list", "--json"]).stdout)
        rows = next(preset["rows"] for preset in document["presets"] if preset["name"] == "platform")
        self.rows = [row for row in rows if "@" not in row["chain"]]

    def wm(self, *words, allowed=(0,)):
        return recordings.run([self.arguments.wm, *words], allowed=allowed).stdout

    def register(self, sources):
        registry, label, claim = (self.work / name for name in ("rights.db", "label.id", "claim.toml"))
        self.wm("keygen", self.key)
        self.wm("party", "new", "Label", "--out", label)
        self.wm("registry", "init", registry)
        share = -(-self.arguments.recipients // len(sources))
        for source in sources:
            claim.write_text(CLAIM.format(title=source.stem))
            done = self.wm("register", source, "--claim", claim, "-r", registry, "--key", self.key, "--as", label, "--out",
                           self.work / "marked", "--json")
            lines = recordings.run([self.arguments.bench, "copies", registry, json.loads(done)["claim"], label, share]).stdout
            self.copies += [(source, *line.split(",")) for line in lines.splitlines()]

    def mark(self, source, identity, target):
        self.wm("embed", source, target, "--key", self.key, "--id", identity, "--quiet")

    def attack(self, source, target):
        """Puts `source` through a drawn row; returns its name."""
        row = self.draw.choice(self.rows)
        self.wm("attack", source, target, "--preset", "platform", "--row", row["name"], "--seed", self.draw.getrandbits(31), "--quiet")
        return row["name"]

    def trace(self, path):
        text = self.wm("trace", path, "-r", self.work / "rights.db", "--key", self.key, "--json", "--quiet", allowed=(0, 1, 3))
        document = json.loads(text)
        return document["outcome"], {copy["recipient"] for copy in document["copies"]}

    def leaks(self):
        right, wrong, rows = 0, 0, collections.defaultdict(lambda: [0, 0])
        for _ in range(self.arguments.leaks):
            source, recipient, identity = self.draw.choice(self.copies)
            self.mark(source, identity, self.work / "copy.wav")
            row = self.attack(self.work / "copy.wav", self.work / "leak.wav")
            outcome, named = self.trace(self.work / "leak.wav")
            is_right = outcome == "one" and named == {recipient}
            right, wrong = right + is_right, wrong + bool(named - {recipient})
            rows[row][0] += is_right
            rows[row][1] += 1
            self.forget("copy.wav", "leak.wav")
        print(f"leaks among {len(self.copies)} recipients: right {share_text(right, self.arguments.leaks)}, wrong {wrong}")
        for row, (hits, trials) in sorted(rows.items()):
            print(f"  {row:14} {hits}/{trials}")
        sys.stdout.flush()

    def strangers(self, others):
        named_any, outcomes = 0, collections.Counter()
        for k in range(self.arguments.strangers):
            source, clip = others[k % len(others)], self.work / "clip.wav"
            length = float(recordings.run(["soxi", "-D", source]).stdout)
            recordings.run(["sox", "-D", source, clip, "trim", f"{self.draw.uniform(0, length - self.arguments.seconds):.3f}", self.arguments.seconds])
            identity = self.draw.choice(self.copies)[2] if k % 2 == 0 else f"{self.draw.getrandbits(64):016x}"
            self.wm("embed", clip, self.work / "copy.wav", "--key", self.key, "--id", identity, "--allow-weak", "--quiet", allowed=(0, 3))
            marked = self.work / "copy.wav"
            self.attack(marked if marked.exists() else clip, self.work / "leak.wav")
            outcome, named = self.trace(self.work / "leak.wav")
            named_any += bool(named)
            outcomes[outcome] += 1
            self.forget("clip.wav", "copy.wav", "leak.wav")
        print(f"copies of other recordings: somebody named for {share_text(named_any, self.arguments.strangers)}; {dict(outcomes)}", flush=True)

    def collusion(self, count):
        outcomes, innocent, guilty = collections.Counter(), 0, 0
        for _ in range(self.arguments.trials):
            source = self.draw.choice(self.copies)[0]
            group = self.draw.sample([copy for copy in self.copies if copy[0] == source], count)
            for number, (_, _, identity) in enumerate(group):
                self.mark(source, identity, self.work / f"copy{number}.wav")
            others = ",".join(str(self.work / f"copy{number}.wav") for number in range(1, count))
            self.wm("attack", self.work / "copy0.wav", self.work / "leak.wav", f"collude={others}", "--quiet")
            outcome, named = self.trace(self.work / "leak.wav")
            outcomes[outcome] += 1
            colluders = {recipient for _, recipient, _ in group}
            guilty += bool(named & colluders)
            innocent += bool(named - colluders)
            self.forget("leak.wav", *(f"copy{number}.wav" for number in range(count)))
        print(f"{count} copies averaged: {dict(outcomes)}; a colluder named in {share_text(guilty, self.arguments.trials)}, "
              f"somebody else in {innocent}", flush=True)

    def forget(self, *names):
        for name in names:
            (self.work / name).unlink(missing_ok=True)


def share_text(hits, trials):
    low, high = wilson_interval(hits, trials)
    return f"{hits}/{trials} = {100 * hits / trials:.2f} % ({100 * low:.2f}-{100 * high:.2f})"


def main():
    arguments = parse_arguments()
    recordings.require("sox", "soxi")
    shutil.rmtree(arguments.work, ignore_errors=True)
    arguments.work.mkdir(parents=True)
    tracing = Tracing(arguments)
    tracing.register(recordings.find_recordings([arguments.folder]))
    for count in (2, 3, 5) if arguments.trials else ():
        tracing.collusion(count)
    if arguments.leaks:
        tracing.leaks()
    if arguments.strangers:
        tracing.strangers(recordings.find_recordings(arguments.other))


if __name__ == "__main__":
    sys.exit(main())
