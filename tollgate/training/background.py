"""Background rows: who was just approved, made up from the distribution of each feature; no person's row."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tollgate.bundle.scorer import Scores
from tollgate.contract import Column, Contract
from tollgate.training.reference import typical_values

Floats = NDArray[np.float64]
ROWS = 64
FEWEST = 32
DRAWN = 4096


def background_rows(
    contract: Contract, fitted: Floats, score: Callable[[Floats], Scores], seed: int
) -> Floats:
    """Rows just on the approved side of the threshold; the nearest come first.

    Each feature is drawn by itself: a number from a few rounded quantiles, a category or a missing value by how often
    it occurs. A row that somebody in the data has is left out. Where fewer than 32 are approved, those nearest to the
    threshold on its other side are taken too.

    Args:
        contract: What rows look like.
        fitted: The rows that the model was fitted on, shape (rows, features).
        score: The finished graph.
        seed: The seed of the drawing.

    Returns:
        Shape (rows, features), 32 to 64 rows where the features allow that many different ones.
    """
    random = np.random.default_rng(seed)
    typical = typical_values(contract, fitted)
    columns = [
        _drawn(random, contract.columns[name], fitted[:, place], typical.get(name, ()))
        for place, name in enumerate(contract.features)
    ]
    made = np.unique(np.stack(columns, axis=1), axis=0)
    strangers = made[~_among(made, fitted)]
    made = strangers if len(strangers) >= FEWEST else made
    scores = score(made)
    riskiest = np.argsort(-scores.margin, kind="stable")
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


def _among(made: Floats, rows: Floats) -> NDArray[np.bool_]:
    """Which rows occur among others, a missing value equal to a missing value."""
    known = {row.tobytes() for row in np.ascontiguousarray(_plain(rows))}
    return np.array([row.tobytes() in known for row in np.ascontiguousarray(_plain(made))], dtype=bool)


def _plain(rows: Floats) -> Floats:
    """One form for each number: no negative zero, one kind of NaN."""
    return np.where(np.isnan(rows), np.nan, rows + 0.0)
