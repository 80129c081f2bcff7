"""The exam: the holdout with everything that a measurement may need of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tollgate.bundle.bundle import Bundle
from tollgate.bundle.scorer import Scorer
from tollgate.contract.table import encode_table
from tollgate.evaluation.metrics import Floats, Scored
from tollgate.evaluation.sampling import Sampling
from tollgate.evaluation.sampling_error import Codes


@dataclass(frozen=True)
class Rival:
    """The champion on the holdout.

    Attributes:
        bundle: Its bundle.
        scored: The rows of `on` as it scores them.
        on: Which rows of the holdout both are compared on; shape (rows,).
    """

    bundle: Bundle
    scored: Scored
    on: np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Exam:
    """The holdout, scored.

    Attributes:
        table: The rows with the column `__event__` (1.0 or 0.0), all that the contract names, features or not.
        challenger: The bundle that is examined.
        scored: The rows as it scores them.
        section: How to draw.
        relatives: Graphs that the training left beside the bundle, by name: `yardstick`, and others.
        rival: The champion, where there is one that can score rows.
        facts: What earlier steps recorded: `splits`, `population`, `training`, `validation`, `parity`.
        unrivalled: Why there is no rival, in words, where there is none.
    """

    table: pa.Table
    challenger: Bundle
    scored: Scored
    section: Sampling
    relatives: Mapping[str, Scorer] = field(default_factory=dict)
    rival: Rival | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    unrivalled: str = "there is no champion"

    @property
    def event(self) -> Floats:
        """1.0 where the event happened, else 0.0; shape (rows,)."""
        return self.scored.event

    @cached_property
    def encoded(self) -> Floats:
        """The features as the challenger's graph takes them; shape (rows, features)."""
        return encode_table(self.table, self.challenger.contract)

    @cached_property
    def groups(self) -> Codes | None:
        """Which rows belong together, from 0: the contract's group column; None without one."""
        name = self.challenger.contract.only("group")
        return None if name is None else _codes(self.table.column(name))

    @cached_property
    def months(self) -> Codes | None:
        """The calendar month of each row, counted from the first one's 0; None without a time column."""
        name = self.challenger.contract.only("time")
        if name is None or self.table.column(name).null_count:
            return None
        days = self.table.column(name)
        month = 12 * pc.year(days).to_numpy() + pc.month(days).to_numpy()
        return np.asarray(month - month.min(), dtype=np.intp)


def _codes(column: pa.ChunkedArray) -> Codes:
    """Equal values have equal codes, from 0 on; a row without one is alone."""
    coded = pc.dictionary_encode(column).combine_chunks().indices
    codes = np.asarray(pc.fill_null(coded, -1).to_numpy(zero_copy_only=False), dtype=np.intp)
    alone = codes < 0
    codes[alone] = codes.max(initial=-1) + 1 + np.arange(int(alone.sum()))
    return codes
