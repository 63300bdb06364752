import ctypes
import json
import os
import resource
import signal
import stat
import subprocess
import unittest

from rights_case import ISRC, LICENSEE, RightsCase, claim_toml
from wm_case import DONE, FAILED, NOT_FOUND, PROGRAM

CAP_DAC_OVERRIDE = 1  # linux/capability.h: what lets root write where the permissions say no
PR_CAPBSET_DROP = 24  # linux/prctl.h


def drop_override():
    """Makes permissions count for the program that is about to run, even when root runs the tests."""
    ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0)


def fill_disk():
    """Lets the program that is about to run write no file beyond its first bytes."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, resource.RLIM_INFINITY))


AS_ANYBODY = {"preexec_fn": drop_override}


class Party(RightsCase):
    def test_has_a_secret_and_a_public_file(self):
        self.assertEqual(stat.S_IMODE(os.stat(self.folder / "label.id").st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(os.stat(self.folder / "label.pub").st_mode), 0o644)
        shown = self.wm_json("party", "show", "label.pub")
        self.assertEqual((shown["name"], shown["kid"]), ("Label", self.wm_json("party", "show", "label.id")["kid"]))
        self.assertNotIn("seed", (self.folder / "label.pub").read_text())

    def test_overwrites_nothing(self):
        self.assertIn("exists already", self.wm("party", "new", "Label", "--out", "label.id", expect=FAILED)[1])
        (self.folder / "label.pub").unlink()
        self.wm("party", "new", "Label", "--out", "label.id", expect=FAILED)
        self.assertFalse((self.folder / "label.pub").exists())


class Claims(RightsCase):
    def test_are_published_shown_and_corrected(self):
        first = self.publish_claim()
        state, = self.claim_states()
        self.assertEqual((state["claim"], state["status"], state["record"]["recording"]["title"]), (first, "active", "Night Train"))
        self.check(state["record"])
        self.write_claim("corrected.toml", title="Night Train (Remastered)")
        published = self.wm_json("claim", "supersede", ISRC, "-r", "rights.db", "--claim", "corrected.toml", "--as", "label.id")
        self.assertEqual(self.check(published["record"])["serial"], 2)
        state, = self.claim_states()
        self.assertEqual(state["record"]["recording"]["title"], "Night Train (Remastered)")
        self.assertEqual(state["subject"], first)
        history = self.wm("claim", "history", ISRC, "-r", "rights.db")[0].splitlines()
        self.assertEqual(len(history), 2)
        self.assertIn("Remastered", history[1])

    def test_change_their_status_by_who_may(self):
        self.publish_claim()
        for command, status in (("suspend", "suspended"), ("reinstate", "active"), ("revoke", "revoked")):
            message = self.wm("claim", command, ISRC, "-r", "rights.db", "--as", "stranger.id", expect=FAILED)[1]
            self.assertIn("may not", message)
            published = self.wm_json("claim", command, ISRC, "-r", "rights.db", "--as", "label.id", "--reason", "a test")
            self.assertEqual(self.check(published["record"])["reason"], "a test")
            self.assertEqual(self.claim_states()[0]["status"], status)

    def test_can_be_disputed_by_a_rival(self):
        mine = self.publish_claim()
        self.assertIn("may not dispute", self.wm("claim", "dispute", ISRC, "-r", "rights.db", "--as", "stranger.id", expect=FAILED)[1])
        self.publish_claim(signer="stranger")
        self.wm("claim", "dispute", mine, "-r", "rights.db", "--as", "stranger.id")
        self.assertEqual(self.claim_states(mine)[0]["status"], "disputed")
        self.assertEqual(len(self.claim_states()), 2)

    def test_that_are_wrong_are_refused_with_the_reason(self):
        for wrong, words in ((claim_toml().replace("isrc", "irsc"), ("irsc", 'did you mean "isrc"')),
                             (claim_toml(isrc="USRC1760783"), ("recording.isrc", "11 characters")),
                             (claim_toml().replace("100", "101"), ("rights[0].sharePercent", "101")),
                             (claim_toml().replace("Worldwide", "UK"), ("rights[0].territories", "UK")),
                             (claim_toml().replace("[recording]", "[recording"), ("line 2",))):
            (self.folder / "wrong.toml").write_text(wrong)
            message = self.wm("register", "--claim", "wrong.toml", "-r", "rights.db", "--as", "label.id", expect=FAILED)[1]
            for word in ("wrong.toml", *words):
                self.assertIn(word, message)
        self.claim_states(expect=NOT_FOUND)

    def test_are_registered_once(self):
        claim = self.publish_claim()
        self.assertIn(claim, self.wm("register", "--claim", "claim.toml", "-r", "rights.db", "--as", "label.id", expect=FAILED)[1])


class ConsentAndLicences(RightsCase):
    def setUp(self):
        super().setUp()
        self.publish_claim()

    def test_consent_is_recorded_for_several_uses(self):
        published = self.wm_json("consent", "set", ISRC, "-r", "rights.db", "cawg.ai_training=notAllowed", "ai_inference=allowed",
                                 "--as", "label.id")
        self.assertEqual(self.check(published["record"])["trainingMining"],
                         {"cawg.ai_training": {"use": "notAllowed"}, "cawg.ai_inference": {"use": "allowed"}})

    def test_consent_that_makes_no_sense_is_refused(self):
        for choice, word in (("ai_training", "="), ("ai_training=maybe", "maybe"), ("ai_trainings=allowed", "did you mean"),
                             ("stream=allowed", "licences")):
            self.assertIn(word, self.wm("consent", "set", ISRC, "-r", "rights.db", choice, "--as", "label.id", expect=FAILED)[1])
        self.assertIn("may not", self.wm("consent", "set", ISRC, "-r", "rights.db", "ai_training=allowed", "--as", "stranger.id",
                                         expect=FAILED)[1])

    def test_licences_are_granted_listed_and_revoked(self):
        licence = self.grant("--use", "stream", "--use", "sync", "--territory", "FR", "--from", "2026-01-01", "--to", "2026-12-31")
        listed, = self.wm_licences()
        self.assertEqual((listed["id"], listed["licensee"], listed["uses"], listed["revoked"]), (licence, LICENSEE, ["stream", "sync"], False))
        self.assertIn("may not", self.wm("licence", "revoke", licence, "-r", "rights.db", "--as", "stranger.id", expect=FAILED)[1])
        self.wm("licence", "revoke", licence, "-r", "rights.db", "--as", "label.id")
        self.assertTrue(self.wm_licences()[0]["revoked"])
        self.assertIn("already", self.wm("licence", "revoke", licence, "-r", "rights.db", "--as", "label.id", expect=FAILED)[1])
        self.verify_log()

    def wm_licences(self):
        lines = self.wm("licence", "list", ISRC, "-r", "rights.db", "--json")[0].splitlines()
        return [self.check(json.loads(line)) for line in lines]

    def test_licences_that_make_no_sense_are_refused(self):
        for options, word in ((("--use", "streams"), "did you mean"), (("--use", "stream", "--territory", "UK"), "UK"),
                              (("--use", "stream", "--from", "2026-02-30"), "--from"),
                              (("--use", "stream", "--from", "2026-12-31", "--to", "2026-01-01"), "before it begins")):
            message = self.wm("licence", "grant", ISRC, "-r", "rights.db", "--licensee", LICENSEE, "--as", "label.id", *options,
                              expect=FAILED)[1]
            self.assertIn(word, message)


class Log(RightsCase):
    def test_names_the_entry_that_was_tampered_with(self):
        self.publish_claim()
        self.publish_claim(isrc="GBAYE0000351")
        self.verify_log()
        self.sqlite("UPDATE entry SET text = replace(text, 'Night', 'Day') WHERE idx = 1")
        document = self.wm_json("registry", "log", "verify", "-r", "rights.db", expect=FAILED)
        self.assertEqual((document["outcome"], document["defects"][0]["entry"]), ("tampered", 1))
        self.assertIn("entry 1", self.wm("registry", "log", "verify", "-r", "rights.db", expect=FAILED)[1])
        self.assertIn("tampered", self.wm("claim", "suspend", "GBAYE0000351", "-r", "rights.db", "--as", "label.id", expect=FAILED)[1])

    def test_shows_the_past(self):
        self.publish_claim()
        self.wm("claim", "suspend", ISRC, "-r", "rights.db", "--as", "label.id")
        self.assertEqual(self.claim_states(ISRC, "--as-of", "2999-01-01")[0]["status"], "suspended")
        self.claim_states(ISRC, "--as-of", "2020-01-01", expect=NOT_FOUND)
        self.assertIn("--as-of", self.wm("claim", "show", ISRC, "-r", "rights.db", "--as-of", "yesterday", expect=FAILED)[1])

    def test_is_exported_signed_and_imported(self):
        self.publish_claim()
        head = self.wm_json("registry", "export", "snapshot.wmr", "-r", "rights.db", "--as", "label.id")
        imported = self.wm_json("registry", "import", "snapshot.wmr", "--out", "copy.db")
        self.assertEqual((head["size"], head["root"]), (imported["size"], imported["root"]))
        self.assertEqual(self.wm_json("registry", "log", "verify", "-r", "snapshot.wmr")["root"], head["root"])
        self.assertIn("snapshot", self.wm("claim", "suspend", ISRC, "-r", "snapshot.wmr", "--as", "label.id", expect=FAILED)[1])
        self.wm("claim", "suspend", ISRC, "-r", "copy.db", "--as", "label.id")

    def test_takes_several_writers(self):
        for k in range(12):
            self.write_claim(f"{k}.toml", isrc=f"USRC176078{k:02}")
        runs = [subprocess.Popen([PROGRAM, "register", "--claim", f"{k}.toml", "-r", "rights.db", "--as", "label.id"], cwd=self.folder,
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for k in range(12)]
        for run in runs:
            self.assertEqual((run.wait(), run.communicate()[1]), (DONE, b""))
        self.assertEqual(self.wm_json("registry", "log", "verify", "-r", "rights.db")["size"], 12)

    def test_is_read_where_it_may_not_be_written(self):
        self.publish_claim()
        closed = self.folder / "closed"
        closed.mkdir()
        (self.folder / "rights.db").rename(closed / "rights.db")
        (closed / "rights.db").chmod(0o444)
        closed.chmod(0o555)
        self.addCleanup(closed.chmod, 0o755)
        shown = self.wm("claim", "show", ISRC, "-r", "closed/rights.db", **AS_ANYBODY)[0]
        self.assertIn("Night Train", shown)
        message = self.wm("claim", "suspend", ISRC, "-r", "closed/rights.db", "--as", "label.id", expect=FAILED, **AS_ANYBODY)[1]
        self.assertIn("read-only", message)

    def test_loses_nothing_on_a_full_disk(self):
        self.publish_claim()
        message = self.wm("claim", "suspend", ISRC, "-r", "rights.db", "--as", "label.id", expect=FAILED, preexec_fn=fill_disk)[1]
        self.assertIn("rights.db", message)
        self.verify_log()
        self.assertEqual(self.claim_states()[0]["status"], "active")
        self.wm("claim", "suspend", ISRC, "-r", "rights.db", "--as", "label.id")
        self.verify_log()

    def test_files_that_are_no_registry_are_told_apart(self):
        (self.folder / "text.db").write_text("x" * 5000)
        for name, word in (("text.db", "not a database"), ("missing.db", "No such file"), ("label.id", "not a database")):
            message = self.wm("claim", "show", ISRC, "-r", name, expect=FAILED)[1]
            self.assertIn(name, message)
            self.assertIn(word, message)
        self.assertIn("exists already", self.wm("registry", "init", "rights.db", expect=FAILED)[1])
        self.assertIn("postgresql", self.wm("claim", "show", ISRC, "-r", "postgresql://host/db", expect=FAILED)[1])


class Explain(RightsCase):
    def test_explains_every_code_and_says_what_is_unknown(self):
        self.assertIn("no licence makes an exception", self.wm("explain", "CONSENT_NOT_ALLOWED")[0])
        self.assertGreater(len(self.wm("explain")[0].splitlines()), 30)
        self.assertIn("NONSENSE", self.wm("explain", "NONSENSE", expect=FAILED)[1])


if __name__ == "__main__":
    unittest.main()
