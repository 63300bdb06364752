import csv
import fcntl
import io
import json
import os
import shutil
import signal
import subprocess
import unittest

from wm_case import DONE, FAILED, PROGRAM, REFUSED, WmCase, convert


class BatchCase(WmCase):
    def write_manifest(self, *rows, header=("input",)):
        text = io.StringIO()
        csv.writer(text).writerows([header, *rows])
        (self.folder / "album.csv").write_text(text.getvalue())

    def batch(self, *options, expect=DONE):
        return self.wm_ndjson("embed", "--manifest", "album.csv", "--out-dir", "marked", "--key", self.key, *options,
                              expect=expect)

    def journal(self):
        lines = (self.folder / "marked/wm-journal.ndjson").read_text().splitlines()
        return [self.check(json.loads(line)) for line in lines]

    def copy_music(self, *names):
        for name in names:
            shutil.copy(self.music, self.folder / name)


class Batch(BatchCase):
    def test_marks_each_row_with_its_own_id(self):
        self.copy_music("one.wav", 'two, "live".wav')
        self.write_manifest(["one.wav", "", "00000000000000aa"], ['two, "live".wav', "disc 2/two.flac", ""],
                            header=("input", "output", "id"))
        documents = self.batch("--jobs", "2")
        self.assertEqual([document["outcome"] for document in documents], ["marked", "marked"])
        self.assertEqual(self.ids_in("marked/one.wav"), ["00000000000000aa"])
        self.assertEqual(self.ids_in("marked/disc 2/two.flac"), [documents[1]["id"]])
        self.assertEqual(sorted(entry["event"] for entry in self.journal()), ["marked", "marked", "planned", "planned"])

    def test_inputs_are_found_beside_the_manifest(self):
        (self.folder / "album").mkdir()
        shutil.copy(self.music, self.folder / "album/one.wav")
        self.write_manifest(["one.wav"])
        shutil.move(self.folder / "album.csv", self.folder / "album/list.csv")
        self.wm("embed", "--manifest", "album/list.csv", "--out-dir", "marked", "--key", self.key)
        self.assertIn("one.wav", self.files("marked"))

    def test_a_lossy_input_gets_a_lossless_output(self):
        convert(self.music, self.folder / "one.mp3")
        self.write_manifest(["one.mp3"])
        self.batch()
        self.assertIn("one.wav", self.files("marked"))

    def test_resume_skips_what_is_done_and_keeps_its_ids(self):
        self.copy_music("one.wav", "two.wav")
        self.write_manifest(["one.wav"], ["two.wav"])
        first = self.batch()
        again = self.batch("--resume")
        self.assertEqual([document["outcome"] for document in again], ["skipped", "skipped"])
        self.assertEqual([document["id"] for document in again], [document["id"] for document in first])

    def test_resume_knows_outputs_that_were_not_verified(self):
        self.copy_music("one.wav")
        self.write_manifest(["one.wav"])
        self.assertFalse(self.batch("--no-verify")[0]["verified"])
        self.assertEqual(self.batch("--resume")[0]["outcome"], "skipped")

    def test_resume_does_again_what_was_changed_or_removed(self):
        self.copy_music("one.wav", "two.wav", "three.wav", "four.wav")
        self.write_manifest(["one.wav"], ["two.wav"], ["three.wav"], ["four.wav"])
        first = self.batch()
        shutil.copy(self.music, self.folder / "marked/one.wav")  # an output that is not the one made
        os.remove(self.folder / "marked/two.wav")
        os.utime(self.folder / "three.wav", (1, 1))  # another master
        again = self.batch("--resume")
        self.assertEqual([document["outcome"] for document in again], ["marked", "marked", "marked", "skipped"])
        self.assertEqual([document["id"] for document in again[:2]], [document["id"] for document in first[:2]])
        self.assertNotEqual(again[2]["id"], first[2]["id"])
        self.assertEqual(self.ids_in("marked/one.wav"), [first[0]["id"]])

    def test_dry_run_writes_nothing(self):
        self.copy_music("one.wav")
        self.write_manifest(["one.wav", "00000000000000aa"], ["missing.wav", ""], header=("input", "id"))
        documents = self.batch("--dry-run", "--keep-going", "--jobs", "1", expect=FAILED)
        self.assertEqual([document["outcome"] for document in documents], ["planned", "error"])
        self.assertNotIn("marked", self.files())

    def test_stops_at_a_failure_unless_told_to_keep_going(self):
        self.copy_music("two.wav")
        self.write_manifest(["missing.wav"], ["two.wav"])
        stopped = self.batch("--jobs", "1", expect=FAILED)
        self.assertEqual([document["outcome"] for document in stopped], ["error"])
        kept_going = self.batch("--jobs", "1", "--keep-going", expect=FAILED)
        self.assertEqual([document["outcome"] for document in kept_going], ["error", "marked"])

    def test_a_refusal_has_its_own_code(self):
        subprocess.run(["sox", "-n", "-r", "44100", "-b", "16", self.folder / "silence.wav", "trim", "0", "20"], check=True)
        self.write_manifest(["silence.wav"])
        self.assertEqual(self.batch(expect=REFUSED)[0]["outcome"], "refused")

    def test_a_journal_torn_by_a_crash_is_read_and_mended(self):
        self.copy_music("one.wav")
        self.write_manifest(["one.wav"])
        self.batch()
        with open(self.folder / "marked/wm-journal.ndjson", "a", encoding="utf-8") as journal:
            journal.write('{"schema":"wm.journal/1","event":"ma')
        self.assertEqual(self.batch("--resume")[0]["outcome"], "skipped")

    def test_manifests_that_are_wrong_are_refused_with_the_line(self):
        self.copy_music("one.wav")
        wrong = {
            "line 2: \"xyz\" is not an id": "input,id\none.wav,xyz\n",
            "same output": "input\none.wav\nsub/one.wav\n",
            "line 2: output ../one.wav must be": "input,output\none.wav,../one.wav\n",
            "line 2: output /one.wav must be": "input,output\none.wav,/one.wav\n",
            "unknown column \"isrc\"": "input,isrc\none.wav,x\n",
            "no column \"input\"": "output\none.wav\n",
            "line 3: 2 fields, but the header has 1": "input\none.wav\ntwo.wav,three.wav\n",
            "line 2: a quote that is never closed": "input\n\"one.wav\n",
            "empty": "",
        }
        for message, text in wrong.items():
            with self.subTest(message=message):
                (self.folder / "album.csv").write_text(text)
                _, messages = self.wm("embed", "--manifest", "album.csv", "--out-dir", "marked", "--key", self.key,
                                      expect=FAILED)
                self.assertIn(message, messages)
        self.assertNotIn("marked", self.files())

    def test_two_runs_do_not_share_a_folder(self):
        self.copy_music("one.wav")
        self.write_manifest(["one.wav"])
        (self.folder / "marked").mkdir()
        with open(self.folder / "marked/wm-journal.ndjson", "w", encoding="utf-8") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            _, messages = self.wm("embed", "--manifest", "album.csv", "--out-dir", "marked", "--key", self.key, expect=FAILED)
        self.assertIn("another run", messages)


class Killed(BatchCase):
    def test_nothing_is_lost_when_killed_half_way(self):
        names = [f"{k}.wav" for k in range(8)]
        self.copy_music(*names)
        self.write_manifest(*([name] for name in names))
        journal = self.folder / "marked/wm-journal.ndjson"
        with subprocess.Popen([PROGRAM, "embed", "--manifest", "album.csv", "--out-dir", "marked", "--key", self.key, "--jobs",
                               "1"], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
            while not (journal.exists() and b'"marked"' in journal.read_bytes()):
                self.assertIsNone(run.poll())
            run.kill()
        self.assertEqual(run.returncode, -signal.SIGKILL)

        planned = {entry["task"]["output"]: entry["id"] for entry in self.journal()}
        self.assertLess(len(planned), len(names))
        for name in set(names) & set(self.files("marked")):  # what stands under a final name is whole
            self.assertEqual(self.ids_in(f"marked/{name}"), [planned[name]])

        documents = self.batch("--resume")
        self.assertIn("skipped", {document["outcome"] for document in documents})
        made = {os.path.basename(document["output"]): document["id"] for document in documents}
        self.assertEqual({name: made[name] for name in planned}, planned)
        self.assertEqual(self.files("marked"), sorted([*names, "wm-journal.ndjson"]))
        for name in names:
            self.assertEqual(self.ids_in(f"marked/{name}"), [made[name]])


if __name__ == "__main__":
    unittest.main()
