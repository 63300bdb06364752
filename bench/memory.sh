#!/bin/bash
# Peak memory (resident set, MB) of `wm embed` on ten minutes and on two hours of 96 kHz 24-bit stereo.
#   memory.sh --wm PROGRAM --audio MUSIC.wav [--work FOLDER] [--limit-mb 100] [--no-verify]
#
# The files are MUSIC.wav resampled and repeated; the long one and its marked copy take 8.4 GB in the work folder
# (default: a new folder under $TMPDIR), and are deleted at the end. Exits 1 when a peak reaches the limit.
# Needs: bash, sox, ffmpeg, python3 (whose own 10 MB are the least that can be seen).
set -euo pipefail

wm='' audio='' work='' limit_mb=100 options=(--quiet)
while [ "$#" -gt 0 ]; do
    case $1 in
        --wm) wm=$2; shift 2 ;;
        --audio) audio=$2; shift 2 ;;
        --work) work=$2; shift 2 ;;
        --limit-mb) limit_mb=$2; shift 2 ;;
        --no-verify) options+=(--no-verify); shift ;;
        *) sed -n '2,7s/^# \{0,1\}//p' "$0"; [ "$1" = --help ] && exit 0; exit 2 ;;
    esac
done
if [ -z "$wm" ] || [ -z "$audio" ]; then
    echo "$0: --wm and --audio are needed; see --help" >&2
    exit 2
fi
work=$(mktemp -d -p "${work:-${TMPDIR:-/tmp}}")
trap 'rm -rf "$work"' EXIT

# peak_mb COMMAND...: its largest resident set.
peak_mb() {
    python3 - "$@" << 'PYTHON'
import os
import subprocess
import sys

process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
if status != 0:
    sys.exit(f"exit {os.waitstatus_to_exitcode(status)} from {' '.join(sys.argv[1:])}")
print(f"{usage.ru_maxrss / 1024:.1f}")
PYTHON
}

sox -V1 -G "$audio" -r 96000 -b 24 -c 2 "$work/piece.wav"
"$wm" keygen "$work/bench.key" > /dev/null
missed=0
for seconds in 600 7200; do
    ffmpeg -nostdin -v error -y -stream_loop -1 -i "$work/piece.wav" -t "$seconds" -c copy "$work/long.wav"
    peak=$(peak_mb "$wm" embed "$work/long.wav" "$work/marked.wav" --key "$work/bench.key" --id 5f3a9c0212ab77e1 \
        "${options[@]}")
    printf '%6d s of 96 kHz 24-bit stereo: %s MB\n' "$seconds" "$peak"
    awk -v peak="$peak" -v limit="$limit_mb" 'BEGIN { exit !(peak < limit) }' || missed=1
    rm -f "$work/long.wav" "$work/marked.wav"
done
exit "$missed"
