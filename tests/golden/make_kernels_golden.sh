#!/bin/sh
# Writes tests/golden/kernels.txt anew, from the scalar oracle. Usage: make_kernels_golden.sh BUILD_DIR
# A change of these bits changes every mark and every stored fingerprint: say why in the commit.
set -eu
build=${1:?usage: make_kernels_golden.sh BUILD_DIR}
WM_KERNEL=scalar "$build/tests/kernels/print_kernel_bits" | tail -n +2 > "$(dirname "$0")/kernels.txt"
