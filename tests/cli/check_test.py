import json
import os
import shutil
import sqlite3
import subprocess
import unittest

from rights_case import ISRC, LICENSEE, RightsCase
from wm_case import DONE, FAILED, NOT_FOUND, REFUSED, convert, synthesize

ALLOW, BLOCK, REVIEW = DONE, NOT_FOUND, REFUSED


class CheckCase(RightsCase):
    """One recording is registered with its sound, and another is nobody's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = cls.shared / "stranger.wav"
        synthesize(cls.stranger, seed=2)

    def setUp(self):
        super().setUp()
        os.link(self.music, self.folder / "song.wav")
        registered = self.register("song.wav")
        self.claim, self.mark = registered["claim"], registered["id"]
        self.marked = self.folder / "marked/song.wav"

    def register(self, *options, expect=DONE):
        return self.wm_json("register", *options, "--claim", self.write_claim(), "-r", "rights.db", "--key", self.key, "--as", "label.id",
                            "--out", "marked", expect=expect)

    def verdict(self, path, *options, expect, uses=("ai_training",)):
        asked = [word for use in uses for word in ("--use", use)]
        document = self.wm_json("check", path, "-r", "rights.db", "--key", self.key, *asked, *options, expect=expect)
        return document

    def codes(self, document):
        return [reason["code"] for reason in document["reasons"]]


class Verdicts(CheckCase):
    def test_a_registered_copy_is_answered_by_its_claim(self):
        convert(self.marked, self.folder / "upload.mp3", "-b:a", "128k")
        for path in (self.marked, self.folder / "upload.mp3"):
            document = self.verdict(path, "--territory", "FR", "--licensee", LICENSEE, expect=BLOCK)
            self.assertEqual((document["decision"], self.codes(document)[0]), ("block", "CONSENT_CONSTRAINED"))
            self.assertEqual((document["claims"][0]["isrc"], document["claims"][0]["found_by"]), (ISRC, "mark+fingerprint"))
        self.grant("--use", "ai_training", "--territory", "FR")
        document = self.verdict(self.marked, "--territory", "FR", "--licensee", LICENSEE, expect=ALLOW)
        self.assertEqual((document["decision"], self.codes(document)), ("allow", ["LICENSED"]))
        self.assertEqual(document["obligations"], [{"code": "credit", "detail": "A. Artist (MainArtist)", "claim": self.claim}])
        self.verdict(self.marked, "--territory", "DE", "--licensee", LICENSEE, expect=BLOCK)
        self.verdict(self.marked, "--territory", "FR", "--licensee", "dpid:OTHER", expect=BLOCK)
        self.verdict(self.marked, "--territory", "FR", "--licensee", LICENSEE, uses=("ai_training", "stream"), expect=BLOCK)

    def test_five_lines_say_it_to_a_person(self):
        text = self.wm("check", self.marked, "-r", "rights.db", "--key", self.key, "--use", "ai_training", expect=BLOCK)[0]
        self.assertEqual(len(text.splitlines()), 5)
        for words in ("song.wav: block", "CONSENT_CONSTRAINED: it takes a licence: https://label.example/ai", '"Night Train" USRC17607839',
                      "wm explain CONSENT_CONSTRAINED"):
            self.assertIn(words, text)

    def test_tags_and_manifests_are_told_and_decide_nothing(self):
        for isrc, code in ((ISRC, "TAG_ISRC"), ("GBAYE0000351", "TAG_MISMATCH")):
            convert(self.marked, self.folder / "tagged.mp3", "-b:a", "128k", "-metadata", f"TSRC={isrc}")
            signals = {signal["code"]: signal["detail"] for signal in self.verdict("tagged.mp3", expect=BLOCK)["signals"]}
            self.assertIn(isrc, signals[code])
        with_manifest = self.marked.read_bytes() + b"C2PA\4\0\0\0none"
        (self.folder / "manifest.wav").write_bytes(with_manifest[:4] + (len(with_manifest) - 8).to_bytes(4, "little") + with_manifest[8:])
        self.assertIn("C2PA_MANIFEST", [signal["code"] for signal in self.verdict("manifest.wav", expect=BLOCK)["signals"]])

    def test_an_unmarked_copy_is_found_by_its_sound(self):
        document = self.verdict(self.music, expect=BLOCK)
        self.assertIn("MARK_MISSING", self.codes(document))
        self.assertEqual(document["claims"][0]["found_by"], "fingerprint")

    def test_a_mark_on_other_sound_decides_nothing(self):
        self.embed(self.stranger, self.folder / "forged.wav", identity=self.mark)
        document = self.verdict("forged.wav", expect=REVIEW)
        self.assertEqual(self.codes(document), ["WM_UNCONFIRMED", "NO_CLAIM"])
        self.embed(self.stranger, self.folder / "unknown.wav", identity="0123456789abcdef")
        self.assertEqual(self.codes(self.verdict("unknown.wav", expect=REVIEW)), ["MARK_UNREGISTERED", "NO_CLAIM"])

    def test_a_mark_that_is_not_confirmed_forbids_nothing_less_than_the_sound_does(self):
        self.embed(self.music, self.folder / "covered.wav", identity="0123456789abcdef")
        document = self.verdict("covered.wav", expect=BLOCK)
        self.assertEqual(self.codes(document)[0], "CONSENT_CONSTRAINED")
        self.assertIn("MARK_UNREGISTERED", self.codes(document))

    def test_strangers_are_answered_as_the_profile_says(self):
        self.assertEqual(self.codes(self.verdict(self.stranger, expect=REVIEW)), ["NO_CLAIM"])
        (self.folder / "platform.toml").write_text('schema = "wm-profile/1"\nunknown = "block"\nuses = ["stream"]\n')
        document = self.wm_json("check", self.stranger, "-r", "rights.db", "--key", self.key, "--profile", "platform.toml", expect=BLOCK)
        self.assertEqual(document["question"]["uses"], ["stream"])

    def test_claims_that_do_not_count_are_for_review(self):
        self.wm("claim", "suspend", ISRC, "-r", "rights.db", "--as", "label.id")
        self.assertEqual(self.codes(self.verdict(self.marked, expect=REVIEW))[0], "CLAIM_SUSPENDED")
        self.wm("claim", "revoke", ISRC, "-r", "rights.db", "--as", "label.id")
        self.assertEqual(self.codes(self.verdict(self.marked, expect=REVIEW))[0], "CLAIM_REVOKED")

    def test_a_claim_that_was_tampered_with_is_for_review_whatever_it_says(self):
        (self.folder / "platform.toml").write_text('schema = "wm-profile/1"\nunknown = "allow"\n')
        original = sqlite3.connect(self.folder / "rights.db").execute("SELECT text FROM entry").fetchone()[0]
        for forged in (original.replace("constrained", "allowed"), original[:100], ""):
            self.sqlite(f"UPDATE entry SET text = '{forged}'")
            for path in (self.marked, self.music):
                document = self.verdict(path, "--profile", "platform.toml", expect=REVIEW)
                self.assertEqual(self.codes(document), ["CLAIM_TAMPERED"])
                self.assertEqual(document["reasons"][0]["claim"], self.claim)
                self.assertIn("entry 0 of the log", document["reasons"][0]["detail"])
            self.assertIn("CLAIM_TAMPERED", self.wm("who", self.marked, "-r", "rights.db", "--key", self.key, expect=REFUSED)[1])
            for command in (("claim", "show"), ("claim", "history"), ("licence", "list")):
                self.assertIn("entry 0 of the log", self.wm(*command, ISRC, "-r", "rights.db", expect=FAILED)[1])

    def test_an_entry_that_was_taken_out_of_the_log_is_an_error(self):
        self.publish_claim(isrc="GBAYE0000351")
        self.sqlite("DELETE FROM entry WHERE idx = 0")
        message = self.wm("check", self.marked, "-r", "rights.db", "--key", self.key, "--use", "stream", expect=FAILED)[1]
        self.assertIn("entry 0 of its log is missing", message)

    def test_a_recipients_copy_of_a_revoked_claim_is_for_review(self):
        os.link(self.music, self.folder / "radio.wav")
        self.register("radio.wav", "--recipient", "Radio 1")
        self.wm("claim", "revoke", ISRC, "-r", "rights.db", "--as", "label.id")
        self.assertEqual(self.codes(self.verdict("marked/radio.wav", expect=REVIEW)), ["CLAIM_REVOKED"])

    def test_the_past_is_answered_as_it_was(self):
        self.verdict(self.music, "--as-of", "2999-01-01", expect=BLOCK)
        self.assertEqual(self.codes(self.verdict(self.music, "--as-of", "2020-01-01", expect=REVIEW)), ["NO_CLAIM"])

    def test_a_recipients_copy_names_its_recipient(self):
        os.link(self.music, self.folder / "radio.wav")
        copy = self.register("radio.wav", "--recipient", "Radio 1")
        self.assertNotEqual(copy["id"], self.mark)
        document = self.verdict("marked/radio.wav", expect=BLOCK)
        self.assertEqual((document["claims"][0]["recipient"], document["claims"][0]["claim"]), ("Radio 1", self.claim))
        self.assertIn("Radio 1", self.wm("register", "radio.wav", "--claim", "claim.toml", "-r", "rights.db", "--key", self.key, "--as",
                                         "label.id", "--out", "again", "--recipient", "Radio 1", expect=FAILED)[1])

    def test_who_names_title_parties_and_signer(self):
        text = self.wm("who", self.marked, "-r", "rights.db", "--key", self.key)[0]
        for words in ("Night Train", "A. Artist", "AI      none", self.claim):
            self.assertIn(words, text)
        self.assertEqual(self.wm_json("who", self.marked, "-r", "rights.db", "--key", self.key)["claims"][0]["status"], "active")
        self.wm("who", self.stranger, "-r", "rights.db", "--key", self.key, expect=NOT_FOUND)

    def test_a_retired_key_is_still_read(self):
        ring = self.folder / "keys"
        ring.mkdir()
        shutil.copy(self.key, ring / "2026.key")
        self.wm("keygen", ring / "2027.key")
        (self.folder / "new.toml").write_text((self.folder / "claim.toml").read_text().replace(ISRC, "GBAYE0000351"))
        os.link(self.stranger, self.folder / "new.wav")
        self.wm("register", "new.wav", "--claim", "new.toml", "-r", "rights.db", "--key", ring / "2027.key", "--as", "label.id", "--out", "marked")
        for name in ("song.wav", "new.wav"):
            document = self.wm_json("check", f"marked/{name}", "-r", "rights.db", "--key", ring, "--use", "stream", expect=BLOCK)
            self.assertEqual(document["claims"][0]["found_by"], "mark+fingerprint")

    def test_standard_input_is_read_like_a_file(self):
        done = subprocess.run(f"cat marked/song.wav | {os.environ['WM_PROGRAM']} check - -r rights.db --key {self.key} --use stream --json",
                              shell=True, cwd=self.folder, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, BLOCK, done.stderr)
        self.assertEqual(self.check(json.loads(done.stdout))["claims"][0]["found_by"], "mark+fingerprint")


class Registering(CheckCase):
    def test_leaves_the_recording_itself_and_nothing_hidden(self):
        self.assertEqual(self.files("marked"), ["song.wav", "wm-register.ndjson"])
        self.assertEqual(self.ids_in(self.marked), [self.mark])
        self.verify_log()

    def test_happens_once(self):
        message = self.wm("register", "song.wav", "--claim", "claim.toml", "-r", "rights.db", "--key", self.key, "--as", "label.id", "--out",
                          "again", expect=FAILED)[1]
        self.assertIn(self.claim, message)
        self.assertEqual(self.files("again"), ["wm-register.ndjson"])

    def test_gives_sound_to_a_claim_that_had_none(self):
        os.link(self.stranger, self.folder / "late.wav")
        (self.folder / "late.toml").write_text((self.folder / "claim.toml").read_text().replace(ISRC, "GBAYE0000351"))
        self.wm("register", "--claim", "late.toml", "-r", "rights.db", "--as", "label.id")
        self.wm("register", "late.wav", "--claim", "late.toml", "-r", "rights.db", "--key", self.key, "--as", "label.id", "--out", "marked")
        document = self.verdict("marked/late.wav", expect=BLOCK)
        self.assertIn("CLAIM_SUPERSEDED", self.codes(document))

    def test_a_batch_goes_on_where_it_was_stopped(self):
        (self.folder / "album.csv").write_text("input,isrc,title,artist,ai_training\nfirst.wav,GBAYE0000351,First,A. Artist,notAllowed\n"
                                               "second.wav,GBAYE0000352,Second,B. Artist,allowed\n")
        os.link(self.stranger, self.folder / "first.wav")
        options = ("register", "--manifest", "album.csv", "-r", "rights.db", "--key", self.key, "--as", "label.id", "--out", "album", "--jobs", "2")
        done = self.wm_ndjson(*options, "--keep-going", expect=FAILED)
        self.assertEqual([row["outcome"] for row in done], ["registered", "error"])
        shutil.copy(self.music, self.folder / "second.wav")
        convert(self.music, self.folder / "second.wav", "-af", "atrim=2:22")
        done = self.wm_ndjson(*options, "--resume")
        self.assertEqual([row["outcome"] for row in done], ["skipped", "registered"])
        self.assertEqual(self.verdict("album/first.wav", expect=BLOCK)["claims"][0]["title"], "First")

    def test_a_manifest_is_checked_whole_before_anything_is_marked(self):
        (self.folder / "wrong.csv").write_text("input,isrc,title\nsong.wav,USRC17607841,Fine\nsong.wav,USRC1760784,Wrong\n")
        message = self.wm("register", "--manifest", "wrong.csv", "-r", "rights.db", "--key", self.key, "--as", "label.id", "--out", "wrong",
                          expect=FAILED)[1]
        self.assertIn("wrong.csv: line 3", message)
        self.assertFalse((self.folder / "wrong").exists())


class BadInput(CheckCase):
    def test_is_never_allowed(self):
        (self.folder / "hostile").mkdir()
        marked = self.marked.read_bytes()
        samples = {"text.wav": b"not a recording", "empty.mp3": b"", "cut.wav": marked[:60], "zeros.flac": bytes(5000),
                   "header.wav": marked[:44] + b"\xff" * 100, "lies.wav": marked[:4] + b"\xff\xff\xff\xff" + marked[8:2000]}
        for name, content in samples.items():
            (self.folder / "hostile" / name).write_bytes(content)
        subprocess.run(["sox", "-n", "-r", "44100", "-b", "16", "hostile/silent.wav", "trim", "0", "20"], cwd=self.folder, check=True)
        subprocess.run(["sox", str(self.marked), "hostile/short.wav", "trim", "0", "0.5"], cwd=self.folder, check=True)
        (self.folder / "platform.toml").write_text('schema = "wm-profile/1"\nunknown = "allow"\n')
        paths = sorted(str(path) for path in (self.folder / "hostile").iterdir())
        documents = self.wm_ndjson("check", *paths, "-r", "rights.db", "--key", self.key, "--use", "stream", "--profile", "platform.toml",
                                   expect=REVIEW)
        self.assertEqual([document["file"] for document in documents], paths)
        for document in documents:
            self.assertEqual((document["decision"], self.codes(document)[0]), ("review", "UNREADABLE"), document["file"])

    def test_names_what_is_wrong(self):
        for options, word in ((("missing.wav",), "No such file"), ((self.marked, "--territory", "UK"), "UK"),
                              ((self.marked, "--as-of", "noon"), "--as-of"), ((self.marked, "--profile", "missing.toml"), "missing.toml")):
            self.assertIn(word, self.wm("check", *options, "-r", "rights.db", "--key", self.key, "--use", "stream", expect=FAILED)[1])
        self.assertIn("--use", self.wm("check", self.marked, "-r", "rights.db", "--key", self.key, expect=FAILED)[1])
        self.assertIn("did you mean", self.wm("check", self.marked, "-r", "rights.db", "--key", self.key, "--use", "straem", expect=FAILED)[1])


class Receipts(CheckCase):
    def setUp(self):
        super().setUp()
        self.wm("party", "new", "Platform", "--out", "platform.id")

    def test_are_verified_with_the_public_key_alone(self):
        self.verdict(self.marked, "--receipt", "r.json", "--sign-as", "platform.id", expect=BLOCK)
        elsewhere = self.folder / "elsewhere"
        elsewhere.mkdir()
        for name in ("r.json", "platform.pub", "stranger.pub"):
            shutil.move(self.folder / name, elsewhere / name)
        receipt = self.check(json.loads(self.wm("receipt", "verify", elsewhere / "r.json", "--party", elsewhere / "platform.pub", "--json")[0]))
        self.assertEqual(receipt["verdict"]["decision"], "block")
        self.assertIn("holds", self.wm("receipt", "verify", elsewhere / "r.json", "--party", elsewhere / "platform.pub")[0])
        self.assertIn("signed by", self.wm("receipt", "verify", elsewhere / "r.json", "--party", elsewhere / "stranger.pub", expect=FAILED)[1])
        text = (elsewhere / "r.json").read_text()
        (elsewhere / "r.json").write_text(text.replace('"decision":"block"', '"decision":"allow"', 1))
        self.assertIn("signature", self.wm("receipt", "verify", elsewhere / "r.json", "--party", elsewhere / "platform.pub", expect=FAILED)[1])

    def test_prove_that_the_log_was_not_rewritten(self):
        self.verdict(self.marked, "--receipt", "r.json", "--sign-as", "platform.id", expect=BLOCK)
        self.grant("--use", "stream")
        self.wm("registry", "log", "verify", "-r", "rights.db", "--receipt", "r.json", "--party", "platform.pub")
        self.wm("registry", "init", "other.db")
        for isrc in ("GBAYE0000351", "GBAYE0000352"):
            self.write_claim(isrc=isrc)
            self.wm("register", "--claim", "claim.toml", "-r", "other.db", "--as", "label.id")
        self.assertIn("rewritten", self.wm("registry", "log", "verify", "-r", "other.db", "--receipt", "r.json", "--party", "platform.pub",
                                           expect=FAILED)[1])


class Batches(CheckCase):
    def test_a_snapshot_answers_offline(self):
        self.wm("registry", "export", "snapshot.wmr", "-r", "rights.db", "--as", "label.id")
        for path in self.folder.glob("rights.db*"):  # SQLite's journals too
            path.unlink()
        document = self.wm_json("check", self.marked, "--snapshot", "snapshot.wmr", "--key", self.key, "--use", "ai_training", expect=BLOCK)
        self.assertTrue(document["question"]["offline"])
        self.wm("registry", "import", "snapshot.wmr", "--out", "rights.db")
        self.assertIn("rights.db", self.wm("check", self.marked, "--snapshot", "rights.db", "--key", self.key, "--use", "stream", expect=FAILED)[1])
        self.verdict(self.marked, expect=BLOCK)

    def test_signals_inform_and_decide_nothing(self):
        for source, name in ((self.music, "one.wav"), (self.music, "two.wav"), (self.marked, "three.wav")):
            os.link(source, self.folder / name)
        subprocess.run(["sox", self.music, self.folder / "padded.wav", "trim", "0", "12", "pad", "0", "12"], check=True)
        (self.folder / "p.toml").write_text('schema = "wm-profile/1"\n[signals]\nburstUploads = 2\nloopedShare = 1\n')
        (self.folder / "uploads.csv").write_text("input,title,account,time\none.wav,A,u1,2026-10-01T00:00:00Z\ntwo.wav,B,u1,2026-10-01T00:00:02Z\n"
                                                 "three.wav,C,u2,2026-10-01T00:00:03Z\npadded.wav,D,u1,2026-10-02T00:00:00Z\n")
        options = ("check", "--manifest", "uploads.csv", "-r", "rights.db", "--key", self.key, "--use", "ai_training", "--profile", "p.toml")
        first = self.wm_ndjson(*options, expect=BLOCK)
        again = self.wm_ndjson(*options, "--resume", expect=BLOCK)
        about_uploads = {"VERY_SHORT", "PADDED", "EXACT_DUPLICATE", "NEAR_DUPLICATE", "MANY_NAMES", "ACCOUNT_BURST"}
        for documents in (first, again):
            self.assertEqual([document["decision"] for document in documents], ["block"] * 4)
            signals = [[signal["code"] for signal in document["signals"] if signal["code"] in about_uploads] for document in documents]
            self.assertEqual(signals, [["ACCOUNT_BURST"], ["EXACT_DUPLICATE", "ACCOUNT_BURST"], ["NEAR_DUPLICATE", "MANY_NAMES"],
                                       ["VERY_SHORT", "PADDED", "NEAR_DUPLICATE", "MANY_NAMES"]])
        text = self.wm("check", "padded.wav", "-r", "rights.db", "--key", self.key, "--use", "ai_training", expect=BLOCK)[0]
        self.assertRegex(text, r"signal  PADDED: 1[12]\.[0-9] s of 24\.0 s are silence after the last sound")
        (self.folder / "uploads.csv").write_text("input,time\none.wav,noon\n")
        self.assertIn("line 2: time", self.wm(*options, expect=FAILED)[1])

    def test_verdicts_are_kept_and_uses_logged(self):
        (self.folder / "uploads.csv").write_text(f"input,use,territory,licensee\nmarked/song.wav,stream ai_training,FR,{LICENSEE}\n"
                                                 f"{self.stranger},,,\nmissing.wav,,,\n")
        options = ("check", "--manifest", "uploads.csv", "-r", "rights.db", "--key", self.key, "--use", "sync", "--jobs", "2")
        first = self.wm_ndjson(*options, "--usage-log", "usage.ndjson", expect=FAILED)
        self.assertEqual([document.get("decision") for document in first], ["block", "unknown", None])
        self.assertEqual(len(first[0]["answers"]), 2)
        self.assertEqual(first[2]["error"]["code"], "io")
        usage = [self.check(json.loads(line)) for line in (self.folder / "usage.ndjson").read_text().splitlines()]
        self.assertEqual({line["file"] for line in usage}, {"marked/song.wav", str(self.stranger)})
        convert(self.stranger, self.folder / "missing.wav")
        again = self.wm_ndjson(*options, "--resume", "--usage-log", "usage.ndjson", expect=BLOCK)
        self.assertEqual(again[:2], first[:2])
        self.assertEqual(again[2]["decision"], "unknown")
        self.assertEqual(len((self.folder / "usage.ndjson").read_text().splitlines()), 3)


if __name__ == "__main__":
    unittest.main()
