import json
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tests.tollgate.evaluation.examined import examine, wide_bundle, wide_table
from tests.tollgate.evaluation.models import bundle_of, holdout
from tollgate.bundle.bundle import Bundle
from tollgate.canonical import canonical_json
from tollgate.data.validate import EVENT
from tollgate.evaluation import grouping
from tollgate.evaluation.segments import MOST_COLUMNS, segments
from tollgate.evaluation.written.segments import Segment


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return wide_bundle(tmp_path_factory.mktemp("segments"))


def of(bundle: Bundle, column: str, table: pa.Table | None = None) -> Segment:
    found = segments(examine(bundle, wide_table() if table is None else table))
    return next(segment for segment in found.segments if segment.column == column)


def test_protected_columns_come_first_and_every_segment_holds_all_rows(bundle: Bundle) -> None:
    found = segments(examine(bundle, wide_table()))
    names = [(segment.column, segment.protected) for segment in found.segments]
    assert names[:2] == [("age", True), ("height", True)]
    assert [name for name, _ in names[2:]] == ["income", "grade", "debt", "since", "owner"]
    for segment in found.segments:
        assert sum(cell.rows for cell in segment.cells) == 600, segment.column
    assert found.left_out == 0


def test_a_protected_number_is_cut_at_its_bands_the_edge_belonging_below(bundle: Bundle) -> None:
    ages = [18] * 100 + [25] * 100 + [26] * 100 + [40] * 100 + [41] * 200
    cells = of(bundle, "age", wide_table(age=pa.array(ages))).cells
    assert [(cell.name, cell.rows) for cell in cells] == [
        ("up to 25", 200),
        ("25 to 40", 200),
        ("over 40", 200),
    ]


def test_a_protected_band_is_named_as_the_gates_name_its_group(bundle: Bundle) -> None:
    groups = {one.column: list(one.names) for one in grouping.segments(wide_table(), bundle.contract)}
    assert [cell.name for cell in of(bundle, "age").cells] == groups["age"]


def test_a_feature_is_cut_at_rounded_quintiles_of_the_fit_part(bundle: Bundle) -> None:
    edges = json.loads(bundle.files["reference.json"])["features"]["income"]["edges"][1::2]
    table = wide_table()
    cells = of(bundle, "income", table).cells
    assert cells[0].name == f"up to {edges[0]:g}"
    assert len(cells) == len(edges) + 1 == 5
    low = pc.less_equal(table.column("income"), edges[0]).to_numpy()
    event = table.column(EVENT).to_numpy()
    assert (cells[0].rows, cells[0].events) == (low.sum(), event[low].sum())


def test_a_protected_number_without_bands_is_cut_at_rounded_quintiles(bundle: Bundle) -> None:
    cells = of(bundle, "height").cells
    names = [cell.name for cell in cells]
    assert names == ["up to 160", "160 to 170", "170 to 180", "over 180", "missing"]


def test_a_text_that_the_contract_does_not_name_is_never_told(bundle: Bundle) -> None:
    table = wide_table()
    cells = of(bundle, "grade", table).cells
    assert [cell.name for cell in cells] == ["a", "b", "any other"]
    assert "zz-top" not in canonical_json(segments(examine(bundle, table)).as_json()).decode()


def test_missing_values_days_and_booleans_have_names_of_their_own(bundle: Bundle) -> None:
    assert of(bundle, "debt").cells[-1].name == "missing"
    assert of(bundle, "since").cells[0].name.startswith("up to 1970-")
    assert [cell.name for cell in of(bundle, "owner").cells] == ["false", "true"]


def test_a_column_with_no_value_at_all_is_one_cell(bundle: Bundle) -> None:
    empty = wide_table(height=pa.nulls(600, pa.float64()))
    assert [(cell.name, cell.rows) for cell in of(bundle, "height", empty).cells] == [("missing", 600)]


def test_of_many_columns_the_first_are_shown_and_the_rest_counted(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    many = {f"x{at}": {"type": "number"} for at in range(MOST_COLUMNS + 3)}
    columns: dict[str, dict[str, Any]] = {**many, "outcome": {"role": "target", "positive": 1}}
    wide = bundle_of(tmp_path_factory.mktemp("many") / "bundle", columns)
    draw = np.random.default_rng(1)
    table = holdout(50, **{name: pa.array(draw.uniform(1, 100, 50)) for name in many})
    found = segments(examine(wide, table))
    assert (len(found.segments), found.left_out) == (40, 3)
