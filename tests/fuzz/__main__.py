"""Many mutated files, read one after another: python -m tests.fuzz --cases 100000 --seed 1.

The reading is done in a process of its own, so that a crash or a hang is a finding too. Each finding is written to the
corpus, which the tests read from then on. Exit status 1 where there was one.
"""

import argparse
import faulthandler
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from tests.fuzz.cases import CORPUS, FOUND, case, read_case
from tollgate.canonical import sha256

PATIENCE = 30
EACH = 1000


def main() -> int:
    """Run the cases, and print a summary."""
    options = argparse.ArgumentParser(prog="python -m tests.fuzz")
    options.add_argument("--cases", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--first", type=int, default=0, help=argparse.SUPPRESS)
    options.add_argument("--place", type=Path, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.place:
        return work(asked.seed, asked.first, asked.cases, asked.place)
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        told: Counter[str] = Counter()
        first = 0
        while first < asked.cases:
            first = run_from(first, asked.cases, asked.seed, Path(folder), told)
    seconds = time.monotonic() - start
    say(
        f"{asked.cases} cases, seed {asked.seed}, {seconds:.0f} s: "
        + ", ".join(f"{n} {w}" for w, n in told.items())
    )
    return 1 if told["findings"] else 0


def run_from(first: int, end: int, seed: int, folder: Path, told: Counter[str]) -> int:
    """Read cases until the end, or until the process that reads them dies; where to go on."""
    command = ["--cases", str(end), "--seed", str(seed), "--first", str(first), "--place", str(folder)]
    with subprocess.Popen(
        [sys.executable, "-X", "faulthandler", "-m", "tests.fuzz", *command],
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        for line in child.stdout:
            word, _, rest = line.strip().partition(" ")
            if word in ("read", "refused"):
                told[word] += int(rest)
            else:
                told["findings"] += 1
                say(line.strip())
    if child.returncode == 0:
        return end
    number = int((folder / "number").read_text())
    told["findings"] += 1
    say(f"finding: case {number} ended the process with status {child.returncode}: {keep(seed, number)}")
    return number + 1


def work(seed: int, first: int, end: int, folder: Path) -> int:
    """Read cases in this process, and say how it went."""
    counts: Counter[str] = Counter()
    with (folder / "number").open("w") as place:
        for number in range(first, end):
            place.seek(0)
            place.write(f"{number}\n")
            place.flush()
            faulthandler.dump_traceback_later(PATIENCE, exit=True)
            counts[one(seed, number, folder)] += 1
            if number % EACH == EACH - 1 or number == end - 1:
                for word, count in counts.items():
                    say(f"{word} {count}")
                counts.clear()
    faulthandler.cancel_dump_traceback_later()
    return 0


def one(seed: int, number: int, folder: Path) -> str:
    """Read one case: whether it was read or refused; a finding is told and kept."""
    try:
        return "refused" if read_case(*case(seed, number), folder) else "read"
    except Exception:  # noqa: BLE001 - that is what is looked for
        last = traceback.format_exc().strip().splitlines()[-1]
        sys.stderr.write(traceback.format_exc())
        say(f"finding: case {number}: {last[:200]}: {keep(seed, number)}")
        return "refused"


def keep(seed: int, number: int) -> str:
    """Write a case to the corpus; its name."""
    ending, content, _ = case(seed, number)
    path = CORPUS / f"{FOUND}{sha256(content)[:12]}{ending}"
    path.write_bytes(content)
    return path.name


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
