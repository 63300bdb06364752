#!/usr/bin/python3
"""How busy `wm audit` keeps the processors, how much memory it takes, and whether killed runs come to the same bytes.

Makes WORK/data: `--files` distinct recordings of `--seconds`, mono at 16 kHz, cut from the given ones at drawn places and levels; and
a registry in which every fourth of the given recordings is registered with a mark. Then:

  busy    audits the first fifth and then all of them, with `--jobs` jobs. For each thread that works, the time that it ran or waited for a
          processor that others had (/proc/PID/task/*/schedstat), over the wall time of the threads' work. What is missing to 1 is time
          that the program left a processor idle. User and system time over wall time say the same on an idle machine only.
  memory  the largest memory that either run held (VmHWM), in MB
  kills   audits the first `--kill-files` again, stopped by SIGKILL at `--kills` drawn moments and resumed each time; the four
          results and their signature must be those of a run that nobody stopped

    bench/audit.py WORK FOLDER... --wm build/release/cli/wm --files 5000

Needs: python3-numpy, python3-scipy.
"""

import argparse
import collections
import contextlib
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import time

import numpy
import scipy.io.wavfile
import scipy.signal

import recordings

RATE = 16000
RESULTS = ("allowed.txt", "excluded.csv", "signals.csv", "audit.html", "summary.json")
CLAIM = """schema = "wm-claim/1"
[recording]
title = "{title}"
[trainingMining]
"cawg.ai_training" = {{ use = "notAllowed" }}
[[parties]]
ref = "P1"
name = "{title}'s artist"
roles = ["MainArtist"]
[[rights]]
party = "P1"
sharePercent = 100
territories = ["Worldwide"]
"""


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=pathlib.Path, help="where everything goes; emptied first")
    parser.add_argument("folders", nargs="+", help="recordings (*.wav)")
    parser.add_argument("--wm", required=True, type=pathlib.Path, help="the wm program under test")
    parser.add_argument("--files", type=int, default=5000, help="(default %(default)s)")
    parser.add_argument("--seconds", type=float, default=5, help="(default %(default)s)")
    parser.add_argument("--jobs", type=int, default=2, help="(default %(default)s)")
    parser.add_argument("--kills", type=int, default=20, help="(default %(default)s)")
    parser.add_argument("--kill-files", type=int, default=200, help="(default %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="(default %(default)s)")
    return parser.parse_args()


def make_data(arguments, sources, draw):
    folder = arguments.work / "data"
    folder.mkdir()
    length = round(arguments.seconds * RATE)
    paths = []
    for place, source in enumerate(sources):
        rate, samples = scipy.io.wavfile.read(source)
        mono = samples.reshape(len(samples), -1).mean(axis=1) / 32768
        mono = scipy.signal.resample_poly(mono, RATE, rate)
        for k in range(place, arguments.files, len(sources)):
            start = draw.randrange(len(mono) - length)
            cut = mono[start:start + length] * draw.uniform(0.5, 0.9)
            path = folder / f"{k:05d}.wav"
            scipy.io.wavfile.write(path, RATE, numpy.round(32767 * numpy.clip(cut, -1, 1)).astype(numpy.int16))
            paths.append(path)
    return sorted(paths)


def make_registry(arguments, sources):
    def run(*words):
        return recordings.run([arguments.wm.resolve(), *words], text=True)

    work = arguments.work
    run("keygen", work / "label.key")
    run("party", "new", "Label", "--out", work / "label.id")
    run("registry", "init", work / "rights.db")
    (work / "marked").mkdir()
    for source in sources[::4]:
        claim = work / "claim.toml"
        claim.write_text(CLAIM.format(title=source.stem))
        run("register", source, "--claim", claim, "-r", work / "rights.db", "--key", work / "label.key", "--as", work / "label.id",
            "--out", work / "marked" / f"{source.stem}.wav")


def audit_command(arguments, listing, out):
    work = arguments.work
    return [arguments.wm, "audit", listing, "-r", work / "rights.db", "--key", work / "label.key", "--use", "ai_training", "--as-of", "2126-10-01",
            "--sign-as", work / "label.id", "--out", out, "--jobs", str(arguments.jobs), "--quiet"]


def write_list(arguments, paths):
    listing = arguments.work / f"list{len(paths)}.txt"
    listing.write_text("".join(f"{path.resolve()}\n" for path in paths))
    return listing


def look(folder, threads):
    """Adds what each thread of a process has run and waited for a processor by now, in seconds. Returns CPU seconds and memory in MB."""
    now = time.monotonic()
    for task in (folder / "task").iterdir():
        ran, waited = map(int, (task / "schedstat").read_text().split()[:2])
        threads[task.name].append((now, (ran + waited) / 1e9))
    words = (folder / "stat").read_text().rsplit(")", 1)[1].split()
    memory = (folder / "status").read_text().split("VmHWM:")[1].split()[0]
    return (int(words[11]) + int(words[12])) / 100, int(memory) / 1024


def watched(command):
    """Runs the command. Returns its threads' busy share, wall and CPU seconds, and the largest memory in MB."""
    threads, seen, started = collections.defaultdict(list), (0.0, 0.0), time.monotonic()
    with subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            with contextlib.suppress(OSError, IndexError, ValueError):  # it ended meanwhile
                seen = look(pathlib.Path(f"/proc/{process.pid}"), threads)
            time.sleep(0.05)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"exit {process.returncode}")
    workers = [looks for name, looks in threads.items() if name != str(process.pid)]
    span = max(looks[-1][0] for looks in workers) - min(looks[0][0] for looks in workers)
    busy = sum(looks[-1][1] - looks[0][1] for looks in workers) / (span * len(workers))
    return busy, time.monotonic() - started, *seen


def measure_busy(arguments, paths):
    for count in (len(paths) // 5, len(paths)):
        out = arguments.work / f"audit{count}"
        busy, wall, cpu, peak = watched(audit_command(arguments, write_list(arguments, paths[:count]), out))
        print(f"{count} files: busy {100 * busy:.1f} %, {wall:.1f} s, {cpu:.1f} s CPU ({100 * cpu / wall / arguments.jobs:.1f} % of {arguments.jobs} "
              f"processors), memory {peak:.1f} MB", flush=True)


def results(folder):
    return {name: (folder / name).read_bytes() for name in RESULTS}


def measure_kills(arguments, paths, draw):
    listing = write_list(arguments, paths[:arguments.kill_files])
    whole, killed = arguments.work / "whole", arguments.work / "killed"
    started = time.monotonic()
    recordings.run(audit_command(arguments, listing, whole), allowed=(0, 1))
    seconds = time.monotonic() - started
    num_killed = 0
    for _ in range(arguments.kills):
        command = [str(word) for word in (*audit_command(arguments, listing, killed), "--resume")]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            time.sleep(draw.uniform(0.01, 2 * seconds / arguments.kills))
            process.send_signal(signal.SIGKILL)
        num_killed += process.returncode == -signal.SIGKILL
    recordings.run([*audit_command(arguments, listing, killed), "--resume"], allowed=(0, 1))
    same = results(whole) == results(killed)
    print(f"{num_killed} of {arguments.kills} kills hit a running audit of {len(paths[:arguments.kill_files])} files; "
          f"the results are {'the same to the byte' if same else 'NOT the same'}")
    return same


def main():
    arguments = parse_arguments()
    sources = recordings.find_recordings(arguments.folders)
    shutil.rmtree(arguments.work, ignore_errors=True)
    arguments.work.mkdir(parents=True)
    draw = random.Random(arguments.seed)
    make_registry(arguments, sources)
    paths = make_data(arguments, sources, draw)
    measure_busy(arguments, paths)
    return 0 if measure_kills(arguments, paths, draw) else 1


if __name__ == "__main__":
    sys.exit(main())
