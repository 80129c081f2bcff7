from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tollgate.contract import Column, Contract
from tollgate.evaluation.grouping import Segments, segments


def found(rows: Any, **settings: Any) -> list[Segments]:
    columns = {"it": Column.read(settings), "target": Column.read({"role": "target", "positive": 1})}
    columns["amount"] = Column.read({"type": "number"})
    return list(segments(pa.table({"it": rows}), Contract.of(columns)))


def named(rows: Any, **settings: Any) -> list[str]:
    (one,) = found(rows, **settings)
    return [one.names[at] for at in one.place]


def test_categories_are_groups_with_those_unknown_and_missing_apart() -> None:
    grade = {"type": "category", "values": ["a", "b", "c"], "unknown": "other", "missing": "allowed"}
    assert named(pa.array(["b", "a", "z", None]), **grade) == ["b", "a", "other", "missing"]
    (one,) = found(pa.array(["c", "a", "c"]), **grade)
    assert (one.kind, one.names) == ("segment", ("a", "c"))  # none for whom there is no row
    assert found(pa.array(["b", "a"]), **grade | {"role": "protected"})[0].kind == "protected"


def test_whole_numbers_that_are_categories_are_groups_too() -> None:
    assert named(pa.array([2, 1, 2]), type="category", values=[1, 2]) == ["2", "1", "2"]


def test_a_boolean_has_two_groups_also_in_a_column_that_is_ignored() -> None:
    for role in ("feature", "ignore"):
        assert named(pa.array([True, None, False]), type="boolean", role=role) == ["true", "missing", "false"]


def test_a_protected_number_is_cut_at_its_bands_whose_upper_edges_belong_to_them() -> None:
    ages = pa.array([18, 25, 26, 40, 62, 63, None])
    names = named(ages, type="integer", role="protected", bands=[25.0, 40.0, 62.0], missing="allowed")
    assert names == ["up to 25", "up to 25", "25 to 40", "25 to 40", "40 to 62", "over 62", "missing"]


def test_another_number_is_cut_at_rounded_quintiles() -> None:
    (one,) = found(pa.array(np.linspace(0, 1234, 1000)), type="number")
    assert one.kind == "band"
    assert one.names == ("up to 250", "250 to 490", "490 to 740", "740 to 990", "over 990")
    assert np.bincount(one.place).min() > 150


def test_a_large_edge_is_told_in_full() -> None:
    amounts = pa.array([10_000.0, 1_500_000.0])
    assert named(amounts, type="number", role="protected", bands=[1_234_567.0]) == [
        "up to 1,234,567",
        "over 1,234,567",
    ]


@pytest.mark.parametrize(
    ("values", "settings"),
    [
        (pa.array([5.0, 5.0, 5.0]), {"type": "number"}),
        (pa.array([None, None], pa.float64()), {"type": "number", "missing": "allowed"}),
        (pa.array([f"name {number}" for number in range(300)]), {"role": "ignore"}),
        (pa.array(["north"] * 30 + ["a person"]), {"role": "ignore"}),
        (pa.array(["north"] * 30), {"role": "ignore"}),
        (pa.array(["a", "b"] * 20), {"role": "group"}),
        (pa.array([1.0, 2.0] * 20), {"role": "ignore", "type": "number"}),
    ],
    ids=[
        "one number",
        "no number",
        "many texts",
        "a rare text",
        "one text",
        "a group column",
        "ignored numbers",
    ],
)
def test_what_has_no_groups_or_could_be_a_person_has_none(values: Any, settings: dict[str, Any]) -> None:
    assert found(values, **settings) == []


def test_a_few_texts_of_an_ignored_column_are_groups() -> None:
    (one,) = found(pa.array(["south"] * 10 + ["north"] * 12 + [None]), role="ignore")
    assert (one.kind, one.names) == ("segment", ("north", "south", "missing"))


def test_of_many_categories_the_smallest_are_one() -> None:
    values = [f"v{number}" for number in range(25)]
    rows = [value for number, value in enumerate(values) for _ in range(10 + number)]
    (one,) = found(pa.array(rows), type="category", values=values)
    assert len(one.names) == 20
    assert one.names[0] == "the 6 smallest"
    assert np.bincount(one.place)[0] == sum(10 + number for number in range(6))
