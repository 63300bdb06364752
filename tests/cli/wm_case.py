"""What the black-box tests of the wm program share: a folder of their own, recordings, runs, documents checked by schema."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import jsonschema

DONE, NOT_FOUND, FAILED, REFUSED = 0, 1, 2, 3

PROGRAM = os.environ["WM_PROGRAM"]
SCHEMAS = pathlib.Path(os.environ["WM_SCHEMAS"])
GOLDEN = pathlib.Path(os.environ["WM_GOLDEN"])


def synthesize(path, seconds=30, rate=44100, seed=1):
    """Writes a recording with music's traits: chords that change, noise over all frequencies, stereo."""
    notes = " ".join(f"pluck {note}" for note in (("C3", "G3", "E4", "B4"), ("A2", "E3", "C4", "G4"))[seed % 2])
    chord = ["sox", "-R", "-n", "-r", str(rate), "-c", "2", "-b", "16", f"{path}.chord.wav", "synth", "2", *notes.split(),
             "remix", "1,2", "3,4", "repeat", str(seconds // 2), "trim", "0", str(seconds)]
    noise = ["sox", "-R", "-n", "-r", str(rate), "-c", "2", "-b", "16", f"{path}.noise.wav", "synth", str(seconds),
             "pinknoise", "pinknoise", "tremolo", str(0.5 + seed), "60"]
    for command in (chord, noise):
        subprocess.run(command, check=True, capture_output=True)
    subprocess.run(["sox", "-R", "-m", "-v", "0.5", f"{path}.chord.wav", "-v", "0.4", f"{path}.noise.wav", str(path)],
                   check=True, capture_output=True)
    for part in ("chord", "noise"):
        os.remove(f"{path}.{part}.wav")


def convert(source, target, *options):
    """Transcodes by ffmpeg."""
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", str(source), *options, str(target)], check=True)


class WmCase(unittest.TestCase):
    """A test with a folder of its own, two keys that are the same in every run, and the program."""

    @classmethod
    def setUpClass(cls):
        cls.shared_folder = tempfile.TemporaryDirectory(prefix="wm-cli-test-")
        cls.addClassCleanup(cls.shared_folder.cleanup)
        cls.shared = pathlib.Path(cls.shared_folder.name)
        cls.music = cls.shared / "music.wav"
        synthesize(cls.music)
        for name in ("label", "other"):
            shutil.copy(GOLDEN / f"{name}.key", cls.shared)
            os.chmod(cls.shared / f"{name}.key", 0o600)
        cls.key, cls.other_key = cls.shared / "label.key", cls.shared / "other.key"

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="wm-cli-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def wm(self, *arguments, expect=DONE, **options):
        """Runs the program in the test's folder; returns what it printed as (stdout, stderr)."""
        done = subprocess.run([PROGRAM, *map(str, arguments)], cwd=self.folder, capture_output=True, timeout=300,
                              **{"text": True, **options})
        self.assertEqual(done.returncode, expect, f"wm {' '.join(map(str, arguments))}\n{done.stdout}\n{done.stderr}")
        return done.stdout, done.stderr

    def check(self, document):
        """Checks a document against the schema it names, and returns it."""
        name = document["schema"].replace("/", "-")
        schema = json.loads((SCHEMAS / f"{name}.json").read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.validate(document, schema, cls=jsonschema.Draft202012Validator)
        return document

    def wm_json(self, *arguments, expect=DONE, **options):
        return self.check(json.loads(self.wm(*arguments, "--json", expect=expect, **options)[0]))

    def wm_ndjson(self, *arguments, expect=DONE, **options):
        return [self.check(json.loads(line)) for line in
                self.wm(*arguments, "--ndjson", expect=expect, **options)[0].splitlines()]

    def embed(self, source, target, identity="5f3a9c0212ab77e1", key=None, expect=DONE):
        return self.wm_json("embed", source, target, "--key", key or self.key, "--id", identity, expect=expect)

    def ids_in(self, path, key=None):
        """The ids that detect finds under the key."""
        done = subprocess.run([PROGRAM, "detect", str(path), "--key", str(key or self.key), "--json"], cwd=self.folder,
                              capture_output=True, text=True, timeout=300, check=False)
        document = self.check(json.loads(done.stdout))
        self.assertEqual(done.returncode, DONE if document["marks"] else NOT_FOUND, done.stderr)
        return [mark["id"] for mark in document["marks"]]

    def files(self, folder="."):
        """The names of all files of a folder, hidden ones included."""
        return sorted(path.name for path in (self.folder / folder).iterdir())
