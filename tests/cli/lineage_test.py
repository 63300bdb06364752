"""Recordings that were made from registered ones: who must agree, who is credited."""

import unittest

from check_test import BLOCK, CheckCase
from rights_case import LICENSEE
from wm_case import DONE, FAILED, REFUSED

ORIGINAL = "GBAYE0000351"


class Lineage(CheckCase):
    """The registered recording is a remix; its original is another's, registered without sound."""

    def register(self, *options, expect=DONE):
        parent = f'[[derivedFrom]]\nisrc = "{ORIGINAL}"\nsharePercent = 30\n'
        return self.wm_json("register", *options, "--claim", self.write_claim(more=parent), "-r", "rights.db", "--key", self.key,
                            "--as", "label.id", "--out", "marked", expect=expect)

    def grant_to(self, licensee, recording, signer, *uses):
        asked = [word for use in uses for word in ("--use", use)]
        self.wm("licence", "grant", recording, "-r", "rights.db", "--licensee", licensee, *asked, "--as", signer)

    def test_a_remix_asks_its_original(self):
        options = (self.marked, "--licensee", LICENSEE, "--territory", "FR")
        self.grant_to(LICENSEE, self.claim, "label.id", "stream")
        self.assertIn("PARENT_MISSING", self.codes(self.verdict(*options, uses=("stream",), expect=REFUSED)))
        self.publish_claim("stranger", isrc=ORIGINAL, title="Day Train")
        self.assertEqual(self.codes(self.verdict(*options, uses=("stream",), expect=BLOCK))[0], "PARENT_NOT_LICENSED")
        label = self.wm_json("party", "show", "label.id")["kid"]
        self.grant_to(label, ORIGINAL, "stranger.id", "derive", "stream")
        document = self.verdict(*options, uses=("stream",), expect=DONE)
        self.assertEqual([(claim["title"], claim["found_by"]) for claim in document["claims"]],
                         [("Night Train", "mark+fingerprint"), ("Day Train", "lineage")])
        self.assertEqual(sum(duty["code"] == "credit" for duty in document["obligations"]), 2)

    def test_who_names_the_original(self):
        self.publish_claim("stranger", isrc=ORIGINAL, title="Day Train")
        named = self.wm_json("who", self.marked, "-r", "rights.db", "--key", self.key)
        self.assertEqual([claim["found_by"] for claim in named["claims"]], ["mark+fingerprint", "lineage"])
        text = self.wm("who", self.marked, "-r", "rights.db", "--key", self.key)[0]
        self.assertIn(f"from    {ORIGINAL}, 30 %", text)
        self.assertIn(f'"Day Train" {ORIGINAL}, which it was made from', text)

    def test_a_signed_verdict_proves_the_originals_claim_too(self):
        self.publish_claim("stranger", isrc=ORIGINAL, title="Day Train")
        self.verdict(self.marked, "--receipt", "r.json", "--sign-as", "label.id", expect=BLOCK)
        receipt = self.wm_json("receipt", "verify", "r.json", "--party", "label.pub")
        self.assertEqual(len(receipt["proofs"]), 2)

    def test_a_cycle_is_for_review(self):
        self.publish_claim("stranger", isrc=ORIGINAL, more=f'[[derivedFrom]]\nclaimId = "{self.claim}"\n')
        document = self.verdict(self.marked, uses=("ai_inference",), expect=BLOCK)
        self.assertIn("LINEAGE_CYCLE", self.codes(document))

    def test_a_claim_says_what_is_wrong_with_its_parents(self):
        parents = '[[derivedFrom]]\nisrc = "GBAYE0000351"\nsharePercent = 60\n[[derivedFrom]]\nisrc = "GBAYE0000352"\nsharePercent = 50\n'
        said = self.wm("register", "--claim", self.write_claim(isrc="USRC17607840", more=parents), "-r", "rights.db", "--as",
                       "label.id", expect=FAILED)[1]
        self.assertIn("derivedFrom: the parents' shares add up to 110 %", said)


if __name__ == "__main__":
    unittest.main()
