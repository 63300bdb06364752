#!/usr/bin/python3
"""Kills `wm index` at random moments of adding, compacting and removing, and looks at what is left each time.

After every kill the index must open, `verify` must find it intact, and it must hold exactly the tracks that were reported as
added and not as removed; tracks whose report the kill may have cut off count either way.

    index_kill.py WM RECORDINGS [--kills 100] [--seed 1]

RECORDINGS is a folder of WAV files; copies of different length are made of them, so that there is enough to add.
"""

import argparse
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time
import wave


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wm", type=pathlib.Path)
    parser.add_argument("recordings", type=pathlib.Path)
    parser.add_argument("--kills", type=int, default=100, help="(default %(default)s)")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--copies", type=int, default=40, help="recordings to add in a round (default %(default)s)")
    return parser.parse_args()


def make_copies(recordings, folder, count):
    """Cuts of the recordings, each another one."""
    sources = sorted(recordings.rglob("*.wav"))
    for k in range(count):
        with wave.open(str(sources[k % len(sources)])) as source:
            parameters = source.getparams()
            source.setpos(parameters.framerate * (k % 7) // 3)
            frames = source.readframes(parameters.framerate * (5 + k % 5))
        with wave.open(str(folder / f"t{k:03}.wav"), "wb") as copy:
            copy.setparams(parameters)
            copy.writeframes(frames)


class Round:
    def __init__(self, wm, index, copies):
        self.wm = wm
        self.index = index
        self.copies = copies
        self.certain = set()  # reported as added, and not removed since

    def run(self, *arguments):
        return subprocess.run([self.wm, "index", *map(str, arguments)], capture_output=True, text=True, check=False)

    def killed(self, delay_s, *arguments):
        """Runs a command and kills it after `delay_s`; returns what it printed, and whether it was killed."""
        process = subprocess.Popen([self.wm, "index", *map(str, arguments)], stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, text=True)
        try:
            process.wait(delay_s)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
        output = process.communicate()[0]
        return output, process.returncode == -signal.SIGKILL

    def tracks(self):
        exported = self.run("export", self.index)
        if exported.returncode != 0:
            sys.exit(f"export failed: {exported.stderr}")
        return {json.loads(line)["track"] for line in exported.stdout.splitlines()}

    def check(self, doubtful, what):
        """`doubtful` are the tracks that may or may not be there."""
        if not self.index.exists():
            if self.certain:
                sys.exit(f"{what}: the index is gone")
            return
        verified = self.run("verify", self.index)
        if verified.returncode not in (0, 2) or (verified.returncode == 2 and self.certain):
            sys.exit(f"{what}: verify says\n{verified.stdout}{verified.stderr}")
        if verified.returncode == 2:  # killed while it was made: the next add makes it whole
            return
        there = self.tracks()
        if self.certain - doubtful - there or there - self.certain - doubtful:
            sys.exit(f"{what}: missing {sorted(self.certain - doubtful - there)}, "
                     f"too many {sorted(there - self.certain - doubtful)}")
        self.certain = there

    def add(self, delay_s):
        lines, was_killed = self.killed(delay_s, "add", self.index, *self.copies, "--ndjson", "-q", "--jobs", 2)
        reported = set()
        for line in lines.splitlines():
            try:
                reported.add(json.loads(line)["track"])
            except json.JSONDecodeError:
                pass  # the line that the kill cut off
        self.certain |= reported
        self.check({copy.stem for copy in self.copies} - self.certain if was_killed else set(), "add")

    def remove(self, delay_s, draw):
        chosen = sorted(draw.sample(sorted(self.certain), min(3, len(self.certain))))
        if chosen:
            lines, was_killed = self.killed(delay_s, "remove", self.index, *chosen, "-q")
            removed = {line.split()[1] for line in lines.splitlines() if line.startswith("removed") and line.split()[1:]}
            self.certain -= removed
            self.check(set(chosen) - removed if was_killed else set(), "remove")

    def compact(self, delay_s):
        self.killed(delay_s, "compact", self.index, "-q")
        self.check(set(), "compact")


def main():
    arguments = parse_arguments()
    draw = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory(prefix="wm-index-kill-") as name:
        folder = pathlib.Path(name)
        make_copies(arguments.recordings, folder, arguments.copies)
        copies = sorted(folder.glob("*.wav"))
        begun = time.monotonic()
        complete = Round(arguments.wm, folder / "whole.index", copies)
        complete.add(600)
        add_s = time.monotonic() - begun
        state = Round(arguments.wm, folder / "killed.index", copies)
        for kill in range(arguments.kills):
            step = draw.choice(("add", "add", "compact", "remove"))
            if step == "add":
                if len(state.certain) == len(copies) and draw.random() < 0.5:
                    state.index.unlink()
                    state.certain = set()
                state.add(draw.uniform(0, add_s))
            elif step == "compact" and state.index.exists():
                state.compact(draw.uniform(0, 0.15))
            elif step == "remove" and state.index.exists():
                state.remove(draw.uniform(0, 0.1), draw)
            if sys.stderr.isatty():
                print(f"\r{kill + 1}/{arguments.kills} {step:8}", end="", file=sys.stderr)
    print(f"{arguments.kills} kills: every index opened, was intact, and held what had been reported")
    return 0


if __name__ == "__main__":
    sys.exit(main())
