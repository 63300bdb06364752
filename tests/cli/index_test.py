"""wm index, identify, compare and fingerprint as a black box: what they find, say and leave behind."""

import contextlib
import json
import pathlib
import shutil
import sqlite3
import subprocess
import unittest

from wm_case import DONE, FAILED, NOT_FOUND, PROGRAM, REFUSED, WmCase, convert, synthesize


def sox(*arguments):
    subprocess.run(["sox", "-R", "-V1", *map(str, arguments)], check=True, capture_output=True)


class IndexCase(WmCase):
    """An index of three recordings: one of the shared ones, and two made here."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.songs = cls.shared / "songs"
        (cls.songs / "deeper").mkdir(parents=True)
        shutil.copy(cls.music, cls.songs / "first.wav")
        for number, name in ((2, "second"), (5, "third")):
            wav = cls.shared / f"{name}.wav"
            synthesize(wav, seed=number)
            sox(wav, cls.songs / "deeper" / f"{name}.wav", "pitch", number * 60, "tremolo", 0.3 * number, 40)
        (cls.songs / "notes.txt").write_text("no recording")
        cls.index = cls.shared / "songs.index"
        subprocess.run([PROGRAM, "index", "add", str(cls.index), str(cls.songs), "-q"], check=True, capture_output=True)

    def identify(self, path, *options, expect=DONE):
        return self.wm_json("identify", path, "--index", self.index, *options, expect=expect)


class Identify(IndexCase):
    def test_an_excerpt_is_named_with_its_place(self):
        sox(self.songs / "first.wav", self.folder / "cut.wav", "trim", 7, 10)
        match = self.identify("cut.wav")["matches"][0]
        self.assertEqual(match["track"], "first")
        self.assertAlmostEqual(match["query_end"] - match["query_start"], 10, delta=2.5)
        self.assertLess(match["p_value"], 1e-3)

    def test_a_lossy_faster_copy_is_named_with_its_speed(self):
        sox(self.songs / "deeper" / "third.wav", self.folder / "fast.wav", "speed", 1.05, "rate", 44100)
        convert(self.folder / "fast.wav", self.folder / "fast.mp3", "-b:a", "128k")
        match = self.identify("fast.mp3")["matches"][0]
        self.assertEqual(match["track"], "third")
        self.assertAlmostEqual(match["audio_speed"], 1.05, delta=0.006)
        self.assertAlmostEqual(match["audio_pitch"], 0.84, delta=0.3)

    def test_silence_is_inconclusive_and_so_is_a_tenth_of_a_second(self):
        sox("-n", "-r", 44100, self.folder / "silence.wav", "trim", 0, 8)
        self.assertIn("silent", self.identify("silence.wav", expect=REFUSED)["reason"])
        sox(self.songs / "first.wav", self.folder / "scrap.wav", "trim", 1, 0.1)
        self.assertIn("too short", self.identify("scrap.wav", expect=REFUSED)["reason"])

    def test_a_list_on_standard_input_is_answered_in_its_order(self):
        sox("-n", "-r", 44100, self.folder / "noise.wav", "synth", 6, "whitenoise")
        names = [str(self.songs / "first.wav"), "noise.wav", "missing.wav", str(self.songs / "deeper" / "second.wav")]
        documents = self.wm_ndjson("identify", "-", "--index", self.index, "--jobs", 2, expect=FAILED,
                                   input="\n".join(names) + "\n")
        self.assertEqual([document["file"] for document in documents], names)
        self.assertEqual([document["outcome"] for document in documents], ["found", "not_found", "error", "found"])

    def test_explanations_are_drawn(self):
        self.wm("identify", self.songs / "first.wav", "--index", self.index, "--explain", "why.html", "-q")
        self.wm("identify", self.songs / "first.wav", "--index", self.index, "--explain", "why.svg", "-q")
        page = (self.folder / "why.html").read_text()
        self.assertIn("<svg", page)
        self.assertGreater(page.count("<circle"), 100)
        self.assertTrue((self.folder / "why.svg").read_text().startswith("<svg"))
        self.wm("identify", self.songs / "first.wav", "--index", self.index, "--explain", "why.pdf", expect=FAILED)

    def test_compare_says_which_part_is_the_same(self):
        sox(self.songs / "first.wav", self.folder / "cut.wav", "trim", 12, 8)
        document = self.wm_json("compare", self.songs / "first.wav", "cut.wav")
        self.assertAlmostEqual(document["matches"][0]["audio_speed"], 1, delta=0.005)
        sox("-n", "-r", 44100, self.folder / "noise.wav", "synth", 6, "whitenoise")
        self.assertEqual(self.wm_json("compare", self.songs / "first.wav", "noise.wav", expect=NOT_FOUND)["matches"], [])

    def test_fingerprints_and_iscc_codes_are_printed(self):
        document = self.wm_json("fingerprint", self.songs / "first.wav")
        self.assertTrue(bytes.fromhex(document["fingerprint"]).startswith(b"WMFP"))
        code = self.wm_json("fingerprint", self.songs / "first.wav", "--iscc")["iscc"]
        self.assertEqual(self.wm("fingerprint", self.songs / "first.wav", "--iscc")[0].strip(), code)


class Keeping(IndexCase):
    def setUp(self):
        super().setUp()
        shutil.copy(self.index, self.folder / "own.index")

    def stat(self):
        return self.wm_json("index", "stat", "own.index")

    def test_adding_again_adds_nothing(self):
        documents = self.wm_ndjson("index", "add", "own.index", self.songs)
        self.assertEqual({document["outcome"] for document in documents}, {"there"})
        resumed = self.wm_ndjson("index", "add", "own.index", self.songs, "--resume")
        self.assertEqual({document["outcome"] for document in resumed}, {"skipped"})
        self.assertEqual(self.stat()["num_tracks"], 3)

    def test_other_audio_under_an_id_is_refused_unless_replacing(self):
        shutil.copy(self.songs / "deeper" / "second.wav", self.folder / "first.wav")
        self.assertEqual(self.wm_ndjson("index", "add", "own.index", "first.wav", expect=REFUSED)[0]["outcome"], "conflict")
        self.assertEqual(self.wm_ndjson("index", "add", "own.index", "first.wav", "--replace")[0]["outcome"], "replaced")
        self.assertEqual(self.wm_json("index", "verify", "own.index")["outcome"], "intact")

    def test_a_manifest_gives_ids_and_titles_which_matches_carry(self):
        (self.folder / "list.csv").write_text(f"input,id,isrc,title\n{self.songs}/first.wav,one,USRC17607839,\"A, B\"\n")
        self.wm("index", "add", "new.index", "--manifest", "list.csv")
        match = self.wm_json("identify", self.songs / "first.wav", "--index", "new.index")["matches"][0]
        self.assertEqual((match["track"], match["isrc"], match["title"]), ("one", "USRC17607839", "A, B"))

    def test_removing_compacting_and_verifying(self):
        self.wm("index", "remove", "own.index", "first")
        self.wm("index", "remove", "own.index", "first", expect=NOT_FOUND)
        self.wm("index", "compact", "own.index")
        self.assertEqual(self.stat()["num_tracks"], 2)
        self.assertNotIn('"first"', self.wm("index", "export", "own.index")[0])
        self.assertEqual(self.wm_json("index", "verify", "own.index")["faults"], [])

    def test_a_flipped_byte_of_a_posting_row_is_found_and_its_segment_named(self):
        damaged = self.folder / "damaged.index"
        shutil.copy(self.index, damaged)
        with contextlib.closing(sqlite3.connect(damaged)) as database:
            key, row = database.execute("SELECT key, bytes FROM posting_row ORDER BY key LIMIT 1").fetchone()
        content = bytearray(damaged.read_bytes())
        content[content.index(row) + len(row) // 2] ^= 1
        damaged.write_bytes(content)
        document = self.wm_json("index", "verify", "damaged.index", expect=NOT_FOUND)
        self.assertEqual(document["outcome"], "damaged")
        self.assertIn(f"segment {key >> 32}: ", document["faults"][0])

    def test_export_and_import_make_the_same_index(self):
        lines = self.wm("index", "export", "own.index")[0]
        for line in lines.splitlines():
            self.check(json.loads(line))
        self.wm("index", "import", "copy.index", "-", input=lines)
        self.assertEqual(self.wm("index", "export", "copy.index")[0], lines)
        self.wm("index", "import", "copy.index", "-", input='{"schema": "wm.index-track/1"}\n', expect=FAILED)
        problem = self.wm("index", "import", "copy.index", "-", input='{"schema": 5}\n', expect=FAILED)[1]
        self.assertIn("line 1: this is no track", problem)

    def test_duplicates_are_grouped(self):
        convert(self.songs / "first.wav", self.folder / "copy.mp3", "-b:a", "128k")
        self.assertEqual(self.wm_json("index", "duplicates", "own.index")["groups"], [])
        self.wm("index", "add", "own.index", "copy.mp3")
        groups = self.wm_json("index", "duplicates", "own.index", expect=NOT_FOUND)["groups"]
        self.assertEqual(groups, [["copy", "first"]])


class Damage(IndexCase):
    def test_what_is_no_index_is_said_to_be_none(self):
        (self.folder / "text.index").write_text("x" * 9000)
        self.assertIn("text.index", self.wm("index", "stat", "text.index", expect=FAILED)[1])
        self.assertIn("missing.index", self.wm("identify", self.music, "--index", "missing.index", expect=FAILED)[1])

    def test_an_index_in_a_folder_without_leave_to_write_is_read(self):
        folder = self.folder / "fixed"
        folder.mkdir()
        shutil.copy(self.index, folder / "x.index")
        (folder / "x.index").chmod(0o444)
        folder.chmod(0o555)
        self.addCleanup(folder.chmod, 0o755)
        self.wm("identify", self.songs / "first.wav", "--index", folder / "x.index")

    def test_kills_lose_nothing_that_was_reported(self):
        """A short run of tests/robustness/index_kill.py, which kills adding, compacting and removing at random moments."""
        script = pathlib.Path(__file__).parents[1] / "robustness" / "index_kill.py"
        subprocess.run(["/usr/bin/python3", "-B", str(script), PROGRAM, str(self.songs), "--kills", "6", "--seed", "1"],
                       check=True, timeout=300)


if __name__ == "__main__":
    unittest.main()
