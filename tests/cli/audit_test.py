"""wm audit: what of a data set is off limits, resumed after kills, verified offline."""

import csv
import json
import os
import random
import shutil
import signal
import subprocess
import time
import unittest

from browser import browse
from check_test import CheckCase
from wm_case import DONE, FAILED, NOT_FOUND, PROGRAM

RESULTS = ("allowed.txt", "excluded.csv", "signals.csv", "audit.html", "summary.json")


class Audit(CheckCase):
    """A data set of the registered recording under several names, strangers, and what is no recording."""

    def setUp(self):
        super().setUp()
        (self.folder / "data/inner").mkdir(parents=True)
        os.link(self.marked, self.folder / "data/b.wav")
        os.link(self.music, self.folder / "data/inner/unmarked.wav")
        os.link(self.stranger, self.folder / "data/a.wav")
        (self.folder / "data/broken.wav").write_bytes(b"RIFF nothing")
        (self.folder / "data/readme.txt").write_text("no recording")

    def arguments(self, *options, data="data", out="audit"):
        return ["audit", data, "-r", "rights.db", "--key", str(self.key), "--use", "ai_training", "--as-of", "2126-10-01", "--out", out, *options]

    def audit(self, *options, expect=NOT_FOUND, **named):
        return self.wm_json(*self.arguments(*options, **named), expect=expect)

    def rows(self, out="audit"):
        with (self.folder / out / "excluded.csv").open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def results(self, out="audit"):
        return {name: (self.folder / out / name).read_bytes() for name in RESULTS}

    def test_excludes_what_is_not_allowed_and_says_why(self):
        (self.folder / "lab.toml").write_text('schema = "wm-profile/1"\nunknown = "allow"\n')
        summary = self.audit("--profile", "lab.toml")
        self.assertEqual(summary["by_decision"], {"allow": 1, "block": 2, "review": 1})
        self.assertEqual((self.folder / "audit/allowed.txt").read_text(), "data/a.wav\n")
        rows = self.rows()
        self.assertEqual([(row["file"], row["reason"]) for row in rows],
                         [("data/b.wav", "CONSENT_CONSTRAINED"), ("data/broken.wav", "UNREADABLE"),
                          ("data/inner/unmarked.wav", "CONSENT_CONSTRAINED")])
        self.assertEqual((rows[0]["isrc"], rows[0]["rightsholder"], rows[0]["use"]), ("USRC17607839", "A. Artist", "cawg.ai_training"))
        self.assertGreater(float(rows[0]["end_s"]) - float(rows[0]["start_s"]), 20)
        self.assertEqual(summary["by_rightsholder"], {"A. Artist": 2})

    def test_what_is_unknown_is_excluded_unless_the_profile_allows_it(self):
        self.assertEqual(self.audit()["by_decision"], {"block": 2, "review": 1, "unknown": 1})
        self.assertEqual((self.folder / "audit/allowed.txt").read_text(), "")

    def test_takes_a_list_in_its_order(self):
        (self.folder / "list.txt").write_text("data/inner/unmarked.wav\r\n\nmissing.wav\ndata/a.wav\n")
        summary = self.audit(data="list.txt")
        self.assertEqual([row["file"] for row in self.rows()], ["data/inner/unmarked.wav", "missing.wav", "data/a.wav"])
        self.assertEqual(summary["by_reason"], {"CONSENT_CONSTRAINED": 1, "NOT_READ": 1, "NO_CLAIM": 1})
        self.assertIn("no such", self.rows()[1]["detail"].lower())

    def test_tells_signals_of_allowed_recordings_too(self):
        (self.folder / "lab.toml").write_text('schema = "wm-profile/1"\nunknown = "allow"\n[signals]\nburstUploads = 2\nshortSeconds = 31\nloopedShare = 1\n')
        (self.folder / "list.csv").write_text(
            "input,account,time\ndata/a.wav,u1,2026-10-01T00:00:00Z\ndata/b.wav,u2,2026-10-01T00:00:01Z\n"
            "data/a.wav,u1,2026-10-01T00:00:02Z\ndata/inner/unmarked.wav,u3,\nmissing.wav,u2,2026-10-01T00:09:00Z\n")
        summary = self.audit("--profile", "lab.toml", data="list.csv")
        self.assertEqual(summary["by_signal"], {"ACCOUNT_BURST": 4, "EXACT_DUPLICATE": 2, "NEAR_DUPLICATE": 2, "VERY_SHORT": 4})
        with (self.folder / "audit/signals.csv").open(newline="", encoding="utf-8") as file:
            rows = [(row["file"], row["signal"], row["detail"]) for row in csv.DictReader(file)]
        self.assertEqual([row[1] for row in rows if row[0] == "data/a.wav"], ["VERY_SHORT", "EXACT_DUPLICATE", "ACCOUNT_BURST"] * 2)
        self.assertIn(("data/b.wav", "NEAR_DUPLICATE", "the same recording as data/inner/unmarked.wav"), rows)
        self.assertEqual((self.folder / "audit/allowed.txt").read_text(), "data/a.wav\ndata/a.wav\n")

    def test_is_verified_offline_with_its_files(self):
        self.audit("--sign-as", "stranger.id")
        self.wm_json("receipt", "verify", "audit/summary.json", "--party", "stranger.pub")
        self.wm("receipt", "verify", "audit/summary.json", "--party", "label.pub", expect=FAILED)
        with (self.folder / "audit/allowed.txt").open("a") as file:
            file.write("data/b.wav\n")
        self.assertIn("allowed.txt is not the file", self.wm("receipt", "verify", "audit/summary.json", "--party", "stranger.pub", expect=FAILED)[1])

    def test_killed_runs_come_to_the_same_bytes(self):
        for number in range(8):
            os.link(self.music, self.folder / f"data/inner/{number}.wav")
        self.audit("--sign-as", "label.id", out="whole")
        draw = random.Random(3)
        for _ in range(6):
            run = subprocess.Popen([PROGRAM, *self.arguments("--sign-as", "label.id", "--jobs", "2", "--resume")], cwd=self.folder,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(draw.uniform(0.05, 1))
            run.send_signal(signal.SIGKILL)
            run.wait()
        self.audit("--sign-as", "label.id", "--resume")
        self.assertEqual(self.results(), self.results("whole"))
        self.audit("--sign-as", "label.id", "--resume")
        self.assertEqual(self.results(), self.results("whole"))

    def test_does_not_mix_audits(self):
        self.audit()
        self.assertIn("--resume", self.wm(*self.arguments(), expect=FAILED)[1])
        self.assertIn("asked something else", self.wm(*self.arguments("--resume", "--territory", "FR"), expect=FAILED)[1])
        os.remove(self.folder / "data/a.wav")
        self.assertIn("start anew", self.wm(*self.arguments("--resume"), expect=FAILED)[1])
        self.assertIn("nowhere", self.wm(*self.arguments(data="nowhere", out="other"), expect=FAILED)[1])

    def test_names_that_cannot_be_listed_are_not_allowed(self):
        shutil.rmtree(self.folder / "data")
        (self.folder / "data").mkdir()
        os.link(self.stranger, os.fsencode(self.folder / "data") + b"/bad\xff.wav")
        os.link(self.stranger, self.folder / "data/two\nlines.wav")
        (self.folder / "lab.toml").write_text('schema = "wm-profile/1"\nunknown = "allow"\n')
        self.assertEqual(self.audit("--profile", "lab.toml")["by_reason"], {"NOT_READ": 2})
        self.audit("--profile", "lab.toml", "--resume")

    def test_an_audit_of_nothing_excludes_nothing(self):
        (self.folder / "empty").mkdir()
        self.assertEqual(self.audit(data="empty", expect=DONE)["num_files"], 0)

    def test_shows_in_a_browser_at_two_widths(self):
        self.audit()
        for seen in browse(self, self.folder / "audit/audit.html"):
            self.assertLessEqual(seen["page_width"], seen["width"])
            for words in ("Audit of data", "CONSENT_CONSTRAINED", "A. Artist", "cawg.ai_training"):
                self.assertIn(words, seen["text"])
        self.assertEqual(json.loads((self.folder / "audit/summary.json").read_text())["num_files"], 4)


if __name__ == "__main__":
    unittest.main()
