import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import roc_auc_score

from tests.tollgate.evaluation.examined import examine, wide_bundle, wide_table
from tollgate.bundle.bundle import Bundle
from tollgate.data.validate import EVENT
from tollgate.evaluation.missing_values import missing_values


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return wide_bundle(tmp_path_factory.mktemp("missing"))


def test_rows_with_and_without_a_value_are_told_apart(bundle: Bundle) -> None:
    table = wide_table()
    exam = examine(bundle, table)
    (debt,) = missing_values(exam).features
    lacks = np.isnan(table.column("debt").to_numpy())
    event, scores = table.column(EVENT).to_numpy(), exam.scored.scores
    assert debt.feature == "debt"
    assert debt.share == pytest.approx(lacks.mean())
    assert (debt.missing.rows, debt.missing.events) == (lacks.sum(), event[lacks].sum())
    assert (debt.present.rows, debt.present.events) == ((~lacks).sum(), event[~lacks].sum())
    assert debt.missing.predicted == pytest.approx(scores.probability[lacks].mean())
    assert debt.present_auc.value == pytest.approx(roc_auc_score(event[~lacks], scores.margin[~lacks]))
    assert debt.missing_auc.reason == "fewer than 100 of a class"


def test_features_that_no_row_or_every_row_lacks_are_not_listed(bundle: Bundle) -> None:
    full = missing_values(examine(bundle, wide_table(debt=pa.array(np.arange(600.0)))))
    assert (full.features, full.complete) == ((), 5)
    empty = missing_values(examine(bundle, wide_table(debt=pa.nulls(600, pa.float64()))))
    assert (empty.features, empty.complete) == ((), 4)
