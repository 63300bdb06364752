#!/bin/sh
# The main job on real music, from a bare Debian 12: installs what is missing, builds wm, takes a piece from a Debian music
# package, marks it and registers what may be done with it, sends the marked file through MP3 and a crop, reads the mark back,
# and checks the upload. Works in build/tour, which it empties first, but for the music.
set -eu
cd "$(dirname "$0")/.."
third_party/install.sh --demo
cmake --preset release
cmake --build --preset release
wm="$PWD/build/release/cli/wm"

mkdir -p build/tour
cd build/tour
if [ ! -e master.wav ]; then
    apt-get -qq download asc-music || { apt-get -qq update && apt-get -qq download asc-music; }
    dpkg -x asc-music_*.deb music
    ffmpeg -v error -y -i music/usr/share/games/asc/music/frontiers.mp3 part.wav
    mv part.wav master.wav
fi
rm -rf label.* rights.db* marked

say() {
    echo
    echo "$ $*"
    "$@"
}
cat > claim.toml <<END
schema = "wm-claim/1"
[recording]
isrc = "USRC17607839"
title = "Night Train"
[ai]
containsAI = "None"
[trainingMining]
"cawg.ai_training" = { use = "notAllowed" }
[[parties]]
ref = "P1"
name = "A. Artist"
roles = ["MainArtist"]
[[rights]]
party = "P1"
sharePercent = 100
territories = ["Worldwide"]
END

echo
echo "A label marks a master and registers what may be done with it:"
say "$wm" keygen label.key --name "Label 2026"
say "$wm" party new "Label" --out label.id
say "$wm" registry init rights.db
say "$wm" register master.wav --claim claim.toml --registry rights.db --key label.key --as label.id --out marked
say "$wm" licence grant USRC17607839 --registry rights.db --licensee dpid:PADPIDA2014 --use stream --as label.id

echo
echo "Somebody uploads twenty seconds of it as an MP3:"
say ffmpeg -v error -y -ss 60 -t 20 -i marked/master.wav -b:a 128k upload.mp3
say "$wm" detect upload.mp3 --key label.key
echo
echo "A platform with a licence for streaming asks about that, and about training a model:"
say "$wm" check upload.mp3 --registry rights.db --key label.key --licensee dpid:PADPIDA2014 --use stream
say "$wm" check upload.mp3 --registry rights.db --key label.key --licensee dpid:PADPIDA2014 --use ai_training || [ $? -eq 1 ]

echo
echo "The same twenty seconds of the unmarked master, for comparison:"
say ffmpeg -v error -y -ss 60 -t 20 -i master.wav -b:a 128k unmarked.mp3
say "$wm" detect unmarked.mp3 --key label.key || [ $? -eq 1 ]
