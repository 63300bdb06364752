#!/bin/bash
# CPU time (user + system, whole process) of wm and audiowmark, interleaved: medians of several rounds, and ratios.
#   speed.sh --wm PROGRAM --audio TEN_MINUTES.wav [--audiowmark PROGRAM] [--rounds 5] [--work FOLDER] [--check]
#
# TEN_MINUTES.wav is 44.1 kHz stereo; one minute and ten seconds are cut from its middle. Rows: embed without
# verification and with it (audiowmark has none: both are compared with its `add`), detect on ten minutes, one minute
# and ten seconds of marked audio; and on unmarked audio, where everything is searched: `--search lines` beside
# audiowmark's plain `get`, `--search plane` beside its `get --detect-speed`. A ratio is audiowmark's median over wm's. --check exits 1 when docs/benchmarks.md wants a larger one.
# Without --audiowmark, the one in $PATH is used; without any, wm alone is measured.
# Needs: bash, awk, sox, and audiowmark for the ratios.
set -euo pipefail

wm='' rival=$(command -v audiowmark || true) audio='' rounds=5 work='' check=0
while [ "$#" -gt 0 ]; do
    case $1 in
        --wm) wm=$2; shift 2 ;;
        --audio) audio=$2; shift 2 ;;
        --audiowmark) rival=$2; shift 2 ;;
        --rounds) rounds=$2; shift 2 ;;
        --work) work=$2; shift 2 ;;
        --check) check=1; shift ;;
        *) sed -n '2,12s/^# \{0,1\}//p' "$0"; [ "$1" = --help ] && exit 0; exit 2 ;;
    esac
done
if [ -z "$wm" ] || [ -z "$audio" ]; then
    echo "$0: --wm and --audio are needed; see --help" >&2
    exit 2
fi
if [ -z "$work" ]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
fi
mkdir -p "$work"
times=$work/times.txt
: > "$times"

# timed LABEL SECONDS STATUS COMMAND...: appends "LABEL SECONDS cpu-seconds" to the times. Another exit status than the one
# expected stops the measurement: 1 from wm is a mark not found.
timed() {
    local label=$1 seconds=$2 expected=$3 status=0 cpu TIMEFORMAT='%U %S'
    shift 3
    cpu=$({ time "$@" > "$work/out.txt" 2> "$work/err.txt"; } 2>&1) || status=$?
    if [ "$status" -ne "$expected" ]; then
        echo "$0: exit $status from $*" >&2
        cat "$work/err.txt" >&2
        exit 2
    fi
    echo "$label $seconds $cpu" | awk '{ print $1, $2, $3 + $4 }' >> "$times"
}

# The excerpts are cut from marked files, so that both detectors have a mark to find.
ten=$(soxi -D "$audio")
middle=$(awk -v total="$ten" 'BEGIN { print int(total / 2) }')
id=5f3a9c0212ab77e1
[ -e "$work/wm.key" ] || "$wm" keygen "$work/wm.key" > "$work/out.txt"
if [ -n "$rival" ] && [ ! -e "$work/rival.key" ]; then
    "$rival" gen-key "$work/rival.key"
fi

embed_wm() { "$wm" embed "$audio" "$work/wm_600.wav" --key "$work/wm.key" --id "$id" --quiet "$@"; }
embed_rival() { "$rival" add -q --key "$work/rival.key" "$audio" "$work/rival_600.wav" "$id$id"; }
cut_excerpts() {
    sox -V1 -D "$work/$1_600.wav" "$work/$1_60.wav" trim "$middle" 60
    sox -V1 -D "$work/$1_600.wav" "$work/$1_10.wav" trim "$middle" 10
}

for ((round = 1; round <= rounds; round++)); do
    rm -f "$work/wm_600.wav"
    timed wm:embed-no-verify "$ten" 0 embed_wm --no-verify
    [ -z "$rival" ] || timed rival:embed "$ten" 0 embed_rival
    rm -f "$work/wm_600.wav"
    timed wm:embed "$ten" 0 embed_wm
    if [ "$round" = 1 ]; then
        cut_excerpts wm
        sox -V1 -D "$audio" "$work/unmarked_10.wav" trim "$middle" 10
        [ -z "$rival" ] || cut_excerpts rival
    fi
    for length in 600 60 10; do
        seconds=$length
        [ "$length" != 600 ] || seconds=$ten
        timed "wm:detect-$length" "$seconds" 0 "$wm" detect "$work/wm_$length.wav" --key "$work/wm.key"
        [ -z "$rival" ] || timed "rival:detect-$length" "$seconds" 0 \
            "$rival" get --key "$work/rival.key" "$work/rival_$length.wav"
    done
    for length in 600 10; do
        seconds=$length unmarked=$work/unmarked_10.wav
        [ "$length" != 600 ] || seconds=$ten unmarked=$audio
        timed "wm:lines-$length" "$seconds" 1 "$wm" detect "$unmarked" --key "$work/wm.key" --search lines
        timed "wm:plane-$length" "$seconds" 1 "$wm" detect "$unmarked" --key "$work/wm.key" --search plane
        if [ -n "$rival" ]; then
            timed "rival:plain-$length" "$seconds" 0 "$rival" get --key "$work/rival.key" "$unmarked"
            timed "rival:speed-$length" "$seconds" 0 "$rival" get --detect-speed --key "$work/rival.key" "$unmarked"
        fi
    done
done

# Per label: median, smallest, largest; then the ratios and what is wanted of them.
sort -k1,1 -k3,3n "$times" | awk -v check="$check" '
    { count[$1]++; audio_s[$1] = $2; cpu_s[$1, count[$1]] = $3 }
    function median(label,  n) {
        n = count[label]
        return n % 2 ? cpu_s[label, (n + 1) / 2] : (cpu_s[label, n / 2] + cpu_s[label, n / 2 + 1]) / 2
    }
    function row(label) {
        printf "%-20s %9.3f %9.3f %9.3f %12.1f\n", label, median(label), cpu_s[label, 1], cpu_s[label, count[label]],
            audio_s[label] / median(label)
    }
    function ratio(ours, theirs, wanted,  value) {
        value = median("rival:" theirs) / median("wm:" ours)
        printf "%-20s %9.2f   wanted: %s\n", ours, value, wanted ? "at least " wanted : "-"
        missed += wanted && value < wanted
    }
    END {
        printf "%-20s %9s %9s %9s %12s\n", "CPU seconds", "median", "min", "max", "x realtime"
        num_names = split("embed-no-verify embed detect-600 detect-60 detect-10 lines-600 plain-600 lines-10 plain-10 " \
            "plane-600 speed-600 plane-10 speed-10", names, " ")
        for (i = 1; i <= num_names; i++) {
            if (count["wm:" names[i]]) row("wm:" names[i])
            if (count["rival:" names[i]]) row("rival:" names[i])
        }
        if (!count["rival:embed"]) exit 0
        printf "\n%-20s %9s\n", "audiowmark / wm", "ratio"
        ratio("embed-no-verify", "embed", 2)
        ratio("embed", "embed", 1)
        ratio("detect-600", "detect-600", 10)
        ratio("detect-60", "detect-60", 30)
        ratio("detect-10", "detect-10", 20)
        ratio("lines-600", "plain-600", 4)
        ratio("lines-10", "plain-10", 20)
        ratio("plane-600", "speed-600", 3)
        ratio("plane-10", "speed-10", 3)
        if (check && missed) exit 1
    }'
