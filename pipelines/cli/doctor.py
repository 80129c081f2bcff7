"""`tollgate doctor`: what could go wrong on this machine, and how to mend it."""

import json
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import typer

from pipelines.cli.options import AsJson

FREE_BYTES = 1024**3
PORT = 8080
NEEDED = ("kfp", "kserve", "scikit-learn", "pandas", "onnxruntime", "pyarrow")
PYTHONS = ((3, 11), (3, 14))


@dataclass(frozen=True)
class Check:
    """One thing looked at: whether it is right, what was found, and the fix where it is not."""

    name: str
    right: bool
    found: str
    fix: str = ""


def doctor(as_json: AsJson = False) -> None:
    """Look at Python, packages, disk and port; exit 1 when something needs mending."""
    checks = list(examine())
    if as_json:
        typer.echo(json.dumps([asdict(check) for check in checks], indent=2))
    else:
        for check in checks:
            typer.echo(f"{'ok  ' if check.right else 'MEND'}  {check.name:<13} {check.found}")
            if not check.right:
                typer.echo(f"      {'':<13} fix: {check.fix}")
    if not all(check.right for check in checks):
        raise typer.Exit(1)


def examine() -> Iterator[Check]:
    """Every check, in order."""
    version = sys.version_info[:2]
    found = ".".join(map(str, sys.version_info[:3]))
    yield Check("Python", PYTHONS[0] <= version < PYTHONS[1], found, "use Python 3.11, 3.12 or 3.13")
    for name in NEEDED:
        yield _package(name)
    free = shutil.disk_usage(Path.cwd()).free
    yield Check("disk", free >= FREE_BYTES, f"{free / 1024**3:.1f} GiB free here", "free at least 1 GiB")
    yield _port()
    names = [name for name in ("serving", "components", "pipelines", "kfp.py") if Path(name).exists()]
    shadowed = "PYTHONPATH" in os.environ and bool(names)
    fix = "take this folder out of PYTHONPATH: names in it would be imported in place of ours"
    yield Check("PYTHONPATH", not shadowed, "not in the way" if not shadowed else ", ".join(names), fix)


def _package(name: str) -> Check:
    from importlib import metadata  # a third of what `tollgate --help` would cost

    try:
        return Check(name, True, metadata.version(name))
    except metadata.PackageNotFoundError:
        return Check(
            name,
            False,
            "not installed",
            "make run sets it all up, or: pip install -e '.[pipelines,serving]'",
        )


def _port() -> Check:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", PORT))
        except OSError:
            fix = "end what listens there, or: tollgate serve --port 0"
            return Check(f"port {PORT}", False, "in use", fix)
    return Check(f"port {PORT}", True, "free")
