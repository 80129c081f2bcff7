"""A folder as a target: the same manifest, and the bundle where `tollgate serve` finds it."""

import contextlib
import fcntl
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from typing_extensions import override

from serving.manifest import inference_service, to_yaml
from serving.section import ServingSection
from serving.targets.history import Entry, entries, newest, propose, settle
from serving.targets.pointer import Pointer
from serving.targets.target import Published, Target
from tollgate.bundle.bundle import Bundle
from tollgate.bundle.files import with_manifest
from tollgate.canonical import canonical_json
from tollgate.clock import now
from tollgate.errors import ConflictError, TargetError
from tollgate.release import Release
from tollgate.storage.atomic import place_folder, write_file

FEWEST_DIGITS = 8


class LocalTarget(Target):
    """A target in a folder.

    pointer.json names the live release; releases/DIGEST/ holds release.json, inferenceservice.yaml and bundle/;
    history/ the chain of promotions and rollbacks. Only pointer.json ever changes, last and by one rename.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @override
    def current(self) -> Pointer | None:
        pointer = self._pointer()
        if pointer is None and newest(self._history) is not None:
            pointer = self._pointer()  # looked at twice: the first promotion may have come in between
            if pointer is None:
                raise TargetError(
                    f"{self.folder / 'pointer.json'}: is missing, but there is a history: something was live here; "
                    "`tollgate rollback` restores it"
                )
        return pointer

    def _pointer(self) -> Pointer | None:
        path = self.folder / "pointer.json"
        try:
            return Pointer.read(json.loads(path.read_bytes()))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError) as error:
            raise TargetError(
                f"{path}: cannot be read ({type(error).__name__}); `tollgate rollback` restores it"
            ) from error

    @override
    def release(self, digest: str) -> Release:
        path = self._release(digest) / "release.json"
        try:
            found = Release.read(json.loads(path.read_bytes()))
        except (OSError, ValueError, RecursionError) as error:
            raise TargetError(f"{path}: cannot be read ({type(error).__name__})") from error
        if found.digest() != digest:
            raise TargetError(f"{path}: was changed after it was published")
        return found

    @override
    def bundle(self, pointer: Pointer) -> Path:
        return self._release(pointer.release) / "bundle"

    def manifest(self, pointer: Pointer) -> Path:
        """The InferenceService manifest of what a pointer names."""
        return self._release(pointer.release) / "inferenceservice.yaml"

    @override
    def history(self) -> list[Entry]:
        pointer = self.current()
        return [] if pointer is None else list(entries(self._history, pointer.history))

    @override
    def publish(
        self, release: Release, bundle: Path, expect: Pointer | None, section: ServingSection
    ) -> Published:
        proven = Bundle.load(bundle, release.bundle)
        proven.prove()
        with self._locked():
            live = self.current()
            if live != expect:
                raise ConflictError(
                    f"{self.folder}: generation {live.generation if live else 0} is live, not the one that was "
                    "judged against; nothing was changed"
                )
            if live:
                settle(self._history, live.history)  # a crash may have come before that
                if release.same_as(self.release(live.release)):
                    return Published(live, changed=False)
            self._place(release, proven, section)
            return Published(self._point(release, live, "promote", ""), changed=True)

    @override
    def rollback(self, to: str | None, reason: str) -> Pointer:
        with self._locked():
            live, earlier = self._known()
            chosen = self._choose(to, earlier)
            release = self.release(chosen)
            Bundle.load(self._release(chosen) / "bundle", release.bundle).prove()
            return self._point(release, live, "rollback", reason)

    def _known(self) -> tuple[Pointer, list[Entry]]:
        """What is live, and the entries that can be gone back to, newest first.

        A pointer that was lost is made up from the history, and its own release can be gone back to.
        """
        try:
            live = self.current()
        except TargetError:
            head = newest(self._history)
            if head is None:
                raise
            known = list(entries(self._history, head))
            last = known[0]
            made_up = Pointer(
                release=last.release, bundle=last.bundle, generation=last.generation, history=head
            )
            return made_up, known
        if live is None:
            raise TargetError(f"{self.folder}: nothing was ever published here")
        known = list(entries(self._history, live.history))
        return live, [entry for entry in known[1:] if entry.release != live.release]

    def _choose(self, to: str | None, earlier: list[Entry]) -> str:
        releases = list(dict.fromkeys(entry.release for entry in earlier))
        if not releases:
            raise TargetError(f"{self.folder}: no other release was live before this one")
        if to is None:
            return releases[0]
        found = [release for release in releases if release.startswith(to)]
        if len(to) < FEWEST_DIGITS or len(found) != 1:
            were = ", ".join(release[:12] for release in releases)
            raise TargetError(f"{to!r} names no one release to go back to; there are {were}")
        return found[0]

    def _place(self, release: Release, bundle: Bundle, section: ServingSection) -> None:
        folder = self._release(release.digest())
        _, files = with_manifest(bundle.files)
        place_folder(folder / "bundle", files)
        Bundle.load(folder / "bundle", release.bundle)
        objects = inference_service(section, release, f"{(folder / 'bundle').resolve().as_uri()}/")
        write_file(folder / "inferenceservice.yaml", to_yaml(objects).encode())
        write_file(folder / "release.json", canonical_json(json.loads(release.model_dump_json())))

    def _point(
        self, release: Release, live: Pointer | None, kind: Literal["promote", "rollback"], reason: str
    ) -> Pointer:
        entry = Entry(
            kind=kind,
            release=release.digest(),
            bundle=release.bundle,
            generation=live.generation + 1 if live else 1,
            previous=live.history if live else None,
            at=now(),
            reason=reason,
        )
        head = propose(self._history, entry)
        pointer = Pointer(
            release=entry.release, bundle=entry.bundle, generation=entry.generation, history=head
        )
        write_file(self.folder / "pointer.json", canonical_json(json.loads(pointer.model_dump_json())))
        settle(self._history, head)
        return pointer

    @property
    def _history(self) -> Path:
        return self.folder / "history"

    def _release(self, digest: str) -> Path:
        return self.folder / "releases" / digest

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Alone in this folder; a process that dies lets go."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
