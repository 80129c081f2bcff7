"""A process that is killed on the way, at every step that changes the disk.

Whatever the step, the target serves the old release or the new one, can be read, and ends where it was to go
when the same is done again.
"""

import shutil
import signal
from pathlib import Path

import pytest

from serving.targets import Pointer
from serving.targets.local import LocalTarget
from tests.serving.targets.processes import PATIENCE, Act, die_on_the_way, go_back, processes, publish_next
from tests.serving.targets.publishing import publish_all
from tests.small import SmallBundle
from tollgate.bundle.bundle import Bundle
from tollgate.errors import TargetError

MOST_STEPS = 200


def killed(act: Act, folder: Path, bundle: SmallBundle, at: int) -> bool:
    """Whether a process that did this was killed at a step, or else had no more steps."""
    process = processes().Process(target=die_on_the_way, args=(act, folder, bundle, at))
    process.start()
    process.join(PATIENCE)
    status: int = process.exitcode
    assert status in (0, -signal.SIGKILL)
    return status != 0


def readable(target: LocalTarget) -> Pointer | None:
    """What is live; its release, bundle, manifest and history were read."""
    pointer = target.current()
    history = target.history()
    if pointer is None:
        return None
    assert history[0].generation == pointer.generation == len(history)
    assert target.release(pointer.release).bundle == pointer.bundle
    assert target.manifest(pointer).exists()
    Bundle.load(target.bundle(pointer), pointer.bundle).prove()
    return pointer


def loss_is_noticed(target: LocalTarget, live: Pointer) -> None:
    """Even after a crash a pointer that is lost is missed, and rollback knows what it said."""
    (target.folder / "pointer.json").unlink()
    with pytest.raises(TargetError, match="is missing"):
        target.current()
    assert target.rollback(None, "").release == live.release


@pytest.mark.parametrize(
    ("before", "act"),
    [((), publish_next), (("a",), publish_next), (("a", "b"), go_back)],
    ids=["first", "next", "rollback"],
)
def test_a_killed_process_leaves_the_old_or_the_new_and_one_more_try_gets_there(
    target: LocalTarget,
    tmp_path: Path,
    bundle: SmallBundle,
    before: tuple[str, ...],
    act: Act,
) -> None:
    target.folder.mkdir(parents=True)
    publish_all(target, bundle, *before)
    old = target.current()
    whole = LocalTarget(shutil.copytree(target.folder, tmp_path / "whole"))
    act(whole.folder, bundle)
    new = whole.current()
    assert new is not None
    left = []
    for at in range(MOST_STEPS):
        torn = LocalTarget(shutil.copytree(target.folder, tmp_path / f"killed-{at}"))
        if not killed(act, torn.folder, bundle, at):
            break
        found = readable(torn)
        left.append(found == old)
        if found == old:
            act(torn.folder, bundle)
            found = readable(torn)
        elif act is publish_next:
            act(torn.folder, bundle)
            assert readable(torn) == found, "the same release again changed something"
            loss_is_noticed(torn, new)
        assert found is not None
        assert (found.release, found.generation) == (new.release, new.generation)
    assert left == sorted(left, reverse=True), "once the new one is live, it stays"
    assert set(left) == {True, False}
