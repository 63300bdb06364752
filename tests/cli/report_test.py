"""wm report: summary.json by its schema, and report.html as a browser shows it."""

import csv
import html
import json
import pathlib
import random
import re
import subprocess
import unittest

from wm_case import FAILED, WmCase

COLUMNS = ("system recording attack applied attack_name strength strength_unit clip_s crop_offset_s seed kind outcome score "
           "log10_p_value false_positive_bound bit_errors num_bits odg distortion_index snr_db nmr_db clip message").split()
HOSTILE = "<img src=x onerror=alert(1)>&\"'{{data}}.wav"
HOSTILE_MESSAGE = "exit 1: </script><script>document.title = 'taken'</script>"
RECORDINGS = ["rock.wav", "speech.wav", HOSTILE, *(f"song_{number}.wav" for number in range(9))]
ATTACKS = [("mp3", "kbit/s", (32, 64, 128)), ("noise", "dB", (0, 10, 20)), ("none", "", (None,))]
CHROMIUM = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
            "--disable-dev-shm-usage", "--allow-file-access-from-files", "--enable-logging=stderr"]

# Shows the page in frames of two widths and writes down what a reader would see: charts with something drawn in them, text
# wider than the frame.
FRAMES = """<body><pre id="seen"></pre><script>
const widths = [1280, 400];
const drawn = (canvas) => {
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let coloured = 0;
  for (let k = 0; k < pixels.length; k += 4) {
    const [red, green, blue, alpha] = pixels.subarray(k, k + 4);
    if (alpha > 128 && Math.max(red, green, blue) - Math.min(red, green, blue) > 60) ++coloured;
  }
  return coloured;
};
const look = (frame) => {
  const page = frame.contentDocument;
  return { width: frame.clientWidth, title: page.title, page_width: page.documentElement.scrollWidth,
    charts: [...page.querySelectorAll("canvas")].map(drawn),
    captions: [...page.querySelectorAll("figcaption")].map((caption) => caption.textContent),
    rows: page.querySelectorAll("tr").length, images: page.querySelectorAll("img").length,
    players: page.querySelectorAll("audio").length, links: [...page.querySelectorAll("a")].map((a) => a.getAttribute("href")),
    text: page.body.innerText };
};
const frames = widths.map((width) => {
  const frame = document.createElement("iframe");
  Object.assign(frame, { src: "report.html", width, height: 3000 });
  frame.style.border = 0;
  document.body.append(frame);
  return new Promise((done) => frame.addEventListener("load", () => setTimeout(() => done(look(frame)), 500)));
});
Promise.all(frames).then((seen) => { document.getElementById("seen").textContent = JSON.stringify(seen); });
</script>"""


def marked_row(system, recording, attack, strength, clip_s, is_detected):
    name, unit, _ = attack
    return {
        "system": system, "recording": recording, "attack": name if strength is None else f"{name}={strength}",
        "attack_name": name, "strength": "" if strength is None else strength, "strength_unit": unit, "clip_s": clip_s,
        "crop_offset_s": 3.5, "seed": 1, "kind": "marked", "outcome": "detected" if is_detected else "missed",
        "score": 20.5 if is_detected else 1.25, "false_positive_bound": 1e-9, "bit_errors": 0 if is_detected else 16,
        "num_bits": 64, "odg": -0.25 if system == "wm" else -0.5, "distortion_index": 2, "snr_db": 30, "nmr_db": -9,
        "clip": "" if is_detected else "clips/heard.opus", "message": "" if is_detected else HOSTILE_MESSAGE,
    }


def make_rows():
    """Two systems on the same trials, the first better; 200 trials each without the mark."""
    draw = random.Random(5)
    rows = []
    for recording in RECORDINGS:
        for attack in ATTACKS:
            for strength in attack[2]:
                for clip_s in (10, 30):
                    luck = draw.random()
                    for system, chance in (("wm", 0.9), ("rival", 0.6)):
                        rows.append(marked_row(system, recording, attack, strength, clip_s, luck < chance))
    for system in ("wm", "rival"):
        for number in range(200):
            rows.append({"system": system, "recording": f"null_{number}.wav", "attack": "none", "attack_name": "none",
                         "clip_s": 10, "crop_offset_s": 0, "seed": 2, "kind": "null_key", "outcome": "missed",
                         "score": draw.gauss(1, 0.5), "log10_p_value": -draw.expovariate(2), "false_positive_bound": 1e-9,
                         "num_bits": 64})
    return rows


class Report(WmCase):
    def write_results(self, rows, clip=b"OggS as far as the page knows"):
        results = self.folder / "results"
        (results / "clips").mkdir(parents=True, exist_ok=True)
        (results / "clips" / "heard.opus").write_bytes(clip)
        with (results / "results.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return results

    def report(self, rows, **options):
        results = self.write_results(rows, **options)
        self.wm("report", results)
        return results, self.check(json.loads((results / "summary.json").read_text()))

    def browse(self, results):
        """What the browser shows at the two widths; it must log no error."""
        frames = results / "frames.html"
        frames.write_text(FRAMES)
        command = [*CHROMIUM, f"--user-data-dir={self.folder}/browser", "--virtual-time-budget=20000", "--dump-dom",
                   frames.as_uri()]
        shown = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
        self.assertNotRegex(shown.stderr, r"CONSOLE.*(Uncaught|rror)")
        return json.loads(html.unescape(re.search(r'<pre id="seen">(.*?)</pre>', shown.stdout, re.DOTALL)[1]))

    def test_sums_up_the_trials(self):
        rows = make_rows()
        _, summary = self.report(rows)
        self.assertEqual(summary["num_trials"], len(rows))
        for system in summary["systems"]:
            own = [row for row in rows if row["system"] == system["name"] and row["kind"] == "marked"]
            detected = sum(row["outcome"] == "detected" for row in own)
            self.assertEqual((system["all"]["detected"]["successes"], system["all"]["detected"]["trials"]),
                             (detected, len(own)))
            self.assertAlmostEqual(system["all"]["bit_error_rate"], 0.25 * (len(own) - detected) / len(own))
            self.assertEqual(system["null"]["false_alarms"]["trials"], 200)
            self.assertEqual(len(system["cells"]), 14)
            self.assertIsNone(system["tpr_at_0_1_percent"])
        everything = summary["comparisons"][0]
        self.assertEqual((everything["system_a"], everything["system_b"], everything["only_b"]), ("wm", "rival", 0))
        self.assertLess(everything["p_value"], 0.001)

    def test_shows_in_a_browser_at_two_widths(self):
        results, _ = self.report(make_rows())
        for seen in self.browse(results):
            self.assertEqual(seen["captions"], ["mp3", "noise", "ROC", "DET", "Share detected against ODG"])
            self.assertEqual(len(seen["charts"]), 5)
            for caption, coloured in zip(seen["captions"], seen["charts"]):
                self.assertGreater(coloured, 50, f"{caption} at {seen['width']}")
            self.assertLessEqual(seen["page_width"], seen["width"])
            self.assertGreater(seen["players"], 0)
            self.assertIn("only the second", seen["text"])

    def test_shows_hostile_names_as_they_are(self):
        results, _ = self.report(make_rows())
        page = (results / "report.html").read_text()
        self.assertNotIn("<img src=x", page)
        self.assertNotIn("</script><script>document", page)
        wide, _ = self.browse(results)
        self.assertEqual((wide["title"], wide["images"]), ("Evaluation", 0))
        self.assertIn(HOSTILE, wide["text"])
        self.assertIn(HOSTILE_MESSAGE, wide["text"])

    def test_needs_nothing_from_elsewhere(self):
        results, _ = self.report(make_rows())
        page = (results / "report.html").read_text()
        self.assertNotRegex(page, r"(?i)<(script|img|link|iframe)[^>]*\b(src|href)=")
        self.assertIn("Chart.js v", page)
        self.assertIn("Permission is hereby granted", page)

    def test_links_clips_that_do_not_fit(self):
        row = marked_row("wm", "rock.wav", ATTACKS[2], None, 10, False)
        results = self.write_results([row, {**row, "clip": "clips/not here #1.opus"}, {**row, "clip": "../secret.opus"}],
                                     clip=bytes(23_000_000))
        (results / "clips" / "small.opus").write_bytes(b"small")
        (self.folder / "secret.opus").write_bytes(b"secret")
        self.wm("report", results)
        page = (results / "report.html").read_text()
        self.assertNotIn("data:audio/ogg;base64,AAAA", page)  # 23 MB are 30.7 in base64
        self.assertNotIn("c2VjcmV0", page)
        self.assertLess(len(page), 1_000_000)
        wide, _ = self.browse(results)
        self.assertNotIn("Trials without the mark", wide["text"])
        self.assertEqual(wide["players"], 0)
        self.assertEqual(wide["links"], ["clips/heard.opus", "clips/not%20here%20%231.opus", "../secret.opus"])

    def test_shows_an_evaluation_of_nothing(self):
        results, summary = self.report([])
        self.assertEqual(summary["systems"], [])
        for seen in self.browse(results):
            self.assertIn("0 trials on 0 recordings", seen["text"])

    def test_says_what_is_wrong_with_the_results(self):
        results = self.write_results([{**marked_row("wm", "a.wav", ATTACKS[2], None, 10, True), "clip_s": "long"}])
        self.assertIn('line 2: clip_s: "long" is not a number', self.wm("report", results, expect=FAILED)[1])
        self.assertIn("results.csv", self.wm("report", self.folder, expect=FAILED)[1])
        self.assertEqual(sorted(path.name for path in pathlib.Path(results).iterdir()), ["clips", "results.csv"])


if __name__ == "__main__":
    unittest.main()
