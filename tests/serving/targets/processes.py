"""What other processes do to a target: two that compete, one that looks on, one that dies on the way.

They are forked from a server that has this module loaded, so that each starts in no time.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path
from typing import Any

from serving.targets.local import LocalTarget
from tests.serving.targets.publishing import publish
from tests.small import SmallBundle
from tollgate.bundle.runtime import onnx_runtime
from tollgate.errors import ConflictError

PATIENCE = 60
STEPS = ("mkdir", "replace", "rename")  # what changes a disk so that another process sees it

Act = Callable[[Path, SmallBundle], None]

onnx_runtime()  # loaded once, for all that are forked


def processes() -> Any:
    """Where such processes come from."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def compete(
    folder: Path, bundle: SmallBundle, mine: str, rounds: int, barrier: Barrier, told: "Queue[Any]"
) -> None:
    """Publish a release in each round, at the same time as another does; tell who was made live."""
    target = LocalTarget(folder)
    won = []
    for number in range(rounds):
        barrier.wait(PATIENCE)
        expect = target.current()
        barrier.wait(PATIENCE)
        try:
            pointer = publish(target, bundle, f"{mine}-{number}", expect).pointer
        except ConflictError:
            continue
        won.append((number, pointer.generation, pointer.release))
    told.put(won)


def look_on(folder: Path, done: Event, told: "Queue[Any]") -> None:
    """Read the target all the while; tell the generations seen, or what could not be read."""
    target = LocalTarget(folder)
    seen = [0]
    try:
        while not done.is_set():
            pointer = target.current()
            if pointer is not None and pointer.generation != seen[-1]:
                seen.append(pointer.generation)
                target.release(pointer.release)
            target.history()
        told.put(seen)
    except Exception as error:
        told.put(repr(error))
        raise


def publish_next(folder: Path, bundle: SmallBundle) -> None:
    target = LocalTarget(folder)
    publish(target, bundle, "next", target.current())


def go_back(folder: Path, bundle: SmallBundle) -> None:
    LocalTarget(folder).rollback(None, "")


def die_on_the_way(act: Act, folder: Path, bundle: SmallBundle, at: int) -> None:
    """Do something to a target, and be killed just before the given one of the steps that change the disk."""
    left = at

    def counted(step: Callable[..., Any]) -> Callable[..., Any]:
        def counting(*arguments: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return step(*arguments, **named)

        return counting

    for name in STEPS:
        setattr(os, name, counted(getattr(os, name)))
    act(folder, bundle)
