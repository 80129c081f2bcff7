from pathlib import Path

import pytest

from serving.targets import open_target
from tests.serving.targets.publishing import release, section
from tests.small import SmallBundle
from tollgate.errors import ConfigError


def test_the_local_target_lies_in_the_storage(
    tmp_path: Path, bundle: SmallBundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TOLLGATE_TARGETS", raising=False)
    target = open_target("local", tmp_path, "credit")
    pointer = target.publish(release(bundle.digest, "a"), bundle.folder, None, section("a")).pointer
    assert tmp_path / "targets" / "credit" in target.bundle(pointer).parents


def test_the_environment_may_put_it_elsewhere(
    tmp_path: Path, bundle: SmallBundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOLLGATE_TARGETS", str(tmp_path / "elsewhere"))
    target = open_target("local", tmp_path / "storage", "credit")
    pointer = target.publish(release(bundle.digest, "a"), bundle.folder, None, section("a")).pointer
    assert tmp_path / "elsewhere" / "credit" in target.bundle(pointer).parents
    assert not (tmp_path / "storage").exists()


def test_targets_of_different_names_know_nothing_of_each_other(
    tmp_path: Path, bundle: SmallBundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TOLLGATE_TARGETS", raising=False)
    one, two = (open_target("local", tmp_path, name) for name in ("one", "two"))
    one.publish(release(bundle.digest, "a"), bundle.folder, None, section("a"))
    assert two.current() is None


def test_a_kind_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no target 'mars' yet; there is local"):
        open_target("mars", tmp_path, "credit")
