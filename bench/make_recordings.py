#!/usr/bin/python3
"""Makes the recordings of docs/benchmarks.md from the music and speech of Debian 12's packages.

Writes tune/*.wav and report/*.wav (24 recordings of 75 to 100 s, 44.1 kHz 16 bit, genres balanced between the two
halves; nothing in report/ may be used for tuning) and long10.wav (ten minutes, stereo). The packages stay beside them.

Needs: apt-get with Debian 12's main archive (1.5 GB of downloads), dpkg, ffmpeg, sox.
"""

import argparse
import pathlib
import random
import sys

import recordings

PACKAGES = ("fretsonfire-songs-sectoid singularity-music wesnoth-1.16-music asterisk-moh-opsound-wav "
            "asterisk-core-sounds-en-wav freedroidrpg-data hedgewars-data supertuxkart-data").split()
SECTOID = "fretsonfire-songs-sectoid/usr/share/games/fretsonfire/data/songs/sectoid/"
WESNOTH = "wesnoth-1.16-music/usr/share/games/wesnoth/1.16/data/core/music/"
SINGULARITY = "singularity-music/usr/share/games/singularity/music/"
HEDGEWARS = "hedgewars-data/usr/share/games/hedgewars/Data/Music/"
SUPERTUXKART = "supertuxkart-data/usr/share/games/supertuxkart/data/music/"
FREEDROID = "freedroidrpg-data/usr/share/freedroidrpg/data/sound/music/"
ON_HOLD = "asterisk-moh-opsound-wav/usr/share/asterisk/moh/"

# A folder holds one song as two stems, song.ogg and guitar.ogg. "narrow" is telephone music: mono, nothing above 4 kHz.
SOURCES = {
    "rock": [SECTOID + "Metal madness", SECTOID + "Escape from chaosland", SECTOID + "Feelings",
             SECTOID + "War of freedom", HEDGEWARS + "Rock.ogg", SUPERTUXKART + "hacienda.ogg"],
    "electronic": [SINGULARITY + "Advanced Simulacra.ogg", SINGULARITY + "Media Threat.ogg",
                   SINGULARITY + "Coherence.ogg", FREEDROID + "TechBattle.ogg",
                   SUPERTUXKART + "SkyVibe-HighFrequency.ogg", HEDGEWARS + "City.ogg"],
    "orchestral": [WESNOTH + "battle.ogg", WESNOTH + "the_dangerous_symphony.ogg",
                   WESNOTH + "siege_of_laurelmor.ogg", WESNOTH + "casualties_of_war.ogg"],
    "instrumental": [WESNOTH + "traveling_minstrels.ogg", WESNOTH + "elvish-theme.ogg"],
    "narrow": [ON_HOLD + "macroform-the_simplicity.wav", ON_HOLD + "reno_project-system.wav"],
}
LONG_SOURCES = [SINGULARITY + "Nebula.ogg", WESNOTH + "knolls.ogg", SECTOID + "Feelings/song.ogg",
                HEDGEWARS + "Brick.ogg"]
SPEECH_MIN_BYTES = 60_000  # the longer prompts
FFMPEG = ["ffmpeg", "-nostdin", "-v", "error", "-y"]
WAV_16 = ["-ar", "44100", "-c:a", "pcm_s16le", "-map_metadata", "-1", "-bitexact"]


def unpack(folder):
    """Downloads and unpacks each package under `folder`, unless it is there."""
    for package in PACKAGES:
        target = folder / package
        if not target.exists():
            recordings.run(["sh", "-c", 'cd "$1" && apt-get download "$2"', "sh", folder, package])
            (archive,) = folder.glob(f"{package}_*.deb")
            recordings.run(["dpkg", "-x", archive, target])
            archive.unlink()


def cut_seeded(source, target, draw):
    """Cuts 78 to 98 s at a drawn place, clear of the first 3 % and the last 5 %."""
    stems = [source / "song.ogg", source / "guitar.ogg"] if source.is_dir() else [source]
    length_s = float(recordings.run(["soxi", "-D", stems[0]]).stdout)
    piece_s = min(draw.uniform(78, 98), length_s - 1)
    first_s = 0.03 * length_s
    start_s = draw.uniform(first_s, max(first_s, 0.95 * length_s - piece_s))
    piece_s = min(piece_s, length_s - start_s - 0.5)
    inputs = [word for stem in stems for word in ("-i", stem)]
    mix = ["-filter_complex", "amix=inputs=2:normalize=0,volume=0.8"] if len(stems) == 2 else []
    recordings.run([*FFMPEG, *inputs, *mix, "-ss", f"{start_s:.3f}", "-t", f"{piece_s:.3f}", *WAV_16, target])


def make_music(packages, halves, draw):
    for genre, sources in SOURCES.items():
        sources = list(sources)
        draw.shuffle(sources)
        for index, name in enumerate(sources):
            stem = pathlib.PurePath(name).stem.lower().replace(" ", "_").replace("-", "_")
            cut_seeded(packages / name, halves[index % 2] / f"{genre}_{stem}.wav", draw)


def make_speech(packages, halves, draw):
    """Four recordings of 90 s, no prompt in two of them."""
    prompts = sorted(str(path) for path in (packages / "asterisk-core-sounds-en-wav").rglob("*.wav")
                     if path.stat().st_size > SPEECH_MIN_BYTES)
    draw.shuffle(prompts)
    for index in range(4):
        playlist = packages / f"speech_{index}.txt"
        playlist.write_text("".join(f"file '{pathlib.Path(path).resolve()}'\n" for path in prompts[index::4]))
        concatenate = [*FFMPEG, "-f", "concat", "-safe", "0", "-i", playlist, "-t", "90"]
        recordings.run([*concatenate, *WAV_16, "-ac", "1", halves[index % 2] / f"speech_{index}.wav"])


def make_long(packages, target):
    pieces = []
    for index, name in enumerate(LONG_SOURCES):
        pieces.append(packages / f"long_{index}.wav")
        cut = [*FFMPEG, "-ss", "10", "-i", packages / name, "-t", "150"]
        recordings.run([*cut, *WAV_16, "-ac", "2", pieces[-1]])
    recordings.run(["sox", *pieces, target])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="where the recordings go")
    parser.add_argument("--seed", type=int, default=20261122, help="draws halves and places (default %(default)s)")
    arguments = parser.parse_args()
    recordings.require("apt-get", "dpkg", "ffmpeg", "sox", "soxi")

    packages = arguments.folder / "packages"
    halves = [arguments.folder / "tune", arguments.folder / "report"]
    for folder in (packages, *halves):
        folder.mkdir(parents=True, exist_ok=True)
    unpack(packages)
    draw = random.Random(arguments.seed)
    make_music(packages, halves, draw)
    make_speech(packages, halves, draw)
    make_long(packages, arguments.folder / "long10.wav")
    return 0


if __name__ == "__main__":
    sys.exit(recordings.exit_code(main))
