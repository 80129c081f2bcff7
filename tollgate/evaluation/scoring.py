"""Scoring a holdout by a bundle: all of its rows, or those that the bundle's contract knows."""

from typing import Any

import numpy as np
import pyarrow as pa

from tollgate.bundle.bundle import Bundle
from tollgate.bundle.scorer import Scores
from tollgate.contract import Contract
from tollgate.contract.table import encode_table, known_rows
from tollgate.data.parse import arrow_type

Mask = np.ndarray[Any, np.dtype[np.bool_]]


def scorable(bundle: Bundle, holdout: pa.Table) -> tuple[Mask, str]:
    """Which rows of the holdout a bundle can score, and why not the others; empty where it can score all."""
    unfit = _unfit(bundle.contract, holdout)
    if unfit:
        return np.zeros(holdout.num_rows, dtype=bool), unfit
    passing = known_rows(holdout, bundle.contract)
    if passing.all():
        return passing, ""
    return passing, f"its contract refuses {int((~passing).sum())} of the {len(passing)} holdout rows"


def score_rows(bundle: Bundle, holdout: pa.Table) -> Scores:
    """The scores of rows that a bundle can score."""
    return bundle.score(encode_table(holdout, bundle.contract))


def score_holdout(bundle: Bundle, holdout: pa.Table) -> tuple[Scores | None, str]:
    """The scores of a bundle for the holdout's rows, or why it cannot score them all."""
    passing, unfit = scorable(bundle, holdout)
    return (None, unfit) if unfit or not passing.all() else (score_rows(bundle, holdout), "")


def _unfit(contract: Contract, holdout: pa.Table) -> str:
    for name in contract.features:
        if name not in holdout.column_names:
            return (
                f"it needs the column {name}, which the contract no longer has: keep it there, with its type and "
                "`role: ignore`, as long as the data has it"
            )
        wanted, found = arrow_type(contract.columns[name]), holdout.schema.field(name).type
        if wanted != found:
            return f"it needs the column {name} as {wanted}, which now is {found}"
    return ""
