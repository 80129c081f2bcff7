"""Every model and every calibration from `tollgate run` to an answer of `tollgate serve`, as a user types it."""

import json
import re
import subprocess
import urllib.request
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import jsonschema_rs
import numpy as np
import pytest

from components.training_record import read_relatives
from tests.pipelines.command import TOLLGATE, Ended, environment, tollgate
from tests.pipelines.hard_times import TRAIN, hard_times, requests
from tests.pipelines.places import NAME, Place
from tests.pipelines.test_evidence_schema import SCHEMA
from tollgate.bundle.bundle import Bundle
from tollgate.bundle.explain import read_explain
from tollgate.bundle.golden import read_golden
from tollgate.bundle.scorer import Floats
from tollgate.bundle.verify import verify_bundle
from tollgate.canonical import sha256
from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.figure import NotAssessed
from tollgate.evaluation.measures import MEASURES
from tollgate.evaluation.metrics import METRICS

pytestmark = pytest.mark.long

FEW_TREES = "parameters: {max_iter: 25, n_iter_no_change: 5}"
# By run: what stands in the section `train` before its seed and its decision.
RUNS = {
    "logistic, none": "model: logistic\n  calibration: none",
    "scorecard, isotonic": "model: scorecard\n  calibration: isotonic",
    "gradient_boosting, sigmoid": f"model: gradient_boosting\n  {FEW_TREES}\n  calibration: sigmoid",
    "gradient_boosting, searched": f"model: gradient_boosting\n  {FEW_TREES}\n  search: {{trials: 4}}\n  "
    "calibration: isotonic",
}
MANY = 200
PATIENCE = 60
VALIDATOR = jsonschema_rs.validator_for(SCHEMA)


@dataclass(frozen=True)
class Run:
    """A run that has ended, in a place of its own."""

    place: Place
    ended: Ended

    @property
    def evidence(self) -> Evidence:
        return Evidence.read(json.loads((self.place.latest_run / "evidence.json").read_bytes()))

    @property
    def bundle(self) -> Bundle:
        digest = self.evidence.bundle
        return Bundle.load(self.place.storage.folder(f"bundles/{digest}"), digest)


@dataclass(frozen=True)
class Served:
    """What a server answered: golden requests and rows of the book, each alone and many at once."""

    requests: list[dict[str, Any]]
    single: list[float]
    many: list[float]


def run_in(place: Place) -> Run:
    return Run(place, tollgate(place.folder, "run"))


@pytest.fixture(scope="module")
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.fixture(scope="module")
def runs(pool: ThreadPoolExecutor, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Future[Run]]:
    folder = tmp_path_factory.mktemp("models")
    (folder / "book").mkdir()
    book = hard_times(folder / "book")
    started = {}
    for number, (name, settings) in enumerate(RUNS.items()):
        place = book.copy(folder / str(number))
        place.change(TRAIN, f"  {settings}\n")
        started[name] = pool.submit(run_in, place)
    return started


def served_by(run: Run) -> Served:
    bundle = run.bundle
    asked = [*read_golden(bundle.files["golden.json"])[0], *requests(run.place, bundle.contract, MANY)]
    with subprocess.Popen(
        [str(TOLLGATE), "serve", "--port", "0", "--grpc-port", "0"],
        cwd=run.place.folder,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        try:
            address = server.stdout.readline().rpartition(" ")[2].strip()
            single = [score for row in asked for score in ask(address, [row])]
            many = ask(address, asked)
        finally:
            server.terminate()
            status = server.wait(PATIENCE)
    assert status == 0
    return Served(asked, single, many)


def ask(address: str, rows: list[dict[str, Any]]) -> list[float]:
    body = json.dumps({"instances": rows}).encode()
    request = urllib.request.Request(
        f"{address}/v1/models/{NAME}:predict", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        found: list[float] = json.loads(answer.read())["predictions"]
    return found


@pytest.fixture(scope="module")
def served(pool: ThreadPoolExecutor, runs: Mapping[str, Future[Run]]) -> Mapping[str, Future[Served]]:
    ended = {name: run.result() for name, run in runs.items()}
    return {name: pool.submit(served_by, run) for name, run in ended.items()}


@pytest.mark.parametrize("name", RUNS)
def test_each_model_is_published_and_its_bundle_is_whole(runs: Mapping[str, Future[Run]], name: str) -> None:
    run = runs[name].result()
    assert (run.ended.status, run.ended.err) == (0, ""), run.ended.out
    pointer = run.place.target.current()
    assert pointer is not None
    found = verify_bundle(run.place.target.bundle(pointer), pointer.bundle)
    assert found["digest"] == run.evidence.bundle == pointer.bundle
    assert run.evidence.parity is not None
    assert run.evidence.parity <= 1e-9


@pytest.mark.parametrize("name", RUNS)
def test_what_is_served_is_what_the_bundle_scores_in_process_bit_for_bit(
    runs: Mapping[str, Future[Run]], served: Mapping[str, Future[Served]], name: str
) -> None:
    answers, bundle = served[name].result(), runs[name].result().bundle
    rows, problems = bundle.check(answers.requests)
    assert problems == []
    assert len(rows) > MANY
    expected: Floats = bundle.score(rows).probability
    assert len(set(expected.tolist())) > 10
    assert answers.many == expected.tolist()
    assert answers.single == answers.many


@pytest.mark.parametrize("name", RUNS)
def test_the_yardstick_is_in_the_evidence_whatever_was_trained(
    runs: Mapping[str, Future[Run]], name: str
) -> None:
    run = runs[name].result()
    evidence = run.evidence
    assert set(METRICS) <= set(evidence.yardstick_metrics)
    assert all(evidence.yardstick_metrics[metric].value is not None for metric in METRICS)
    graph = read_relatives(evidence.training["record"], run.place.storage)["yardstick"]
    assert sha256(graph) in evidence.training["files"].values()
    assert "Yardstick" in (run.place.latest_run / "report.html").read_text()


@pytest.mark.parametrize("name", RUNS)
def test_every_part_of_the_evidence_is_there_or_says_why_and_fits_the_schema(
    runs: Mapping[str, Future[Run]], name: str
) -> None:
    run = runs[name].result()
    content = (run.place.latest_run / "evidence.json").read_bytes()
    assert len(content) < 1_000_000
    assert [error.message for error in VALIDATOR.iter_errors(json.loads(content))] == []
    lacking = {part for part in MEASURES if isinstance(getattr(run.evidence, part), NotAssessed)}
    assert not [part for part in lacking if getattr(run.evidence, part).broken]
    assert not lacking & {"definition", "bands", "vintages", "segments", "importance", "dependence"}
    assert not lacking & {"missing_values", "prior_shift", "spread"}
    card = (run.place.latest_run / "card.md").read_text()
    assert card.startswith("# Model card\n")
    assert run.evidence.bundle in card


@pytest.mark.parametrize("name", RUNS)
def test_the_release_is_recorded_beside_the_bundle(runs: Mapping[str, Future[Run]], name: str) -> None:
    run = runs[name].result()
    pointer = run.place.target.current()
    assert pointer is not None
    record = run.place.storage.folder(f"releases/{pointer.release}")
    assert {path.name for path in record.iterdir()} == {
        "release.json",
        "verdict.json",
        "evidence.json",
        "card.md",
        "record.json",
        "seen.parquet",
    }


def test_the_trials_of_a_search_are_told_as_they_are_done_and_stand_in_evidence_and_report(
    runs: Mapping[str, Future[Run]],
) -> None:
    run = runs["gradient_boosting, searched"].result()
    told = re.findall(r"^  train +trials (\d) of 4$", run.ended.out, re.MULTILINE)
    assert told == ["1", "2", "3", "4"]
    (done,) = re.findall(r"^✓ train .*$", run.ended.out, re.MULTILINE)
    assert "model gradient_boosting, trees " in done
    assert "calibration isotonic, " in done
    assert ", trials 4, parity " in done
    search = run.evidence.training["search"]
    assert len(search["trials"]) == 4
    assert all("log_loss" in trial for trial in search["trials"])
    chosen = search["trials"][search["chosen"]]["parameters"]
    parameters = run.evidence.training["parameters"]
    assert {key: parameters[key] for key in chosen} == chosen
    assert "4 sets of parameters were tried" in (run.place.latest_run / "report.html").read_text()


def test_the_card_of_a_scorecard_stands_in_evidence_and_report_and_adds_up_to_the_margin(
    runs: Mapping[str, Future[Run]],
) -> None:
    run = runs["scorecard, isotonic"].result()
    card = run.evidence.training["scorecard"]
    assert set(card) == set(run.bundle.contract.features)
    assert card["purpose"]["names"] == ["car", "home", "education", "medical", "business", "other"]
    rows, _ = run.bundle.check(requests(run.place, run.bundle.contract, MANY))
    points = [points_of(card, run.bundle.contract.features, row) for row in rows]
    # 600 points are odds of 50 to 1 against the event, and 20 points double them.
    odds = 600 - 20 / np.log(2) * (run.bundle.score(rows).margin + np.log(50))
    np.testing.assert_allclose(points, odds, atol=0.05 * len(card) + 1e-9)
    page = (run.place.latest_run / "report.html").read_text()
    assert "<caption>debt_to_income</caption>" in page
    assert "<td>education</td>" in page


def points_of(card: Mapping[str, Any], features: tuple[str, ...], row: Floats) -> float:
    """What a person with the card in hand gives a row."""
    total = 0.0
    for name, value in zip(features, row.tolist(), strict=True):
        place = len(card[name]["edges"]) + 1
        if not np.isnan(value):
            place = sum(value > edge for edge in card[name]["edges"])
        total += card[name]["points"][place]
    return total


def test_each_model_explains_its_margin_by_the_explainer_of_its_kind(runs: Mapping[str, Future[Run]]) -> None:
    kinds = {}
    for name, run in runs.items():
        bundle = run.result().bundle
        explainer = read_explain(bundle.files["explain.json"]).explainer
        assert explainer is not None
        kinds[name.split(",")[0]] = type(explainer).__name__
        rows, _ = bundle.check(requests(run.result().place, bundle.contract, MANY))
        np.testing.assert_allclose(explainer.margin(rows), bundle.score(rows).margin, atol=1e-9)
    assert kinds == {"logistic": "Additive", "scorecard": "Additive", "gradient_boosting": "Trees"}


def test_isotonic_calibration_of_few_events_is_refused_with_the_reason_and_nothing_is_published(
    fresh: Place,
) -> None:
    fresh.change(TRAIN, "  model: logistic\n  calibration: isotonic\n")
    ended = tollgate(fresh.folder, "run")
    assert ended.status == 1
    assert "Traceback" not in ended.out + ended.err
    said = " ".join(ended.out.replace("│", " ").split())
    assert re.search(
        r"train: train\.calibration isotonic needs at least 1000 events in the calibration part, and it has \d+: "
        r"a step function fitted to fewer repeats their noise\. Use sigmoid, or a longer split\.calibration",
        said,
    )
    assert fresh.target.current() is None
