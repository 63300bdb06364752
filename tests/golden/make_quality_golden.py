#!/usr/bin/python3
"""Writes quality.json: what gstpeaq, an independent implementation of PEAQ basic, says of the pairs of quality_pairs.py.

Needs: sox, and gstpeaq's program `peaq` on the PATH.
"""

import json
import pathlib
import re
import subprocess
import tempfile

import quality_pairs


def grade(original, changed):
    text = subprocess.run(["peaq", original, changed], check=True, capture_output=True, text=True).stdout
    index, odg = re.search(r"Distortion Index: (\S+)", text)[1], re.search(r"Difference Grade: (\S+)", text)[1]
    return {"distortion_index": float(index), "odg": float(odg)}


def main():
    golden = {}
    with tempfile.TemporaryDirectory() as folder:
        original = pathlib.Path(folder) / "original.wav"
        quality_pairs.make_original(original)
        for change in quality_pairs.CHANGES:
            changed = pathlib.Path(folder) / "changed.wav"
            quality_pairs.make_changed(original, changed, change)
            golden[change] = grade(original, changed)
    path = pathlib.Path(__file__).resolve().parent / "quality.json"
    path.write_text(json.dumps(golden, indent=2) + "\n")


if __name__ == "__main__":
    main()
