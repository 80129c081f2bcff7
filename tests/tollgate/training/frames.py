"""Random problems to train on: columns of every kind that a contract knows, and rows that keep it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tests.tollgate.training.kinds import KINDS, Draw, Kind
from tollgate.bundle.scorer import Floats
from tollgate.contract import Column, Contract, RowChecker
from tollgate.training.part import Part
from tollgate.training.section import TrainSection
from tollgate.training.train import Trained, train

PARTS = ("fit", "calibration", "threshold")


@dataclass(frozen=True)
class Frame:
    """A problem: a contract, rows of the three parts, and rows that training never sees.

    Attributes:
        contract: What rows look like.
        raw: The rows as JSON values, by part and for `holdout` and `fresh`.
        parts: The three parts, encoded.
        holdout: The holdout's features, encoded.
        fresh: More rows, encoded.
    """

    contract: Contract
    raw: dict[str, list[dict[str, Any]]]
    parts: dict[str, Part]
    holdout: Floats
    fresh: Floats

    def train(self, decision: dict[str, Any] | None = None, **settings: Any) -> Trained:
        """Train on this problem: a logistic model, unless the settings say otherwise."""
        section = TrainSection.read(
            {"model": "logistic", "decision": decision or {"threshold": 0.4}, **settings}
        )
        return train(self.contract, section, self.parts, self.holdout)


def frame(kinds: list[str], seed: int, rows: int = 60, calibration: int | None = None) -> Frame:
    """The problem with these kinds of columns, drawn with a seed; the calibration part may have more rows."""
    draw = np.random.default_rng(seed)
    columns = {f"{place} {kind}": KINDS[kind] for place, kind in enumerate(kinds)}
    settings = {name: kind.settings for name, kind in columns.items()}
    settings["outcome"] = {"role": "target", "positive": 1}
    contract = Contract.of({name: Column.read(item) for name, item in settings.items()})
    checker = RowChecker(contract)
    raw, encoded = {}, {}
    for part in (*PARTS, "holdout", "fresh"):
        count = calibration if part == "calibration" and calibration else rows
        values = {name: _values(kind, part, draw, count) for name, kind in columns.items()}
        raw[part] = [{name: values[name][row] for name in columns} for row in range(count)]
        encoded[part], problems = checker.check(raw[part])
        assert not problems
    pull = draw.normal(0, 4, len(columns))
    parts = {part: _part(draw, encoded[part], pull) for part in PARTS}
    return Frame(contract, raw, parts, encoded["holdout"], encoded["fresh"])


def frames() -> st.SearchStrategy[Frame]:
    """Problems with one to six columns of any kind."""
    kinds = st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=6)
    return st.builds(frame, kinds, st.integers(0, 2**32 - 1))


def _values(kind: Kind, part: str, draw: Draw, rows: int) -> list[Any]:
    value = kind.value_in_fit if part == "fit" and kind.value_in_fit else kind.value
    return [value(draw) for _ in range(rows)]


def _part(draw: Draw, rows: Floats, pull: Floats) -> Part:
    return Part(rows, _events(draw, rows, pull), np.arange(len(rows), dtype=np.float64))


def _events(draw: Draw, rows: Floats, pull: Floats) -> Floats:
    """Outcomes that each column pulls in a direction by its ranks, with some of each class at the start."""
    ranks = np.argsort(np.argsort(rows, axis=0), axis=0) / len(rows) - 0.5
    events = (draw.random(len(rows)) < 1 / (1 + np.exp(0.4 - ranks @ pull))).astype(np.float64)
    events[:4] = (0, 1, 0, 1)
    return events
