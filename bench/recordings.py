"""What the measuring scripts share: finding recordings, running programs, ids drawn from a seed, marked copies kept."""

import concurrent.futures
import csv
import dataclasses
import functools
import hashlib
import pathlib
import shutil
import subprocess
import sys


def require(*programs):
    """Stops with one message naming every program that is not installed."""
    missing = [program for program in programs if shutil.which(str(program)) is None]
    if missing:
        sys.exit("missing programs: " + ", ".join(str(program) for program in missing))


def write_csv(path, rows):
    """Writes `rows`, dictionaries of the same keys; no path, no file."""
    if path:
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def find_recordings(folders):
    """All WAV files of `folders`, sorted; two files of one stem would overwrite each other's copies, so that stops."""
    paths = sorted(path for folder in folders for path in pathlib.Path(folder).glob("*.wav"))
    stems = [path.stem for path in paths]
    doubled = sorted({stem for stem in stems if stems.count(stem) > 1})
    if not paths or doubled:
        sys.exit("no *.wav in the given folders" if not paths else "more than one file named " + ", ".join(doubled))
    return paths


def run(command, allowed=(0,), text=True):
    """Runs `command`, returns its result; an exit code that is not allowed stops the measurement with its message."""
    result = subprocess.run([str(word) for word in command], capture_output=True, text=text, check=False)
    if result.returncode not in allowed:
        message = str(result.stderr or result.stdout).strip()
        raise RuntimeError(f"exit {result.returncode} from {' '.join(str(w) for w in command)}\n{message}")
    return result


@functools.lru_cache(maxsize=None)
def digest(*parts):
    """16 hex digits that name the given files' content and strings."""
    state = hashlib.blake2b(digest_size=8)
    for part in parts:
        state.update(part.read_bytes() if isinstance(part, pathlib.Path) else str(part).encode())
        state.update(b"\0")
    return state.hexdigest()


def in_parallel(function, items, jobs, label):
    """[function(item) for item in items], `jobs` at a time; counts along on a terminal."""
    results = []
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for result in pool.map(function, items):
            results.append(result)
            if sys.stderr.isatty():
                print(f"\r{label}: {len(results)}/{len(items)} ", end="", file=sys.stderr)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    return results


@dataclasses.dataclass(frozen=True)
class Marker:
    """The program under test with one key; marked copies are kept in `work` until program, key or options change."""

    program: pathlib.Path
    work: pathlib.Path
    key: pathlib.Path
    seed: str
    options: tuple

    @staticmethod
    def create(arguments):
        """From the arguments that add_marker_arguments adds; without --key, makes a key and keeps it in the folder.

        Marks without verification: the samples are the same, and a recording that carries a weak mark is measured too.
        """
        program = pathlib.Path(arguments.wm).resolve()
        require(program)
        work = pathlib.Path(arguments.work)
        work.mkdir(parents=True, exist_ok=True)
        key = pathlib.Path(arguments.key) if arguments.key else work / "bench.key"
        if not key.exists():
            run([program, "keygen", key, "--name", "bench"])
        strength = ("--strength", arguments.strength) if arguments.strength else ()
        return Marker(program, work, key, arguments.seed, ("--no-verify", *strength))

    @staticmethod
    def create_second(first):
        """A marker with another key and other ids, for recordings that `first` marked."""
        key = first.work / "second.key"
        if not key.exists():
            run([first.program, "keygen", key, "--name", "second"])
        return dataclasses.replace(first, key=key, seed=f"{first.seed}:second")

    def id_of(self, recording):
        """The 64-bit id that `recording` carries under this seed, 16 hex digits."""
        return digest(self.seed, recording.stem)

    def marked(self, recording):
        """The marked copy of `recording`."""
        version = digest(self.program, self.key, self.seed, *self.options)
        copy = self.work / "marked" / version / recording.name
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            mark = ["--key", self.key, "--id", self.id_of(recording)]
            run([self.program, "embed", recording, copy, *mark, *self.options])
        return copy


def exit_code(main):
    """What main() returns; a program that failed is reported in its own words, without a trace, as 2."""
    try:
        return main()
    except RuntimeError as failure:
        print(failure, file=sys.stderr)
        return 2


def add_marker_arguments(parser):
    """The arguments that Marker.create reads, and the ones every measurement takes."""
    parser.add_argument("folders", nargs="+", help="folders of *.wav recordings (44.1 kHz, 16 bit)")
    parser.add_argument("--wm", required=True, help="the wm program under test")
    parser.add_argument("--work", default="bench-work", help="folder for copies that are kept (default %(default)s)")
    parser.add_argument("--key", help="key file (default: made by `wm keygen` and kept in the work folder)")
    parser.add_argument("--seed", default="1", help="draws ids and offsets (default %(default)s)")
    parser.add_argument("--jobs", type=int, default=2, help="programs run at a time (default %(default)s)")
    parser.add_argument("--csv", type=pathlib.Path, help="also write the figures here")
    parser.add_argument("--strength", help="passed to `wm embed`")
