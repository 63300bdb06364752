#!/bin/sh
# Builds the benchmarks of two commits and says what got slower from the first to the second.
#
# usage: bench/compare.sh REV1 REV2 [FILTER [ROUNDS]]      e.g. bench/compare.sh HEAD~1 HEAD 'stft.*avx2'
#
# The two programs take turns, so that a busy moment hits both; the median CPU time of ROUNDS (default 5) turns counts.
# exit: 0 nothing got slower by more than 5 %, 1 something did, 2 wrong usage or a build failed
set -eu
if [ $# -lt 2 ] || [ $# -gt 4 ]; then
    sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
filter=${3:-.}
rounds=${4:-5}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

build() { # build COMMIT FOLDER
    mkdir "$2" "$2/source"
    commit=$(git -C "$root" rev-parse --verify "$1^{commit}")
    git -C "$root" archive "$commit" | tar -x -C "$2/source"
    cmake -S "$2/source" -B "$2/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DWM_BUILD_BENCH=ON -DWM_BUILD_TESTS=OFF \
        -DWM_BUILD_CLI=OFF > "$2/log" 2>&1 && cmake --build "$2/build" --target bench_kernels >> "$2/log" 2>&1 || {
        cat "$2/log" >&2
        echo "compare.sh: $1 does not build" >&2
        exit 2
    }
}

build "$1" "$work/before"
build "$2" "$work/after"
for round in $(seq "$rounds"); do
    for side in before after; do
        "$work/$side/build/bench/bench_kernels" --benchmark_filter="$filter" --benchmark_min_time=0.1 \
            --benchmark_out="$work/$side.$round.json" --benchmark_out_format=json > /dev/null 2>&1
    done
done
python3 "$here/compare.py" "$work/before" "$work/after"
