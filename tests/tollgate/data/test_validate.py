import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.tollgate.data.small_data import section
from tollgate.data.split import PARTS
from tollgate.data.split_section import SplitSection
from tollgate.data.validate import Validated, validate
from tollgate.errors import DataError

SIZE = 400
COLUMNS: dict[str, dict[str, Any]] = {
    "id": {"role": "id"},
    "day": {"role": "time"},
    "x": {"type": "number", "min": 0},
    "colour": {"type": "category", "values": ["red", "blue"]},
    "y": {"role": "target", "positive": "bad"},
}
RANDOM = {"method": "random", "holdout": 0.2, "salt": "a"}
TIME = {"method": "time", "holdout": "2 months", "salt": "a"}


def rows(**changed: Any) -> pa.Table:
    """Four hundred good rows over a year, half of them events; `changed` replaces the first values of columns."""
    values: dict[str, list[Any]] = {
        "id": [f"L{n}" for n in range(SIZE)],
        "day": [dt.date(2022, 1, 1) + dt.timedelta(days=n % 360) for n in range(SIZE)],
        "x": [n / 1.0 for n in range(SIZE)],
        "colour": ["red", "blue"] * (SIZE // 2),
        "y": ["bad", "good", "good", "bad"] * (SIZE // 4),
    }
    values = {
        name: [*changed.get(name, []), *some[len(changed.get(name, [])) :]] for name, some in values.items()
    }
    kinds = {"day": pa.date32(), "x": pa.float64()}
    table = pa.table({name: pa.array(some, kinds.get(name, pa.string())) for name, some in values.items()})
    return table.append_column("__row__", pa.array(np.arange(1, SIZE + 1)))


def validated(
    table: pa.Table, split: dict[str, Any] = RANDOM, columns: dict[str, Any] = COLUMNS
) -> Validated:
    return validate(table, section(columns), SplitSection.read(split))


def refusal(table: pa.Table, split: dict[str, Any] = RANDOM, columns: dict[str, Any] = COLUMNS) -> str:
    found = validated(table, split, columns)
    assert (found.digest, found.parts) == ("", {})
    with pytest.raises(DataError) as refused:
        found.report.refuse("the/report.html")
    return str(refused.value)


@pytest.mark.parametrize("split", [RANDOM, TIME])
def test_every_row_is_in_one_part_with_its_event(split: dict[str, Any]) -> None:
    found = validated(rows(), split)
    every = pa.concat_tables([found.parts[name] for name in PARTS])
    assert sorted(every.column("__row__").to_pylist()) == list(range(1, SIZE + 1))
    for row in every.to_pylist():
        assert row["__event__"] == {"bad": 1.0, "good": 0.0}[row["y"]]
    assert found.report.rows == SIZE
    for name in PARTS:
        part = found.parts[name]
        told = found.report.parts[name]
        assert told["rows"] == part.num_rows
        assert told["events"] == part.column("y").to_pylist().count("bad")
        assert told["since"] == str(min(part.column("day").to_pylist()))
        assert told["until"] == str(max(part.column("day").to_pylist()))


@pytest.mark.parametrize("split", [RANDOM, TIME])
def test_the_order_of_rows_changes_neither_digest_nor_parts(split: dict[str, Any]) -> None:
    expected = validated(rows(), split)
    order = np.random.default_rng(1).permutation(SIZE)
    turned = rows().drop_columns(["__row__"]).take(pa.array(order))
    found = validated(turned.append_column("__row__", pa.array(np.arange(1, SIZE + 1))), split)
    assert found.digest == expected.digest
    assert found.report == expected.report
    for name in PARTS:
        assert found.parts[name].drop_columns(["__row__"]) == expected.parts[name].drop_columns(["__row__"])


def test_in_order_rows_in_another_order_give_another_digest_even_where_the_parts_are_the_same() -> None:
    split = {"method": "order", "holdout": 0.25, "calibration": 0.25, "salt": "a"}
    expected = validated(rows(), split)
    order = np.r_[1, 0, 2:SIZE]  # both are in the fit part
    turned = rows().drop_columns(["__row__"]).take(pa.array(order))
    found = validated(turned.append_column("__row__", pa.array(np.arange(1, SIZE + 1))), split)
    assert found.report.parts == expected.report.parts
    assert found.digest != expected.digest
    shuffled = rows().take(pa.array(np.random.default_rng(1).permutation(SIZE)))  # the numbers say how it was
    assert validated(shuffled, split).digest == expected.digest


def test_another_value_salt_or_contract_gives_another_digest() -> None:
    bounded = COLUMNS | {"x": COLUMNS["x"] | {"max": 10**6}}
    digests = {
        validated(rows()).digest,
        validated(rows(x=[0.5])).digest,
        validated(rows(), RANDOM | {"salt": "b"}).digest,
        validated(rows(), columns=bounded).digest,
    }
    assert len(digests) == 4


def test_a_broken_contract_names_every_column_rule_and_the_first_rows() -> None:
    message = refusal(rows(x=[1.0, -1.0, -2.0], colour=["red", "red", "red", "green"], id=[None]))
    assert message.splitlines()[0] == "the data breaks the contract:"
    assert "column id: 1 row breaks the rule missing (row 1)" in message
    assert "column x: 2 rows break the rule minimum (rows 2, 3): at least 0" in message
    assert "column colour: 1 row breaks the rule category (row 4)" in message
    assert "green" not in message


def test_rows_without_a_label_are_named() -> None:
    message = refusal(rows(y=["bad", None, None]))
    assert "column y: 2 rows break the rule missing (rows 2, 3)" in message
    assert "data.label and data.selection" in message


@pytest.mark.parametrize(
    ("labels", "reasons"),
    [
        (
            ["good"] * SIZE,
            ["`positive` is 'bad', but no usable row has that", "must have two values, but has 1"],
        ),
        (["bad"] * SIZE, ["the target must have two values, but has 1"]),
        (
            ["bad", "ugly"],
            [
                "two values, but has 3: 1 row has neither `positive` nor the value that is most common",
                "(row 2)",
            ],
        ),
        (
            ["bad", "BAD", "good", " Good"] * (SIZE // 4),
            ["but has 4: 200 rows have neither", "spelled differently", "write each value one way"],
        ),
        (["Bad ", "good"] * (SIZE // 2), ["`positive` is 'bad', but no usable row has that"]),
        ([None] * SIZE, ["400 rows break the rule missing", "but no usable row has that", "but has 0"]),
        (["worse", None], ["1 row breaks the rule missing (row 2)", "but has 3: 1 row has", "(row 1)"]),
    ],
)
def test_a_target_that_is_not_of_two_known_values_is_refused_with_all_that_is_wrong(
    labels: list[str | None], reasons: list[str]
) -> None:
    message = refusal(rows(y=labels))
    for reason in reasons:
        assert reason in message
    for value in ("good", "ugly", "Bad ", "worse"):
        assert value not in message


@pytest.mark.parametrize(("value", "kind"), [(1, pa.int64()), (1.0, pa.float64()), (True, pa.bool_())])
def test_a_target_may_have_a_type_of_its_own(value: Any, kind: pa.DataType) -> None:
    named = {"integer": 1, "number": 1, "boolean": "true"}
    of_type = {pa.int64(): "integer", pa.float64(): "number", pa.bool_(): "boolean"}[kind]
    target = {"role": "target", "type": of_type, "positive": named[of_type]}
    labels = pa.array([value, type(value)(0)] * (SIZE // 2), kind)
    table = rows().set_column(4, "y", labels)
    found = validated(table, columns=COLUMNS | {"y": target})
    every = pa.concat_tables([found.parts[name] for name in PARTS])
    assert every.column("__event__").to_pylist() == [float(label) for label in every.column("y").to_pylist()]


@pytest.mark.parametrize("lone", ["bad", "good"])
def test_a_part_with_fewer_than_two_events_or_others_is_refused(lone: str) -> None:
    """The holdout, the last days, has one row of the lone class."""
    other = {"bad": "good", "good": "bad"}[lone]
    table = rows()
    days = table.column("day").to_pylist()
    last = max(days)
    held = [number for number, day in enumerate(days) if (last - day).days < 40]
    labels = table.column("y").to_pylist()
    for number in held:
        labels[number] = other
    labels[held[0]] = lone
    message = refusal(rows(y=labels), TIME | {"holdout": "40 days"})
    counts = {"bad": f"1 events and {len(held) - 1} others", "good": f"{len(held) - 1} events and 1 others"}
    assert f"the holdout part has {counts[lone]}: each needs at least 2" in message
    assert "change the section split" in message


def test_embargoed_rows_are_counted() -> None:
    data = section(COLUMNS, label={"matures_after": "1 month"})
    found = validate(rows(), data, SplitSection.read(TIME))
    used = sum(found.parts[name].num_rows for name in PARTS)
    assert found.report.embargoed == SIZE - used > 0
