"""wm report usage: who is owed what, from claims without sound and logs written by hand."""

import csv
import json
import unittest

from browser import browse
from rights_case import LICENSEE, RightsCase
from wm_case import DONE, FAILED, REFUSED

HOSTILE = "<img src=x onerror=alert(1)>&\\t'{{data}}"
ORIGINAL = "GBAYE0000351"


class UsageReport(RightsCase):
    def setUp(self):
        super().setUp()
        self.original = self.publish_claim("stranger", isrc=ORIGINAL, title="Day Train")
        self.remix = self.publish_claim(title=HOSTILE, more=f'[[derivedFrom]]\nisrc = "{ORIGINAL}"\nsharePercent = 30\n')

    def line(self, number, claim=None, **fields):
        document = {"schema": "wm.usage/1", "id": f"event-{number}", "time": "2026-10-07T12:00:00Z", "file": "a.wav",
                    "licensee": LICENSEE, "decision": "allow",
                    "claims": [{"claim": claim or self.remix, "subject": claim or self.remix, "isrc": ""}],
                    "answers": [{"use": "stream", "territory": "FR", "decision": "allow", "licence": ""}], **fields}
        return json.dumps(self.check(document)) + "\n"

    def report(self, out, *options, logs=("usage.ndjson",), expect=DONE):
        named = [word for log in logs for word in ("--log", log)]
        return self.wm_json("report", "usage", "-r", "rights.db", *named, "--from", "2026-10-01", "--to", "2026-10-31", "--out", out, *options,
                            expect=expect)

    def write_log(self, *lines, name="usage.ndjson"):
        (self.folder / name).write_text("".join(lines))

    def rows(self, path):
        with (self.folder / path).open(newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def test_pays_the_remix_and_its_original(self):
        self.write_log(self.line(1, amount=1001, currency="EUR"), self.line(2, time="2026-11-01T00:00:00Z"))
        document = self.report("report")
        self.assertEqual(document["events"], {"counted": 1, "outside": 1, "not_allowed": 0, "unclaimed": 0, "exceptions": 0})
        self.assertEqual((document["in"], document["held"]), ({"EUR": 1001, "use": 1000000}, {"EUR": 0, "use": 0}))
        euros = {row["claim"]: int(row["amount"]) for row in self.rows("report/shares.csv") if row["unit"] == "EUR"}
        self.assertEqual(euros, {self.remix: 701, self.original: 300})
        self.assertEqual([row["claim"] for row in self.rows("report/credits.csv")], [self.remix, self.original])
        records = [line.split("\t") for line in (self.folder / "report/usage.tsv").read_text().splitlines()]
        self.assertEqual((records[0][:2], records[-1]), (["HEAD", "wm-usage-report/1"], ["FOOT", str(len(records))]))

    def test_the_same_inputs_give_the_same_bytes(self):
        self.write_log(*(self.line(number, amount=number + 1, currency="EUR") for number in range(20)))
        self.write_log(*(self.line(number, amount=number + 1, currency="EUR") for number in reversed(range(20))), name="turned.ndjson")
        for out, log in (("a", "usage.ndjson"), ("b", "usage.ndjson"), ("turned", "turned.ndjson")):
            self.report(out, "--sign-as", "label.id", logs=[log])
        for name in self.files("a"):
            self.assertEqual((self.folder / "a" / name).read_bytes(), (self.folder / "b" / name).read_bytes(), name)
            if name != "report.json":
                self.assertEqual((self.folder / "a" / name).read_bytes(), (self.folder / "turned" / name).read_bytes(), name)

    def test_a_signed_report_is_verified_with_its_files(self):
        self.write_log(self.line(1))
        self.report("report", "--sign-as", "label.id")
        self.wm_json("receipt", "verify", "report/report.json", "--party", "label.pub")
        self.assertIn("signed by", self.wm("receipt", "verify", "report/report.json", "--party", "stranger.pub", expect=FAILED)[1])
        shares = self.folder / "report/shares.csv"
        shares.write_text(shares.read_text().replace("1000000", "9000000").replace("700000", "800000"))
        self.assertIn("shares.csv is not the file", self.wm("receipt", "verify", "report/report.json", "--party", "label.pub", expect=FAILED)[1])

    def test_overlapping_and_cut_logs_are_listed_and_counted_once(self):
        lines = [self.line(number, amount=100, currency="EUR") for number in range(10)]
        self.write_log(*lines[:7], name="first.ndjson")
        self.write_log(*lines[5:], lines[0][:-40], name="second.ndjson")
        document = self.report("report", logs=["first.ndjson", "second.ndjson"], expect=REFUSED)
        self.assertEqual((document["events"]["counted"], document["in"]["EUR"]), (10, 1000))
        exceptions = self.rows("report/exceptions.csv")
        self.assertEqual(sorted((row["reason"], row["place"]) for row in exceptions),
                         [("USAGE_LINE_UNREADABLE", "second.ndjson:6"), ("USAGE_REPEATED", "second.ndjson:1"),
                          ("USAGE_REPEATED", "second.ndjson:2")])
        for row in exceptions:
            self.wm("explain", row["reason"])

    def test_nothing_goes_to_a_revoked_claim(self):
        self.wm("claim", "revoke", ORIGINAL, "-r", "rights.db", "--as", "stranger.id")
        self.write_log(self.line(1, amount=1000, currency="EUR"))
        document = self.report("report", expect=REFUSED)
        self.assertEqual((document["owed"]["EUR"], document["held"]["EUR"]), (700, 300))
        self.assertEqual({row["reason"] for row in self.rows("report/held.csv")}, {"CLAIM_REVOKED"})

    def test_divides_a_pool(self):
        self.write_log(self.line(1, count=2), self.line(2, claim=self.original))
        document = self.report("report", "--pool", "100", "--currency", "JPY")
        self.assertEqual(document["owed"]["JPY"], 100)
        self.assertIn("go together", self.wm("report", "usage", "-r", "rights.db", "--log", "usage.ndjson", "--from", "2026-10-01", "--to",
                                             "2026-10-31", "--out", "other", "--pool", "5", expect=FAILED)[1])

    def test_shows_in_a_browser_at_two_widths(self):
        self.write_log(self.line(1, amount=1001, currency="EUR"), "cut")
        self.report("report", expect=REFUSED)
        for seen in browse(self, self.folder / "report/report.html"):
            self.assertLessEqual(seen["page_width"], seen["width"])
            self.assertEqual(seen["images"], 0)
            for words in ("Use from 2026-10-01 to 2026-10-31", "<img src=x onerror=alert(1)>&", "Day Train", "USAGE_LINE_UNREADABLE"):
                self.assertIn(words, seen["text"])

    def test_says_what_is_wrong(self):
        self.write_log(self.line(1))
        self.report("report")
        again = ("report", "usage", "-r", "rights.db", "--log", "usage.ndjson", "--from", "2026-10-01", "--to", "2026-10-31", "--out", "report")
        self.assertIn("exists", self.wm(*again, expect=FAILED)[1])
        self.assertIn("usage.log", self.wm(*["usage.log" if word == "usage.ndjson" else word for word in again], expect=FAILED)[1])
        self.assertIn("--to", self.wm(*["2026-13-01" if word == "2026-10-31" else word for word in again], expect=FAILED)[1])
        self.wm(*["2025-10-31" if word == "2026-10-31" else word for word in again], expect=FAILED)


if __name__ == "__main__":
    unittest.main()
