#!/usr/bin/python3
"""Makes a page to listen to: original, marked, and what was added, for a few recordings drawn from a seed.

Writes OUT/index.html and its audio (FLAC, without loss). What was added is given as it is and 30 dB louder: as it is, it
is meant to be as good as silent. docs/listening.md says what to listen for.

Needs: python3, sox.
"""

import argparse
import html
import json
import pathlib
import random

import recordings
import robustness

LOUDER_DB = 30
VERSIONS = {"original": "original", "marked": "marked", "residual": "what was added",
            "residual_louder": f"what was added, {LOUDER_DB} dB louder"}
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
section { border-top: 1px solid #bbb; padding: .5rem 0 1rem; }
.versions { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: .5rem 1rem; }
figure { margin: 0; }
audio { width: 100%; }
"""


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    recordings.add_marker_arguments(parser)
    parser.add_argument("--out", required=True, type=pathlib.Path, help="folder of the page; made if need be")
    parser.add_argument("--count", type=int, default=6, help="recordings (default %(default)s)")
    parser.add_argument("--seconds", type=float, default=20, help="of each (default %(default)s)")
    return parser.parse_args()


def mark(marker, original, marked):
    """Marks one excerpt with the read-back; returns what `wm embed` reports."""
    command = [marker.program, "embed", original, marked, "--key", marker.key, "--id", marker.id_of(original), "--json",
               "--allow-weak"]
    options = [option for option in marker.options if option != "--no-verify"]
    marked.unlink(missing_ok=True)
    return json.loads(recordings.run([*command, *options]).stdout)


def make_versions(marker, recording, arguments):
    """The four sound files of a recording; returns the report of its marking."""
    folder = arguments.out / recording.stem
    folder.mkdir(parents=True, exist_ok=True)
    draw = random.Random(f"{marker.seed}:listening:{recording.stem}")
    cut, _ = robustness.excerpt(recording, arguments.seconds, draw, f"listening_{recording.stem}", marker.work)
    files = {version: folder / f"{version}.flac" for version in VERSIONS}
    recordings.run(["sox", "-V1", "-D", cut, files["original"]])
    cut.unlink()
    report = mark(marker, files["original"], files["marked"])
    difference = ["sox", "-V1", "-D", "-m", "-v", "1", files["marked"], "-v", "-1", files["original"]]
    recordings.run([*difference, files["residual"]])
    recordings.run(["sox", "-V1", "-D", files["residual"], files["residual_louder"], "gain", str(LOUDER_DB)])
    return report


def section(recording, report):
    name = html.escape(recording.stem.replace("_", " "))
    players = "".join(f'<figure><figcaption>{label}</figcaption><audio controls preload="none" '
                      f'src="{html.escape(recording.stem)}/{version}.flac"></audio></figure>'
                      for version, label in VERSIONS.items())
    figures = f"signal-to-noise ratio {report['snr_db']:.1f} dB, noise-to-mask ratio {report['nmr_db']:.1f} dB"
    return f'<section><h2>{name}</h2><p>{figures}</p><div class="versions">{players}</div></section>\n'


def main():
    arguments = parse_arguments()
    recordings.require("sox", "soxi")
    marker = recordings.Marker.create(arguments)
    paths = recordings.find_recordings(arguments.folders)
    chosen = sorted(random.Random(marker.seed).sample(paths, min(arguments.count, len(paths))))
    reports = recordings.in_parallel(lambda path: make_versions(marker, path, arguments), chosen, arguments.jobs, "made")
    sections = "".join(section(path, report) for path, report in zip(chosen, reports))
    page = ('<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
            f'content="width=device-width, initial-scale=1"><title>Listen to the mark</title><style>{STYLE}</style></head>'
            f"<body><h1>Listen to the mark</h1>\n{sections}</body></html>\n")
    (arguments.out / "index.html").write_text(page, encoding="utf-8")
    print(arguments.out / "index.html")


if __name__ == "__main__":
    main()
