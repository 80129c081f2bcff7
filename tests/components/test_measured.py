"""The champion: found, or none, or unreadable, and never none where something was live."""

from pathlib import Path

import pytest

from components.measured import find_champion
from tests.components.judgement import NAME, Judgement


@pytest.fixture
def live(judgement: Judgement) -> Judgement:
    assert judgement.publish().outcome == "deployed"
    return judgement


def folder(judgement: Judgement) -> Path:
    return judgement.storage.root / "targets" / NAME


def test_where_nothing_was_ever_published_there_is_no_champion(judgement: Judgement) -> None:
    champion, bundle = find_champion(judgement.target)
    assert (champion.state, champion.generation, bundle) == ("none", 0, None)


def test_what_is_live_is_the_champion_with_its_bundle(live: Judgement) -> None:
    champion, bundle = find_champion(live.target)
    pointer = live.target.current()
    assert pointer is not None
    assert bundle is not None
    assert (champion.state, champion.release, champion.generation) == ("found", pointer.release, 1)
    assert champion.bundle == bundle.digest == live.bundle


def test_a_pointer_that_was_lost_or_garbled_makes_the_champion_unreadable(live: Judgement) -> None:
    pointer = folder(live) / "pointer.json"
    pointer.write_text("{}")
    champion, bundle = find_champion(live.target)
    assert (champion.state, bundle) == ("unreadable", None)
    assert "cannot be read" in champion.reason
    pointer.unlink()
    champion, bundle = find_champion(live.target)
    assert (champion.state, bundle) == ("unreadable", None)
    assert "is missing, but there is a history" in champion.reason


def test_a_bundle_that_was_damaged_makes_the_champion_unreadable(live: Judgement) -> None:
    pointer = live.target.current()
    assert pointer is not None
    graph = live.target.bundle(pointer) / "model.onnx"
    graph.chmod(0o644)
    graph.write_bytes(graph.read_bytes() + b"x")
    champion, bundle = find_champion(live.target)
    assert (champion.state, bundle) == ("unreadable", None)
    assert "model.onnx" in champion.reason
