import subprocess
import unittest

from wm_case import PROGRAM, WmCase, convert

IDENTITY = "5f3a9c0212ab77e1"

# Each on an excerpt: name of the file, options of ffmpeg.
TEN_SECONDS = {
    "mp3_128.mp3": ["-b:a", "128k"],
    "rs_16000.wav": ["-ar", "16000"],
    "quant8.wav": ["-c:a", "pcm_u8"],
    "eq_6db.wav": ["-af", "bass=g=6:f=200,treble=g=-6:f=4000"],
    "loudnorm.wav": ["-af", "loudnorm=I=-20:TP=-2", "-ar", "44100"],
    "phaseinv.wav": ["-af", "volume=-1"],
    "mono.wav": ["-ac", "1"],
}
THIRTY_SECONDS = {
    "mp3_64.mp3": ["-b:a", "64k"],
    "aac_64.m4a": ["-b:a", "64k"],
    "opus_32.opus": ["-b:a", "32k"],
    "vorbis_q1.ogg": ["-q:a", "1"],
}


class Attacks(WmCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.marked = cls.shared / "marked.wav"
        subprocess.run([PROGRAM, "embed", cls.music, cls.marked, "--key", cls.key, "--id", IDENTITY, "--quiet"],
                       check=True, capture_output=True)

    def check_excerpts(self, attacks, seconds, start):
        for name, options in attacks.items():
            with self.subTest(attack=name):
                convert(self.marked, self.folder / name, "-ss", str(start), "-t", str(seconds), *options)
                self.assertEqual(self.ids_in(name), [IDENTITY])

    def test_ten_seconds_keep_the_id(self):
        self.check_excerpts(TEN_SECONDS, 10, 8.37)

    def test_thirty_seconds_keep_the_id_through_low_bitrates(self):
        self.check_excerpts(THIRTY_SECONDS, 30, 0)

    def test_ten_seconds_under_white_noise_thirty_decibels_lower_keep_the_id(self):
        excerpt = self.folder / "excerpt.wav"
        convert(self.marked, excerpt, "-ss", "5.1", "-t", "10")
        level = float(subprocess.run(["sox", excerpt, "-n", "stats"], capture_output=True, text=True,
                                     check=True).stderr.split("RMS lev dB")[1].split()[0])
        subprocess.run(["sox", "-R", "-n", "-r", "44100", "-c", "2", self.folder / "white.wav", "synth", "10", "whitenoise",
                        "gain", "-n", "-3"], check=True, capture_output=True)
        # Uniform white noise at a peak of -3 dB has an RMS level of -7.8 dB.
        subprocess.run(["sox", "-m", "-v", "1", excerpt, "-v", str(10 ** ((level - 30 + 7.8) / 20)),
                        self.folder / "white.wav", self.folder / "noisy.wav"], check=True, capture_output=True)
        self.assertEqual(self.ids_in("noisy.wav"), [IDENTITY])

    def test_attacked_unmarked_music_stays_unmarked(self):
        for name, options in {"plain.mp3": ["-b:a", "64k"], "plain.opus": ["-b:a", "32k"]}.items():
            with self.subTest(attack=name):
                convert(self.music, self.folder / name, *options)
                self.assertEqual(self.ids_in(name), [])


if __name__ == "__main__":
    unittest.main()
