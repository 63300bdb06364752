#!/bin/sh
# Installs the Debian 12 packages that are missing, and asks no questions. Safe to run again.
#
#   third_party/install.sh            what the library and the wm program are built from
#   third_party/install.sh --demo     ... and what docs/tour.sh plays with
#   third_party/install.sh --tests    ... and what the tests need
#   third_party/install.sh --bench    ... and what the benchmarks' rivals and plots, clang, the fuzzers and clang-tidy need
#
# WM_WITH_LIBAV=OFF leaves libav out: the binary is then not under the GPL (docs/licensing.md).
set -eu

build="g++ cmake ninja-build pkg-config ca-certificates git
    libkissfft-dev libsndfile1-dev libsoxr-dev libsoundtouch-dev libebur128-dev libsodium-dev libsqlite3-dev libtomlplusplus-dev libxxhash-dev
    libcli11-dev libexpected-dev libfmt-dev nlohmann-json3-dev libjs-chart.js"
libav="libavformat-dev libavcodec-dev libchromaprint-dev"
demo="ffmpeg"
tests="libgtest-dev libgmock-dev librapidcheck-dev libbenchmark-dev
    ffmpeg lame sox opus-tools vorbis-tools flac rubberband-cli
    python3 python3-numpy python3-scipy python3-jsonschema zsh chromium"
bench="libbenchmark-dev libfftw3-dev clang clang-tidy clang-format libclang-rt-14-dev python3 python3-matplotlib ffmpeg ccache"

wanted=$build
[ "${WM_WITH_LIBAV:-AUTO}" = OFF ] || wanted="$wanted $libav"
for option in "$@"; do
    case $option in
        --demo) wanted="$wanted $demo" ;;
        --tests) wanted="$wanted $tests" ;;
        --bench) wanted="$wanted $bench" ;;
        *) echo "install.sh: unknown option $option (known: --demo --tests --bench)" >&2; exit 2 ;;
    esac
done

missing=
for package in $wanted; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed$' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "install.sh: as root, or with sudo, install:$missing" >&2; exit 2; }
    as_root="sudo"
fi

# Mirrors and fresh machines' networks fail now and then: three tries each, with a pause.
retry() {
    for pause in 5 20 0; do
        "$@" && return 0
        sleep "$pause"
    done
    echo "install.sh: failed three times: $*" >&2
    return 1
}

echo "installing:$missing" >&2
retry $as_root apt-get -qq update >&2
# shellcheck disable=SC2086  # a list of words
retry $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -y --no-install-recommends install $missing >&2
