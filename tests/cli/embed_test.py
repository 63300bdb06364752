import json
import re
import subprocess
import unittest
import wave

from wm_case import FAILED, PROGRAM, REFUSED, WmCase, convert, synthesize


class Embed(WmCase):
    def test_marks_and_reports_what_it_did(self):
        document = self.embed(self.music, "marked.wav", "5F3A9C0212AB77E1")
        self.assertEqual(document["outcome"], "marked")
        self.assertEqual(document["id"], "5f3a9c0212ab77e1")
        self.assertTrue(document["verified"])
        self.assertGreater(document["margin_db"], 0)
        self.assertLess(document["p_value"], 1e-9)
        self.assertGreater(document["snr_db"], 20)
        self.assertEqual(self.ids_in("marked.wav"), ["5f3a9c0212ab77e1"])

    def test_keeps_length_rate_and_depth(self):
        self.embed(self.music, "marked.wav")
        with wave.open(str(self.music)) as before, wave.open(str(self.folder / "marked.wav")) as after:
            self.assertEqual(before.getparams(), after.getparams())

    def test_prints_the_random_id_for_people_and_never_the_same(self):
        ids = set()
        for name in ("a.wav", "b.wav"):
            text, _ = self.wm("embed", self.music, name, "--key", self.key, "--id", "random")
            ids.add(re.search(r"id ([0-9a-f]{16})$", text, re.MULTILINE)[1])
        self.assertEqual(len(ids), 2)
        self.assertIn(self.ids_in("b.wav")[0], ids)

    def test_flac_in_flac_out(self):
        convert(self.music, self.folder / "m.flac")
        self.embed("m.flac", "marked.flac")
        self.assertEqual((self.folder / "marked.flac").read_bytes()[:4], b"fLaC")
        self.assertEqual(self.ids_in("marked.flac"), ["5f3a9c0212ab77e1"])

    def test_a_lossy_input_gives_a_lossless_output_and_no_other(self):
        convert(self.music, self.folder / "m.mp3", "-b:a", "192k")
        _, messages = self.wm("embed", "m.mp3", "marked.mp3", "--key", self.key, "--id", "random", expect=FAILED)
        self.assertIn("mp3", messages)
        self.embed("m.mp3", "marked.wav")
        self.assertEqual(self.ids_in("marked.wav"), ["5f3a9c0212ab77e1"])
        self.assertNotIn("marked.mp3", self.files())

    def test_refuses_a_second_mark_of_the_same_key_and_names_the_first(self):
        self.embed(self.music, "once.wav")
        document = self.embed("once.wav", "twice.wav", "00000000000000aa", expect=REFUSED)
        self.assertEqual(document["outcome"], "refused")
        self.assertEqual(document["error"]["code"], "already_marked")
        self.assertIn("5f3a9c0212ab77e1", document["error"]["message"])
        self.assertEqual(self.files(), ["once.wav"])

    def test_force_puts_a_new_mark_beside_the_old(self):
        self.embed(self.music, "once.wav")
        self.wm("embed", "once.wav", "twice.wav", "--key", self.key, "--id", "00000000000000aa", "--force")
        self.assertEqual(sorted(self.ids_in("twice.wav")), ["00000000000000aa", "5f3a9c0212ab77e1"])

    def test_marks_of_two_keys_live_side_by_side(self):
        self.embed(self.music, "once.wav", "00000000000000aa")
        self.embed("once.wav", "twice.wav", "00000000000000bb", key=self.other_key)
        document = self.wm_json("detect", "twice.wav", "--key", self.key, "--key", self.other_key)
        self.assertEqual({(mark["key_name"], mark["id"]) for mark in document["marks"]},
                         {("label", "00000000000000aa"), ("other", "00000000000000bb")})

    def test_refuses_what_cannot_carry_a_mark(self):
        recordings = {"silence.wav": ["trim", "0", "20"], "short.wav": ["synth", "2", "pinknoise"],
                      "bass.wav": ["synth", "20", "sine", "60"]}
        for name, effect in recordings.items():
            subprocess.run(["sox", "-R", "-n", "-r", "44100", "-c", "1", "-b", "16", self.folder / name, *effect], check=True)
            document = self.embed(name, "marked.wav", expect=REFUSED)
            self.assertIn(document["error"]["code"], ("cannot_carry", "verify_failed"), name)
        self.assertEqual(self.files(), sorted(recordings))

    def test_no_verify_leaves_both_looks_out(self):
        self.embed(self.music, "once.wav")
        document = self.wm_json("embed", "once.wav", "twice.wav", "--key", self.key, "--id", "random", "--no-verify")
        self.assertFalse(document["verified"])

    def test_strength_scales_the_change(self):
        snr_db = {}
        for strength in ("0.5", "1"):
            document = self.wm_json("embed", self.music, f"{strength}.wav", "--key", self.key, "--id", "random",
                                    "--strength", strength, "--no-verify")
            snr_db[strength] = document["snr_db"]
        self.assertAlmostEqual(snr_db["0.5"] - snr_db["1"], 6, delta=2.5)


class Pipes(WmCase):
    def test_standard_input_to_standard_output(self):
        marked = subprocess.run([PROGRAM, "embed", "-", "-", "--key", str(self.key), "--id", "random", "--json"],
                                input=self.music.read_bytes(), capture_output=True, check=True)
        (self.folder / "marked.wav").write_bytes(marked.stdout)
        document = self.check(json.loads(marked.stderr))
        self.assertEqual(self.ids_in("marked.wav"), [document["id"]])
        with wave.open(str(self.music)) as before, wave.open(str(self.folder / "marked.wav")) as after:
            self.assertEqual(before.getparams(), after.getparams())

    def test_a_stream_whose_header_does_not_know_its_length(self):
        pipeline = f"ffmpeg -v error -i {self.music} -f wav - | {PROGRAM} embed - - --key {self.key} --id 00000000000000aa" \
                   f" | flac --silent - -o {self.folder}/out.flac"
        subprocess.run(["bash", "-o", "pipefail", "-c", pipeline], check=True, capture_output=True)
        self.assertEqual(self.ids_in("out.flac"), ["00000000000000aa"])

    def test_detect_reads_standard_input(self):
        self.embed(self.music, "marked.wav")
        text, _ = self.wm("detect", "-", "--key", self.key, input=(self.folder / "marked.wav").read_bytes(), text=False)
        self.assertIn(b"5f3a9c0212ab77e1", text)

    def test_a_refusal_leaves_standard_output_empty(self):
        marked, _ = self.wm("embed", "-", "-", "--key", self.key, "--id", "random", expect=FAILED, input="not audio")
        self.assertEqual(marked, "")


class Formats(WmCase):
    def test_rates_and_channels(self):
        for rate, channels in ((8000, 1), (48000, 2), (96000, 2), (192000, 1), (44100, 6)):
            with self.subTest(rate=rate, channels=channels):
                convert(self.music, self.folder / "m.wav", "-ar", str(rate), "-ac", str(channels))
                self.embed("m.wav", "marked.wav")
                self.assertEqual(self.ids_in("marked.wav"), ["5f3a9c0212ab77e1"])

    def test_the_audio_of_a_video(self):
        synthesize(self.folder / "m.wav", seed=2)
        self.embed("m.wav", "marked.wav")
        convert(self.folder / "marked.wav", self.folder / "video.mkv", "-f", "lavfi", "-i", "color=size=64x64:rate=5",
                "-c:a", "aac", "-b:a", "160k", "-shortest")
        version, _ = self.wm("--version")
        if "with libav" in version:
            self.assertEqual(self.ids_in("video.mkv"), ["5f3a9c0212ab77e1"])
        else:
            _, messages = self.wm("detect", "video.mkv", "--key", self.key, expect=FAILED)
            self.assertIn("libav", messages)


if __name__ == "__main__":
    unittest.main()
