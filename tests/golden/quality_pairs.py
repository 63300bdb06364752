"""Pairs of small recordings that sox makes the same everywhere: for the golden table of grades, and the tests that read it."""

import subprocess

RATE_HZ = 48000
SECONDS = 6

# What is done to the original, by sox effects; "noise" is mixed in at a level.
CHANGES = {
    "lowpass_3k": ["lowpass", "3000"],
    "highpass_500": ["highpass", "500"],
    "equalizer_2k": ["equalizer", "2000", "1q", "3"],
    "tremolo": ["tremolo", "6", "30"],
    "echo": ["echo", "0.8", "0.9", "40", "0.15"],
    "quieter": ["vol", "0.7"],
    "noise_-40db": -40,
    "noise_-60db": -60,
}


def sox(*arguments):
    subprocess.run(["sox", "-R", *map(str, arguments)], check=True, capture_output=True)


def make_original(path):
    """Plucked chords over pink noise, stereo, 16 bits."""
    chord, noise = path.with_suffix(".chord.wav"), path.with_suffix(".noise.wav")
    form = ["-n", "-r", RATE_HZ, "-c", 2, "-b", 16]
    notes = [word for note in ("C3", "G3", "E4", "B4") for word in ("pluck", note)]
    sox(*form, chord, "synth", 2, *notes, "remix", "1,2", "3,4", "repeat", SECONDS // 2, "trim", 0, SECONDS)
    sox(*form, noise, "synth", SECONDS, "pinknoise", "pinknoise", "tremolo", 2, 60)
    sox("-m", "-v", 0.5, chord, "-v", 0.2, noise, "-b", 16, path)


def make_changed(original, path, change):
    effects = CHANGES[change]
    if isinstance(effects, list):
        sox(original, "-b", 16, path, *effects)
        return
    noise = path.with_suffix(".noise.wav")
    sox("-n", "-r", RATE_HZ, "-c", 2, "-b", 16, noise, "synth", SECONDS, "whitenoise", "whitenoise", "vol", f"{effects}dB")
    sox("-m", "-v", 1, original, "-v", 1, noise, "-b", 16, path)
