import json
import math
import signal
import subprocess
import time
import unittest
import wave

from wm_case import FAILED, PROGRAM, WmCase, synthesize


def level_db(path):
    text = subprocess.run(["sox", path, "-n", "stats"], capture_output=True, text=True, check=True).stderr
    return float(text.split("RMS lev dB")[1].split()[0])


def duration_s(path):
    return float(subprocess.run(["soxi", "-D", path], capture_output=True, text=True, check=True).stdout)


class Attack(WmCase):
    def test_a_chain_is_applied_in_its_order_and_said(self):
        document = self.wm_json("attack", self.music, "out.wav", "speed=25%", "crop=2s:3s", "gain=-6dB", "--seed", 7)
        self.assertEqual(document["applied"], "speed=25% crop=2s:3s gain=-6dB")
        self.assertEqual(document["seed"], 7)
        self.assertEqual([step["name"] for step in document["steps"]], ["speed", "crop", "gain"])
        self.assertAlmostEqual(duration_s(self.folder / "out.wav"), 3, places=3)
        text, _ = self.wm("attack", self.music, "again.wav", "speed=25%", "crop=2s:3s", "gain=-6dB", "--seed", 7)
        self.assertIn("speed=25% crop=2s:3s gain=-6dB", text)
        self.assertEqual((self.folder / "out.wav").read_bytes(), (self.folder / "again.wav").read_bytes())

    def test_what_was_drawn_can_be_done_again(self):
        document = self.wm_json("attack", self.music, "drawn.wav", "noise=white,pink:10..30dB", "--seed", 3)
        self.assertEqual(document["asked"], "noise=white,pink:10dB..30dB")
        self.wm("attack", self.music, "exact.wav", document["applied"], "--seed", 3)
        self.assertEqual((self.folder / "drawn.wav").read_bytes(), (self.folder / "exact.wav").read_bytes())
        other = self.wm_json("attack", self.music, "other.wav", "noise=white,pink:10..30dB", "--seed", 4)
        self.assertNotEqual(other["applied"], document["applied"])

    def test_rows_of_presets_are_applied_by_name(self):
        document = self.wm_json("attack", self.music, "out.wav", "--preset", "audiomarkbench", "--row", "gaussian_noise 20dB")
        self.assertEqual(document["applied"], "noise=white")
        _, messages = self.wm("attack", self.music, "out.wav", "--preset", "audiomarkbench", "--row", "noise", expect=FAILED)
        self.assertIn("no row \"noise\"", messages)

    def test_recordings_are_handed_over(self):
        synthesize(self.folder / "talk.wav", seconds=4, seed=2)
        document = self.wm_json("attack", self.music, "out.wav", "gain=-20dB", "mix=@speech:0dB", "--with", "speech=talk.wav")
        self.assertEqual(document["scaled_db"], 0)
        self.assertAlmostEqual(level_db(self.folder / "out.wav"), level_db(self.music) - 20 + 3, delta=0.3)
        _, messages = self.wm("attack", self.music, "out.wav", "mix=@speech:0dB", expect=FAILED)
        self.assertIn("speech=FILE", messages)

    def test_what_exceeds_full_scale_is_brought_down_and_said(self):
        _, messages = self.wm("attack", self.music, "loud.wav", "gain=40dB")
        self.assertIn("brought down", messages)
        self.wm("attack", self.music, "asis.flac", "gain=40dB", "--quiet", "--depth", "24")
        with wave.open(str(self.folder / "loud.wav")) as loud:
            samples = loud.readframes(loud.getnframes())
        peak = max(abs(int.from_bytes(samples[i:i + 2], "little", signed=True)) for i in range(0, len(samples), 2))
        self.assertAlmostEqual(peak, 0.999 * 32768, delta=2)

    def test_streams_go_through(self):
        done = subprocess.run([PROGRAM, "attack", "-", "-", "gain=-6dB"], input=self.music.read_bytes(), capture_output=True,
                              check=True)
        (self.folder / "out.wav").write_bytes(done.stdout)
        self.assertAlmostEqual(level_db(self.folder / "out.wav"), level_db(self.music) - 6, delta=0.05)
        self.assertIn(b"gain=-6dB", done.stderr)

    def test_external_programs(self):
        self.wm("attack", self.music, "out.wav", "external=sox {in} {out} vol 0.5")
        self.assertAlmostEqual(level_db(self.folder / "out.wav"), level_db(self.music) + 20 * math.log10(0.5), delta=0.05)
        _, messages = self.wm("attack", self.music, "no.wav", "external=echo it broke >&2; false", expect=FAILED)
        self.assertIn("it broke", messages)
        self.assertNotIn("no.wav", self.files())

    def test_interrupted_it_leaves_nothing_behind(self):
        process = subprocess.Popen([PROGRAM, "attack", str(self.music), "out.wav", "external=sleep 60"], cwd=self.folder)
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=30), -signal.SIGTERM)
        self.assertEqual(self.files(), [])


class Misuse(WmCase):
    def refused(self, *arguments):
        _, messages = self.wm("attack", *arguments, expect=FAILED)
        self.assertEqual(self.files(), [])
        return messages

    def test_names_the_nearest_and_the_range(self):
        self.assertIn("\"pitch\"", self.refused(self.music, "out.wav", "ptich=2st"))
        self.assertIn("-24 to 24 st", self.refused(self.music, "out.wav", "pitch=30st"))
        self.assertIn("\"snr\"", self.refused(self.music, "out.wav", "noise=white:nsr=3dB"))
        self.assertIn("\"raw-bench-strict\"", self.refused("--list", "--preset", "raw-bench-stict"))

    def test_says_what_is_missing(self):
        self.assertIn("--list", self.refused())
        self.assertIn("which attacks?", self.refused(self.music, "out.wav"))
        self.assertIn("--row", self.refused(self.music, "out.wav", "--preset", "codecs"))
        self.assertIn("NAME=FILE", self.refused(self.music, "out.wav", "mono", "--with", "speech"))
        self.assertIn("missing.wav", self.refused("missing.wav", "out.wav", "mono"))
        self.assertIn(".wav", self.refused(self.music, "out.mp3", "mono"))


class List(WmCase):
    def test_shows_every_attack_with_its_parameters(self):
        text, _ = self.wm("attack", "--list")
        document = self.wm_json("attack", "--list")
        self.assertGreaterEqual(len(document["attacks"]), 40)
        for attack in document["attacks"]:
            self.assertIn(f"\n{attack['name']} ", text)
            for parameter in attack["parameters"]:
                self.assertIn(f"\n    {parameter['name']} ", text)
        for name in ("raw-bench-loose", "raw-bench-strict", "audiomarkbench", "audioseal", "step2000", "codecs", "desync",
                     "replay", "fingerprint", "platform"):
            self.assertIn(f"\n{name} ", text)

    def test_shows_one_preset_with_its_source(self):
        text, _ = self.wm("attack", "--list", "--preset", "audiomarkbench")
        self.assertIn("NeurIPS", text)
        [preset] = self.wm_json("attack", "--list", "--preset", "audiomarkbench")["presets"]
        self.assertEqual(json.dumps(preset["rows"]).count("gaussian_noise"), 5)


if __name__ == "__main__":
    unittest.main()
