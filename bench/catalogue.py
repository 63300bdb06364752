#!/usr/bin/python3
"""How many verdicts of `wm check` are right over a generated catalogue, and whether any allows what it must not.

Cuts tracks of 25 to 32 s from real recordings, each varied in speed, bass and treble, and deals them out by the seed:

    share  kind
    20 %   licensed                   registered, with a licence to stream
    10 %   copy                       the copy that was marked for one recipient
     5 %   transplant on registered   the mark of a licensed track on another registered recording
     5 %   transplant on stranger     the same on one that nobody registered
     5 %   stripped                   registered, and uploaded without its mark; every second one licensed
    10 %   revoked                    the claim revoked, or its licence, in turn
    10 %   partial                    8 to 12 s of a track amid 25 s of a stranger; every second one licensed
    30 %   stranger                   cut from recordings of which nothing is registered
     5 %   plain                      registered, without a licence

Consent to AI training is drawn; of every fifth claim it is changed later, and every tenth claim is corrected. Each upload goes
through a chain of `wm attack` drawn from the seed: loudness, speed, pitch and another recording laid over it, each for every second
upload, and always a codec. Then one `wm check --manifest` asks two uses of all. What is right follows from how the catalogue was
made: a verdict counts as right when the decision on both uses is. Music repeats itself: where a verdict names other tracks that were cut
from the same recording, their claims count too, and the strictest decides; how often that was so is said. And where a mark that was
carried over is not read any more after the chain, there is nothing left to doubt, and the sound alone decides.

    bench/catalogue.py RECORDINGS --wm build/release/cli/wm --work catalogue-work [--tracks 1000] [--csv verdicts.csv]

Needs: sox. Writes about 12 MB a track into --work, which must be new.
"""

import argparse
import collections
import json
import os
import pathlib
import random
import sys

import recordings
from catalogue_audio import Cutter, chain_of

LICENSEE = "dpid:PADPIDA2014"
ALLOW, UNKNOWN, REVIEW, BLOCK = "allow", "unknown", "review", "block"
STRICTNESS = [ALLOW, UNKNOWN, REVIEW, BLOCK]
SHARES = {"licensed": 20, "copy": 10, "transplant on registered": 5, "transplant on stranger": 5, "stripped": 5, "revoked": 10,
          "partial": 10, "stranger": 30, "plain": 5}
UNREGISTERED = ("transplant on stranger", "stranger")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recordings", nargs="+", help="folders of *.wav recordings (44.1 kHz, 16 bit)")
    parser.add_argument("--wm", required=True, help="the wm program under test")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="where everything goes; a new folder")
    parser.add_argument("--tracks", type=int, default=1000, help="(default %(default)s)")
    parser.add_argument("--seed", default="1", help="draws everything (default %(default)s)")
    parser.add_argument("--jobs", type=int, default=2, help="programs run at a time (default %(default)s)")
    parser.add_argument("--csv", type=pathlib.Path, help="also write every verdict here")
    return parser.parse_args()


class Track:
    def __init__(self, number, kind, draw):
        self.name = f"t{number:04}"
        self.kind = kind
        self.isrc = f"USRC1{number:07}"
        is_odd = number % 2 == 1
        self.is_licensed = kind == "licensed" or (is_odd and kind in ("stripped", "partial", "transplant on registered"))
        self.revokes = {True: "claim", False: "licence"}[is_odd] if kind == "revoked" else ""
        self.first_consent = draw.choice(("allowed", "notAllowed", "constrained", ""))
        self.corrected_consent = draw.choice(("allowed", "notAllowed")) if number % 10 == 3 else None
        self.changed_consent = draw.choice(("allowed", "notAllowed")) if number % 5 == 4 else None
        self.consent = self.changed_consent or self.corrected_consent or self.first_consent
        self.origin = None  # whose mark was carried over
        self.work = ""  # what it was cut from

    def is_registered(self):
        return self.kind not in UNREGISTERED

    def claim_says(self):
        """What its claim says to (streaming, AI training)."""
        if self.revokes == "claim":
            return REVIEW, REVIEW
        return (ALLOW if self.is_licensed else BLOCK,
                {"allowed": ALLOW, "notAllowed": BLOCK, "constrained": BLOCK, "": REVIEW}[self.consent])

    def expected(self, repeats, has_mark):
        """The right decision on both, for an upload in which the tracks `repeats` are heard, too, and whether a mark is read."""
        least = UNKNOWN if self.kind == "partial" or not self.is_registered() else ALLOW
        if self.origin and has_mark:
            least = REVIEW
        answers = [(least, least)]
        answers += [track.claim_says() for track in (self, *repeats) if track.is_registered()]
        return tuple(max(both, key=STRICTNESS.index) for both in zip(*answers))


def deal(num_tracks, seed):
    """The tracks, their kinds in the shares above; every origin of a mark is a licensed one."""
    draw = random.Random(f"{seed}:deal")
    kinds = [kind for kind, share in SHARES.items() for _ in range(round(num_tracks * share / 100))]
    tracks = [Track(number, kind, draw) for number, kind in enumerate(kinds)]
    licensed = [track for track in tracks if track.kind == "licensed"]
    for track in tracks:
        if track.kind.startswith("transplant"):
            track.origin = draw.choice(licensed)
    return tracks


class Catalogue:
    def __init__(self, arguments):
        self.wm_program = pathlib.Path(arguments.wm).resolve()
        recordings.require(self.wm_program, "sox")
        self.arguments = arguments
        self.work = arguments.work
        for folder in ("tracks", "raw", "uploads"):
            (self.work / folder).mkdir(parents=True)
        self.tracks = deal(arguments.tracks, arguments.seed)
        self.strangers = [track for track in self.tracks if track.kind == "stranger"]
        self.registry = ("-r", self.work / "rights.db")

    def wm(self, *words, allowed=(0,)):
        return recordings.run([self.wm_program, *words], allowed)

    def rights(self, *words):
        self.wm(*words, *self.registry, "--as", self.work / "label.id")

    def make_tracks(self):
        num_strangers = sum(not track.is_registered() for track in self.tracks)
        cutter = Cutter(recordings.find_recordings(self.arguments.recordings), self.arguments.seed, num_strangers)
        jobs = []
        for track in self.tracks:
            place = cutter.place(not track.is_registered())
            track.work = place["work"]
            jobs.append((place, self.work / "tracks" / f"{track.name}.wav"))
        recordings.in_parallel(lambda job: cutter.cut(*job), jobs, self.arguments.jobs, "tracks")

    def register(self):
        self.wm("keygen", self.work / "label.key", "--name", "label")
        self.wm("party", "new", "Label", "--out", self.work / "label.id")
        self.wm("registry", "init", self.registry[1])
        lines, copies = ["input,isrc,title,ai_training"], ["input,isrc,title,recipient"]
        for track in filter(Track.is_registered, self.tracks):
            lines.append(f"tracks/{track.name}.wav,{track.isrc},{track.name},{track.first_consent}")
            if track.kind == "copy":
                copies.append(f"tracks/{track.name}.wav,{track.isrc},{track.name},recipient of {track.name}")
        for name, rows in (("marked", lines), ("copies", copies)):
            manifest = self.work / f"{name}.csv"
            manifest.write_text("\n".join(rows) + "\n")
            self.wm("register", "--manifest", manifest, *self.registry, "--key", self.work / "label.key", "--as", self.work / "label.id",
                    "--out", self.work / name, "--jobs", self.arguments.jobs, "--allow-weak", "-q")

    def decide_rights(self):
        """Everything that is recorded about the claims after they were made."""
        claim_file = self.work / "corrected.toml"
        for track in filter(Track.is_registered, self.tracks):
            if track.corrected_consent:
                claim_file.write_text(f'schema = "wm-claim/1"\n[recording]\nisrc = "{track.isrc}"\ntitle = "{track.name}, corrected"\n'
                                      f'[trainingMining]\n"cawg.ai_training" = {{ use = "{track.corrected_consent}" }}\n')
                self.rights("claim", "supersede", track.isrc, "--claim", claim_file)
            if track.changed_consent:
                self.rights("consent", "set", track.isrc, f"ai_training={track.changed_consent}")
            if track.is_licensed or track.revokes:
                self.rights("licence", "grant", track.isrc, "--licensee", LICENSEE, "--use", "stream")
            if track.revokes == "claim":
                self.rights("claim", "revoke", track.isrc)
            elif track.revokes:
                listed = self.wm("licence", "list", track.isrc, *self.registry, "--json").stdout
                self.rights("licence", "revoke", json.loads(listed)["id"])

    def make_uploads(self):
        overlay = self.work / "tracks" / f"{self.strangers[0].name}.wav"

        def make(track):
            source = self.source_of(track)
            chain = chain_of(track.name, self.arguments.seed)
            self.wm("attack", source, self.work / "uploads" / f"{track.name}.wav", *chain, "--with", f"other={overlay}", "--seed",
                    int(track.name[1:]), "-q")
            return chain
        chains = recordings.in_parallel(make, self.tracks, self.arguments.jobs, "uploads")
        return {track.name: " ".join(chain) for track, chain in zip(self.tracks, chains)}

    def source_of(self, track):
        """The upload before anything happened to it."""
        original = self.work / "tracks" / f"{track.name}.wav"
        marked = self.work / "marked" / f"{track.name}.wav"
        target = self.work / "raw" / f"{track.name}.wav"
        if track.origin:
            shown = json.loads(self.wm("claim", "show", track.origin.isrc, *self.registry, "--json").stdout)
            self.wm("embed", original, target, "--key", self.work / "label.key", "--id", shown["record"]["wmId"], "--allow-weak", "-q")
            return target
        if track.kind == "partial":
            host = self.strangers[int(track.name[1:]) % len(self.strangers)]
            Cutter.insert(marked, self.work / "tracks" / f"{host.name}.wav", target, f"{self.arguments.seed}:{track.name}")
            return target
        if track.kind == "copy":
            return self.work / "copies" / f"{track.name}.wav"
        return original if track.kind in ("stripped", "stranger") else marked

    def check(self):
        manifest = self.work / "uploads.csv"
        manifest.write_text("\n".join(["input", *(f"uploads/{track.name}.wav" for track in self.tracks)]) + "\n")
        done = self.wm("check", "--manifest", manifest, *self.registry, "--key", self.work / "label.key", "--use", "stream", "--use",
                       "ai_training", "--territory", "FR", "--licensee", LICENSEE, "--ndjson", "--jobs", self.arguments.jobs, "-q",
                       allowed=(0, 1, 3))
        return [json.loads(line) for line in done.stdout.splitlines()]


def row_of(track, document, chain, tracks_by_isrc):
    named = [tracks_by_isrc[claim["isrc"]] for claim in document["claims"]]
    repeats = [other for other in named if other is not track and other.work == track.work]
    has_mark = any(signal["code"] == "MARK_FOUND" for signal in document["signals"])
    wanted = track.expected(repeats, has_mark)
    answers = tuple(answer["decision"] for answer in document["answers"])
    return {"track": track.name, "kind": track.kind, "right": answers == wanted,
            "wrong_allow": any(got.startswith(ALLOW) and want != ALLOW for got, want in zip(answers, wanted)),
            "repeats": len(repeats), "wanted": "/".join(wanted), "got": "/".join(answers),
            "reasons": " ".join(sorted({reason["code"] for reason in document["reasons"]})),
            "mark_read": has_mark,
            "recipients": " ".join(claim["recipient"] for claim in document["claims"] if claim.get("recipient")),
            "chain": chain}


def print_report(rows, cpu_s):
    groups = collections.defaultdict(list)
    for row in rows:
        groups[row["kind"]].append(row)
    print(f"{'kind':26} {'tracks':>6} {'right':>6} {'wrong allow':>12} {'repeats':>8} {'mark read':>10}")
    for kind, members in [*groups.items(), ("all", rows)]:
        print(f"{kind:26} {len(members):6} {sum(row['right'] for row in members):6} {sum(row['wrong_allow'] for row in members):12} "
              f"{sum(row['repeats'] > 0 for row in members):8} {sum(row['mark_read'] for row in members):10}")
    named = sum(row["recipients"] == f"recipient of {row['track']}" for row in groups["copy"])
    print(f"recipients named rightly: {named} of {len(groups['copy'])}; {cpu_s:.0f} s of CPU in all")
    for row in rows:
        if not row["right"]:
            print(f"wrong: {row['track']} {row['kind']}: {row['got']} for {row['wanted']} ({row['reasons']}) after {row['chain']}")


def main():
    arguments = parse_arguments()
    catalogue = Catalogue(arguments)
    catalogue.make_tracks()
    catalogue.register()
    catalogue.decide_rights()
    chains = catalogue.make_uploads()
    by_isrc = {track.isrc: track for track in catalogue.tracks}
    rows = [row_of(track, document, chains[track.name], by_isrc) for track, document in zip(catalogue.tracks, catalogue.check())]
    spent = os.times()
    print_report(rows, spent.user + spent.system + spent.children_user + spent.children_system)
    recordings.write_csv(arguments.csv, rows)
    return 1 if any(row["wrong_allow"] for row in rows) else 0


if __name__ == "__main__":
    sys.exit(recordings.exit_code(main))
