"""The champion: found, or none, or unreadable, and never none where something was live."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from components.measured import find_champion, gather_evidence, judged_by
from tests.components.judgement import NAME, Judgement, judged
from tests.components.let_through import Judged, judged_in
from tests.components.parted import parted
from tests.small import SmallBundle
from tollgate.canonical import sha256
from tollgate.data.section import Format
from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.figure import NotAssessed
from tollgate.evaluation.naming import EvidenceName
from tollgate.evaluation.reasons_facts import ReasonsFacts
from tollgate.evaluation.reuse import Reuse
from tollgate.evaluation.section import EvaluateSection
from tollgate.report import render
from tollgate.storage.folder import FolderStorage
from tollgate.verdict import Verdict


@pytest.fixture
def live(judgement: Judgement) -> Judgement:
    assert judgement.publish().outcome == "deployed"
    return judgement


def evidence_of(one: Judged, form: Format | None = None, **serving: Any) -> Evidence:
    made = (one.bundle, one.training, one.problem.splits, one.problem.validation, "{}", EvaluateSection())
    told = {"name": NAME, **serving}
    evidence, _ = gather_evidence(*made, form or Format(), told, one.storage, "local")
    return evidence


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


@pytest.mark.parametrize("told", [True, False])
def test_whether_the_champion_is_served_with_reasons_comes_with_it(
    storage: FolderStorage, bundle: SmallBundle, told: bool
) -> None:
    explains = judged(storage, bundle, reasons=ReasonsFacts(explains=True), adverse_action=told)
    live = explains.but(serving={**explains.serving, "adverse_action": told})
    assert live.publish().outcome == "deployed"
    assert find_champion(live.target)[0].adverse_action is told


def test_a_first_run_has_no_champion_and_another_than_one_that_cannot_be_read(tmp_path: Path) -> None:
    one = judged_in(parted(tmp_path / "one", "random", ["day"]))
    pointer = one.storage.root / "targets" / NAME / "pointer.json"
    for said in ("there is no champion", "there is a champion, and it cannot be read"):
        evidence = evidence_of(one)
        for part in (evidence.comparison, evidence.swap_set):
            assert part == NotAssessed(not_assessed=said)
        assert said in render(evidence, None)
        pointer.parent.mkdir(parents=True, exist_ok=True)
        pointer.write_text("{}")


def test_whether_reasons_are_promised_stands_in_the_evidence(tmp_path: Path) -> None:
    one = judged_in(parted(tmp_path / "one", "random", ["day"]))
    for told in (True, False):
        evidence = evidence_of(one, adverse_action=told)
        assert evidence.adverse_action is told


def test_how_the_source_was_read_is_part_of_what_its_rows_are_known_again_by(tmp_path: Path) -> None:
    one = judged_in(parted(tmp_path / "one", "random", ["day"]))
    sketches = set()
    for form in (Format(), Format(), Format(nulls=("none",))):
        evidence = evidence_of(one, form)
        assert isinstance(evidence.reuse, Reuse)
        sketches.add(evidence.reuse.sketch)
    assert len(sketches) == 2


def test_the_gates_that_the_champion_was_judged_by_come_with_it(live: Judgement) -> None:
    champion = judged_by(find_champion(live.target)[0], live.storage)
    assert champion.settings == Verdict.read(json.loads(live.verdict)).settings
    assert champion.settings_reason == ""


def test_the_event_that_the_champion_predicts_comes_with_it(tmp_path: Path) -> None:
    one = judged_in(parted(tmp_path / "one", "random", ["day"]), json.dumps({"label_known": "at last"}))
    assert one.publish().outcome == "deployed"
    champion = judged_by(find_champion(one.target)[0], one.storage)
    assert champion.definition == Evidence.read(json.loads(one.evidence)).definition
    assert champion.definition is not None
    assert (champion.definition.target, champion.definition.known) == ("default", "at last")


def test_of_evidence_that_defines_no_event_none_comes_with_the_champion(live: Judgement) -> None:
    assert "definition" not in json.loads(live.evidence)
    champion = judged_by(find_champion(live.target)[0], live.storage)
    assert (champion.settings_reason, champion.definition) == ("", None)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("evidence.json", b"{}", "was changed after it was written"),
        ("evidence.json", None, "evidence.json"),
        ("verdict.json", b"{}", "was changed after it was written"),
        ("verdict.json", None, "verdict.json"),
        ("release.json", b"{}", "cannot be read"),
        ("release.json", b"nonsense", "cannot be read"),
        ("", None, "this storage never recorded it"),
    ],
)
def test_gates_that_cannot_be_read_leave_their_reason(
    live: Judgement, name: str, content: bytes | None, words: str
) -> None:
    (folder,) = (live.storage.root / "releases").iterdir()
    spoil(folder / name, content)
    champion = judged_by(find_champion(live.target)[0], live.storage)
    assert (champion.state, champion.settings) == ("found", None)
    assert words in champion.settings_reason


def test_a_verdict_that_was_swapped_together_with_its_release_is_noticed(live: Judgement) -> None:
    (folder,) = (live.storage.root / "releases").iterdir()
    lenient = json.dumps({**json.loads(live.verdict), "settings": {}}).encode()
    release = {**json.loads((folder / "release.json").read_bytes()), "verdict": sha256(lenient)}
    spoil(folder / "verdict.json", lenient)
    spoil(folder / "release.json", json.dumps(release).encode())
    champion = judged_by(find_champion(live.target)[0], live.storage)
    assert "was changed after it was written" in champion.settings_reason


def test_without_a_champion_there_are_no_gates_to_read(judgement: Judgement) -> None:
    champion, _ = find_champion(judgement.target)
    assert judged_by(champion, judgement.storage) == champion


def spoil(path: Path, content: bytes | None) -> None:
    path.chmod(0o755 if path.is_dir() else 0o644)
    path.parent.chmod(0o755)
    if path.is_dir():
        shutil.rmtree(path)
    elif content is None:
        path.unlink()
    else:
        path.write_bytes(content)


def test_the_same_inputs_measured_twice_are_named_alike(tmp_path: Path) -> None:
    first = judged_in(parted(tmp_path / "one", "random", ["day"]))
    again = judged_in(parted(tmp_path / "two", "random", ["day"]))
    assert EvidenceName.of(first.evidence).evidence == EvidenceName.of(again.evidence).evidence
    assert EvidenceName.of(first.evidence).timings
