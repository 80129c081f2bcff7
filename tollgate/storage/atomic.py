"""Writing files and folders so that a reader sees the old or the new, never a half."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path


def write_file(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there; it is on the disk when this returns.

    Raises:
        OSError: It cannot be written; the old file, if any, is untouched.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), 0o644)
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def place_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder of files beside its place and move it there; the first writer wins.

    Args:
        path: The place, named by the content.
        files: The content of each file by its name.

    Raises:
        OSError: It cannot be written; nothing is at the place then.
    """
    if path.is_dir():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name[:16]}."))
    try:
        for name, content in files.items():
            write_file(staged / name, content)
        staged.chmod(0o755)
        move_folder(staged, path)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def move_folder(staged: Path, path: Path) -> None:
    """Move a folder to a place named by its content, unless one is there already.

    Raises:
        OSError: It cannot be moved.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        staged.rename(path)
    except OSError:
        if not path.is_dir():  # else somebody was first with the same content
            raise
    _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
