#!/usr/bin/python3
"""Hands `wm check` a folder of damaged and hostile files, and looks at every answer.

The files are made of one registered recording, from a seed: cut short, with bits turned over, with headers that lie, other formats
under a wrong name, text, nothing, one sample, silence, values that are no numbers. The claim forbids the use that is asked for, and the
profile allows what is unknown, so that every mistake would show: each file must get a verdict or an error of its own; and an allow is
wrong where ffmpeg cannot get a second of sound out of the file, or where the file holds none by construction.

    hostile_check.py WM RECORDING [--files 500] [--seed 1] [--keep FOLDER]

RECORDING is a WAV file (44.1 kHz, 16 bit) of 20 s at least. Needs: ffmpeg, sox.
"""

import argparse
import collections
import json
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

SECONDS = 12
RATE = 44100


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wm", type=pathlib.Path)
    parser.add_argument("recording", type=pathlib.Path)
    parser.add_argument("--files", type=int, default=500, help="(default %(default)s)")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--keep", type=pathlib.Path, help="work in this new folder, and leave it")
    return parser.parse_args()


def wave_of(samples, code=1, bits=16, channels=1, rate=RATE):
    """A WAV file with these bytes for samples."""
    width = channels * bits // 8
    header = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16, code, channels, rate, rate * width, width,
                         bits, b"data", len(samples))
    return header + samples


class Maker:
    """Makes files. Every kind is a method; those of SOUNDLESS hold nothing that could be heard."""

    def __init__(self, sources, draw):
        self.sources = sources  # bytes by name's ending
        self.draw = draw

    def any_source(self):
        ending = self.draw.choice(sorted(self.sources))
        return bytearray(self.sources[ending]), ending

    def truncated(self):
        content, ending = self.any_source()
        return content[:self.draw.choice((self.draw.randrange(200), self.draw.randrange(len(content))))], ending

    def bits_flipped(self):
        content, ending = self.any_source()
        for _ in range(self.draw.choice((1, 10, 1000))):
            content[self.draw.randrange(len(content))] ^= 1 << self.draw.randrange(8)
        return content, ending

    def header_flipped(self):
        content, ending = self.any_source()
        for _ in range(self.draw.randint(1, 8)):
            content[self.draw.randrange(64)] ^= 1 << self.draw.randrange(8)
        return content, ending

    def header_lies(self):
        """One field of a WAV header says something else: sizes, code, channels, rate, width, bits."""
        content = bytearray(self.sources["wav"])
        offset, width = self.draw.choice(((4, 4), (16, 4), (20, 2), (22, 2), (24, 4), (28, 4), (32, 2), (34, 2), (40, 4)))
        value = self.draw.choice((0, 1, 2, 7, 255, 2 ** 15, 2 ** 16 - 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1)) % 2 ** (8 * width)
        content[offset:offset + width] = value.to_bytes(width, "little")
        return content, "wav"

    def bytes_moved(self):
        """A piece is taken out, doubled, or overwritten by another."""
        content, ending = self.any_source()
        begin, length, other = (self.draw.randrange(len(content)) for _ in range(3))
        piece = content[begin:begin + length % 5000]
        return content[:other] + piece + content[other + self.draw.choice((0, len(piece))):], ending

    def other_name(self):
        return self.any_source()[0], self.draw.choice(("wav", "mp3", "flac", "txt", "ogg", "aiff", "w64"))

    def tag_lies(self):
        """An ID3v2 tag that claims to be of any size, before a recording."""
        content, ending = self.any_source()
        return b"ID3\4\0\0" + bytes(self.draw.randrange(128) for _ in range(4)) + content, ending

    def text(self):
        words = ("RIFF", "WAVE", "fLaC", "OggS", "ID3", "allow", "<xml>", "\n", "0xFFFFFFFF", "é")
        return " ".join(self.draw.choice(words) for _ in range(self.draw.randrange(1, 2000))).encode(), "wav"

    def empty(self):
        return b"", self.draw.choice(("wav", "mp3", "flac"))

    def noise_bytes(self):
        magic = self.draw.choice((b"RIFF\xff\xff\xff\xffWAVEfmt ", b"fLaC", b"OggS", b"ID3\4", b"FORM", b"\xff\xfb", b"riff", b"\0\0\0\x20ftypM4A "))
        return magic + self.draw.randbytes(self.draw.randrange(20000)), self.draw.choice(("wav", "flac", "mp3", "m4a"))

    def few_samples(self):
        return wave_of(self.draw.randbytes(2 * self.draw.choice((0, 1, 2, 100, 4000)))), "wav"

    def silence(self):
        return wave_of(bytes(2 * RATE * self.draw.randint(1, SECONDS))), "wav"

    def constant(self):
        return wave_of(self.draw.randbytes(2) * (RATE * self.draw.randint(1, SECONDS))), "wav"

    def no_numbers(self):
        value = self.draw.choice((b"\0\0\xc0\x7f", b"\0\0\x80\x7f", b"\0\0\x80\xff"))
        return wave_of(value * (RATE * self.draw.randint(1, SECONDS)), code=3, bits=32), "wav"

    def wild_numbers(self):
        """Floats of every size, among them those that are no numbers."""
        return wave_of(self.draw.randbytes(4 * RATE * 3), code=3, bits=32, channels=self.draw.choice((1, 2))), "wav"


SOUNDLESS = ("text", "empty", "few_samples", "silence", "constant", "no_numbers")
KINDS = (*SOUNDLESS, "truncated", "truncated", "bits_flipped", "bits_flipped", "header_flipped", "header_flipped", "header_lies", "header_lies",
         "bytes_moved", "other_name", "tag_lies", "noise_bytes", "wild_numbers")


def prepare(arguments, folder):
    """Registers the recording; returns its marked copy in several formats."""
    def run(*words):
        subprocess.run([str(word) for word in words], cwd=folder, check=True, capture_output=True)
    run("sox", "-D", arguments.recording.resolve(), "song.wav", "trim", "0", SECONDS)
    (folder / "claim.toml").write_text('schema = "wm-claim/1"\n[recording]\nisrc = "USRC17607839"\ntitle = "Song"\n')
    (folder / "trusting.toml").write_text('schema = "wm-profile/1"\nunknown = "allow"\n')
    wm = arguments.wm.resolve()
    run(wm, "keygen", "label.key", "--name", "label")
    run(wm, "party", "new", "Label", "--out", "label.id")
    run(wm, "registry", "init", "rights.db")
    run(wm, "register", "song.wav", "-r", "rights.db", "--claim", "claim.toml", "--key", "label.key", "--as", "label.id", "--out", "marked",
        "--allow-weak")
    for ending in ("flac", "mp3", "ogg", "m4a", "aiff", "w64", "opus"):
        run("ffmpeg", "-v", "error", "-i", "marked/song.wav", f"song.{ending}")
    return {path.suffix[1:]: path.read_bytes() for path in [*folder.glob("song.*"), folder / "marked/song.wav"]}


def has_sound(path):
    """Whether ffmpeg gets a second of anything but silence out of the file."""
    done = subprocess.run(["ffmpeg", "-v", "quiet", "-i", path, "-f", "s16le", "-ac", "1", "-ar", "8000", "-"], capture_output=True, check=False)
    return len(done.stdout) > 2 * 8000 and any(done.stdout)


def check(arguments, folder, paths):
    command = [arguments.wm.resolve(), "check", *paths, "-r", "rights.db", "--key", "label.key", "--use", "stream", "--profile", "trusting.toml",
               "--ndjson", "-q"]
    done = subprocess.run([str(word) for word in command], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1, 2, 3):
        sys.exit(f"wm check ended with {done.returncode}\n{done.stderr[-2000:]}")
    documents = [json.loads(line) for line in done.stdout.splitlines()]
    if [document["file"] for document in documents] != paths:
        sys.exit(f"{len(documents)} answers for {len(paths)} files\n{done.stderr[-2000:]}")
    return documents


def measure(arguments, folder):
    maker = Maker(prepare(arguments, folder), random.Random(arguments.seed))
    (folder / "hostile").mkdir()
    kinds, paths = [], []
    for number in range(arguments.files):
        kinds.append(KINDS[number % len(KINDS)])
        content, ending = getattr(maker, kinds[-1])()
        paths.append(f"hostile/{number:04}-{kinds[-1]}.{ending}")
        (folder / paths[-1]).write_bytes(content)
    outcomes = collections.Counter()
    wrong = []
    for kind, path, document in zip(kinds, paths, check(arguments, folder, paths)):
        outcome = document.get("decision", "error")
        outcomes[outcome] += 1
        if outcome.startswith("allow") and (kind in SOUNDLESS or not has_sound(folder / path)):
            wrong.append(f"{path}: {outcome}")
    print(f"{arguments.files} files: " + ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items())))
    print("\n".join(wrong) or "nothing was allowed that could not be read")
    return 1 if wrong else 0


def main():
    arguments = parse_arguments()
    if arguments.keep:
        arguments.keep.mkdir()
        return measure(arguments, arguments.keep)
    with tempfile.TemporaryDirectory(prefix="wm-hostile-") as name:
        return measure(arguments, pathlib.Path(name))


if __name__ == "__main__":
    sys.exit(main())
