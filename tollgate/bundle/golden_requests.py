"""Golden requests: rows made from the contract, no person's, that show all that it allows in kind."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from tollgate.contract import Column, Contract
from tollgate.contract.columns import bounds
from tollgate.errors import BundleError

FEWEST = 16


def golden_requests(contract: Contract, typical: Mapping[str, tuple[float, ...]]) -> list[dict[str, Any]]:
    """Rows that show every category, every column that may miss missing, low and high numbers.

    Args:
        contract: The contract that the rows keep.
        typical: For each number, integer and date feature some values in the model's numbers, such as
            quantiles of the training data rounded so that they are no person's.
    """
    choices = {name: _choices(contract.columns[name], typical.get(name, ())) for name in contract.features}
    count = max(FEWEST, *(len(values) for values in choices.values()))
    return [
        {name: _walk(values, place, row) for place, (name, values) in enumerate(choices.items())}
        for row in range(count)
    ]


def refuse_unshown(contract: Contract, requests: list[dict[str, Any]]) -> None:
    """Hold golden requests against the contract: whatever it allows in kind, one of them must show.

    Raises:
        BundleError: A category, a truth, one that is in no list, or a missing value is in no golden request.
    """
    for name in contract.features:
        column, shown = contract.columns[name], {row.get(name) for row in requests}
        needed: set[Any] = {True, False} if column.type == "boolean" else set(column.values or ())
        lacking = [repr(value) for value in needed - shown]
        if column.unknown == "other" and not shown - needed - {None}:
            lacking.append("a category that is in no list")
        if column.missing == "allowed" and None not in shown:
            lacking.append("a missing value")
        if lacking:
            raise BundleError(f"golden.json: no golden request shows {min(lacking)} of {name}")


def _choices(column: Column, typical: tuple[float, ...]) -> list[Any]:
    values: list[Any]
    if column.values is not None:
        values = [*column.values]
        if column.unknown == "other":
            values.append(_unseen(column.values))
    elif column.type == "boolean":
        values = [False, True]
    elif column.type == "date":
        values = [_day(number) for number in typical] or ["1970-01-01"]
    else:
        whole = column.type == "integer"
        values = [int(number) if whole else float(number) for number in typical] or [_inside(column)]
    return [*values, None] if column.missing == "allowed" else values


def _walk(values: list[Any], place: int, row: int) -> Any:
    """Every value in turn, with a slip now and then, for each feature at its own pace: rows are no mere diagonal."""
    slips = row // (len(values) * (place + 1))
    return values[(place + row + slips) % len(values)]


def _unseen(values: tuple[Any, ...]) -> Any:
    if isinstance(values[0], int):
        return max(values) + 1
    return max(values, key=len) + "?"


def _inside(column: Column) -> float | int:
    """The allowed number that is nearest to zero."""
    low, high = bounds(column)
    number = max(low, min(0.0, high))
    return int(number) if column.type == "integer" else number


def _day(number: float) -> str:
    return str(np.datetime64(int(number), "D"))
