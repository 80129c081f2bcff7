"""A run that looks back: only rows whose label was known on that day, and nothing published unless asked for."""

import csv
import json
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.pipelines.bad_input import check_clean, check_untouched
from tests.pipelines.command import Ended, tollgate
from tests.pipelines.places import FirstRun, Place

pytestmark = pytest.mark.long

DAY = "2025-03-01"
CASES = {
    "look": ("run", "--as-of", DAY),
    "older": ("run", "--as-of", DAY, "--allow-deploy", "--json"),
    "first": ("run", "--as-of", DAY, "--allow-deploy", "--json"),
}
Runs = Mapping[str, tuple[Place, Future[Ended]]]


@pytest.fixture(scope="module")
def runs(first_run: FirstRun, book: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    """Two runs over a champion of today, and one where nothing is published yet."""
    folder = tmp_path_factory.mktemp("as_of")
    places = {name: (book if name == "first" else first_run.place).copy(folder / name) for name in CASES}
    with ThreadPoolExecutor(2) as pool:
        yield {
            name: (place, pool.submit(tollgate, place.folder, *CASES[name])) for name, place in places.items()
        }


def test_only_rows_whose_label_was_known_on_the_day_are_used(first_run: FirstRun, runs: Runs) -> None:
    place, run = runs["look"]
    assert run.result().status == 3
    population = json.loads((place.latest_run / "evidence.json").read_text())["population"]
    with (place.folder / "loans.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["accepted"] == "true"]
    decided = [row for row in rows if row["issued"] <= DAY]
    known = [row for row in decided if "" < row["outcome_known"] <= DAY]
    assert population["as_of"] == DAY
    assert population["future"] == len(rows) - len(decided) > 0
    assert population["immature"] == len(decided) - len(known) > 0
    assert population["used"] == len(known)


def test_a_run_that_looks_back_publishes_nothing_and_says_what_would(first_run: FirstRun, runs: Runs) -> None:
    place, run = runs["look"]
    assert "the run was not asked to deploy" in run.result().out
    assert "a run with --as-of looks back, so it publishes nothing: add --allow-deploy" in run.result().out
    check_untouched(first_run.place, place.folder)
    check_clean(place.storage.root)


def test_an_older_model_never_replaces_a_champion_of_a_later_day(first_run: FirstRun, runs: Runs) -> None:
    place, run = runs["older"]
    told = json.loads(run.result().out)
    assert (run.result().status, told["outcome"]) == (3, "held")
    (reason,) = told["reasons"]
    assert reason.startswith("the champion was trained as of ")
    assert reason.endswith(f", and this model as of {DAY}: an older one never replaces it")
    check_untouched(first_run.place, place.folder)


def test_what_was_allowed_to_deploy_is_published(runs: Runs) -> None:
    place, run = runs["first"]
    assert run.result().status == 0
    assert json.loads(run.result().out)["outcome"] == "deployed"
    assert place.target.current() is not None


def test_a_day_means_nothing_where_no_row_has_one(fresh: Place) -> None:
    fresh.change("issued: {role: time}", "issued: {type: date, role: ignore}")
    fresh.change("  label: {known_at: outcome_known}", "  #")
    fresh.change("method: time, holdout: 6 months, calibration: 6 months", "method: random, holdout: 0.2")
    ended = tollgate(fresh.folder, "run", "--as-of", DAY)
    assert (ended.status, ended.out) == (2, "")
    assert "--as-of needs a day in each row: give a column the role time, or name one" in ended.err
    assert not fresh.storage.root.exists()
