#!/bin/sh
# The main job on real music, from a bare Debian 12: installs what is missing, builds wm, takes a piece from a Debian music
# package, marks it, sends the marked file through MP3 and a crop, and reads the mark back. Works in build/tour.
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

say() {
    echo
    echo "$ $*"
    "$@"
}
[ -e label.key ] || say "$wm" keygen label.key --name "Label 2026"
say "$wm" embed master.wav marked.wav --key label.key --id random
say ffmpeg -v error -y -ss 60 -t 20 -i marked.wav -b:a 128k upload.mp3
say "$wm" detect upload.mp3 --key label.key

echo
echo "The same 20 seconds of the unmarked master, for comparison:"
say ffmpeg -v error -y -ss 60 -t 20 -i master.wav -b:a 128k unmarked.mp3
say "$wm" detect unmarked.mp3 --key label.key || [ $? -eq 1 ]
