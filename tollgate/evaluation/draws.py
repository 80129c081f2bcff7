"""Bootstrap draws of rows, or of whole groups of rows, and what each comes to for some models."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tollgate.evaluation.metrics import Scored

Floats = NDArray[np.float64]
Counts = NDArray[np.uint8]
Codes = NDArray[np.intp]
LOT = 20  # draws; part of what a seed means
ROWS_AT_ONCE = 2048  # of a lot, so that the sums are made in the processor's cache


@dataclass(frozen=True)
class Lot:
    """Some draws with a seed of their own, so that it does not matter which thread makes them."""

    size: int
    seed: np.random.SeedSequence


def lots(bootstraps: int, seed: int) -> list[Lot]:
    """All draws, in lots."""
    starts = range(0, bootstraps, LOT)
    seeds = np.random.SeedSequence(seed).spawn(len(starts))
    return [Lot(min(LOT, bootstraps - start), own) for start, own in zip(starts, seeds, strict=True)]


class Draws:
    """As many rows, or groups, as there are, drawn with replacement."""

    def __init__(self, rows: int, groups: Codes | None = None) -> None:
        """From so many rows; `groups` says which of them are drawn together."""
        self._rows, self._group, self._units = rows, None, rows
        if groups is not None:
            kinds, self._group = np.unique(groups, return_inverse=True)
            self._units = len(kinds)

    def tallies(self, models: Sequence[Scored], lot: Lot) -> list[tuple[Floats, Floats]]:
        """The sums and the figures of the order of each model on each draw of a lot, as `Tally.of` takes them."""
        generator = np.random.Generator(np.random.SFC64(lot.seed))
        counts = np.empty((lot.size, self._rows), dtype=np.uint8)
        for line in counts:
            line[:] = self._draw(generator)
        return [
            (_sums(counts, model.summed), np.array([model.ranks.figures(line) for line in counts]))
            for model in models
        ]

    def _draw(self, generator: np.random.Generator) -> Counts:
        """How often each row was drawn: never more than 255 times, which has a chance below 1e-500."""
        drawn = generator.integers(0, self._units, self._units)
        counts = np.bincount(drawn, minlength=self._units).astype(np.uint8)
        return counts if self._group is None else counts[self._group]


def _sums(counts: Counts, summed: Floats) -> Floats:
    """The product of draws (draws, rows) and what each row adds (rows, sums)."""
    found = np.zeros((len(counts), summed.shape[1]))
    with np.errstate(invalid="ignore"):  # an impossible event that was not drawn: no finite figure either
        for start in range(0, len(summed), ROWS_AT_ONCE):
            some = slice(start, start + ROWS_AT_ONCE)
            found += counts[:, some].astype(np.float64) @ summed[some]
    return found
