"""Features as weights of evidence: each value is replaced by what its bin says about the event."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from tollgate.training.binning import Bins, Direction, cut, weights

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Kind:
    """How one feature is binned.

    Attributes:
        codes: For a category the number of its codes; 0 for a number.
        direction: The direction in which the event rate must move.
    """

    codes: int = 0
    direction: Direction = None


@dataclass
class Table:
    """The bins of one feature.

    Attributes:
        edges: Upper edges, each belonging to the bin below it; shape (bins - 1,).
        events: Events by bin, the missing values last; shape (bins + 1,).
        others: Non-events likewise.
        weight: The weight of evidence by bin, the missing values last.
    """

    edges: Floats
    events: Floats
    others: Floats
    weight: Floats

    def places(self, values: Floats) -> NDArray[np.int64]:
        """The bin of each value; a missing one has the last."""
        places = np.searchsorted(self.edges, values, side="left")
        return np.where(np.isnan(values), len(self.edges) + 1, places)


class WeightOfEvidence(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """A scikit-learn transformer over rows as the contract encodes them.

    Attributes:
        tables_: After fitting, the bins of each feature.
    """

    def __init__(self, kinds: tuple[Kind, ...], bins: int, smallest: float) -> None:
        self.kinds = kinds
        self.bins = bins
        self.smallest = smallest

    def fit(self, rows: Floats, events: Floats) -> Self:
        """Cut each feature, and weigh its bins.

        Raises:
            ValueError: All rows have the same outcome.
        """
        if not 0 < events.mean() < 1:
            raise ValueError("weights of evidence need rows of both outcomes")
        self.tables_ = [self._table(kind, rows[:, place], events) for place, kind in enumerate(self.kinds)]
        return self

    def transform(self, rows: Floats) -> Floats:
        """The weights of evidence of rows, shape (rows, features)."""
        columns = [table.weight[table.places(rows[:, at])] for at, table in enumerate(self.tables_)]
        return np.stack(columns, axis=1)

    def _table(self, kind: Kind, values: Floats, events: Floats) -> Table:
        missing, overall = np.isnan(values), float(events.mean())
        present, happened = values[~missing], events[~missing]
        fewest = self.smallest * len(values)
        if kind.codes:
            edges: Floats = np.arange(0.5, kind.codes - 1)
        elif len(present):
            edges = cut(present, happened, self.bins, fewest, kind.direction, overall)
        else:
            edges = np.array([])
        bins = Bins.of(edges, present, happened, overall)
        of_missing = events[missing].sum()
        with_event = np.r_[bins.events, of_missing]
        without = np.r_[bins.others, missing.sum() - of_missing]
        return Table(edges, with_event, without, weights(with_event, without))
