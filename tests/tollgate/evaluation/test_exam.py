from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from tests.tollgate.evaluation.models import COLUMNS, bundle_of, holdout
from tollgate.bundle.bundle import Bundle
from tollgate.contract.table import encode_table
from tollgate.data.validate import EVENT
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.metrics import Scored
from tollgate.evaluation.sampling import Sampling

GROUPED = {**COLUMNS, "household": {"role": "group"}}


@pytest.fixture(scope="module")
def challenger(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return bundle_of(tmp_path_factory.mktemp("challenger") / "bundle", GROUPED)


def exam(challenger: Bundle, table: pa.Table) -> Exam:
    scores = challenger.score(encode_table(table, challenger.contract))
    return Exam(table, challenger, Scored(table.column(EVENT).to_numpy(), scores), Sampling(1000, seed=0))


def days(*texts: str) -> pa.Array:
    return pa.array(np.array(texts, dtype="datetime64[D]"), pa.date32())


def test_the_rows_are_encoded_as_the_graph_takes_them(challenger: Bundle) -> None:
    found = exam(challenger, holdout(5, household=pa.array(["a"] * 5)))
    assert found.encoded.shape == (5, 2)
    np.testing.assert_array_equal(challenger.score(found.encoded).margin, found.scored.scores.margin)


def test_equal_groups_have_equal_codes_and_a_row_without_one_is_alone(challenger: Bundle) -> None:
    found = exam(challenger, holdout(6, household=pa.array(["b", "a", None, "b", None, "c"])))
    assert found.groups is not None
    np.testing.assert_array_equal(found.groups, [0, 1, 3, 0, 4, 2])


def test_months_are_counted_from_the_first_also_over_a_year(challenger: Bundle) -> None:
    issued = days("2024-01-01", "2023-11-30", "2023-12-01", "2024-01-31")
    found = exam(challenger, holdout(4, household=pa.array(["a"] * 4), issued=issued))
    assert found.months is not None
    np.testing.assert_array_equal(found.months, [2, 0, 1, 2])


def test_without_a_day_for_every_row_there_are_no_months(challenger: Bundle) -> None:
    issued = pa.array([19_001, None], pa.int32()).cast(pa.date32())
    assert exam(challenger, holdout(2, household=pa.array(["a", "a"]), issued=issued)).months is None


def test_without_columns_for_them_there_are_neither_groups_nor_months(tmp_path: Path) -> None:
    plain = bundle_of(tmp_path / "bundle", {name: COLUMNS[name] for name in ("income", "outcome")})
    found = exam(plain, holdout(3))
    assert (found.groups, found.months) == (None, None)
