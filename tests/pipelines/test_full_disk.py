"""A disk that fills up while data is read, a model is trained, or a release is published."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipelines.bad_input import check_clean, message_of, published
from tests.pipelines.command import tollgate
from tests.pipelines.places import FirstRun, Place

pytestmark = pytest.mark.long

ADVICE = "the disk is full: make room there, and run again"
# What lies on a small disk of its own, how many KiB are left there, and what the message begins with.
CASES = {
    "ingest": (".tollgate", 160, "ingest: "),
    "train": (".tollgate/bundles", 4, "train: "),
    "publish": (".tollgate/targets", 4, "deploy: "),
    "at once": (".tollgate", 0, ""),
}


@contextlib.contextmanager
def small_disk(place: Path, free: int) -> Iterator[None]:
    """A disk under a folder, with what was in it, and some KiB left."""
    kept = place.with_name(f"{place.name}-kept")
    shutil.move(place, kept)
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", place], check=False)
    if mounted.returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        shutil.copytree(kept, place, dirs_exist_ok=True)
        left = shutil.disk_usage(place).free - free * 1024
        (place / "filler").write_bytes(b"\0" * left)
        yield
    finally:
        subprocess.run(["umount", place], check=True)


@pytest.mark.skipif(os.getuid() != 0 or not shutil.which("mount"), reason="only root can mount a small disk")
@pytest.mark.parametrize("name", CASES)
def test_a_full_disk_is_named_and_what_is_published_stays(
    first_run: FirstRun, served: Place, name: str
) -> None:
    folder, free, step = CASES[name]
    shutil.rmtree(served.storage.root / "snapshots")
    shutil.rmtree(served.storage.root / "bundles")
    (served.storage.root / "bundles").mkdir()
    served.change("serving: {name: credit-default}", "serving: {name: credit-default, replicas: 3}")
    with small_disk(served.folder / folder, free):
        ended = tollgate(served.folder, "run", "--json")
        assert ended.status == 1
        assert "Traceback" not in ended.out + ended.err
        assert ADVICE in message_of(ended)
        assert message_of(ended).startswith(step)
        found = published(served.storage.root)
        found.pop("targets/filler", None)
        assert found == published(first_run.place.storage.root)
        check_clean(served.storage.root)
