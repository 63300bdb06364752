#!/usr/bin/python3
"""How many queries `wm identify` names rightly, and how many strangers it names at all.

Takes the queries that bench/make_queries.py made in WORK and an index of WORK/indexed.txt (or a larger one that holds it), and cuts
each query to 3, 5 and 10 s (the sixty seconds of `inside` stay whole). A query counts as found when all of its recordings are among
the matches at the threshold of wm identify (or --p-value). Of those, it says how many lie within 1 s of a true place, how far speed
and pitch are off, and what they cost. A place is true also where the recording repeats itself: where its own spectrum around the place
named correlates by more than 0.9 with that around the right one. Intervals are Wilson's, 95 %.

    bench/identification.py WORK --wm build/release/cli/wm --index catalogue.db [--kind report] [--csv figures.csv]

Needs: python3-numpy; recordings at the paths in WORK/indexed.txt.
"""

import argparse
import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import wave

import numpy

import recordings
from robustness import wilson_interval

PLACE_S = 1.0


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=pathlib.Path, help="what make_queries.py filled")
    parser.add_argument("--wm", required=True, help="the wm program under test")
    parser.add_argument("--index", required=True, help="the index")
    parser.add_argument("--kind", default="report", choices=("tune", "report", "stranger"), help="(default %(default)s)")
    parser.add_argument("--seconds", default="3 5 10", help="lengths, in one list (default %(default)s)")
    parser.add_argument("--attacks", default="", help="only these, in one list (default: all)")
    parser.add_argument("--trials", type=int, default=0, help="at most so many queries of each attack (default: all)")
    parser.add_argument("--p-value", default="", help="passed to wm identify")
    parser.add_argument("--without", default="", help="strangers left out, in one list of stems")
    parser.add_argument("--csv", type=pathlib.Path, help="also write the figures here")
    return parser.parse_args()


def cut(source, target, seconds):
    with wave.open(str(source)) as whole:
        parameters = whole.getparams()
        frames = whole.readframes(int(seconds * parameters.framerate))
    with wave.open(str(target), "wb") as part:
        part.setparams(parameters)
        part.writeframes(frames)


def identify(arguments, paths):
    """The documents of wm identify, in order, and the seconds of CPU for all."""
    command = [arguments.wm, "identify", "-", "--index", arguments.index, "--ndjson", "--jobs", "1", "--quiet"]
    if arguments.p_value:
        command += ["--p-value", arguments.p_value]
    before = os.times()
    done = subprocess.run([str(word) for word in command], input="".join(f"{path}\n" for path in paths), text=True,
                          capture_output=True, check=False)
    after = os.times()
    if done.returncode == 2:
        raise RuntimeError(done.stderr)
    cpu_s = after.children_user + after.children_system - before.children_user - before.children_system
    return [json.loads(line) for line in done.stdout.splitlines()], cpu_s


class Places:
    """Knows where recordings repeat themselves."""

    def __init__(self, listing):
        self.paths = {pathlib.Path(line).stem: line for line in listing.read_text().splitlines()}

    def spectrum(self, track, start_s, seconds):
        """Levels of 20 frames a second from start_s on, [frames][bands]."""
        with wave.open(self.paths[track]) as whole:
            rate, channels = whole.getframerate(), whole.getnchannels()
            whole.setpos(min(int(max(0.0, start_s) * rate), whole.getnframes()))
            samples = numpy.frombuffer(whole.readframes(int(seconds * rate)), "<i2").astype(float)
        samples = samples.reshape(-1, channels).mean(axis=1)
        hop = rate // 20
        if len(samples) < 4 * hop:
            return numpy.zeros((0, 0))
        frames = numpy.lib.stride_tricks.sliding_window_view(samples, 4 * hop)[::hop]
        power = numpy.abs(numpy.fft.rfft(frames * numpy.hanning(4 * hop)))[:, 20:800:6] ** 2
        return numpy.log(power + 1)

    def same(self, track, a_s, b_s):
        if abs(a_s - b_s) < PLACE_S:
            return True
        a = self.spectrum(track, a_s, 3.2)[:60]
        around_b = self.spectrum(track, b_s - PLACE_S, 3.2 + 2 * PLACE_S)
        best = 0.0
        for start in range(41):
            b = around_b[start:][:60]
            if len(a) == len(b) == 60:
                best = max(best, numpy.corrcoef((a - a.mean(0)).ravel(), (b - b.mean(0)).ravel())[0, 1])
        return best > 0.9


def judge(query, document, places):
    """What came of one query: found, and of the first recording's match: place right, errors of speed and pitch."""
    matches = {match["track"]: match for match in reversed(document["matches"])}
    outcome = {"found": all(part["track"] in matches for part in query["parts"]), "named": bool(matches)}
    first = query["parts"][0]
    match = matches.get(first["track"])
    if outcome["found"] and match:
        expected_s = first["start_s"] + query["tempo"] * (match["query_start"] - first.get("query_start_s", 0))
        outcome["place"] = places.same(first["track"], match["asset_start"], expected_s)
        outcome["speed_error"] = abs(match["audio_speed"] / query["tempo"] - 1)
        outcome["pitch_error"] = abs(match["audio_pitch"] - query["pitch"])
    return outcome


def measure(arguments, queries, seconds, places):
    with tempfile.TemporaryDirectory(prefix="wm-queries-") as folder:
        paths = []
        for number, query in enumerate(queries):
            whole = query["attack"].split("+")[0] == "inside"
            paths.append(pathlib.Path(folder) / f"{number}.wav")
            cut(query["file"], paths[-1], 60 if whole else seconds)
        documents, cpu_s = identify(arguments, paths)
    return [judge(query, document, places) for query, document in zip(queries, documents)], cpu_s


def row_of(attack, seconds, outcomes, cpu_s):
    key = "named" if attack.startswith("stranger") else "found"
    count = sum(outcome[key] for outcome in outcomes)
    low, high = wilson_interval(count, len(outcomes))
    hits = [outcome for outcome in outcomes if "place" in outcome]
    share = lambda values: f"{100 * sum(values) / len(values):.0f}" if values else "-"
    worst = lambda name: f"{sorted(hit[name] for hit in hits)[int(0.97 * (len(hits) - 1))]:.4f}" if hits else "-"
    return {"attack": attack, "seconds": seconds, "trials": len(outcomes), key: count,
            "percent": f"{100 * count / len(outcomes):.1f}", "interval": f"{100 * low:.1f}-{100 * high:.1f}",
            "place_percent": share([hit["place"] for hit in hits]), "speed_error_p97": worst("speed_error"),
            "pitch_error_p97": worst("pitch_error"), "cpu_ms": f"{1000 * cpu_s / len(outcomes):.0f}"}


def main():
    arguments = parse_arguments()
    left_out, attacks = arguments.without.split(), arguments.attacks.split()
    queries = [query for query in json.loads((arguments.work / "queries.json").read_text())
               if query["kind"] == arguments.kind and query["parts"][0]["track"] not in left_out
               and (not attacks or query["attack"] in attacks)]
    groups = collections.defaultdict(list)
    for query in queries:
        groups["stranger" if arguments.kind == "stranger" else query["attack"]].append(query)
    places = Places(arguments.work / "indexed.txt")
    rows = []
    for attack, members in groups.items():
        members = members[:arguments.trials or None]
        for seconds in [60] if attack == "inside" else [float(word) for word in arguments.seconds.split()]:
            rows.append(row_of(attack, seconds, *measure(arguments, members, seconds, places)))
            print("  ".join(f"{value!s:>8}" for value in rows[-1].values()), flush=True)
    recordings.write_csv(arguments.csv, [{name: row.get(name, "") for name in {**rows[0], **row}} for row in rows])
    return 0


if __name__ == "__main__":
    sys.exit(recordings.exit_code(main))
