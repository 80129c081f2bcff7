"""The part `leakage`, measured on small bundles."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from sklearn.metrics import roc_auc_score

from tests.tollgate.evaluation.exams import exam_of, facts
from tests.tollgate.evaluation.models import COLUMNS, bundle_of, holdout, relatives_of
from tollgate.bundle.bundle import Bundle
from tollgate.data.validate import EVENT
from tollgate.evaluation.figure import NotAssessed
from tollgate.evaluation.leakage import measure_leakage
from tollgate.evaluation.leakage_facts import LeakageFacts

SEEN: dict[str, dict[str, Any]] = {
    **COLUMNS,
    "income": {"type": "number", "known": "seen"},
    "grade": {"type": "category", "values": ["a", "b"], "known": "before"},
    "seen": {"role": "ignore", "type": "date", "missing": "allowed"},
}


@pytest.fixture(scope="module")
def challenger(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return bundle_of(tmp_path_factory.mktemp("challenger") / "bundle")


def measured(bundle: Bundle, table: pa.Table, **recorded: Any) -> LeakageFacts:
    found = measure_leakage(exam_of(bundle, table, relatives_of(seed=1), facts(table, **recorded)))
    assert isinstance(found, LeakageFacts)
    return found


def test_each_feature_is_looked_at_and_what_is_not_known_before_is_named(challenger: Bundle) -> None:
    found = measured(challenger, holdout())
    assert found.known == {"income": "unconfirmed", "grade": "unconfirmed"}
    assert list(found.alone) == ["income", "grade"]
    assert (found.rows, found.loss_rows) == (400, 400)


def test_the_loss_is_what_a_model_without_the_feature_ranks_worse(challenger: Bundle) -> None:
    table = holdout()
    exam = exam_of(challenger, table, relatives_of(seed=1))
    assert {"sampled", "without:income"} <= set(exam.relatives)
    found = measured(challenger, table)
    assert not isinstance(found.loss, NotAssessed)
    areas = {
        name: roc_auc_score(exam.event, exam.relatives[name].score(exam.encoded).margin)
        for name in ("sampled", "without:income")
    }
    lost = areas["sampled"] - areas["without:income"]
    assert found.loss["income"].value == pytest.approx(lost)
    assert lost > 0.1


def test_late_rows_of_all_parts_are_summed(tmp_path: Path) -> None:
    table = holdout(seen=pa.array([19_100] * 3 + [18_000] * 397, pa.int32()).cast(pa.date32()))
    bundle = bundle_of(tmp_path / "bundle", SEEN)
    found = measured(bundle, table, late={"income": {"rows": 600, "late": 2, "undated": 1}})
    assert found.late["income"].as_json() == {"rows": 1000, "late": 5, "undated": 1}
    lacking = measure_leakage(exam_of(bundle, table, recorded=facts(table)))
    assert isinstance(lacking, NotAssessed)
    assert "how late features were known" in lacking.not_assessed


def test_ids_and_groups_that_other_parts_have_too_are_counted_by_the_part_with_most(
    challenger: Bundle,
) -> None:
    table = holdout()
    recorded = facts(table)
    recorded["validation"]["repeats"] = [
        {"of": "row", "over": {"fit and holdout": 9}},
        {"of": "id", "column": "loan", "over": {"fit and holdout": 4, "threshold and holdout": 8}},
        {"of": "group", "column": "household", "over": {"fit and calibration": 99, "fit and holdout": 0}},
    ]
    found = measure_leakage(exam_of(challenger, table, relatives_of(), recorded))
    assert isinstance(found, LeakageFacts)
    assert [(one.column, one.share.value) for one in found.shared] == [("loan", 0.02), ("household", 0.0)]


def test_a_holdout_of_one_outcome_has_no_area(challenger: Bundle) -> None:
    table = holdout(**{EVENT: pa.array(np.zeros(400))})
    assert isinstance(measure_leakage(exam_of(challenger, table)), NotAssessed)


def test_without_models_that_never_saw_a_feature_the_loss_is_not_assessed(challenger: Bundle) -> None:
    table = holdout()
    found = measure_leakage(exam_of(challenger, table))
    assert isinstance(found, LeakageFacts)
    assert isinstance(found.loss, NotAssessed)
    assert not found.loss.broken, "train recorded that no feature costs enough"
    recorded = facts(table)
    del recorded["training"]["dropped"]
    found = measure_leakage(exam_of(challenger, table, recorded=recorded))
    assert isinstance(found, LeakageFacts)
    assert isinstance(found.loss, NotAssessed)
    assert found.loss.broken, "an older training left nothing"
