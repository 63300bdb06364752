import shutil
import subprocess
import unittest

from wm_case import DONE, FAILED, NOT_FOUND, PROGRAM, REFUSED, WmCase, convert, synthesize


class Detect(WmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.marked = cls.shared / "marked.wav"
        subprocess.run([PROGRAM, "embed", cls.music, cls.marked, "--key", cls.key, "--id", "5f3a9c0212ab77e1", "--quiet"],
                       check=True, capture_output=True)

    def test_says_id_key_chance_place_and_change(self):
        text, messages = self.wm("detect", self.marked, "--key", self.key)
        for part in ("5f3a9c0212ab77e1", "label", "1 in 10^", "of 0:30", "no change of speed, tempo or pitch"):
            self.assertIn(part, text)
        self.assertEqual(messages, "")

    def test_the_document_has_the_fixed_names(self):
        [mark] = self.wm_json("detect", self.marked, "--key", self.key)["marks"]
        self.assertEqual(mark["id"], "5f3a9c0212ab77e1")
        self.assertLess(mark["p_value"], 1e-9)
        self.assertLess(mark["start_s"], 5)
        self.assertGreater(mark["end_s"], 25)

    def test_after_codecs_and_a_crop(self):
        attacks = {"128.mp3": ["-b:a", "128k"], "q4.ogg": ["-q:a", "4"], "64.opus": ["-b:a", "64k"],
                   "crop.wav": ["-ss", "7.3", "-t", "15"], "mono.wav": ["-ac", "1", "-ar", "32000"]}
        for name, options in attacks.items():
            with self.subTest(attack=name):
                convert(self.marked, self.folder / name, *options)
                self.assertEqual(self.ids_in(name), ["5f3a9c0212ab77e1"])

    def test_unmarked_recordings_and_wrong_keys_give_nothing(self):
        text, _ = self.wm("detect", self.music, "--key", self.key, expect=NOT_FOUND)
        self.assertIn("no mark", text)
        self.assertEqual(self.ids_in(self.marked, key=self.other_key), [])

    def test_silence_and_a_moment_are_inconclusive(self):
        for name, effect in {"silence.wav": ["trim", "0", "20"], "moment.wav": ["synth", "0.5", "pinknoise"]}.items():
            subprocess.run(["sox", "-R", "-n", "-r", "44100", "-b", "16", self.folder / name, *effect], check=True)
            document = self.wm_json("detect", name, "--key", self.key, expect=REFUSED)
            self.assertEqual(document["outcome"], "inconclusive")
            text, _ = self.wm("detect", name, "--key", self.key, expect=REFUSED)
            self.assertIn("cannot tell", text)

    def test_a_folder_stands_for_its_keys_and_a_key_given_twice_counts_once(self):
        keys = self.folder / "keys"
        keys.mkdir()
        shutil.copy(self.key, keys)
        shutil.copy(self.other_key, keys)
        (keys / "notes.txt").write_text("no key")
        document = self.wm_json("detect", self.marked, "--key", keys, "--key", self.key)
        self.assertEqual([mark["key_name"] for mark in document["marks"]], ["label"])

    def test_a_folder_without_keys_is_an_error(self):
        (self.folder / "keys").mkdir()
        _, messages = self.wm("detect", self.marked, "--key", "keys", expect=FAILED)
        self.assertIn("keys", messages)

    def test_a_key_file_that_others_can_read_is_warned_of(self):
        shutil.copy(self.key, self.folder / "open.key")
        (self.folder / "open.key").chmod(0o644)
        _, messages = self.wm("detect", self.marked, "--key", "open.key")
        self.assertIn("chmod 600", messages)
        _, messages = self.wm("detect", self.marked, "--key", "open.key", "--quiet")
        self.assertEqual(messages, "")


    def test_what_is_searched_can_be_narrowed(self):
        subprocess.run(["sox", "-R", "-D", self.marked, self.folder / "fast.wav", "speed", "1.06", "rate", "44100"],
                       check=True)
        self.wm("detect", "fast.wav", "--key", self.key, "--search", "plain", expect=NOT_FOUND)
        for search in ("lines", "plane"):
            [mark] = self.wm_json("detect", "fast.wav", "--key", self.key, "--search", search)["marks"]
            self.assertEqual(mark["id"], "5f3a9c0212ab77e1")
        _, messages = self.wm("detect", "fast.wav", "--key", self.key, "--search", "everything", expect=FAILED)
        self.assertIn("plane", messages)


class SeveralFiles(WmCase):
    def setUp(self):
        super().setUp()
        self.embed(self.music, "marked.wav")
        (self.folder / "broken.wav").write_text("not audio")

    def detect(self, *files, expect, jobs=2):
        return self.wm_ndjson("detect", *files, "--key", self.key, "--jobs", jobs, expect=expect)

    def test_documents_come_in_the_order_of_the_files(self):
        files = [str(self.music), "marked.wav", str(self.music), "marked.wav"]
        documents = self.detect(*files, expect=DONE, jobs=3)
        self.assertEqual([document["file"] for document in documents], files)
        self.assertEqual([document["outcome"] for document in documents], ["not_found", "found"] * 2)

    def test_a_failure_outweighs_a_finding_and_stops_nothing(self):
        documents = self.detect("broken.wav", "missing.wav", "marked.wav", expect=FAILED)
        self.assertEqual([document["outcome"] for document in documents], ["error", "error", "found"])
        self.assertEqual(documents[1]["error"]["code"], "io")

    def test_nothing_found_anywhere(self):
        self.detect(self.music, self.music, expect=NOT_FOUND)

    def test_json_is_for_one_file(self):
        _, messages = self.wm("detect", "marked.wav", self.music, "--key", self.key, "--json", expect=FAILED)
        self.assertIn("--ndjson", messages)

    def test_names_may_hold_anything(self):
        name = "a\x1b[31m \"quoted\" ü,\n.wav"
        synthesize(self.folder / "plain.wav", seconds=10)
        (self.folder / "plain.wav").rename(self.folder / name)
        self.assertEqual(self.detect(name, expect=NOT_FOUND)[0]["file"], name)
        text, _ = self.wm("detect", name, "--key", self.key, expect=NOT_FOUND)
        self.assertNotIn("\x1b", text)


if __name__ == "__main__":
    unittest.main()
