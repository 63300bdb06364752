"""wm trace: whose copy a recording is."""

import os
import subprocess
import unittest

from check_test import CheckCase
from wm_case import DONE, FAILED, NOT_FOUND, REFUSED, convert


class Trace(CheckCase):
    """The registered recording has copies for two recipients."""

    def setUp(self):
        super().setUp()
        self.copies = {}
        for number, recipient in enumerate(("Radio 1", "Radio 2")):
            os.link(self.music, self.folder / f"radio_{number}.wav")
            self.copies[recipient] = (self.register(f"radio_{number}.wav", "--recipient", recipient)["id"],
                                      self.folder / f"marked/radio_{number}.wav")

    def trace(self, path, expect=DONE):
        return self.wm_json("trace", path, "-r", "rights.db", "--key", self.key, expect=expect)

    def test_names_the_recipient_of_a_leak(self):
        for recipient, (identity, path) in self.copies.items():
            convert(path, self.folder / "leaked.mp3", "-b:a", "128k")
            traced = self.trace("leaked.mp3")
            self.assertEqual((traced["outcome"], [(copy["recipient"], copy["id"]) for copy in traced["copies"]]),
                             ("one", [(recipient, identity)]))
            self.assertEqual(traced["num_recipients"], 2)
            self.assertLess(traced["false_accusation_bound"], 1e-18)

    def test_accuses_nobody_for_the_registered_recording_or_anothers(self):
        traced = self.trace(self.marked, expect=NOT_FOUND)
        self.assertEqual([copy["recipient"] for copy in traced["copies"]], [""])
        for path in (self.music, self.stranger):
            self.assertEqual(self.trace(path, expect=NOT_FOUND)["copies"], [])

    def test_accuses_nobody_for_a_mark_on_other_sound(self):
        self.embed(self.stranger, "forged.wav", identity=self.copies["Radio 1"][0])
        traced = self.trace("forged.wav", expect=REFUSED)
        self.assertEqual((traced["outcome"], traced["copies"]), ("inconclusive", []))
        self.assertIn("WM_UNCONFIRMED", traced["reason"])

    def test_names_several_where_several_copies_are_in_it(self):
        paths = [str(path) for _, path in self.copies.values()]
        subprocess.run(["sox", *paths, str(self.folder / "joined.wav")], check=True)
        traced = self.trace("joined.wav", expect=REFUSED)
        self.assertEqual((traced["outcome"], {copy["recipient"] for copy in traced["copies"]}), ("several", {"Radio 1", "Radio 2"}))

    def test_averaged_copies_never_accuse_a_third(self):
        paths = [str(path) for _, path in self.copies.values()]
        subprocess.run(["sox", "-m", "-v", "0.5", paths[0], "-v", "0.5", paths[1], str(self.folder / "averaged.wav")], check=True)
        done = subprocess.run([os.environ["WM_PROGRAM"], "trace", "averaged.wav", "-r", "rights.db", "--key", str(self.key)], cwd=self.folder,
                              capture_output=True, text=True, check=False)
        self.assertIn(done.returncode, (DONE, NOT_FOUND, REFUSED))
        self.assertNotIn("as it was registered", done.stdout)

    def test_says_that_a_copy_was_averaged_even_where_only_one_recipient_is_known(self):
        self.embed(self.music, "unknown.wav")
        path = self.copies["Radio 1"][1]
        # In equal parts either of the two may be the one that is read.
        subprocess.run(["sox", "-m", "-v", "0.55", str(path), "-v", "0.45", str(self.folder / "unknown.wav"), str(self.folder / "averaged.wav")],
                       check=True)
        traced = self.trace("averaged.wav", expect=REFUSED)
        self.assertEqual((traced["outcome"], [(copy["recipient"], copy["is_mixed"]) for copy in traced["copies"]]),
                         ("several", [("Radio 1", True)]))
        self.assertFalse(self.trace(path)["copies"][0]["is_mixed"])

    def test_says_what_is_wrong(self):
        self.assertIn("nowhere.wav", self.wm("trace", "nowhere.wav", "-r", "rights.db", "--key", self.key, expect=FAILED)[1])
        (self.folder / "broken.wav").write_bytes(b"RIFF nothing")
        self.assertEqual(self.trace("broken.wav", expect=REFUSED)["outcome"], "inconclusive")


if __name__ == "__main__":
    unittest.main()
