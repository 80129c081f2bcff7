"""Publishing in tests: releases that differ by their image, and what a folder holds."""

from pathlib import Path

from serving.release import release_of
from serving.section import ServingSection
from serving.targets import Pointer, Published
from serving.targets.local import LocalTarget
from tests.small import SmallBundle
from tollgate.release import Release

VERDICT = "f" * 64


def section(image: str) -> ServingSection:
    return ServingSection.read({"name": "credit", "image": image})


def release(digest: str, image: str, verdict: str = VERDICT) -> Release:
    return release_of(digest, verdict, section(image))


def publish(
    target: LocalTarget, bundle: SmallBundle, image: str, expect: Pointer | None, verdict: str = VERDICT
) -> Published:
    """Publish a bundle under an image's name; another image makes another release."""
    return target.publish(release(bundle.digest, image, verdict), bundle.folder, expect, section(image))


def publish_all(target: LocalTarget, bundle: SmallBundle, *images: str) -> list[Pointer]:
    """Publish one release after the other, and give the pointers."""
    pointers: list[Pointer] = []
    for image in images:
        pointers.append(publish(target, bundle, image, pointers[-1] if pointers else None).pointer)
    return pointers


def holds(folder: Path) -> dict[str, tuple[int, bytes | None]]:
    """Every path in a folder with the time of its last change and its content."""
    return {
        str(path.relative_to(folder)): (
            path.stat().st_mtime_ns,
            path.read_bytes() if path.is_file() else None,
        )
        for path in [folder, *folder.rglob("*")]
    }
