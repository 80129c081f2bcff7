"""Storage in a folder: content goes in under a key, whole or not at all."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from tollgate.errors import ConfigError, StorageError
from tollgate.storage.atomic import move_folder, place_folder, write_file
from tollgate.storage.unwritten import unwritten

_STAGING = ".staging"


class FolderStorage:
    """A folder that holds files by key, such as runs/ID/outcome.json."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def epoch(self) -> str:
        """A text that changes whenever stored content was removed, so that no cache points at it."""
        return self.read("epoch").decode().strip() if self.exists("epoch") else "0"

    def exists(self, key: str) -> bool:
        """Whether there is a file or folder under a key."""
        return self._path(key).exists()

    def read(self, key: str) -> bytes:
        """The content under a key.

        Raises:
            StorageError: There is none, or it cannot be read.
        """
        try:
            return self._path(key).read_bytes()
        except OSError as error:
            raise StorageError(f"{self._path(key)}: cannot be read ({error.strerror})") from error

    def write(self, key: str, content: bytes) -> None:
        """Put content under a key, over what was there.

        Raises:
            StorageError: It cannot be written.
        """
        with self.writing(key) as path:
            write_file(path, content)

    def place(self, key: str, files: Mapping[str, bytes]) -> Path:
        """Put a folder of files under a key named by content; the first writer wins."""
        with self.writing(key) as path:
            place_folder(path, files)
        return self._path(key)

    def folder(self, key: str) -> Path:
        """A local folder with the files under a key.

        Raises:
            StorageError: There is none.
        """
        path = self._path(key)
        if not path.is_dir():
            raise StorageError(f"{path}: is not there; was the storage cleared, or is it another one?")
        return path

    @contextlib.contextmanager
    def staging(self) -> Iterator[Path]:
        """An empty folder on the storage's own disk, gone afterwards."""
        with self.writing(_STAGING) as parent:
            parent.mkdir(parents=True, exist_ok=True)
            path = Path(tempfile.mkdtemp(dir=parent))
            path.chmod(0o755)
        try:
            with self.writing(_STAGING):
                yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)

    def adopt(self, staged: Path, key: str) -> Path:
        """Move a staged folder under a key named by content; the first writer wins."""
        with self.writing(key) as path:
            move_folder(staged, path)
        return self._path(key)

    @contextlib.contextmanager
    def writing(self, key: str) -> Iterator[Path]:
        """The path of a key, to write there.

        Raises:
            StorageError: That failed.
        """
        path = self._path(key)
        try:
            yield path
        except OSError as error:
            raise StorageError(f"{path}: cannot be written ({unwritten(error)})") from error

    def _path(self, key: str) -> Path:
        """The path of a key, which never leads out of the root.

        Raises:
            StorageError: It would.
        """
        parts = PurePosixPath(key)
        if parts.is_absolute() or not parts.parts or ".." in parts.parts:
            raise StorageError(f"{key!r} is no key of the storage {self.root}: it leads out of it")
        return self.root / key


def open_storage(uri: str) -> FolderStorage:
    """The storage at a path or a file: URI.

    Raises:
        ConfigError: The URI is of another kind.
    """
    scheme, colon, rest = uri.partition("://")
    if not colon:
        return FolderStorage(Path(uri).expanduser())
    if scheme != "file" or not rest.startswith("/"):
        raise ConfigError(f"storage {uri!r}: only a folder can be used, written as a path or file:///path")
    return FolderStorage(Path(rest))
