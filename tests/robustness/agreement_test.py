"""wm's attacks against the public tools that do the same: duration within 10 ms, level within 0.5 dB."""

import subprocess
import unittest

from wm_case import WmCase

# Attack, and the commands that do the same from in.wav to out.wav.
LINEAR = {
    "lowpass=4kHz": "sox -G in.wav out.wav sinc -4000",
    "highpass=500Hz": "sox -G in.wav out.wav sinc 500",
    "resample=22050Hz": "sox in.wav -r 22050 a.wav && sox -G a.wav -r 44100 out.wav",
    "resample=8kHz": "sox in.wav -r 8000 a.wav && sox -G a.wav -r 44100 out.wav",
    "requantise=8": "sox -D in.wav -b 8 -e unsigned-integer a.wav && sox -D a.wav -b 16 -e signed-integer out.wav",
    "mono": "sox -G in.wav out.wav remix -",
    "eq=peak:1kHz:6dB:1": "sox -G in.wav out.wav equalizer 1000 1q 6",
    "eq=lowshelf:150Hz:9dB:0.707": "ffmpeg -v error -i in.wav -af bass=g=9:f=150:t=q:w=0.707 out.wav",
    "eq=highshelf:6kHz:-12dB:0.707": "ffmpeg -v error -i in.wav -af treble=g=-12:f=6000:t=q:w=0.707 out.wav",
}
CODECS = {
    "mp3=128k": "lame --quiet -b 128 in.wav a.mp3 && ffmpeg -v error -i a.mp3 out.wav",
    "mp3=64k": "lame --quiet -b 64 in.wav a.mp3 && ffmpeg -v error -i a.mp3 -ar 44100 out.wav",
    "aac=96k": "ffmpeg -v error -i in.wav -c:a aac -b:a 96k a.m4a && ffmpeg -v error -i a.m4a out.wav",
    "opus=64k": "opusenc --quiet --bitrate 64 in.wav a.opus && ffmpeg -v error -i a.opus -ar 44100 out.wav",
    "opus=24k": "opusenc --quiet --bitrate 24 in.wav a.opus && ffmpeg -v error -i a.opus -ar 44100 out.wav",
    "vorbis=80k": "oggenc -Q -q 1 -o a.ogg in.wav && ffmpeg -v error -i a.ogg out.wav",
}
TIME = {
    "speed=5%": "sox -G in.wav out.wav speed 1.05 rate 44100",
    "speed=-10%": "sox -G in.wav out.wav speed 0.9 rate 44100",
    "excise=10s:5s": "sox -D in.wav out.wav trim 0 10 5",
}
# Rubber Band's phase vocoder loses 0.4 to 2.3 dB of music's level; ours keeps it, so only its duration is compared.
STRETCHED = {
    "stretch=5%": "rubberband -q -t 1.05 in.wav out.wav",
    "stretch=-10%": "rubberband -q -t 0.9 in.wav out.wav",
    "pitch=1st": "rubberband -q -p 1 in.wav out.wav",
    "pitch=-2st": "rubberband -q -p -2 in.wav out.wav",
}


def measure(path):
    """Duration in s, and level in dB."""
    duration = float(subprocess.run(["soxi", "-D", path], capture_output=True, text=True, check=True).stdout)
    stats = subprocess.run(["sox", path, "-n", "stats"], capture_output=True, text=True, check=True).stderr
    return duration, float(stats.split("RMS lev dB")[1].split()[0])


class Agreement(WmCase):
    def check(self, attacks, keeps_level=False):
        subprocess.run(["sox", "-v", "0.5", str(self.music), str(self.folder / "in.wav")], check=True)
        for attack, command in attacks.items():
            with self.subTest(attack=attack):
                subprocess.run(f"rm -f out.wav a.*; {command}", shell=True, cwd=self.folder, check=True, capture_output=True)
                self.wm("attack", "in.wav", "wm.wav", attack)
                theirs, ours = measure(self.folder / "out.wav"), measure(self.folder / "wm.wav")
                wanted_level = measure(self.folder / "in.wav")[1] if keeps_level else theirs[1]
                self.assertAlmostEqual(ours[0], theirs[0], delta=0.010, msg="duration")
                self.assertAlmostEqual(ours[1], wanted_level, delta=0.5, msg="level")

    def test_linear_attacks(self):
        self.check(LINEAR)

    def test_codecs(self):
        self.check(CODECS)

    def test_changes_of_time(self):
        self.check(TIME)

    def test_stretch_and_pitch(self):
        self.check(STRETCHED, keeps_level=True)


if __name__ == "__main__":
    unittest.main()
