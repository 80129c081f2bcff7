"""The champion is compared on rows that neither model learned from, and that it can score."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import brier_score_loss, roc_auc_score

from tests.tollgate.evaluation.models import COLUMNS, bundle_of, holdout, relatives_of
from tests.tollgate.evaluation.test_gather import FACTS, FOUND
from tollgate.bundle.bundle import Bundle
from tollgate.bundle.scorer import Floats, Scores
from tollgate.data.validate import EVENT
from tollgate.errors import BundleError
from tollgate.evaluation.coherence import contradictions
from tollgate.evaluation.comparison import Comparison
from tollgate.evaluation.evidence import Champion, Evidence
from tollgate.evaluation.gather import gather
from tollgate.evaluation.rival import Seen
from tollgate.evaluation.scoring import Mask, scorable, score_rows
from tollgate.evaluation.section import EvaluateSection
from tollgate.gates.champion import ChampionGate

SECTION = EvaluateSection()
PLAIN = {name: COLUMNS[name] for name in ("income", "grade", "outcome")}
ROWS = 400


@pytest.fixture(scope="module")
def challenger(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return bundle_of(tmp_path_factory.mktemp("challenger") / "bundle", PLAIN)


@pytest.fixture(scope="module")
def champion(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """It refuses incomes above 95."""
    columns: dict[str, dict[str, Any]] = {**PLAIN, "income": {"type": "number", "max": 95}}
    return bundle_of(tmp_path_factory.mktemp("champion") / "bundle", columns, seed=3)


def first(rows: int) -> Mask:
    return np.arange(ROWS) < rows


def gathered(
    challenger: Bundle, champion: Bundle, table: pa.Table, seen: Seen, known: Champion = FOUND
) -> tuple[Evidence, Comparison]:
    evidence, _ = gather(challenger, champion, known, relatives_of(PLAIN), table, SECTION, FACTS, seen)
    assert isinstance(evidence.comparison, Comparison)
    return evidence, evidence.comparison


def test_rows_that_either_model_learned_from_are_taken_out(challenger: Bundle, tmp_path: Path) -> None:
    champion, table = bundle_of(tmp_path / "bundle", PLAIN, seed=3), holdout(ROWS)
    theirs, ours = first(60), (np.arange(ROWS) >= 50) & (np.arange(ROWS) < 90)
    evidence, comparison = gathered(challenger, champion, table, Seen(theirs, ours))
    assert (comparison.seen_by_champion, comparison.seen_by_challenger) == (60, 40)
    assert (comparison.rows, comparison.scored_rows, comparison.worst) == (310, 310, {})
    rest = table.slice(90)
    event = rest.column(EVENT).to_numpy()
    mine, other = (roc_auc_score(event, score_rows(model, rest).margin) for model in (challenger, champion))
    assert evidence.champion_metrics["roc_auc"].value == pytest.approx(other)
    assert evidence.differences["roc_auc"].value == pytest.approx(mine - other)
    whole = roc_auc_score(table.column(EVENT).to_numpy(), score_rows(challenger, table).margin)
    assert evidence.metrics["roc_auc"].value == pytest.approx(whole), (
        "the challenger's own figures are of all rows"
    )
    assert evidence.compared_metrics["roc_auc"].value == pytest.approx(mine)
    assert evidence.compared_metrics["roc_auc"].low is not None
    assert contradictions(evidence) == []


def test_where_no_row_is_left_out_the_challenger_is_measured_once(challenger: Bundle, tmp_path: Path) -> None:
    champion = bundle_of(tmp_path / "bundle", PLAIN, seed=3)
    evidence, _ = gathered(challenger, champion, holdout(ROWS), Seen(first(0), first(0)))
    assert evidence.compared_metrics == {}


def test_rows_that_the_champion_cannot_score_are_taken_out_and_shown_at_the_worst(
    challenger: Bundle, champion: Bundle
) -> None:
    table = holdout(ROWS)
    can, _ = scorable(champion, table)
    evidence, comparison = gathered(challenger, champion, table, Seen(first(0), first(0)))
    assert 0 < comparison.scored_rows == can.sum() < comparison.rows == ROWS
    event = table.column(EVENT).to_numpy()
    probability, margin = event.copy(), np.where(event == 1, np.inf, -np.inf)
    scores = score_rows(champion, table.filter(pa.array(can)))
    probability[can], margin[can] = scores.probability, scores.margin
    margin = np.clip(margin, scores.margin.min() - 1, scores.margin.max() + 1)
    mine = score_rows(challenger, table)
    worst = {name: figure.value for name, figure in comparison.worst.items()}
    assert worst["roc_auc"] == pytest.approx(roc_auc_score(event, mine.margin) - roc_auc_score(event, margin))
    assert worst["brier"] == pytest.approx(
        brier_score_loss(event, mine.probability) - brier_score_loss(event, probability)
    )
    assert evidence.differences["roc_auc"].value != worst["roc_auc"]


def test_what_is_not_known_to_have_been_learned_from_is_compared_on_and_told(
    challenger: Bundle, tmp_path: Path
) -> None:
    champion = bundle_of(tmp_path / "bundle", PLAIN, seed=3)
    _, comparison = gathered(challenger, champion, holdout(ROWS), Seen(None, first(0), "no record"))
    assert (comparison.seen_by_champion, comparison.seen_by_challenger) == (None, 0)
    assert (comparison.unknown, comparison.rows) == ("no record", ROWS)


def test_where_the_champion_learned_from_every_row_there_is_nothing_to_compare_on(
    challenger: Bundle, tmp_path: Path
) -> None:
    champion = bundle_of(tmp_path / "bundle", PLAIN, seed=3)
    evidence, comparison = gathered(challenger, champion, holdout(ROWS), Seen(first(ROWS), first(0)))
    assert (comparison.rows, comparison.scored_rows, evidence.differences) == (0, 0, {})


class Broken:
    """A graph that loads, and breaks on rows."""

    def score(self, rows: Floats) -> Scores:
        raise BundleError("the graph cannot score: out of memory")


def test_a_champion_whose_graph_breaks_on_the_rows_is_unreadable(
    challenger: Bundle, champion: Bundle
) -> None:
    broken = dataclasses.replace(champion, scorer=Broken())  # type: ignore[arg-type]
    evidence, _ = gather(challenger, broken, FOUND, relatives_of(PLAIN), holdout(ROWS), SECTION, FACTS)
    assert (evidence.champion.state, evidence.champion.generation) == ("unreadable", FOUND.generation)
    assert evidence.champion.reason == "the graph cannot score: out of memory"
    (finding,) = ChampionGate().findings(evidence)
    assert finding.status == "FAIL"


def test_a_comparison_reads_back_as_it_was_written(challenger: Bundle, champion: Bundle) -> None:
    _, comparison = gathered(challenger, champion, holdout(ROWS), Seen(first(9), first(0)))
    assert Comparison.read(comparison.as_json()) == comparison
