"""`tollgate run` on a small book, first and once more, as a user types it."""

import json
import re
import urllib.parse
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml

from components.frozen import read_snapshot
from pipelines.cli.verdict import against_champion
from pipelines.config import load_workflow
from pipelines.names import STEPS
from serving.targets.local import LocalTarget
from tests.pipelines.command import Ended, tollgate
from tests.pipelines.places import NAME, FirstRun, Place, write_loans
from tollgate.bundle.bundle import Bundle
from tollgate.data.validate import validate
from tollgate.evaluation.evidence import Evidence

ESCAPE = "\x1b"
KEPT = {
    *("card.md", "evidence.json", "log.txt", "outcome.json", "pipeline.yaml", "report.html", "verdict.json"),
}
Later = Mapping[str, tuple[Place, Future[Ended]]]


@pytest.fixture(scope="module")
def later(first_run: FirstRun, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Later]:
    """What follows on the first run, each in a copy of its folder: the same again, and gates that nobody passes."""
    folder = tmp_path_factory.mktemp("later")
    again = first_run.place.copy(folder / "again")
    stricter = first_run.place.copy(folder / "stricter")
    stricter.change("at_least: 0.55", "at_least: 0.99")
    write_loans(stricter.folder / "loans.csv", seed=8)
    with ThreadPoolExecutor(2) as pool:
        yield {
            "again": (again, pool.submit(tollgate, again.folder, "run", "--json")),
            "stricter": (stricter, pool.submit(tollgate, stricter.folder, "run")),
        }


def evidence_of(place: Place) -> Evidence:
    return Evidence.read(json.loads((place.latest_run / "evidence.json").read_text()))


def test_a_model_that_passes_is_published_and_the_run_exits_0(first_run: FirstRun) -> None:
    ended = first_run.ended
    assert (ended.status, ended.err) == (0, "")
    assert "╭─ deployed ─" in ended.out
    assert "published as generation 1" in ended.out
    assert "no champion yet: this is the first model here" in ended.out
    assert re.search(r"next     \S*tollgate serve", ended.out)
    pointer = first_run.place.target.current()
    assert pointer is not None
    assert pointer.generation == 1
    Bundle.load(first_run.place.target.bundle(pointer), pointer.bundle).prove()


def test_each_step_is_told_on_a_plain_line_when_it_is_done(first_run: FirstRun) -> None:
    assert ESCAPE not in first_run.ended.out
    lines = [line.split()[1] for line in first_run.ended.out.splitlines() if line.startswith("✓ ")]
    assert lines == [step for step in STEPS if step != "hold"]


def test_every_finding_is_told(first_run: FirstRun) -> None:
    findings = [line.split()[:3] for line in first_run.ended.out.splitlines() if line.startswith("PASS")]
    verdict = json.loads((first_run.place.latest_run / "verdict.json").read_bytes())
    gates = Counter(one["gate"] for one in verdict["findings"])
    assert [gate for _, gate, _ in findings] == list(gates), "a gate of which all findings pass is one line"
    for gate, count in gates.items():
        if count > 1:
            assert f"{gate} all {count} findings pass" in " ".join(first_run.ended.out.split())
    assert findings[:2] == [["PASS", "metric", "roc_auc"], ["PASS", "champion", "roc_auc"]]
    assert {gate for _, gate, _ in findings} >= {"metric", "champion", "calibration", "stability", "fairness"}


def test_the_report_and_the_log_lie_where_the_end_says(first_run: FirstRun) -> None:
    run = first_run.place.latest_run
    assert {path.name for path in run.iterdir()} == KEPT
    for label, name in (("report", "report.html"), ("log", "log.txt")):
        (line,) = [line for line in first_run.ended.out.splitlines() if f"│ {label} " in line]
        assert (first_run.place.folder / line.strip("│ ").split(maxsplit=1)[1]) == run / name
    assert "<html" in (run / "report.html").read_text()


def test_a_users_own_modules_and_an_odd_folder_are_not_in_the_way(first_run: FirstRun) -> None:
    folder = first_run.place.folder
    assert {"serving", "components", "pipelines", "tollgate", "kfp.py"} <= {
        path.name for path in folder.iterdir()
    }
    assert all(odd in folder.name for odd in "\"' %ü$")
    target = first_run.place.target
    assert isinstance(target, LocalTarget)
    pointer = target.current()
    assert pointer is not None
    documents = yaml.safe_load_all(target.manifest(pointer).read_text())
    (service,) = [document for document in documents if document["kind"] == "InferenceService"]
    uri = service["spec"]["predictor"]["model"]["storageUri"]
    assert Path(urllib.parse.unquote(urllib.parse.urlsplit(uri).path)) == target.bundle(pointer).resolve()


def test_the_text_python3_in_a_setting_reaches_the_step_as_it_is(first_run: FirstRun) -> None:
    workflow = load_workflow(first_run.place.workflow)
    assert workflow.split.salt == "python3"
    storage = first_run.place.storage
    (snapshot,) = (path.name for path in (storage.root / "snapshots").iterdir())
    expected = validate(read_snapshot(snapshot, storage), workflow.data, workflow.split)
    assert [path.name for path in (storage.root / "splits").iterdir()] == [expected.digest]


def test_the_same_data_again_changes_nothing_and_says_so_in_json(later: Later, first_run: FirstRun) -> None:
    place, future = later["again"]
    ended = future.result()
    told = json.loads(ended.out)
    assert ended.status == 0
    assert (told["outcome"], told["changed"], told["generation"]) == ("deployed", False, 1)
    assert told["reasons"] == ["the same release is live already: nothing was written"]
    assert told["report"] == str(place.latest_run / "report.html")
    assert Path(told["report"]).is_file()
    assert place.target.current() == first_run.place.target.current()


def test_in_json_mode_the_progress_goes_to_standard_error(later: Later) -> None:
    ended = later["again"][1].result()
    assert [line.split()[1] for line in ended.err.splitlines()] == [step for step in STEPS if step != "hold"]


def test_the_second_run_compares_with_the_champion(later: Later) -> None:
    place, future = later["again"]
    assert future.result().status == 0
    said = against_champion(evidence_of(place))
    assert said.startswith("champion: generation 1, bundle ")
    assert said.endswith("; the challenger is the very same bundle")


def test_a_model_that_its_gates_stop_exits_3_and_names_the_finding(later: Later) -> None:
    ended = later["stricter"][1].result()
    assert ended.status == 3
    assert "╭─ held ─" in ended.out
    assert any(
        line.startswith("FAIL") and "metric roc_auc" in line and "needed is at least 0.99" in line
        for line in ended.out.splitlines()
    )
    assert "│ metric roc_auc: FAIL: roc_auc is " in ended.out
    assert "next     read the report" in ended.out


def test_what_is_served_stays_when_a_model_is_held(later: Later, first_run: FirstRun) -> None:
    place, future = later["stricter"]
    assert future.result().status == 3
    assert place.target.current() == first_run.place.target.current()
    assert place.target.history() == first_run.place.target.history()


def test_other_data_is_compared_with_the_champion_by_figures(later: Later) -> None:
    place, future = later["stricter"]
    figure = evidence_of(place).differences["roc_auc"] if future.result() else None
    assert figure is not None
    assert figure.value is not None
    assert figure.value != 0
    expected = f"roc_auc changes by {figure.value:+.4f} [{figure.low:+.4f}, {figure.high:+.4f}]"
    assert expected in future.result().out


def test_the_storage_holds_no_leftovers(first_run: FirstRun) -> None:
    root = first_run.place.storage.root
    assert list(root.glob(".staging/*")) == []
    hidden = {path.name for path in root.rglob(".*")}
    assert hidden <= {".staging"}
    assert {path.name for path in (root / "targets" / NAME).iterdir()} == {
        "history",
        "lock",
        "pointer.json",
        "releases",
    }
