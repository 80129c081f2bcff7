import json
from typing import Any

import pytest
from pydantic import ValidationError

from tollgate.contract import Column, Contract

NUMBER: dict[str, Any] = {"type": "number"}
TARGET: dict[str, Any] = {"role": "target", "positive": 1}


def contract_of(columns: dict[str, dict[str, Any]]) -> Contract:
    return Contract.of({name: Column.read(settings) for name, settings in columns.items()})


REFUSED: list[tuple[dict[str, dict[str, Any]], str]] = [
    ({"x": NUMBER}, "no column has the role target"),
    ({"y": TARGET}, "no column is a feature"),
    ({"x": NUMBER, "y": TARGET, "z": TARGET}, "more than one column has the role target: y, z"),
    ({"x": NUMBER, "y": TARGET, "a": {"role": "time"}, "b": {"role": "time"}}, "the role time: a, b"),
    ({"x": NUMBER, "y": TARGET, "a": {"role": "id"}, "b": {"role": "id"}}, "the role id: a, b"),
    ({"x": NUMBER, "y": TARGET, "a": {"role": "group"}, "b": {"role": "group"}}, "the role group: a, b"),
    ({"x": NUMBER, "y": TARGET, "__row__": NUMBER}, "cannot be named '__row__'"),
    ({"x": NUMBER, "y": TARGET, " ": NUMBER}, "cannot be named ' '"),
    (
        {"x": NUMBER | {"reason_group": "debts"}, "debts": NUMBER, "y": TARGET},
        "`reason_group` of x is 'debts', which is a feature outside of that group",
    ),
    ({"y": TARGET} | {f"x{n}": NUMBER for n in range(2000)}, "2001 columns; at most 2000"),
]


@pytest.mark.parametrize(("columns", "reason"), REFUSED)
def test_columns_that_make_no_contract_are_refused(columns: dict[str, dict[str, Any]], reason: str) -> None:
    with pytest.raises(ValidationError) as refused:
        contract_of(columns)
    assert reason in str(refused.value)


def test_the_order_of_columns_survives_the_file(contract: Contract) -> None:
    turned = Contract.of(dict(reversed(list(contract.columns.items()))))
    for one in (contract, turned):
        again = Contract.from_json(json.loads(json.dumps(one.as_json(), sort_keys=True)))
        assert again == one
        assert list(again.columns) == list(one.columns)
        assert again.features == one.features
        assert again.digest() == one.digest()
    assert turned.features == contract.features[::-1]
    assert turned.digest() != contract.digest()


def test_roles_are_found_by_name(contract: Contract) -> None:
    assert contract.target == "default"
    assert contract.only("time") == "issued"
    assert contract.only("group") is None
    assert contract.names("protected") == ("age",)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"version": 2}, "format version 1"),
        ({"version": None}, "format version 1"),
        ({"more": 1}, "format version 1"),
        ({"columns": [NUMBER | {"name": "x"}, TARGET | {"name": "x"}]}, "'x' stands twice"),
        ({"columns": [NUMBER | {"name": "x", "bound": 1}, TARGET | {"name": "y"}]}, "bound"),
    ],
)
def test_a_file_of_another_format_is_refused(contract: Contract, change: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError) as refused:
        Contract.from_json(contract.as_json() | change)
    assert reason in str(refused.value)
