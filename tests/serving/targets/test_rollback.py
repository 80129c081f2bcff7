"""Going back, and getting back what was lost."""

import shutil

import pytest

from serving.targets.local import LocalTarget
from tests.serving.targets.publishing import holds, publish, publish_all
from tests.small import SmallBundle
from tollgate.errors import BundleError, TargetError

UNREADABLE = {
    "empty": b"",
    "no JSON": b"{",
    "not UTF-8": b"\xff",
    "a list": b"[]",
    "an older format": b'{"version":0}',
    "nested deeply": b"[" * 100_000,
    "generation 0": b'{"version":1,"release":"%b","bundle":"%b","generation":0,"history":"%b"}'
    % (b"a" * 64, b"b" * 64, b"c" * 64),
}


def test_the_release_before_becomes_live_as_a_new_generation(
    target: LocalTarget, bundle: SmallBundle
) -> None:
    first, _ = publish_all(target, bundle, "a", "b")
    back = target.rollback(None, "too many complaints")
    assert (back.release, back.bundle, back.generation) == (first.release, first.bundle, 3)
    assert target.current() == back
    newest = target.history()[0]
    assert (newest.kind, newest.reason, newest.release) == ("rollback", "too many complaints", first.release)


def test_going_back_twice_ends_where_it_began(target: LocalTarget, bundle: SmallBundle) -> None:
    _, second = publish_all(target, bundle, "a", "b")
    target.rollback(None, "")
    assert target.rollback(None, "").release == second.release


def test_any_earlier_release_can_be_named_by_its_first_digits(
    target: LocalTarget, bundle: SmallBundle
) -> None:
    first, second, _ = publish_all(target, bundle, "a", "b", "c")
    assert target.rollback(first.release[:8], "").release == first.release
    assert target.rollback(second.release, "").release == second.release


@pytest.mark.parametrize("to", ["", "0" * 8, "0" * 64, "z" * 8, "../a"])
def test_a_release_that_was_never_live_is_refused_with_those_that_were(
    target: LocalTarget, bundle: SmallBundle, to: str
) -> None:
    first, _ = publish_all(target, bundle, "a", "b")
    before = holds(target.folder)
    with pytest.raises(TargetError, match=first.release[:12]):
        target.rollback(to, "")
    assert holds(target.folder) == before


def test_fewer_than_eight_digits_name_nothing(target: LocalTarget, bundle: SmallBundle) -> None:
    first, _ = publish_all(target, bundle, "a", "b")
    with pytest.raises(TargetError, match="names no one release"):
        target.rollback(first.release[:7], "")


def test_what_is_live_is_nothing_to_go_back_to(target: LocalTarget, bundle: SmallBundle) -> None:
    _, second = publish_all(target, bundle, "a", "b")
    with pytest.raises(TargetError, match="names no one release"):
        target.rollback(second.release, "")


def test_the_first_release_has_none_before_it(target: LocalTarget, bundle: SmallBundle) -> None:
    publish(target, bundle, "a", None)
    with pytest.raises(TargetError, match="no other release was live"):
        target.rollback(None, "")


def test_where_nothing_was_published_there_is_nothing_to_go_back_to(target: LocalTarget) -> None:
    with pytest.raises(TargetError, match="nothing was ever published"):
        target.rollback(None, "")


def test_a_release_whose_bundle_was_damaged_or_lost_does_not_become_live(
    target: LocalTarget, bundle: SmallBundle
) -> None:
    first, second = publish_all(target, bundle, "a", "b")
    (target.bundle(first) / "golden.json").write_bytes(b"{}")
    with pytest.raises(BundleError, match=r"golden\.json"):
        target.rollback(None, "")
    shutil.rmtree(target.bundle(first))
    with pytest.raises(BundleError, match="no bundle can be read there"):
        target.rollback(None, "")
    assert target.current() == second


def test_a_lost_pointer_is_never_taken_for_a_target_without_a_champion(
    target: LocalTarget, bundle: SmallBundle
) -> None:
    publish_all(target, bundle, "a", "b")
    (target.folder / "pointer.json").unlink()
    with pytest.raises(TargetError, match=r"pointer\.json: is missing.*tollgate rollback"):
        target.current()
    with pytest.raises(TargetError, match=r"pointer\.json: is missing"):
        publish(target, bundle, "c", None)
    with pytest.raises(TargetError, match=r"pointer\.json: is missing"):
        target.history()


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_a_pointer_that_cannot_be_read_is_never_taken_for_no_champion(
    target: LocalTarget, bundle: SmallBundle, content: bytes
) -> None:
    publish(target, bundle, "a", None)
    (target.folder / "pointer.json").write_bytes(content)
    with pytest.raises(TargetError, match=r"pointer\.json: cannot be read.*tollgate rollback"):
        target.current()
    with pytest.raises(TargetError, match=r"pointer\.json: cannot be read"):
        publish(target, bundle, "b", None)


@pytest.mark.parametrize("content", [None, b"", b"[" * 100_000])
def test_rollback_restores_what_was_live_when_the_pointer_was_lost(
    target: LocalTarget, bundle: SmallBundle, content: bytes | None
) -> None:
    first, second = publish_all(target, bundle, "a", "b")
    path = target.folder / "pointer.json"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    restored = target.rollback(None, "the disk was full")
    assert (restored.release, restored.generation) == (second.release, 3)
    assert target.current() == restored
    assert [entry.kind for entry in target.history()] == ["rollback", "promote", "promote"]
    assert target.rollback(None, "").release == first.release


def test_an_earlier_release_can_be_chosen_when_the_pointer_was_lost(
    target: LocalTarget, bundle: SmallBundle
) -> None:
    first, _ = publish_all(target, bundle, "a", "b")
    (target.folder / "pointer.json").unlink()
    assert target.rollback(first.release[:8], "").release == first.release


def test_a_pointer_of_the_first_generation_can_be_restored(target: LocalTarget, bundle: SmallBundle) -> None:
    first = publish(target, bundle, "a", None).pointer
    (target.folder / "pointer.json").unlink()
    assert target.rollback(None, "").release == first.release
