from typing import Any

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, roc_auc_score

from tests.tollgate.evaluation.examined import examine
from tests.tollgate.evaluation.models import bundle_of, holdout
from tollgate.bundle.bundle import Bundle
from tollgate.evaluation.definition import definition
from tollgate.evaluation.figure import NotAssessed
from tollgate.evaluation.spread import spread
from tollgate.evaluation.written.spread import Spread

TOLD: dict[str, Any] = {"rows": 200, "of": 200, "seed": True, "failed": {"refit 2": "all rows are one"}}


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> list[Bundle]:
    return [bundle_of(tmp_path_factory.mktemp("spread") / "bundle", seed=seed) for seed in (1, 2)]


def test_each_model_is_measured_on_the_same_rows_beside_the_challenger(bundles: list[Bundle]) -> None:
    first, other = bundles
    relatives = {"yardstick": other.scorer, "seed 8": first.scorer, "refit 1": other.scorer}
    exam = examine(first, holdout(500), relatives=relatives, facts={"training": {"again": TOLD}})
    found = spread(exam)
    assert isinstance(found, Spread)
    assert [one.name for one in found.models] == ["refit 1", "seed 8"]
    refit, same = found.models
    ours, theirs = exam.scored.scores, other.score(exam.encoded)
    assert refit.roc_auc == pytest.approx(roc_auc_score(exam.event, theirs.margin))
    assert refit.brier == pytest.approx(brier_score_loss(exam.event, theirs.probability))
    assert refit.approve_rate == theirs.approved.mean()
    assert refit.score_difference == pytest.approx(np.abs(ours.probability - theirs.probability).mean())
    assert refit.decided_otherwise == (ours.approved != theirs.approved).mean() > 0
    assert (same.score_difference, same.decided_otherwise) == (0, 0)
    assert same.model_copy(update={"name": "challenger"}) == found.challenger
    assert (found.rows, found.fitted_on, found.of, found.seed) == (500, 200, 200, True)
    assert found.failed == TOLD["failed"]


def test_a_training_that_left_none_is_told(bundles: list[Bundle]) -> None:
    found = spread(examine(bundles[0], holdout(50)))
    assert isinstance(found, NotAssessed)
    assert not found.broken


def test_the_event_is_defined_by_contract_and_data(bundles: list[Bundle]) -> None:
    population = {"label_known": "12 months after the decision", "as_of": "2024-05-01", "states": "all rows"}
    found = definition(examine(bundles[0], holdout(50), facts={"population": population}))
    assert (found.target, found.positive) == ("outcome", "1")
    assert (found.known, found.as_of) == ("12 months after the decision", "2024-05-01")
    assert found.covers == "all rows"
