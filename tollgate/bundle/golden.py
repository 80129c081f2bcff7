"""golden.json: requests with all that the graph must say of them."""

import json
from typing import Any, Literal, NamedTuple

import numpy as np

from tollgate.bundle.scorer import Floats, Scorer, Scores
from tollgate.canonical import canonical_json
from tollgate.contract import RowChecker
from tollgate.errors import BundleError

FORMAT_VERSION: Literal[2] = 2
READ_VERSIONS = (1, 2)
TOLERANCE = 1e-9


class Golden(NamedTuple):
    """What golden.json says.

    Attributes:
        requests: The rows.
        probability: What the graph says of them, shape (rows,).
        margin: Its margins, NaN where none is written: format version 1 had none.
        approved: 1.0 and 0.0 for its decisions, NaN where none is written: so near to the threshold that another
            machine may decide otherwise, or format version 1.
    """

    requests: list[dict[str, Any]]
    probability: Floats
    margin: Floats
    approved: Floats


def write_golden(requests: list[dict[str, Any]], pipeline: Floats, graph: Scores, threshold: float) -> bytes:
    """The content of golden.json: each request with the trained pipeline's probability and all that the graph says.

    Args:
        requests: The rows.
        pipeline: Their probabilities by the trained pipeline, shape (rows,).
        graph: What the graph says of them.
        threshold: Below which probability the graph approves.
    """
    sure = np.abs(graph.probability - threshold) > 2 * TOLERANCE
    columns = (pipeline, graph.probability, graph.margin, graph.approved, sure)
    cases = [
        {
            "request": request,
            "pipeline": expected,
            "graph": probability,
            "margin": margin,
            "approved": approved if known else None,
        }
        for request, expected, probability, margin, approved, known in zip(
            requests, *(column.tolist() for column in columns), strict=True
        )
    ]
    return canonical_json({"version": FORMAT_VERSION, "cases": cases})


def read_golden(content: bytes) -> Golden:
    """The golden requests and what the graph says of them; also of format version 1.

    Raises:
        BundleError: The content is no golden.json of these formats.
    """
    try:
        written = json.loads(content)
        version, cases = written["version"], written["cases"]
        requests = [dict(case["request"]) for case in cases]
        scores = np.array([float(case["graph"]) for case in cases])
        further = [[_known(case[name]) for case in cases] for name in ("margin", "approved") if version != 1]
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise BundleError("golden.json cannot be read") from error
    if version not in READ_VERSIONS or not requests:
        raise BundleError("golden.json holds no requests of format version 1 or 2")
    margin, approved = np.array(further or [[np.nan] * len(scores)] * 2)
    return Golden(requests, scores, margin, approved)


def _known(value: float | bool | None) -> float:
    return np.nan if value is None else float(value)


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
    golden = read_golden(content)
    rows, problems = checker.check(golden.requests)
    if problems:
        first = problems[0]
        raise BundleError(
            f"golden.json: golden request {first.row} breaks the contract: {first.column}: {first.message}"
        )
    found = scorer.score(rows)
    difference = _refuse_apart("scores", found.probability, golden.probability)
    margins, decisions = ~np.isnan(golden.margin), ~np.isnan(golden.approved)
    size = np.maximum(1, np.abs(golden.margin))
    _refuse_apart("has the margin", found.margin / size, golden.margin / size, margins)
    _refuse_apart(
        "is approved (1) or not (0):", found.approved.astype(np.float64), golden.approved, decisions
    )
    return difference


def _refuse_apart(what: str, found: Floats, expected: Floats, where: Any = True) -> float:
    """Refuse what differs by more than a billionth, and give the largest difference."""
    difference = np.where(where, np.abs(found - expected), 0.0)
    worst = int(np.argmax(difference))
    if not np.all(difference <= TOLERANCE):
        raise BundleError(
            f"golden.json: golden request {worst} {what} {found[worst]} instead of {expected[worst]}"
        )
    return float(difference[worst])
