#!/usr/bin/python3
"""Writes key.txt: what a fixed key derives, computed here a second time from RFC 7693 and the original ChaCha20."""

import hashlib
import pathlib
import struct

SECRET = bytes(range(32))
PURPOSES = ["chips", "pilot", ""]
NUM_BYTES = 150


def derive(domain, purpose, size):
    person = domain.encode().ljust(16, b"\0")
    return hashlib.blake2b(purpose.encode(), digest_size=size, key=SECRET, person=person).digest()


def rotate(value, bits):
    return (value << bits | value >> (32 - bits)) & 0xFFFFFFFF


def quarter_round(state, a, b, c, d):
    for target, source, other, bits in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        state[target] = (state[target] + state[source]) & 0xFFFFFFFF
        state[other] = rotate(state[other] ^ state[target], bits)


def chacha20(key, num_bytes):
    """Keystream for an all-zero 8-byte nonce and a 64-bit block counter from zero."""
    stream = b""
    for counter in range((num_bytes + 63) // 64):
        start = list(struct.unpack("<4I", b"expand 32-byte k")) + list(struct.unpack("<8I", key)) + [counter, 0, 0, 0]
        state = start[:]
        for _ in range(10):
            for column in range(4):
                quarter_round(state, column, column + 4, column + 8, column + 12)
            for k in range(4):
                quarter_round(state, k, 4 + (k + 1) % 4, 8 + (k + 2) % 4, 12 + (k + 3) % 4)
        stream += struct.pack("<16I", *((a + b) & 0xFFFFFFFF for a, b in zip(state, start)))
    return stream[:num_bytes]


if __name__ == "__main__":
    lines = [f"id {derive('wm/key-id/1', '', 32)[:8].hex()}"]
    for name in PURPOSES:
        lines.append(f"stream {name or '-'} {chacha20(derive('wm/stream/1', name, 32), NUM_BYTES).hex()}")
    pathlib.Path(__file__).with_name("key.txt").write_text("\n".join(lines) + "\n")
