"""The installed command, run in a folder as a user runs it."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

TOLLGATE = Path(sys.executable).with_name("tollgate")
PATIENCE = 300
OURS = ("TOLLGATE_", "NO_COLOR", "FORCE_COLOR", "PYTHON")


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    status: int
    out: str
    err: str


def environment(**extra: str) -> dict[str, str]:
    """What a user's shell would hold: nothing that changes Tollgate or its colours, and a wide terminal."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "COLUMNS": "200", **extra}


def tollgate(folder: Path, *words: str, before: tuple[str, ...] = (), **extra: str) -> Ended:
    """Run the command, by another command where one stands before it."""
    done = subprocess.run(
        [*before, TOLLGATE, *words],
        cwd=folder,
        env=environment(**extra),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)
