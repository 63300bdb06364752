"""wm quality: grades, rules for what goes together, what it prints."""

import json
import sys
import unittest

from wm_case import DONE, FAILED, GOLDEN, REFUSED, WmCase, convert

sys.path.insert(0, str(GOLDEN))
import quality_pairs  # noqa: E402  (stands beside its golden table)


class Quality(WmCase):
    def quality(self, reference, marked, *options, expect=DONE):
        return self.wm_json("quality", reference, marked, *options, expect=expect)

    def test_grades_as_gstpeaq_does(self):
        original = self.folder / "original.wav"
        quality_pairs.make_original(original)
        for change, known in json.loads((GOLDEN / "quality.json").read_text()).items():
            changed = self.folder / f"{change}.wav"
            quality_pairs.make_changed(original, changed, change)
            document = self.quality(original, changed, "--no-align", "--no-loudness")
            self.assertAlmostEqual(document["odg"], known["odg"], delta=0.01, msg=change)
            self.assertAlmostEqual(document["distortion_index"], known["distortion_index"], delta=0.01, msg=change)

    def test_grades_a_marked_recording_as_hardly_changed(self):
        self.embed(self.music, "marked.wav")
        document = self.quality(self.music, "marked.wav")
        self.assertEqual(document["outcome"], "graded")
        self.assertGreater(document["odg"], -1)
        self.assertGreater(document["snr_db"], 20)
        self.assertEqual(document["delay_samples"], 0)
        self.assertFalse(document["is_identical"])
        self.assertAlmostEqual(document["loudness"]["change_lu"], 0, delta=0.2)

    def test_says_when_nothing_differs(self):
        document = self.quality(self.music, self.music)
        self.assertTrue(document["is_identical"])
        self.assertIsNone(document["snr_db"])
        self.assertGreater(document["odg"], 0)
        self.assertIn("every sample is the same", self.wm("quality", self.music, self.music)[0])

    def test_takes_a_delay_out_unless_told_otherwise(self):
        convert(self.music, self.folder / "late.wav", "-af", "adelay=25:all=1")
        document = self.quality(self.music, "late.wav")
        self.assertEqual(document["delay_samples"], round(0.025 * 44100))
        self.assertGreater(document["odg"], 0)
        self.assertTrue(any("late" in warning for warning in document["warnings"]))
        self.assertLess(self.quality(self.music, "late.wav", "--no-align")["odg"], -2)

    def test_reads_what_can_be_read(self):
        convert(self.music, self.folder / "coded.mp3", "-b:a", "128k")
        self.assertLess(self.quality(self.music, "coded.mp3")["odg"], 0)
        with open(self.music, "rb") as file:
            self.assertTrue(self.wm_json("quality", "-", self.music, stdin=file)["is_identical"])

    def test_refuses_what_does_not_go_together(self):
        convert(self.music, self.folder / "other_rate.wav", "-ar", "48000")
        convert(self.music, self.folder / "mono.wav", "-ac", "1")
        convert(self.music, self.folder / "short.wav", "-t", "20")
        for other, words in (("other_rate.wav", "48000 Hz"), ("mono.wav", "1: mix one"), ("short.wav", "share 20.000 s")):
            document = self.quality(self.music, other, expect=FAILED)
            self.assertEqual(document["error"]["code"], "usage")
            self.assertIn(words, document["error"]["message"])

    def test_gives_no_grade_to_silence(self):
        convert(self.music, self.folder / "silent.wav", "-af", "volume=0")
        document = self.quality("silent.wav", "silent.wav", expect=REFUSED)
        self.assertEqual(document["outcome"], "not_graded")
        self.assertIn("too little sound", self.wm("quality", "silent.wav", "silent.wav", expect=REFUSED)[0])

    def test_names_a_file_that_is_no_recording(self):
        (self.folder / "text.wav").write_text("no audio here")
        self.assertIn("text.wav", self.wm("quality", self.music, "text.wav", expect=FAILED)[1])
        self.assertIn("missing.wav", self.wm("quality", "missing.wav", self.music, expect=FAILED)[1])
        self.assertIn("only once", self.wm("quality", "-", "-", expect=FAILED)[1])

    def test_explains_its_figures(self):
        self.embed(self.music, "marked.wav")
        text, _ = self.wm("quality", self.music, "marked.wav")
        for name in ("ODG", "noise-to-mask ratio", "SNR", "SI-SNR", "segmental SNR", "log-spectral distance", "loudness",
                     "true peak"):
            self.assertIn(name, text)


if __name__ == "__main__":
    unittest.main()
