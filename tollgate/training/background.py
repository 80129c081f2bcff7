"""Background rows: who was just approved, made up from the distribution of each feature; no person's row."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from tollgate.bundle.scorer import Scores
from tollgate.contract import Column, Contract
from tollgate.training.part import Part
from tollgate.training.reference import typical_values

Floats = NDArray[np.float64]
ROWS = 64
FEWEST = 32
DRAWN = 4096


def background_rows(
    contract: Contract, parts: Mapping[str, Part], score: Callable[[Floats], Scores], seed: int
) -> Floats:
    """Rows just on the approved side of the threshold; the nearest come first.

    Each feature is drawn by itself from the fit part: a number from a few rounded quantiles, a category or a missing
    value by how often it occurs. A row that somebody in the data has is left out, unless there are no others. Where
    fewer than 32 are approved, those nearest to the threshold on its other side are taken too.

    Args:
        contract: What rows look like.
        parts: The parts that the model was trained on.
        score: The finished graph.
        seed: The seed of the drawing.

    Returns:
        Shape (rows, features), 32 to 64 rows where the features allow that many different ones.
    """
    random = np.random.default_rng(seed)
    fitted = parts["fit"].rows
    typical = typical_values(contract, fitted)
    columns = [
        _drawn(random, contract.columns[name], fitted[:, place], typical.get(name, ()))
        for place, name in enumerate(contract.features)
    ]
    made = _different(np.stack(columns, axis=1))
    strangers = made[~_among(made, np.concatenate([part.rows for part in parts.values()]))]
    made = strangers if len(strangers) else made
    scores = score(made)
    riskiest = np.lexsort((scores.margin, scores.probability))[::-1]
    approved = riskiest[scores.approved[riskiest]][:ROWS]
    declined = riskiest[~scores.approved[riskiest]][::-1][: max(0, FEWEST - len(approved))]
    return made[np.r_[approved, declined]]


def _drawn(random: np.random.Generator, column: Column, values: Floats, typical: tuple[float, ...]) -> Floats:
    present = values[~np.isnan(values)]
    if column.values is not None or column.type == "boolean":
        made = random.choice(present, DRAWN) if len(present) else np.zeros(DRAWN)
    else:
        made = random.choice(np.array(typical or (0.0,)), DRAWN)
    missing = random.random(DRAWN) < np.isnan(values).mean()
    return np.where(missing & (column.missing == "allowed"), np.nan, made)


def _different(made: Floats) -> Floats:
    """Each row once, in an order that does not depend on how often it was drawn."""
    _, first = np.unique(_words(made), axis=0, return_index=True)
    return made[first]


def _among(made: Floats, rows: Floats) -> NDArray[np.bool_]:
    """Which rows occur among others, a missing value equal to a missing value."""
    known = {row.tobytes() for row in _words(rows)}
    return np.array([row.tobytes() in known for row in _words(made)], dtype=bool)


def _words(rows: Floats) -> NDArray[np.uint64]:
    """The bits of each number in one form: no negative zero, one kind of NaN."""
    return np.ascontiguousarray(np.where(np.isnan(rows), np.nan, rows + 0.0)).view(np.uint64)
