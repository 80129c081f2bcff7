"""The part `data`: counted from the holdout, the bundle's reference, and what earlier steps recorded."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.tollgate.evaluation.exams import exam_of, facts
from tests.tollgate.evaluation.models import COLUMNS, bundle_of, holdout
from tollgate.bundle.bundle import Bundle
from tollgate.evaluation.data import measure_data
from tollgate.evaluation.data_facts import DataFacts
from tollgate.evaluation.figure import NotAssessed
from tollgate.evaluation.shares import wilson

OPEN: dict[str, dict[str, Any]] = {
    **COLUMNS,
    "income": {"type": "number", "missing": "allowed"},
    "grade": {"type": "category", "values": ["a", "b", "c"], "unknown": "other", "missing": "allowed"},
}


@pytest.fixture(scope="module")
def challenger(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """Its fit part has the categories a and b alone, and no missing value."""
    return bundle_of(tmp_path_factory.mktemp("challenger") / "bundle", OPEN)


def measured(bundle: Bundle, table: pa.Table, recorded: dict[str, Any] | None = None) -> DataFacts:
    found = measure_data(exam_of(bundle, table, recorded=recorded))
    assert isinstance(found, DataFacts)
    return found


def test_what_is_missing_is_counted_and_compared_with_the_fit_part(challenger: Bundle) -> None:
    income = [None] * 40 + [50.0] * 360
    found = measured(challenger, holdout(income=pa.array(income, pa.float64()))).features["income"]
    assert found.fit == 0
    assert found.missing is not None
    assert found.rise is not None
    assert (found.missing.value, found.rise.value) == (0.1, 0.1)
    error = np.sqrt(0.1 * 0.9 / 399)
    assert found.rise.high == pytest.approx(0.1 + 1.959964 * error)


def test_categories_that_the_fit_part_never_had_are_counted_named_or_not_and_missing_is_none(
    challenger: Bundle,
) -> None:
    grade = ["a"] * 300 + ["c"] * 30 + ["zebra"] * 10 + [None] * 60
    found = measured(challenger, holdout(grade=pa.array(grade))).features["grade"]
    assert found.unknown is not None
    assert found.unknown.value == 0.1
    assert json.loads(challenger.files["reference.json"])["features"]["grade"]["counts"][2] == 0


def test_shares_of_these_very_rows_are_counts_however_few_groups_they_come_in(tmp_path: Path) -> None:
    """Nothing missing and nothing unknown in 20 groups: 400 rows say so, with Wilson's upper end below 0.01."""
    grouped = bundle_of(tmp_path / "bundle", OPEN | {"branch": {"role": "group"}})
    branch = pa.array([f"b{row % 20}" for row in range(400)])
    found = measured(grouped, holdout(branch=branch)).features["grade"]
    assert found.unknown == found.missing == wilson(0.0, 400)
    assert ((found.unknown and found.unknown.high) or 1) < 0.01


def test_a_feature_that_can_neither_miss_nor_be_new_is_not_listed(tmp_path: Path) -> None:
    found = measured(bundle_of(tmp_path / "bundle"), holdout())
    assert set(found.features) == {"grade"}
    assert found.features["grade"].missing is None


def test_shares_of_rows_come_from_what_ingest_and_validate_counted(challenger: Bundle) -> None:
    table = holdout()
    recorded = facts(table)
    recorded["validation"]["repeats"] = [
        {"of": "row", "within": {}, "over": {"fit and calibration": 90, "fit and holdout": 8}},
        {"of": "id", "column": "loan", "within": {}, "over": {"fit and holdout": 77}},
    ]
    found = measured(challenger, table, recorded)
    assert found.immature.value == 0.1
    assert found.repeated.value == 8 / 400
    assert (found.splits, found.validation, found.record) == ("d" * 64, "v" * 64, "7" * 64)
    assert found.fitted.as_json() == {"rows": 200, "events": 90}


@pytest.mark.parametrize(
    ("where", "name"), [("population", "parts"), ("validation", "repeats"), ("training", "rows")]
)
def test_what_no_step_recorded_is_said(challenger: Bundle, where: str, name: str) -> None:
    table = holdout()
    recorded = facts(table)
    del recorded[where][name]
    found = measure_data(exam_of(challenger, table, recorded=recorded))
    assert found == NotAssessed(not_assessed=f"earlier steps recorded no {name}", broken=True)
