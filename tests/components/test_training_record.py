"""What a training leaves, and what of it goes with a release: read back, and refused where it was changed."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from components.policy_file import POLICY_FILE
from components.seen import read_seen, seen_table
from components.training_record import keep_training, read_relatives, read_training, release_record
from serving.targets.target import TARGET_FOLDER
from tests.components.let_through import Judged, judged_by, judged_in
from tests.components.parted import Parted, parted
from tollgate.bundle.files import FILES, MANIFEST
from tollgate.bundle.scorer import Scorer
from tollgate.canonical import canonical_json, sha256
from tollgate.errors import StorageError
from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.naming import EvidenceName
from tollgate.outcome import Outcome, outcome_key
from tollgate.release import Release
from tollgate.report.model_card import model_card
from tollgate.storage.folder import FolderStorage
from tollgate.verdict import Verdict


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (POLICY_FILE, TARGET_FOLDER):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    """A model that may be published. Not to be changed by a test."""
    return judged_in(parted(tmp_path_factory.mktemp("judged") / "one", "random", ["day"]))


@pytest.fixture
def judged(once: Judged, tmp_path: Path) -> Judged:
    """The same in a storage of its own."""
    storage = FolderStorage(tmp_path / "storage")
    shutil.copytree(once.storage.root, storage.root)
    problem = Parted(storage, once.problem.splits, once.problem.validation, once.problem.contract)
    return Judged(problem, once.bundle, once.training, once.evidence, once.verdict)


def remove(path: Path) -> None:
    """Remove a file or a folder."""
    if path.is_dir():
        path.chmod(0o755)
        shutil.rmtree(path)
    else:
        path.unlink()


def edit(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b"x")


def refused(judged: Judged, words: str) -> None:
    """Publishing is held with these words, and leaves nothing behind but the outcome."""
    outcome = judged.publish()
    assert outcome.outcome == "held"
    (reason,) = outcome.reasons
    assert reason.startswith(
        "nothing was published, as what is needed for it is not what was judged any more: "
    )
    assert words in reason
    assert Outcome.model_validate_json(judged.storage.read(outcome_key("one"))) == outcome
    assert judged.target.current() is None
    assert judged.records == []
    assert not list((judged.storage.root / "targets").rglob("bundle"))


def test_a_release_is_recorded_with_all_that_speaks_for_it(judged: Judged) -> None:
    outcome = judged.publish()
    assert outcome.outcome == "deployed"
    (folder,) = judged.records
    assert folder.name == outcome.release
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        "release.json": canonical_json(json.loads((folder / "release.json").read_bytes())),
        "verdict.json": judged.verdict,
        "evidence.json": judged.evidence,
        "card.md": model_card(
            Evidence.read(json.loads(judged.evidence)), Verdict.read(json.loads(judged.verdict))
        ).encode(),
        "record.json": judged.storage.read(f"training/{judged.training}/record.json"),
        "seen.parquet": judged.storage.read(f"training/{judged.training}/seen.parquet"),
    }


def test_each_file_of_the_record_is_held_by_a_digest_in_another(judged: Judged) -> None:
    judged.publish()
    (folder,) = judged.records
    content = {path.name: path.read_bytes() for path in folder.iterdir()}
    digests = {name: sha256(bytes_) for name, bytes_ in content.items()}
    release = Release.read(json.loads(content["release.json"]))
    assert digests["release.json"] == folder.name == release.digest()
    assert digests["verdict.json"] == release.verdict
    judged_by = json.loads(content["verdict.json"])["judged"]
    name = EvidenceName.of(content["evidence.json"])
    assert (name.evidence, name.timings) == (judged_by["evidence"], judged_by["timings"])
    assert digests["record.json"] == json.loads(content["evidence.json"])["training"]["record"]
    assert digests["seen.parquet"] == json.loads(content["record.json"])["files"]["seen.parquet"]


def test_the_rows_that_the_model_saw_read_back_from_the_record_and_none_is_of_the_holdout(
    judged: Judged,
) -> None:
    judged.publish()
    found = read_seen((judged.records[0] / "seen.parquet").read_bytes())
    problem = judged.problem
    parts = {name: problem.part(name) for name in ("fit", "calibration", "threshold")}
    assert found.equals(seen_table(parts, problem.contract))
    holdout = seen_table({"holdout": problem.part("holdout")}, problem.contract)
    hashes = {tuple(row.values()) for row in found.select(["hash_0", "hash_1"]).to_pylist()}
    assert not hashes & {tuple(row.values()) for row in holdout.select(["hash_0", "hash_1"]).to_pylist()}


def test_a_release_is_recorded_before_anything_is_published(judged: Judged) -> None:
    """Where the target holds something else under the release's name, the record is all that there is of it."""
    first = judged.publish()
    (graph,) = (judged.storage.root / "targets").glob("*/releases/*/bundle/model.onnx")
    graph.chmod(0o644)
    graph.write_bytes(graph.read_bytes() + b"x")
    for left in ("pointer.json", "history", "lock"):
        remove(graph.parents[3] / left)
    remove(judged.records[0])
    outcome = judged.publish("two")
    assert outcome.outcome == "held"
    assert f"releases/{first.release}/bundle: model.onnx is not the file that" in outcome.reasons[0]
    assert [folder.name for folder in judged.records] == [first.release]
    assert judged.target.current() is None


@pytest.mark.parametrize("name", ["record.json", "seen.parquet"])
@pytest.mark.parametrize("change", [remove, edit], ids=["gone", "changed"])
def test_without_the_whole_record_of_its_training_a_model_is_not_published(
    judged: Judged, name: str, change: Callable[[Path], None]
) -> None:
    change(judged.storage.root / "training" / judged.training / name)
    refused(judged, f"training/{judged.training}/{name}: ")


@pytest.mark.parametrize("name", [*FILES, MANIFEST])
@pytest.mark.parametrize("change", [remove, edit], ids=["gone", "changed"])
def test_without_the_whole_bundle_a_model_is_not_published(
    judged: Judged, name: str, change: Callable[[Path], None]
) -> None:
    change(judged.storage.root / "bundles" / judged.bundle / name)
    refused(judged, name)


def test_a_bundle_with_a_file_more_or_none_at_all_is_not_published(judged: Judged) -> None:
    folder = judged.storage.root / "bundles" / judged.bundle
    folder.chmod(0o755)
    (folder / "more").write_text("x")
    refused(judged, "the file more does not belong to a bundle")
    remove(folder)
    refused(judged, "is not there; was the storage cleared")


def test_beside_a_champion_whose_record_was_edited_nothing_is_published(judged: Judged) -> None:
    first = judged.publish()
    later = judged_in(judged.problem, json.dumps({"as_of": "2025-06-01"}), decision={"approve_rate": 0.4})
    edit(judged.records[0] / "verdict.json")
    outcome = later.publish("two")
    assert outcome.outcome == "held"
    assert f"releases/{first.release}: cannot be read" in outcome.reasons[0]
    assert [folder.name for folder in judged.records] == [first.release]


@pytest.mark.parametrize("named", ["another", "none"])
def test_evidence_that_names_no_record_of_this_bundle_is_not_published(judged: Judged, named: str) -> None:
    other = judged_in(judged.problem, seed=5, decision={"approve_rate": 0.4})
    evidence = json.loads(judged.evidence)
    words = f"training/{other.training}: is the record of another bundle"
    if named == "another":
        evidence["training"]["record"] = other.training
    else:
        del evidence["training"]["record"]
        words = "record.json: cannot be read"
    edited = judged_by(judged.problem, judged.bundle, judged.training, canonical_json(evidence))
    refused(edited, words)


def test_the_same_release_again_is_recorded_once(judged: Judged) -> None:
    judged.publish()
    records = judged.records
    again = judged_in(judged.problem)
    assert again.bundle == judged.bundle
    assert again.publish("two").changed is False
    assert judged.records == records


def test_the_first_record_of_a_release_stays(judged: Judged) -> None:
    judged.publish()
    (folder,) = judged.records
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    shutil.rmtree(judged.storage.root / "targets")
    assert judged.publish("two").outcome == "deployed"
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_a_record_is_named_by_its_content_and_reads_back(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    name = keep_training(
        {"model": "logistic", "bundle": "b" * 64}, {"yardstick": b"graph"}, b"hashes", storage
    )
    assert read_training(name, storage) == {
        "version": 2,
        "model": "logistic",
        "bundle": "b" * 64,
        "relatives": {"yardstick": "relative-0.onnx"},
        "files": {"relative-0.onnx": sha256(b"graph"), "seen.parquet": sha256(b"hashes")},
    }
    assert read_relatives(name, storage) == {"yardstick": b"graph"}
    assert release_record(name, storage) == {
        "record.json": storage.read(f"training/{name}/record.json"),
        "seen.parquet": b"hashes",
    }
    assert (
        keep_training({"model": "logistic", "bundle": "b" * 64}, {"yardstick": b"graph"}, b"other", storage)
        != name
    )


def test_a_yardstick_that_was_changed_is_refused(judged: Judged) -> None:
    name = judged.training
    Scorer(read_relatives(name, judged.storage)["yardstick"])
    graph = judged.storage.root / "training" / name / "relative-0.onnx"
    graph.write_bytes(graph.read_bytes() + b"x")
    with pytest.raises(StorageError, match=r"relative-0\.onnx: was changed or damaged after it was written"):
        read_relatives(name, judged.storage)
