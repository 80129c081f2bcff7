"""The V1 protocol: instances in, predictions out."""

from typing import Any

from serving.refusal import RefusalError
from tollgate.bundle.scorer import Scores


def read_v1(body: dict[str, Any]) -> list[Any]:
    """The rows of a V1 request.

    Raises:
        RefusalError: 400: no list of instances, an empty one, or another key.
    """
    others = sorted(set(body) - {"instances"})
    if others:
        raise RefusalError(
            400, f"unknown key {others[0][:64]!r}; a V1 request is {{'instances': [row, ...]}}"
        )
    rows = body.get("instances")
    if not isinstance(rows, list):
        raise RefusalError(
            400, "`instances` is missing or no list; a V1 request is {'instances': [row, ...]}"
        )
    if not rows:
        raise RefusalError(400, "`instances` is empty: there is no row to score")
    return rows


def write_v1(scores: Scores) -> dict[str, Any]:
    """The V1 answer: the probability of the event for each row."""
    return {"predictions": scores.probability.tolist()}
