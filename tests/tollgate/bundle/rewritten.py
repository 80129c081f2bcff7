"""Bundles changed on purpose, with a manifest that agrees with the change."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from tollgate.bundle.files import with_manifest


def rewritten(folder: Path, to: Path, change: Mapping[str, bytes]) -> str:
    """Copy a bundle with other content in some files and a manifest that says so, and give its digest."""
    shutil.copytree(folder, to)
    files = {path.name: path.read_bytes() for path in to.iterdir() if path.name != "manifest.json"}
    digest, complete = with_manifest({**files, **change})
    for name, content in complete.items():
        (to / name).write_bytes(content)
    return digest
