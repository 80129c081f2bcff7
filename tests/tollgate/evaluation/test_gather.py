"""Gathering evidence about a bundle, and about a champion that may not be able to score the rows of today."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from sklearn.metrics import roc_auc_score

from tests.tollgate.evaluation.models import COLUMNS, bundle_of, holdout, relatives_of
from tollgate.bundle.bundle import Bundle
from tollgate.bundle.scorer import Scorer
from tollgate.canonical import canonical_json
from tollgate.contract.drift import Drift
from tollgate.contract.table import encode_table
from tollgate.data.validate import EVENT
from tollgate.evaluation.comparison import Comparison
from tollgate.evaluation.evaluate import Blocks, evaluate
from tollgate.evaluation.evidence import Champion, Evidence
from tollgate.evaluation.gather import gather
from tollgate.evaluation.metrics import Scored
from tollgate.evaluation.sampling import Sampling
from tollgate.evaluation.scoring import scorable, score_holdout
from tollgate.evaluation.section import EvaluateSection

SECTION = EvaluateSection()
FOUND = Champion(state="found", release="r" * 64, bundle="c" * 64, generation=4)
FACTS: dict[str, Any] = {
    "splits": "d" * 64,
    "population": {"read": 500, "used": 400},
    "training": {"model": "logistic", "threshold": 0.4},
    "validation": {"digest": "v" * 64, "warnings": 1, "notes": 2},
    "parity": 1e-15,
}


def blocks_of(table: pa.Table) -> Blocks:
    """The months of a holdout's rows: it has a time column and no group."""
    days = table.column("issued").to_pylist()
    return Blocks(months=np.array([12 * day.year + day.month for day in days]))


def sampling(challenger: Bundle) -> Sampling:
    """As the challenger's figures are drawn on the split of FACTS."""
    return Sampling.of(SECTION, FACTS["splits"], challenger.digest)


@pytest.fixture(scope="module")
def challenger(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return bundle_of(tmp_path_factory.mktemp("challenger") / "bundle")


@pytest.fixture(scope="module")
def relatives() -> dict[str, Scorer]:
    return relatives_of()


def test_a_bundle_scores_the_holdout_as_it_scores_requests(challenger: Bundle) -> None:
    table = holdout()
    scores, reason = score_holdout(challenger, table)
    assert reason == ""
    assert scores is not None
    requests = table.select(list(challenger.contract.features)).to_pylist()
    rows, problems = challenger.check(requests)
    assert problems == []
    np.testing.assert_array_equal(scores.probability, challenger.score(rows).probability)


def test_evidence_names_what_was_measured_and_on_what(
    challenger: Bundle, relatives: dict[str, Scorer]
) -> None:
    table = holdout()
    evidence, rows = gather(challenger, None, Champion(state="none"), relatives, table, SECTION, FACTS)
    assert evidence.bundle == challenger.digest
    assert evidence.champion == Champion(state="none")
    assert evidence.holdout.splits == FACTS["splits"]
    assert (evidence.holdout.rows, evidence.holdout.events) == (
        400,
        int(np.sum(table.column(EVENT).to_numpy())),
    )
    days = sorted(str(day) for day in table.column("issued").to_pylist())
    assert (evidence.holdout.since, evidence.holdout.until) == (days[0], days[-1])
    assert evidence.parity == FACTS["parity"]
    assert evidence.population == FACTS["population"]
    assert evidence.training == FACTS["training"]
    assert json.loads(evidence.validation.model_dump_json(exclude_unset=True)) == FACTS["validation"]
    assert evidence.settings == SECTION.digest()
    np.testing.assert_array_equal(rows.event, table.column(EVENT).to_numpy())


def test_evidence_is_written_with_its_version_and_reads_back(
    challenger: Bundle, relatives: dict[str, Scorer]
) -> None:
    evidence, _ = gather(challenger, challenger, FOUND, relatives, holdout(), SECTION, FACTS)
    written = json.loads(canonical_json(evidence.as_json()))
    assert written["version"] == 3
    assert Evidence.read(written) == evidence


def test_the_champion_is_scored_from_its_bundle_on_the_very_same_rows(
    challenger: Bundle, relatives: dict[str, Scorer], tmp_path: Path
) -> None:
    table = holdout()
    champion = bundle_of(
        tmp_path / "bundle", {name: COLUMNS[name] for name in ("outcome", "grade", "income")}
    )
    evidence, rows = gather(challenger, champion, FOUND, relatives, table, SECTION, FACTS)
    assert evidence.champion == FOUND
    by_hand = Scored(rows.event, champion.score(encode_table(table, champion.contract)))
    expected = evaluate(rows, by_hand, sampling(challenger), blocks=blocks_of(table))
    assert evidence.champion_metrics == expected["champion_metrics"]
    assert evidence.differences == expected["differences"]
    assert evidence.champion_metrics["roc_auc"] != evidence.metrics["roc_auc"]


@pytest.mark.parametrize("compared", [True, False], ids=["with a champion", "without one"])
def test_the_yardstick_is_measured_on_the_very_same_rows_whatever_the_champion(
    challenger: Bundle, relatives: dict[str, Scorer], compared: bool
) -> None:
    table = holdout()
    champion, known = (challenger, FOUND) if compared else (None, Champion(state="none"))
    evidence, rows = gather(challenger, champion, known, relatives, table, SECTION, FACTS)
    by_hand = Scored(rows.event, relatives["yardstick"].score(encode_table(table, challenger.contract)))
    expected = evaluate(by_hand, None, sampling(challenger), blocks=blocks_of(table))
    assert evidence.yardstick_metrics == expected["metrics"]
    assert evidence.yardstick_metrics["roc_auc"].value == pytest.approx(
        roc_auc_score(by_hand.event, by_hand.scores.margin)
    )
    assert evidence.yardstick_metrics["roc_auc"] != evidence.metrics["roc_auc"]


def refusing(rule: Callable[[pa.Table], Any]) -> Callable[[pa.Table], str]:
    return lambda table: f"its contract refuses {pc.sum(rule(table)).as_py()} of the 400 holdout rows"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            {"age": {"type": "integer"}},
            lambda _: (
                "it needs the column age, which the contract no longer has: keep it there, with its type and "
                "`role: ignore`, as long as the data has it"
            ),
        ),
        ({"grade": {"type": "integer"}}, lambda _: "it needs the column grade as int64, which now is string"),
        (
            {"income": {"type": "number", "max": 50}},
            refusing(lambda table: pc.greater(table.column("income"), 50)),
        ),
        (
            {"grade": {"type": "category", "values": ["a", "c"]}},
            refusing(lambda table: pc.equal(table.column("grade"), "b")),
        ),
    ],
    ids=["a column is gone", "a type changed", "a limit is broken", "a category is new"],
)
def test_a_champion_that_cannot_score_the_holdout_is_compared_on_what_it_can_score_and_says_why(
    challenger: Bundle,
    relatives: dict[str, Scorer],
    tmp_path: Path,
    change: dict[str, dict[str, Any]],
    reason: Callable[[pa.Table], str],
) -> None:
    champion = bundle_of(tmp_path / "bundle", COLUMNS | change)
    table = holdout()
    assert score_holdout(champion, table) == (None, reason(table))
    can, _ = scorable(champion, table)
    evidence, rows = gather(challenger, champion, FOUND, relatives, table, SECTION, FACTS)
    assert evidence.champion == FOUND.model_copy(update={"reason": reason(table)})
    comparison = evidence.comparison
    assert isinstance(comparison, Comparison)
    assert (comparison.rows, comparison.scored_rows, comparison.unscored) == (400, can.sum(), reason(table))
    assert (comparison.events, comparison.scored_events) == (rows.event.sum(), rows.event[can].sum())
    assert bool(evidence.differences) == bool(comparison.worst) == can.any()
    assert evidence.metrics["roc_auc"].value is not None, "the challenger is measured all the same"


def test_the_contract_is_compared_with_the_champions_even_where_that_cannot_score(
    challenger: Bundle, relatives: dict[str, Scorer], tmp_path: Path
) -> None:
    champion = bundle_of(tmp_path / "bundle", COLUMNS | {"income": {"type": "number", "max": 50}})
    evidence, _ = gather(challenger, champion, FOUND, relatives, holdout(), SECTION, FACTS)
    assert evidence.champion.state == "found"
    assert evidence.drift is not None
    assert evidence.drift.state == "compared"
    assert [(change.kind, change.column) for change in evidence.drift.changes] == [
        ("loosened", "income"),
        ("tightened", "income"),
    ]
    assert [one.subject for one in evidence.drift.dropped] == ["columns.income.max"]
    written = json.loads(canonical_json(evidence.as_json()))
    assert written["drift"]["version"] == 1


def test_what_the_champions_contract_promised_and_the_challengers_does_not_is_told(
    challenger: Bundle, relatives: dict[str, Scorer], tmp_path: Path
) -> None:
    promised = {"income": {"type": "number", "min": 0, "monotone": "increasing"}}
    champion = bundle_of(tmp_path / "bundle", COLUMNS | promised)
    evidence, _ = gather(challenger, champion, FOUND, relatives, holdout(), SECTION, FACTS)
    assert evidence.drift is not None
    assert [one.subject for one in evidence.drift.dropped] == ["columns.income.monotone"]


@pytest.mark.parametrize(
    ("known", "drift"),
    [
        (Champion(state="none"), Drift(version=1, state="none", reason="")),
        (
            Champion(state="unreadable", reason="the pointer is torn"),
            Drift(version=1, state="unreadable", reason="the pointer is torn"),
        ),
    ],
)
def test_where_there_is_no_champion_to_compare_the_contract_with_that_is_said(
    challenger: Bundle, relatives: dict[str, Scorer], known: Champion, drift: Drift
) -> None:
    evidence, _ = gather(challenger, None, known, relatives, holdout(), SECTION, FACTS)
    assert evidence.drift == drift


def test_rows_with_missing_values_that_the_champion_never_knew_are_left_out(
    challenger: Bundle, tmp_path: Path
) -> None:
    columns = {**COLUMNS, "income": {"type": "number", "missing": "allowed"}}
    lenient = bundle_of(tmp_path / "bundle", columns)
    income = holdout().column("income").to_pylist()
    table = holdout(income=pa.array([None, *income[1:]], pa.float64()))
    evidence, _ = gather(lenient, challenger, FOUND, relatives_of(columns), table, SECTION, FACTS)
    assert evidence.champion.reason == "its contract refuses 1 of the 400 holdout rows"
    assert isinstance(evidence.comparison, Comparison)
    assert (evidence.comparison.rows, evidence.comparison.scored_rows) == (400, 399)


def test_a_champion_that_could_not_be_loaded_stays_what_it_is(
    challenger: Bundle, relatives: dict[str, Scorer]
) -> None:
    known = Champion(state="unreadable", reason="the pointer is torn")
    evidence, _ = gather(challenger, None, known, relatives, holdout(), SECTION, FACTS)
    assert evidence.champion == known


def test_a_challenger_that_cannot_score_the_holdout_is_an_error(
    challenger: Bundle, relatives: dict[str, Scorer]
) -> None:
    with pytest.raises(
        ValueError, match="the challenger cannot score the holdout: it needs the column income"
    ):
        gather(challenger, None, Champion(state="none"), relatives, holdout(income=None), SECTION, FACTS)


def test_decision_days_that_are_missing_do_not_hide_the_others(
    challenger: Bundle, relatives: dict[str, Scorer]
) -> None:
    table = holdout(4, issued=pa.array([19_001, None, 19_000, None], pa.int32()).cast(pa.date32()))
    evidence, _ = gather(challenger, None, Champion(state="none"), relatives, table, SECTION, FACTS)
    assert (evidence.holdout.since, evidence.holdout.until) == ("2022-01-08", "2022-01-09")
    none = holdout(4, issued=pa.nulls(4, pa.date32()))
    evidence, _ = gather(challenger, None, Champion(state="none"), relatives, none, SECTION, FACTS)
    assert (evidence.holdout.since, evidence.holdout.until) == (None, None)


def test_rows_without_a_time_column_have_no_days(tmp_path: Path) -> None:
    columns = {name: item for name, item in COLUMNS.items() if name != "issued"}
    evidence, _ = gather(
        bundle_of(tmp_path / "bundle", columns),
        None,
        Champion(state="none"),
        relatives_of(columns),
        holdout(issued=None),
        SECTION,
        FACTS,
    )
    assert (evidence.holdout.since, evidence.holdout.until) == (None, None)
