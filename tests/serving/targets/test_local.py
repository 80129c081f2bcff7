"""Publishing to a folder: what is written, what is refused, and that a refusal changes nothing."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from serving.targets.local import LocalTarget
from tests.serving.targets.publishing import holds, publish, publish_all, release, section
from tests.small import SmallBundle
from tollgate.bundle.bundle import Bundle
from tollgate.bundle.files import with_manifest
from tollgate.errors import BundleError, ConflictError, TargetError
from tollgate.storage.atomic import place_folder


def test_nothing_is_live_where_nothing_was_published(target: LocalTarget) -> None:
    assert target.current() is None
    assert target.history() == []
    assert not target.folder.exists()


def test_the_first_release_is_generation_one(target: LocalTarget, bundle: SmallBundle) -> None:
    published = publish(target, bundle, "a", None)
    assert published.changed
    pointer = published.pointer
    assert (pointer.generation, pointer.bundle) == (1, bundle.digest)
    assert pointer.release == release(bundle.digest, "a").digest()
    assert target.current() == pointer
    assert target.release(pointer.release) == release(bundle.digest, "a")


def test_the_bundle_of_the_live_release_can_be_served_from_the_target_alone(
    target: LocalTarget, tmp_path: Path, bundle: SmallBundle
) -> None:
    source = shutil.copytree(bundle.folder, tmp_path / "source")
    pointer = target.publish(release(bundle.digest, "a"), source, None, section("a")).pointer
    shutil.rmtree(source)
    Bundle.load(target.bundle(pointer), pointer.bundle).prove()


def test_the_manifest_beside_it_names_that_bundle_and_its_place(
    target: LocalTarget, bundle: SmallBundle
) -> None:
    pointer = publish(target, bundle, "a", None).pointer
    _, service = yaml.safe_load_all(target.manifest(pointer).read_text())
    model = service["spec"]["predictor"]["model"]
    assert model["storageUri"] == f"file://{target.bundle(pointer)}/"
    assert {"name": "TOLLGATE_BUNDLE", "value": bundle.digest} in model["env"]
    assert service["metadata"]["annotations"]["tollgate.dev/release"] == pointer.release


def test_publishing_what_is_live_already_writes_nothing(target: LocalTarget, bundle: SmallBundle) -> None:
    first = publish(target, bundle, "a", None).pointer
    before = holds(target.folder)
    again = publish(target, bundle, "a", first)
    assert (again.pointer, again.changed) == (first, False)
    assert holds(target.folder) == before


def test_another_verdict_on_what_is_live_writes_nothing(target: LocalTarget, bundle: SmallBundle) -> None:
    first = publish(target, bundle, "a", None).pointer
    before = holds(target.folder)
    assert not publish(target, bundle, "a", first, verdict="e" * 64).changed
    assert holds(target.folder) == before


def test_another_release_becomes_live_and_the_one_before_stays(
    target: LocalTarget, bundle: SmallBundle, other_bundle: SmallBundle
) -> None:
    first = publish(target, bundle, "a", None).pointer
    second = publish(target, other_bundle, "a", first).pointer
    assert target.current() == second
    assert (second.generation, second.bundle) == (2, other_bundle.digest)
    Bundle.load(target.bundle(first), bundle.digest).prove()


def test_only_the_pointer_and_what_is_new_is_written(target: LocalTarget, bundle: SmallBundle) -> None:
    first = publish(target, bundle, "a", None).pointer
    before = holds(target.folder)
    publish(target, bundle, "b", first)
    after = holds(target.folder)
    files = {name for name, (_, content) in before.items() if content is not None}
    assert {name for name in files if after.get(name) != before[name]} == {"pointer.json"}


def test_nothing_is_left_over_after_publishing(target: LocalTarget, bundle: SmallBundle) -> None:
    publish_all(target, bundle, "a", "b")
    assert not list(target.folder.rglob(".*"))
    assert list((target.folder / "history" / "next").iterdir()) == []


def test_a_release_is_a_conflict_when_another_is_live_than_was_judged_against(
    target: LocalTarget, bundle: SmallBundle
) -> None:
    first, second = publish_all(target, bundle, "a", "b")
    before = holds(target.folder)
    for expect in (None, first, second.model_copy(update={"generation": 7})):
        with pytest.raises(ConflictError, match=r"generation 2 is live.*nothing was changed"):
            publish(target, bundle, "c", expect)
    assert holds(target.folder) == before


def test_a_champion_that_is_gone_is_a_conflict_too(target: LocalTarget, bundle: SmallBundle) -> None:
    first = publish(target, bundle, "a", None).pointer
    with pytest.raises(ConflictError, match="generation 0 is live"):
        publish(LocalTarget(target.folder.with_name("empty")), bundle, "b", first)


def test_a_release_that_was_live_before_can_be_published_again(
    target: LocalTarget, bundle: SmallBundle
) -> None:
    first, _, third = publish_all(target, bundle, "a", "b", "a")
    assert (third.release, third.generation) == (first.release, 3)
    assert [entry.generation for entry in target.history()] == [3, 2, 1]


def damaged(bundle: SmallBundle, folder: Path) -> str:
    shutil.copytree(bundle.folder, folder)
    with (folder / "model.onnx").open("r+b") as graph:
        graph.write(b"\0")
    return bundle.digest


def another(bundle: SmallBundle, folder: Path) -> str:
    shutil.copytree(bundle.folder, folder)
    return "0" * 64


def not_reproducing(bundle: SmallBundle, folder: Path) -> str:
    files = {path.name: path.read_bytes() for path in bundle.folder.iterdir() if path.stem != "manifest"}
    golden = json.loads(files["golden.json"])
    golden["cases"][0]["graph"] = 0.5
    digest, files = with_manifest(files | {"golden.json": json.dumps(golden).encode()})
    place_folder(folder, files)
    return digest


@pytest.mark.parametrize("broken", [damaged, another, not_reproducing])
def test_a_bundle_that_could_not_be_served_is_refused_and_the_live_one_stays(
    target: LocalTarget, tmp_path: Path, bundle: SmallBundle, broken: Callable[[SmallBundle, Path], str]
) -> None:
    live = publish(target, bundle, "a", None).pointer
    before = holds(target.folder)
    digest = broken(bundle, tmp_path / "broken")
    with pytest.raises(BundleError):
        target.publish(release(digest, "b"), tmp_path / "broken", live, section("b"))
    assert holds(target.folder) == before


def test_a_damaged_copy_in_the_target_is_never_made_live(target: LocalTarget, bundle: SmallBundle) -> None:
    first, second = publish_all(target, bundle, "a", "b")
    (target.bundle(first) / "model.onnx").write_bytes(b"")
    with pytest.raises(BundleError, match=r"model\.onnx"):
        publish(target, bundle, "a", second)
    assert target.current() == second


def test_a_release_that_was_edited_is_not_believed(target: LocalTarget, bundle: SmallBundle) -> None:
    pointer = publish(target, bundle, "a", None).pointer
    path = target.folder / "releases" / pointer.release / "release.json"
    path.write_text(path.read_text().replace('"image":"a"', '"image":"z"'))
    with pytest.raises(TargetError, match=r"release\.json: was changed after it was published"):
        target.release(pointer.release)


def test_a_release_that_is_not_there_is_named(target: LocalTarget) -> None:
    with pytest.raises(TargetError, match=r"00/release\.json: cannot be read"):
        target.release("0" * 64)
