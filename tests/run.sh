#!/bin/sh
# Installs what is missing, builds everything with warnings as errors, and runs all tests: on a bare Debian 12 too.
set -eu
cd "$(dirname "$0")/.."
third_party/install.sh --tests
cmake --preset dev
cmake --build --preset dev
exec ctest --preset dev -j "$(nproc)"
