import csv
import json
import os
import signal
import subprocess
import unittest

from wm_case import DONE, FAILED, PROGRAM, WmCase, synthesize

# A system whose mark is a file's name: what evaluate itself does shows, whatever a watermark can do.
SYSTEM = """
name = "{name}"
bits = 64
embed = "cp {{in}} {{out}}; echo {{message}} > {folder}/message"
detect = "{detect}"
message = 'id ([0-9a-f]{{16}})'
score = 'score ([0-9.]+)'
missed_exit_codes = [1]
inconclusive_exit_codes = [3]
"""


class EvaluateCase(WmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.audio = cls.shared / "audio"
        cls.audio.mkdir()
        for seed in range(3):
            synthesize(cls.audio / f"song{seed}.wav", seconds=12, seed=seed)

    def system(self, detect, name="fake"):
        path = self.folder / f"{name}.toml"
        path.write_text(SYSTEM.format(name=name, folder=self.folder, detect=detect))
        return path

    def evaluate(self, *arguments, expect=DONE):
        return self.wm("evaluate", "--audio", self.audio, "--out", "results", "--no-quality", *arguments, expect=expect)

    def rows(self, folder="results"):
        with open(self.folder / folder / "results.csv", newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))


class Wm(EvaluateCase):
    def test_marks_are_found_and_nulls_are_not(self):
        self.wm("evaluate", "--audio", self.audio, "--out", "results", "--attack", "none", "--attack", "mp3=128k", "--clip", "10s")
        rows = self.rows()
        self.assertEqual(len(rows), 3 * 2 * 3)
        for row in rows:
            self.assertEqual(row["outcome"], "detected" if row["kind"] == "marked" else "missed", row)
            self.assertLess(float(row["odg"]), 0.3)
        self.assertEqual({row["attack_name"] for row in rows}, {"none", "mp3"})
        for name in ("summary.json", "report.html", "times.csv"):
            self.assertTrue((self.folder / "results" / name).exists())
        self.assertFalse((self.folder / "results" / "work").exists())

    def test_a_killed_run_ends_with_the_same_results(self):
        attacks = [word for chain in ("none", "gain=-6dB", "noise=white:20..40dB", "resample=16kHz") for word in ("--attack", chain)]
        arguments = ["--audio", str(self.audio), *attacks, "--clip", "5s,8s", "--crops", "2", "--seed", "5", "--no-quality", "--jobs", "2"]
        self.wm("evaluate", *arguments, "--out", "whole")
        for lifetime_s in (0.2, 0.5, 0.9, 1.4, 2.0):
            process = subprocess.Popen([PROGRAM, "evaluate", *arguments, "--out", "killed", "--quiet"], cwd=self.folder)
            try:
                process.wait(timeout=lifetime_s)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
        self.wm("evaluate", *arguments, "--out", "killed")
        self.assertEqual((self.folder / "whole/results.csv").read_bytes(), (self.folder / "killed/results.csv").read_bytes())

    def test_torn_lines_are_cut_off(self):
        arguments = ("--attack", "none", "--attack", "mono", "--clip", "8s")
        self.evaluate(*arguments)
        path = self.folder / "results/results.csv"
        whole = path.read_bytes()
        path.write_bytes(whole[:-30])
        self.evaluate(*arguments)
        self.assertEqual(path.read_bytes(), whole)


class Fingerprints(EvaluateCase):
    def test_what_the_index_holds_is_known_and_what_it_does_not_is_not(self):
        held_out = self.folder / "other"
        held_out.mkdir()
        subprocess.run(["sox", "-R", "-n", "-r", "44100", "-c", "2", held_out / "stranger.wav", "synth", "12", "pluck", "F#3",
                        "pluck", "D#4", "tremolo", "3", "80"], check=True, capture_output=True)
        songs = [self.audio / f"song{seed}.wav" for seed in (0, 1)]  # the third has the first one's chords
        self.wm("evaluate", "--fingerprint", "--audio", songs[0], "--audio", songs[1], "--held-out", held_out, "--attack", "none",
                "--attack", "mp3=64k", "--clip", "8s", "--crops", "2", "--out", "results")
        rows = self.rows()
        self.assertEqual(len(rows), (2 + 1) * 2 * 2)
        for row in rows:
            is_known = "stranger" not in row["recording"]
            self.assertEqual((row["system"], row["kind"], row["outcome"]),
                             ("fingerprint", *(("marked", "detected") if is_known else ("unmarked", "missed"))), row)
        summary = self.check(json.loads((self.folder / "results/summary.json").read_text()))
        false_alarms = summary["systems"][0]["null"]["false_alarms"]
        self.assertEqual((false_alarms["successes"], false_alarms["trials"]), (0, 4))

    def test_fingerprints_go_by_themselves(self):
        for arguments in (("--fingerprint", "--system", "wm"), ("--held-out", self.audio)):
            _, messages = self.evaluate(*arguments, "--attack", "none", expect=FAILED)
            self.assertIn("fingerprints are evaluated by themselves", messages)


class Systems(EvaluateCase):
    def test_outcomes_are_read_from_what_the_program_prints(self):
        right = self.system(f"echo id $(cat {self.folder}/message) score 2.5")
        self.evaluate("--system", right, "--attack", "none", "--jobs", "1")
        marked = [row for row in self.rows() if row["kind"] == "marked"]
        self.assertEqual({(row["outcome"], row["score"], row["bit_errors"]) for row in marked}, {("detected", "2.5", "0")})

    def test_exit_codes_and_wrong_messages_are_outcomes(self):
        for detect, outcome in {"exit 1": "missed", "exit 3": "inconclusive", "echo id 0123456789abcdef": "wrong",
                                "echo nothing": "missed"}.items():
            with self.subTest(outcome=outcome, detect=detect):
                subprocess.run(["rm", "-rf", self.folder / "results"], check=True)
                self.evaluate("--system", self.system(detect), "--attack", "none", "--nulls", "0")
                self.assertEqual({row["outcome"] for row in self.rows()}, {outcome})

    def test_a_command_that_fails_is_an_error_and_no_miss(self):
        broken = self.system("echo no such model >&2; exit 7")
        _, messages = self.evaluate("--system", broken, "--attack", "none", expect=FAILED)
        self.assertIn("no such model", messages)
        self.assertEqual(self.rows(), [], "without --keep-going nothing is counted")
        self.evaluate("--system", broken, "--attack", "none", "--keep-going", expect=FAILED)
        self.assertEqual({row["outcome"] for row in self.rows()}, {"error"})
        self.assertIn("no such model", self.rows()[0]["message"])

    def test_failures_are_kept_to_listen_to(self):
        self.evaluate("--system", self.system("exit 1"), "--attack", "none", "--clip", "5s", "--nulls", "0")
        clips = {row["clip"] for row in self.rows()}
        self.assertEqual(clips, {f"clips/fake-{recording}-0-0.opus" for recording in range(3)})
        for clip in clips:
            self.assertIn(b"OpusHead", (self.folder / "results" / clip).read_bytes()[:60])
            self.wm("attack", f"results/{clip}", "heard.wav", "none")
            length_s = subprocess.run(["soxi", "-D", "heard.wav"], cwd=self.folder, capture_output=True, check=True).stdout
            self.assertAlmostEqual(float(length_s), 5, delta=0.01)
        page = (self.folder / "results/report.html").read_text()
        self.assertEqual(page.count("data:audio/ogg;base64,T2dnUw"), 3)

    def test_systems_share_attacks_and_crops(self):
        fake = self.system("exit 1")
        self.evaluate("--system", "wm", "--system", fake, "--attack", "noise=white:20..40dB", "--clip", "5s", "--crops", "2")
        by_system = {}
        for row in self.rows():
            by_system.setdefault(row["system"], []).append([row[name] for name in ("recording", "applied", "crop_offset_s", "seed")])
        self.assertEqual(by_system["wm"], by_system["fake"])

    def test_files_that_make_no_sense_are_refused(self):
        for text, part in {"name = ": "line 1", "name = 'x'\nbitz = 3": "\"bits\"", "name = 'x'": "embed",
                           SYSTEM.format(name="x", folder=".", detect="d").replace("([0-9a-f]{16})", "(("): "regular expression"}.items():
            with self.subTest(part=part):
                (self.folder / "bad.toml").write_text(text)
                _, messages = self.evaluate("--system", "bad.toml", "--attack", "none", expect=FAILED)
                self.assertIn(part, messages)


class BadInput(EvaluateCase):
    def test_one_unreadable_recording_is_reported_and_the_rest_is_done(self):
        (self.audio / "song1b.wav").write_text("not audio")
        self.addCleanup(os.remove, self.audio / "song1b.wav")
        _, messages = self.evaluate("--attack", "none", expect=FAILED)
        self.assertIn("song1b.wav", messages)
        subprocess.run(["rm", "-rf", self.folder / "results"], check=True)
        _, messages = self.evaluate("--attack", "none", "--attack", "mono", "--keep-going", expect=FAILED)
        self.assertEqual(messages.count("song1b.wav is no recording"), 1, "said once, not for each attack")
        outcomes = {row["recording"]: row["outcome"] for row in self.rows() if row["kind"] == "marked"}
        self.assertEqual(outcomes, {"song0.wav": "detected", "song1.wav": "detected", "song1b.wav": "error", "song2.wav": "detected"})

    def test_a_single_recording_has_its_own_name(self):
        self.wm("evaluate", "--audio", self.audio / "song0.wav", "--out", "one", "--attack", "mono", "--no-quality")
        self.assertEqual({row["recording"] for row in self.rows("one")}, {str(self.audio / "song0.wav")})

    def test_misuse(self):
        for arguments, part in {("--attack", "ptich=1"): "\"pitch\"", ("--preset", "codec"): "\"codecs\"", (): "attack",
                                ("--attack", "none", "--clip", "long"): "--clip", ("--attack", "none", "--system", "no.toml"): "no.toml",
                                ("--attack", "mix=@noise:3dB"): "--with noise=FILE"}.items():
            with self.subTest(arguments=arguments):
                _, messages = self.evaluate(*arguments, expect=FAILED)
                self.assertIn(part, messages)

    def test_another_evaluation_does_not_touch_the_results(self):
        self.evaluate("--attack", "none", "--clip", "8s")
        _, messages = self.evaluate("--attack", "mono", "--clip", "8s", expect=FAILED)
        self.assertIn("another evaluation", messages)

    def test_rows_of_presets_without_their_recording_are_left_out(self):
        _, messages = self.evaluate("--attack", "mix=@noise:3dB", "--attack", "none", "--clip", "8s")
        self.assertIn("left out: mix=@noise:3dB needs --with noise=FILE", messages)
        self.assertEqual({row["attack"] for row in self.rows()}, {"none"})


if __name__ == "__main__":
    unittest.main()
