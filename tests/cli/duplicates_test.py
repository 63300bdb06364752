"""wm duplicates: groups of uploads that are the same recording, their signals, resumed after kills."""

import csv
import io
import os
import random
import signal
import subprocess
import time
import unittest

from rights_case import ISRC, claim_toml
from wm_case import DONE, FAILED, NOT_FOUND, PROGRAM, WmCase, convert, synthesize


class Duplicates(WmCase):
    """Uploads: a recording in several forms, another one, and what is no recording."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = cls.shared / "stranger.wav"
        synthesize(cls.stranger, seed=4, seconds=40)
        convert(cls.music, cls.shared / "lossy.mp3", "-b:a", "128k")
        convert(cls.music, cls.shared / "fast.wav", "-af", "asetrate=46305,aresample=44100")
        subprocess.run(["sox", cls.music, cls.shared / "padded.wav", "pad", "0", "20"], check=True)

    def setUp(self):
        super().setUp()
        (self.folder / "uploads").mkdir()

    def upload(self, source, name):
        os.link(source, self.folder / "uploads" / name)

    def upload_all(self):
        self.upload(self.music, "a.wav")
        self.upload(self.music, "b.wav")
        for name in ("lossy.mp3", "fast.wav", "padded.wav"):
            self.upload(self.shared / name, name)
        self.upload(self.stranger, "stranger.wav")
        (self.folder / "uploads/broken.wav").write_bytes(b"RIFF nothing")

    def duplicates(self, *options, expect=NOT_FOUND, out="groups.csv"):
        return self.wm_json("duplicates", "uploads", "--out", out, *options, expect=expect)

    def rows(self, out="groups.csv"):
        with (self.folder / out).open(newline="", encoding="utf-8") as file:
            return {row["file"].removeprefix("uploads/"): row for row in csv.DictReader(file)}

    def test_groups_what_is_the_same_and_says_how(self):
        self.upload_all()
        summary = self.duplicates()
        self.assertEqual({name: summary[name] for name in ("num_uploads", "num_unreadable", "num_sounds", "num_groups", "num_exact", "num_near")},
                         {"num_uploads": 7, "num_unreadable": 1, "num_sounds": 5, "num_groups": 1, "num_exact": 1, "num_near": 3})
        rows = self.rows()
        self.assertEqual({name: (row["group"], row["kind"]) for name, row in rows.items()},
                         {"a.wav": ("1", "first"), "b.wav": ("1", "exact"), "lossy.mp3": ("1", "near"), "fast.wav": ("1", "near"),
                          "padded.wav": ("1", "near"), "broken.wav": ("", "unreadable")})
        self.assertAlmostEqual(float(rows["fast.wav"]["speed"]), 1.05, delta=0.003)
        self.assertAlmostEqual(float(rows["fast.wav"]["pitch_semitones"]), 0.84, delta=0.05)
        self.assertAlmostEqual(float(rows["padded.wav"]["share"]), 0.6, delta=0.03)
        self.assertIn("PADDED", rows["padded.wav"]["signals"])
        self.assertIn("MANY_NAMES", rows["a.wav"]["signals"])
        self.assertIn("EXACT_DUPLICATE", rows["b.wav"]["signals"])
        self.assertTrue(rows["broken.wav"]["problem"])
        self.assertEqual(self.files(), ["groups.csv", "uploads"])

    def test_names_registered_recordings(self):
        self.wm("registry", "init", "rights.db")
        self.wm("party", "new", "Label", "--out", "label.id")
        (self.folder / "claim.toml").write_text(claim_toml())
        self.wm("register", self.music, "--claim", "claim.toml", "-r", "rights.db", "--key", self.key, "--as", "label.id", "--out", "marked.wav")
        self.upload_all()
        self.duplicates("--registry", "rights.db")
        rows = self.rows()
        self.assertEqual({rows[name]["isrc"] for name in ("a.wav", "lossy.mp3", "fast.wav")}, {ISRC})
        self.assertEqual(rows["a.wav"]["registered_title"], "Night Train")

    def test_limits_come_from_the_profile(self):
        self.upload(self.music, "a.wav")
        self.upload(self.shared / "padded.wav", "padded.wav")
        (self.folder / "p.toml").write_text('schema = "wm-profile/1"\n[signals]\nduplicateShareOfLonger = 0.9\nshortSeconds = 35\npaddedShare = 0.5\n')
        self.assertEqual(self.duplicates("--profile", "p.toml", expect=DONE)["num_groups"], 0)
        self.assertEqual({name: row["signals"] for name, row in self.rows().items()}, {"a.wav": "VERY_SHORT"})
        (self.folder / "p.toml").write_text('schema = "wm-profile/1"\n[signals]\nburstUploads = 1\n')
        self.assertIn("signals.burstUploads", self.wm("duplicates", "uploads", "--profile", "p.toml", "--out", "x.csv", expect=FAILED)[1])

    def test_takes_accounts_and_times_from_a_manifest(self):
        self.upload(self.music, "a.wav")
        self.upload(self.stranger, "b.wav")
        rows = [("uploads/a.wav", "Tune", "u1", "2026-10-01T00:00:00Z"), ("uploads/a.wav", "Song", "u2", "2026-10-01T00:00:05Z"),
                ("uploads/b.wav", "Other", "u1", "2026-10-01T00:10:00Z"), ("uploads/b.wav", "Other", "u3", "yesterday"),
                ("missing.wav", "", "u1", "2026-10-01T00:20:00Z")]
        (self.folder / "list.csv").write_text("input,title,account,time\n" + "".join(",".join(row) + "\n" for row in rows))
        (self.folder / "p.toml").write_text('schema = "wm-profile/1"\n[signals]\nburstUploads = 3\nburstSeconds = 1200\n')
        self.wm("duplicates", "list.csv", "--profile", "p.toml", "--out", "groups.csv", expect=NOT_FOUND)
        with (self.folder / "groups.csv").open(newline="", encoding="utf-8") as file:
            table = list(csv.DictReader(file))
        self.assertEqual([(row["title"], row["kind"]) for row in table],
                         [("Tune", "first"), ("Song", "exact"), ("Other", "single"), ("Other", "unreadable"), ("missing", "unreadable")])
        self.assertEqual([("ACCOUNT_BURST" in row["signals"]) for row in table], [True, False, True, False, True])
        self.assertIn("line 5", table[3]["problem"])
        (self.folder / "bad.csv").write_text("input,colour\na.wav,red\n")
        self.assertIn("colour", self.wm("duplicates", "bad.csv", "--out", "x.csv", expect=FAILED)[1])

    def test_prints_the_table(self):
        self.upload(self.music, "a.wav")
        self.upload(self.music, "b.wav")
        table = list(csv.DictReader(io.StringIO(self.wm("duplicates", "uploads/a.wav", "uploads/b.wav", "--out", "-", expect=NOT_FOUND)[0])))
        self.assertEqual([row["kind"] for row in table], ["first", "exact"])
        self.wm("duplicates", "uploads", "--out", "-", "--json", expect=FAILED)
        self.assertEqual(self.files(), ["uploads"])

    def test_killed_runs_come_to_the_same_bytes(self):
        self.upload_all()
        self.duplicates("--jobs", "1", out="whole.csv")
        draw = random.Random(5)
        for _ in range(6):
            run = subprocess.Popen([PROGRAM, "duplicates", "uploads", "--out", "groups.csv", "--resume", "--jobs", "2"], cwd=self.folder,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(draw.uniform(0.05, 0.8))
            run.send_signal(signal.SIGKILL)
            run.wait()
        if not (self.folder / "groups.csv").exists():
            self.duplicates("--resume")
        self.assertEqual((self.folder / "groups.csv").read_bytes(), (self.folder / "whole.csv").read_bytes())

    def test_does_not_mix_runs(self):
        self.upload_all()
        self.assertIn("exists", self.wm("duplicates", "uploads", "--out", "uploads/a.wav", expect=FAILED)[1])
        run = subprocess.Popen([PROGRAM, "duplicates", "uploads", "--out", "groups.csv"], cwd=self.folder, stderr=subprocess.DEVNULL)
        journal = self.folder / "groups.csv.wm-duplicates/journal.ndjson"
        while run.poll() is None and not (journal.exists() and journal.stat().st_size > 0):
            time.sleep(0.005)
        run.send_signal(signal.SIGKILL)
        self.assertEqual(run.wait(), -signal.SIGKILL)
        self.assertIn("--resume", self.wm("duplicates", "uploads", "--out", "groups.csv", expect=FAILED)[1])
        self.assertIn("something else", self.wm("duplicates", "uploads/a.wav", "--out", "groups.csv", "--resume", expect=FAILED)[1])
        self.assertIn("nowhere", self.wm("duplicates", "nowhere", "--out", "other.csv", expect=FAILED)[1])


if __name__ == "__main__":
    unittest.main()
