#!/usr/bin/python3
"""Writes polar.txt: payloads and their codewords, computed here a second time from the definitions alone."""

import binascii
import pathlib
import random

NUM_INFO = 80
LEVELS = 9


def weight(position):
    return sum(2 ** (j / 4) for j in range(LEVELS) if position >> j & 1)


def transform(bits):
    """bits * F^(x)9 over GF(2), F = [[1, 0], [1, 1]]."""
    if len(bits) == 1:
        return bits
    half = len(bits) // 2
    left, right = transform(bits[:half]), transform(bits[half:])
    return [a ^ b for a, b in zip(left, right)] + right


def encode(payload):
    message = payload.to_bytes(8, "big")
    message += binascii.crc_hqx(message, 0xFFFF).to_bytes(2, "big")
    value = int.from_bytes(message, "big")
    positions = sorted(sorted(range(2**LEVELS), key=weight)[-NUM_INFO:])
    bits = [0] * 2**LEVELS
    for k, position in enumerate(positions):
        bits[position] = value >> (NUM_INFO - 1 - k) & 1
    return transform(bits)


random.seed(2026)
payloads = [0, 1, 2**63, 2**64 - 1, 0x5F3A9C0212AB77E1] + [random.getrandbits(64) for _ in range(11)]
lines = (f"{payload:016x} {int(''.join(map(str, encode(payload))), 2):0128x}" for payload in payloads)
pathlib.Path(__file__).with_name("polar.txt").write_text("\n".join(lines) + "\n")
