import subprocess
import unittest
import wave

from rights_case import ISRC, RightsCase
from wm_case import FAILED, NOT_FOUND, PROGRAM, REFUSED, WmCase, convert

ID = "5f3a9c0212ab77e1"
CHOICES = ["--public", "ai_training=notAllowed", "--public", "cawg.data_mining=allowed", "--public", "containsAI=None",
           "--issuer", "A Label"]
SAID = {"authenticated": False, "contains_ai": "None", "issuer": "222c99d0",  # printf 'A Label' | sha256sum
        "training_mining": {"cawg.data_mining": "allowed", "cawg.ai_training": "notAllowed"}}


class NoticeCase(WmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.notice, cls.both = cls.shared / "notice.wav", cls.shared / "both.wav"
        subprocess.run([PROGRAM, "embed", cls.music, cls.notice, *CHOICES, "--quiet"], check=True, capture_output=True)
        subprocess.run([PROGRAM, "embed", cls.music, cls.both, *CHOICES, "--key", cls.key, "--id", ID, "--quiet"], check=True,
                       capture_output=True)


class Writing(NoticeCase):
    def test_a_notice_alone_says_what_it_wrote(self):
        document = self.wm_json("embed", self.music, "out.wav", *CHOICES)
        self.assertEqual(document["notice"], SAID)
        self.assertEqual((document["key_name"], document["verified"]), ("public notice", True))
        text, _ = self.wm("embed", self.music, "again.wav", *CHOICES)
        for words in ("marked with notice", "cawg.ai_training notAllowed", "containsAI None", "issuer 222c99d0"):
            self.assertIn(words, text)

    def test_both_marks_go_in_at_once_and_are_both_read_back(self):
        document = self.wm_json("embed", self.music, "out.wav", *CHOICES, "--key", self.key, "--id", ID)
        self.assertEqual((document["id"], document["verified"], document["key_name"]), (ID, True, "label"))
        self.assertLessEqual(SAID.items(), document["notice"].items())
        self.assertTrue(document["notice"]["verified"])
        with wave.open(str(self.music)) as before, wave.open(str(self.folder / "out.wav")) as after:
            self.assertEqual(before.getparams(), after.getparams())

    def test_a_second_notice_is_refused_and_forced(self):
        for options in ((), ("--key", self.other_key, "--id", "random")):
            document = self.wm_json("embed", self.both, "again.wav", *CHOICES, *options, expect=REFUSED)
            self.assertEqual(document["error"]["code"], "already_marked")
        self.assertEqual(self.files(), [])
        self.wm("embed", self.notice, "again.wav", "--public", "ai_training=allowed", "--force")
        notices = [mark["notice"]["training_mining"]["cawg.ai_training"] for mark in
                   self.wm_json("detect", "again.wav", "--public")["marks"]]
        self.assertEqual(sorted(notices), ["allowed", "notAllowed"])

    def test_a_mark_goes_beside_a_notice_that_is_there(self):
        self.embed(self.notice, "out.wav")
        self.assertEqual(len(self.wm_json("detect", "out.wav", "--public", "--key", self.key)["marks"]), 2)

    def test_nonsense_is_refused_with_the_nearest_word(self):
        for words, wanted in ((["ai_trainin=notAllowed"], "ai_training"), (["ai_training=never"], "notAllowed"),
                              (["containsAI=some"], "None"), (["stream=notAllowed"], "says nothing about"), (["x"], "declares nothing"),
                              (["ai_training=allowed", "cawg.ai_training=notAllowed"], "twice")):
            with self.subTest(words=words):
                options = [option for word in words for option in ("--public", word)]
                self.assertIn(wanted, self.wm("embed", self.music, "out.wav", *options, expect=FAILED)[1])
        for options, wanted in (((), "--key"), (("--issuer", "A"), "--public"), ((*CHOICES, "--id", ID), "--id needs --key"),
                                ((*CHOICES, "--key", self.key), "--id is needed"),
                                ((*CHOICES, "--key", "missing.key", "--id", ID), "missing.key")):
            with self.subTest(options=options):
                self.assertIn(wanted, self.wm("embed", self.music, "out.wav", *options, expect=FAILED)[1])
        self.assertEqual(self.files(), [])

    def test_what_cannot_carry_a_notice_is_refused(self):
        subprocess.run(["sox", "-R", "-n", "-r", "44100", "-b", "16", self.folder / "silence.wav", "trim", "0", "20"], check=True)
        document = self.wm_json("embed", "silence.wav", "out.wav", *CHOICES, expect=REFUSED)
        self.assertEqual(document["error"]["code"], "cannot_carry")

    def test_a_pipe(self):
        done = subprocess.run([PROGRAM, "embed", "-", "-", *CHOICES, "--key", self.key, "--id", ID, "--quiet"],
                              input=self.music.read_bytes(), capture_output=True, check=True)
        self.assertEqual(done.stdout, self.both.read_bytes())

    def test_a_batch_puts_the_notice_beside_every_mark(self):
        (self.folder / "album.csv").write_text(f"input,output\n{self.music},a.wav\n")
        options = ["embed", "--manifest", "album.csv", "--out-dir", "out", "--key", self.key]
        [document] = self.wm_ndjson(*options, *CHOICES)
        self.assertLessEqual(SAID.items(), document["notice"].items())
        [document] = self.wm_ndjson(*options, *CHOICES, "--resume")
        self.assertEqual(document["outcome"], "skipped")
        [document] = self.wm_ndjson(*options, "--public", "ai_training=allowed", "--resume")
        self.assertEqual(document["outcome"], "marked")
        self.wm("embed", "--manifest", "album.csv", "--out-dir", "out", *CHOICES, expect=FAILED)


class Reading(NoticeCase):
    def test_anybody_reads_it_through_codecs(self):
        for name, options in {"x.mp3": ["-b:a", "128k"], "x.opus": ["-b:a", "64k"], "x.ogg": ["-q:a", "4"]}.items():
            with self.subTest(codec=name):
                convert(self.both, self.folder / name, *options)
                [mark] = self.wm_json("detect", name, "--public")["marks"]
                self.assertEqual(mark["notice"], SAID)
                marks = self.wm_json("detect", name, "--public", "--key", self.key)["marks"]
                self.assertEqual({mark["key_name"] for mark in marks}, {"public notice", "label"})
                self.assertEqual(self.ids_in(name), [ID])

    def test_it_says_each_choice_and_that_nobody_vouches_for_it(self):
        text, _ = self.wm("detect", self.notice, "--public")
        for words in ("not authenticated", "never allows"):
            self.assertIn(words, text)
        said = dict(line.split() for line in text.splitlines() if line.startswith(" " * 10))
        self.assertEqual(said, {"cawg.data_mining": "allowed", "cawg.ai_inference": "undeclared", "cawg.ai_training": "notAllowed",
                                "cawg.ai_generative_training": "undeclared", "containsAI": "None", "issuer": "222c99d0"})

    def test_a_recording_without_one(self):
        self.assertIn("no mark", self.wm("detect", self.music, "--public", expect=NOT_FOUND)[0])
        self.embed(self.music, "marked.wav")
        self.assertEqual(self.wm_json("detect", "marked.wav", "--public", "--search", "plain", expect=NOT_FOUND)["marks"], [])

    def test_it_is_found_where_the_speed_was_changed(self):
        subprocess.run(["sox", "-R", "-D", self.both, self.folder / "fast.wav", "speed", "1.04", "rate", "44100"], check=True)
        marks = self.wm_json("detect", "fast.wav", "--public", "--key", self.key)["marks"]
        self.assertEqual({mark["key_name"] for mark in marks}, {"public notice", "label"})

    def test_nothing_to_look_for_is_an_error(self):
        self.assertIn("--public", self.wm("detect", self.music, expect=FAILED)[1])


class Checking(RightsCase):
    def test_it_restricts_and_is_told(self):
        for choice, expect, decision in (("notAllowed", NOT_FOUND, "block"), ("constrained", NOT_FOUND, "block"),
                                         ("allowed", REFUSED, "unknown")):
            with self.subTest(choice=choice):
                name = f"{choice}.wav"
                self.wm("embed", self.music, name, "--public", f"ai_training={choice}", "--public", "containsAI=Partly")
                document = self.wm_json("check", name, "-r", "rights.db", "--key", self.key, "--use", "ai_training", expect=expect)
                self.assertEqual(document["decision"], decision)
                signals = {signal["code"]: signal["detail"] for signal in document["signals"]}
                self.assertIn(f"cawg.ai_training {choice}", signals["PUBLIC_NOTICE"])
                self.assertIn("part of it", signals["AI_NOTICE"])

    def test_a_registered_mark_and_a_notice_are_read_together(self):
        self.wm("embed", self.music, "noticed.wav", "--public", "data_mining=notAllowed")
        self.wm_json("register", "noticed.wav", "--claim", self.write_claim(), "-r", "rights.db", "--key", self.key, "--as", "label.id",
                     "--out", "marked")
        document = self.wm_json("check", "marked/noticed.wav", "-r", "rights.db", "--key", self.key, "--use", "data_mining",
                                expect=NOT_FOUND)
        self.assertIn("NOTICE_RESTRICTS", [reason["code"] for reason in document["reasons"]])
        self.assertEqual([(claim["isrc"], claim["found_by"]) for claim in document["claims"]], [(ISRC, "mark+fingerprint")])


if __name__ == "__main__":
    unittest.main()
