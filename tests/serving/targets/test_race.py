"""Two processes publish at once: one is made live, the other is told so."""

from serving.targets.local import LocalTarget
from tests.serving.targets.processes import PATIENCE, compete, look_on, processes
from tests.small import SmallBundle

ROUNDS = 20


def test_of_two_that_publish_at_once_exactly_one_wins_each_round(
    target: LocalTarget, bundle: SmallBundle
) -> None:
    context = processes()
    barrier, done, told, seen = context.Barrier(2), context.Event(), context.Queue(), context.Queue()
    rivals = [
        context.Process(target=compete, args=(target.folder, bundle, name, ROUNDS, barrier, told))
        for name in ("one", "two")
    ]
    onlooker = context.Process(target=look_on, args=(target.folder, done, seen))
    for process in (*rivals, onlooker):
        process.start()
    try:
        won = sorted(told.get(timeout=PATIENCE) + told.get(timeout=PATIENCE))
        done.set()
        generations = seen.get(timeout=PATIENCE)
    finally:
        for process in (*rivals, onlooker):
            process.join(PATIENCE)
            process.kill()
    assert [(number, generation) for number, generation, _ in won] == [(n, n + 1) for n in range(ROUNDS)]
    assert [entry.release for entry in reversed(target.history())] == [release for _, _, release in won]
    assert generations == sorted(generations), "a reader saw the target go back, or could not read it"
