"""What every target can do."""

import os
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

from serving.section import ServingSection
from serving.targets.history import Entry
from serving.targets.pointer import Pointer
from tollgate.errors import ConfigError
from tollgate.release import Release

TARGET_FOLDER = "TOLLGATE_TARGETS"


@dataclass(frozen=True)
class Published:
    """What publishing did.

    Attributes:
        pointer: What the target serves now.
        changed: Whether anything was written; the same release again changes nothing.
    """

    pointer: Pointer
    changed: bool


class Target(ABC):
    """A place where one release at a time is live."""

    @abstractmethod
    def current(self) -> Pointer | None:
        """What is served; None only where nothing ever was.

        Raises:
            TargetError: The pointer cannot be read, or is missing although there is a history.
        """

    @abstractmethod
    def release(self, digest: str) -> Release:
        """A release that was published here.

        Raises:
            TargetError: It is not there, or was changed.
        """

    @abstractmethod
    def bundle(self, pointer: Pointer) -> Path:
        """The folder of the bundle that a pointer names."""

    @abstractmethod
    def history(self) -> list[Entry]:
        """Every promotion and rollback, newest first.

        Raises:
            TargetError: The chain is broken.
        """

    @abstractmethod
    def publish(
        self, release: Release, bundle: Path, expect: Pointer | None, section: ServingSection
    ) -> Published:
        """Make a release live, if the target still serves what is expected.

        Args:
            release: The release.
            bundle: The folder of its bundle.
            expect: What the target served when the release was judged.
            section: How it is to be served.

        Raises:
            ConflictError: Something else is live by now; nothing was changed.
            BundleError: The bundle is not what the release says, or its golden requests do not reproduce.
        """

    @abstractmethod
    def rollback(self, to: str | None, reason: str) -> Pointer:
        """Make a release live again that was live before.

        Args:
            to: The digest of the release, or its first 8 digits or more; None for the one before.
            reason: Why, for the history.

        Raises:
            TargetError: There is no such release.
        """


def open_target(kind: str, storage: Path, name: str) -> Target:
    """The target of a kind.

    Args:
        kind: local.
        storage: The storage's folder; the local target lies in it unless the environment names another.
        name: The name of what is served.

    Raises:
        ConfigError: There is no such kind.
    """
    from serving.targets.local import LocalTarget

    if kind != "local":
        raise ConfigError(f"there is no target {kind!r} yet; there is local")
    root = os.environ.get(TARGET_FOLDER)
    return LocalTarget((Path(root) if root else storage / "targets") / name)
