from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from tests.tollgate.evaluation.examined import examine, wide_bundle, wide_table
from tests.tollgate.evaluation.models import COLUMNS, bundle_of, holdout
from tollgate.bundle.bundle import Bundle
from tollgate.evaluation.importance import importance
from tollgate.evaluation.written.importance import Importance
from tollgate.reasons.reasoner import Reasoner


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return wide_bundle(tmp_path_factory.mktemp("importance"))


def measured(bundle: Bundle, rows: int = 600) -> Importance:
    found = importance(examine(bundle, wide_table(rows)))
    assert isinstance(found, Importance)
    return found


def test_contributions_are_the_mean_of_their_sizes_and_their_shares_add_up(bundle: Bundle) -> None:
    found = measured(bundle)
    exam = examine(bundle, wide_table())
    sizes = np.abs(bundle.reasoner.contributions(exam.encoded)).mean(axis=0)
    assert {one.feature: one.shapley for one in found.features} == pytest.approx(
        dict(zip(bundle.contract.features, sizes, strict=True))
    )
    assert sum(one.share or 0.0 for one in found.features) == pytest.approx(1)
    assert [one.shapley for one in found.features] == sorted(sizes, reverse=True)
    assert (found.explained_rows, found.unexplained, found.left_out) == (600, "", 0)


def test_what_alone_orders_the_rows_loses_all_of_the_order(tmp_path: Path) -> None:
    columns = {name: COLUMNS[name] for name in ("income", "outcome")}
    alone = bundle_of(tmp_path / "bundle", columns)
    exam = examine(alone, holdout(3000))
    found = importance(exam)
    assert isinstance(found, Importance)
    (income,) = found.features
    area = roc_auc_score(exam.event, exam.scored.scores.margin)
    assert income.auc_loss.value == pytest.approx(area - 0.5, abs=0.03)
    assert income.auc_loss.low > 0.2  # type: ignore[operator]


def test_what_hardly_counts_loses_nothing_for_sure(bundle: Bundle) -> None:
    found = {one.feature: one for one in measured(bundle, 2000).features}
    assert found["income"].auc_loss.low > 0.1  # type: ignore[operator]
    weakest = min(found.values(), key=lambda one: one.shapley or 0.0)
    assert abs(weakest.auc_loss.value or 0.0) < 0.01


def test_the_same_seed_draws_the_same_rows(bundle: Bundle) -> None:
    assert measured(bundle, 6000) == measured(bundle, 6000)
    found = measured(bundle, 6000)
    assert found.explained_rows == 1000
    assert found.permuted_rows == 3000, "1,500 of each class"


def test_too_few_rows_of_a_class_leave_no_loss_to_measure(bundle: Bundle) -> None:
    found = measured(bundle, 150)
    assert found.permuted_rows == 0
    assert {one.auc_loss.reason for one in found.features} == {"fewer than 100 of a class"}
    assert found.features[0].shapley is not None


def test_a_model_that_explains_nothing_is_ordered_by_what_is_lost(bundle: Bundle) -> None:
    mute = Bundle(bundle.digest, bundle.contract, bundle.checker, bundle.scorer, _Mute(bundle), bundle.files)
    found = measured(mute)
    assert found.unexplained == "a model of this kind has no exact contributions"
    assert found.explained_rows == 0
    losses = [one.auc_loss.value or 0.0 for one in found.features]
    assert losses == sorted(losses, reverse=True)
    assert found.features[0].feature == "income"
    assert {one.shapley for one in found.features} == {None}


class _Mute(Reasoner):
    """The reasoner of a bundle whose model explains nothing."""

    def __init__(self, bundle: Bundle) -> None:
        super().__init__(bundle.files["explain.json"], bundle.contract)
        self.explains = False
