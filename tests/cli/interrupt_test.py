import signal
import subprocess
import unittest

from wm_case import PROGRAM, WmCase, synthesize


class Interrupt(WmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.long = cls.shared / "long.wav"
        synthesize(cls.long, seconds=600)

    def stop_when(self, has_begun, signal_number, *arguments):
        """Runs wm, sends the signal when has_begun() holds, and returns its exit code and messages."""
        with subprocess.Popen([PROGRAM, *map(str, arguments)], cwd=self.folder, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as run:
            while not has_begun():
                self.assertIsNone(run.poll(), "it ended before it could be interrupted")
            run.send_signal(signal_number)
            _, messages = run.communicate(timeout=60)
        return run.returncode, messages.decode()

    def test_a_signal_takes_the_temporary_file_away(self):
        for signal_number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(signal=signal_number):
                code, _ = self.stop_when(lambda: self.files() != [], signal_number, "embed", self.long, "out.wav", "--key",
                                         self.key, "--id", "random")
                self.assertEqual(code, -signal_number)
                self.assertEqual(self.files(), [])

    def test_an_interrupted_batch_can_be_resumed(self):
        (self.folder / "album.csv").write_text(f"input\n{self.music}\n{self.long}\n")
        arguments = ["embed", "--manifest", "album.csv", "--out-dir", "marked", "--key", self.key, "--jobs", "1"]
        code, messages = self.stop_when(
            lambda: "marked" in self.files() and "music.wav" in self.files("marked") and len(self.files("marked")) > 2,
            signal.SIGTERM, *arguments)
        self.assertEqual(code, -signal.SIGTERM)
        self.assertIn("--resume", messages)
        self.assertEqual(self.files("marked"), ["music.wav", "wm-journal.ndjson"])
        outcomes = [document["outcome"] for document in self.wm_ndjson(*arguments, "--resume")]
        self.assertEqual(outcomes, ["skipped", "marked"])


if __name__ == "__main__":
    unittest.main()
