"""What the black-box tests around the registry share: parties, a registry, claims."""

import json
import subprocess

from wm_case import WmCase

ISRC = "USRC17607839"
LICENSEE = "dpid:PADPIDA2014"


def claim_toml(isrc=ISRC, title="Night Train", more=""):
    return f"""schema = "wm-claim/1"
[recording]
isrc = "{isrc}"
title = "{title}"
[ai]
containsAI = "None"
[trainingMining]
"cawg.ai_generative_training" = {{ use = "notAllowed" }}
"cawg.ai_training" = {{ use = "constrained", constraint_info = "https://label.example/ai" }}
[[parties]]
ref = "P1"
name = "A. Artist"
roles = ["MainArtist"]
[[rights]]
party = "P1"
sharePercent = 100
territories = ["Worldwide"]
{more}"""


class RightsCase(WmCase):
    """A test with a label, another party, and an empty registry."""

    def setUp(self):
        super().setUp()
        for name in ("label", "stranger"):
            self.wm("party", "new", name.title(), "--out", f"{name}.id")
        self.wm("registry", "init", "rights.db")

    def write_claim(self, name="claim.toml", **fields):
        (self.folder / name).write_text(claim_toml(**fields))
        return name

    def publish_claim(self, signer="label", **fields):
        """Registers a claim without sound; returns its id."""
        return self.wm_json("register", "--claim", self.write_claim(**fields), "-r", "rights.db", "--as", f"{signer}.id")["claim"]

    def claim_states(self, recording=ISRC, *options, expect=0):
        """What `claim show` says, one document a claim."""
        text = self.wm("claim", "show", recording, "-r", "rights.db", "--json", *options, expect=expect)[0]
        return [self.check(document) for document in json_documents(text)]

    def grant(self, *options, expect=0):
        """Grants a licence; returns its id."""
        document = self.wm_json("licence", "grant", ISRC, "-r", "rights.db", "--licensee", LICENSEE, "--as", "label.id", *options,
                                expect=expect)
        return self.check(document["record"])["licence"]["id"]

    def verify_log(self):
        self.assertEqual(self.wm_json("registry", "log", "verify", "-r", "rights.db")["outcome"], "verified")

    def sqlite(self, *statements):
        """Changes the registry behind the program's back."""
        triggers = ["DROP TRIGGER IF EXISTS entry_stays", "DROP TRIGGER IF EXISTS entry_stays_as_it_is"]
        script = f"import sqlite3; d = sqlite3.connect('rights.db'); [d.execute(s) for s in {[*triggers, *statements]!r}]; d.commit()"
        subprocess.run(["/usr/bin/python3", "-c", script], cwd=self.folder, check=True)


def json_documents(text):
    """The indented JSON documents that follow each other in a text."""
    decoder, documents, place = json.JSONDecoder(), [], 0
    while text[place:].strip():
        place += len(text[place:]) - len(text[place:].lstrip())
        document, place = decoder.raw_decode(text, place)
        documents.append(document)
    return documents

