"""Golden requests: rows made from the contract, no person's, with the scores that they must get."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from tollgate.bundle.scorer import Floats, Scorer
from tollgate.canonical import canonical_json
from tollgate.contract import Column, Contract, RowChecker
from tollgate.contract.columns import bounds
from tollgate.errors import BundleError

FORMAT_VERSION = 1
TOLERANCE = 1e-9
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


def write_golden(requests: list[dict[str, Any]], pipeline: Floats, graph: Floats) -> bytes:
    """The content of golden.json: each request with the trained pipeline's score and the graph's."""
    cases = [
        {"request": request, "pipeline": float(expected), "graph": float(found)}
        for request, expected, found in zip(requests, pipeline, graph, strict=True)
    ]
    return canonical_json({"version": FORMAT_VERSION, "cases": cases})


def read_golden(content: bytes) -> tuple[list[dict[str, Any]], Floats]:
    """The golden requests and the graph's scores.

    Raises:
        BundleError: The content is no golden.json of this format.
    """
    try:
        written = json.loads(content)
        version, cases = written["version"], written["cases"]
        requests = [case["request"] for case in cases]
        scores = np.array([float(case["graph"]) for case in cases])
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise BundleError("golden.json cannot be read") from error
    if version != FORMAT_VERSION or not requests:
        raise BundleError(f"golden.json holds no requests of format version {FORMAT_VERSION}")
    return requests, scores


def reproduce(content: bytes, checker: RowChecker, scorer: Scorer) -> float:
    """Score the golden requests again.

    Args:
        content: The content of golden.json.
        checker: The bundle's contract.
        scorer: The bundle's graph.

    Returns:
        The largest difference from the scores that they had when the bundle was made.

    Raises:
        BundleError: A request is refused, or a score differs by more than 1e-9.
    """
    requests, expected = read_golden(content)
    rows, problems = checker.check(requests)
    if problems:
        first = problems[0]
        raise BundleError(
            f"golden.json: golden request {first.row} breaks the contract: {first.column}: {first.message}"
        )
    found = scorer.score(rows).probability
    difference = np.abs(found - expected)
    worst = int(np.argmax(difference))
    if not np.all(difference <= TOLERANCE):
        raise BundleError(
            f"golden.json: golden request {worst} scores {found[worst]} instead of {expected[worst]}"
        )
    return float(difference[worst])


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
