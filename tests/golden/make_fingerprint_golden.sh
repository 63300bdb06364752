#!/bin/sh
# Writes tests/golden/fingerprint.txt anew, from the scalar kernels. Usage: make_fingerprint_golden.sh BUILD_DIR
# A change of these bits is another version of the fingerprint: indexes made before no longer match what is made after.
set -eu
build=${1:?usage: make_fingerprint_golden.sh BUILD_DIR}
WM_KERNEL=scalar "$build/tests/fingerprint/print_fingerprint_bits" | tail -n +2 > "$(dirname "$0")/fingerprint.txt"
