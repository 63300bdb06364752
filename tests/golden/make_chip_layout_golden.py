#!/usr/bin/python3
"""Writes chip_layout.txt: the role and sign of every tile for the key of key.txt, computed here a second time.

A line a row of the block, a character a band: + and - on pilot tiles, P and N (+1 and -1) on payload tiles; then the coded
bit of each payload tile, in the order of tiles, as a checksum.
"""

import hashlib
import pathlib
import struct

import make_key_golden as keys

ROWS, BANDS, CODE_BITS = 128, 89, 512
NUM_TILES = ROWS * BANDS
NUM_PILOT = NUM_TILES // 4


def stream(purpose, num_bytes):
    return keys.chacha20(keys.derive("wm/stream/1", purpose, 32), num_bytes)


order = list(range(NUM_TILES))
draws = struct.unpack(f"<{NUM_TILES}Q", stream("wm layout 1", 8 * NUM_TILES))
for last in range(NUM_TILES - 1, 0, -1):
    other = draws[last] % (last + 1)
    order[last], order[other] = order[other], order[last]

signs = stream("wm chips 1", (NUM_TILES + 7) // 8)
tiles = [""] * NUM_TILES
bits = [-1] * NUM_TILES
for place, tile in enumerate(order):
    is_minus = signs[place // 8] >> (place % 8) & 1
    tiles[tile] = ("+-" if place < NUM_PILOT else "PN")[is_minus]
    if place >= NUM_PILOT:
        bits[tile] = (place - NUM_PILOT) % CODE_BITS

lines = ["".join(tiles[row * BANDS:(row + 1) * BANDS]) for row in range(ROWS)]
packed = b"".join(struct.pack("<h", bit) for bit in bits)
lines.append("bits " + hashlib.blake2b(packed, digest_size=16).hexdigest())
pathlib.Path(__file__).with_name("chip_layout.txt").write_text("\n".join(lines) + "\n")
