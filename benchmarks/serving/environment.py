"""A virtual environment of its own for each peer, kept in a cache folder outside of the repository."""

import hashlib
import json
import os
import subprocess
import sys
import venv
from collections.abc import Iterable
from pathlib import Path

REQUIREMENTS = Path(__file__).parent / "peers"
LISTED = (
    "import importlib.metadata as m, json, sys; print(json.dumps({n: m.version(n) for n in sys.argv[1:]}))"
)


def cache() -> Path:
    """The folder of all environments; TOLLGATE_BENCH_CACHE names another."""
    named = os.environ.get("TOLLGATE_BENCH_CACHE")
    return Path(named) if named else Path.home() / ".cache" / "tollgate-bench"


class Environment:
    """Where a peer's packages are.

    Attributes:
        folder: Its bin folder.
    """

    def __init__(self, name: str) -> None:
        """Name an environment; "" is the one that runs this."""
        self._name = name
        self._place = cache() / name
        self.folder = self._place / "bin" if name else Path(sys.executable).parent

    def install(self) -> str:
        """Install what is not there yet; "" or the end of what pip said."""
        if not self._name:
            return ""
        wanted = REQUIREMENTS / f"{self._name}.txt"
        stamp, digest = self._place / "installed", hashlib.sha256(wanted.read_bytes()).hexdigest()
        if stamp.exists() and stamp.read_text() == digest:
            return ""
        sys.stderr.write(f"installing {wanted.stem}, once\n")
        venv.create(self._place, clear=True, with_pip=True)
        pip = [str(self.folder / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        ran = subprocess.run([*pip, "-r", str(wanted)], capture_output=True, text=True, check=False)
        if ran.returncode:
            return ran.stderr.strip()[-500:]
        stamp.write_text(digest)
        return ""

    def versions(self, packages: Iterable[str]) -> dict[str, str]:
        """The versions of packages."""
        command = [str(self.folder / "python"), "-c", LISTED, *packages]
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
        found: dict[str, str] = json.loads(ran.stdout)
        return found
