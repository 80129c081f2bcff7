"""What is told of the groups of a protected column where nothing is judged."""

import math
from collections.abc import Callable
from typing import Any

from tollgate.evaluation.evidence import FEWEST_OF_A_CLASS
from tollgate.evaluation.fairness_section import Protected
from tollgate.evaluation.figure import Figure
from tollgate.gates.fair_pair import FOUR_FIFTHS, Pair


def reported(name: str, column: Protected, reference: int, least: float) -> tuple[str, dict[str, Any]]:
    """What is told of the groups of a column.

    Those are named that are below a share of the highest rate, the reference among them: the rule of 29 CFR 1607.4 D,
    which makes an exception of small numbers. So a group of fewer than 100 rows has the highest rate only where all do.

    Args:
        name: The column's name.
        column: Its groups with their rates.
        reference: The place of the group that ratios and differences are told against.
        least: The share of the highest approval rate below which a group is named.

    Returns:
        All groups in words, those first that are below; and the names of the reference, of the group with the highest
        rate (empty where nobody is approved) and of those below.
    """
    top = _highest(column)
    pairs = [] if top is None else [Pair(name, column, at, top) for at in range(len(column.groups))]
    below = [pair for pair in pairs if pair.times is not None and pair.times < least]
    head = "reported, not judged"
    if below and top is not None:
        share = "four fifths" if least == FOUR_FIFTHS else f"{least:g}"
        of = f"the highest rate, that of {name} {column.groups[top].name}"
        named = ", ".join(
            f"{pair.group}{'' if pair.surely_below(least) else ' (not surely)'}" for pair in below
        )
        head = f"below {share} of {of}, not judged: {named}; reported"
    told = "; ".join(_told(Pair(name, column, at, reference)) for at in range(len(column.groups)))
    best = max((group.told.value or 0.5 for group in column.groups), default=0.5)
    message = f"{head}: approved are of {name} {told}. The features tell these groups with an AUC of up to {best:.2f}"
    return message, {
        "reference": column.groups[reference].name,
        "highest": "" if top is None else column.groups[top].name,
        "below": [column.groups[pair.at].name for pair in below],
    }


def _highest(column: Protected) -> int | None:
    """The place of the group with the highest rate; None where nobody is approved."""
    rates = {at: rate for at, rate in enumerate(column.approval.values) if rate}
    large = [at for at in rates if column.groups[at].rows >= FEWEST_OF_A_CLASS]
    return max(large or rates, key=rates.__getitem__, default=None)


def _told(pair: Pair) -> str:
    rate = pair.column.approval.values[pair.at]
    said = f"{pair.column.groups[pair.at].name} {'none' if rate is None else f'{100 * rate:.1f} %'}"
    if pair.at == pair.against:
        return f"{said} (the reference)"
    if pair.times is None or pair.shortfall is None:
        return said
    ratio = f"{pair.times:.2f}{_between(pair.log_ratio, math.exp)} of the reference"
    difference = (
        f"{0.0 - (pair.shortfall.value or 0.0):+.3f}{_between(pair.shortfall, lambda end: 0.0 - end, '+')}"
    )
    return f"{said} ({ratio}, difference {difference})"


def _between(figure: Figure | None, turned: Callable[[float], float], sign: str = "") -> str:
    """The interval of a figure, turned into another; empty without one."""
    if figure is None or figure.low is None or figure.high is None:
        return ""
    low, high = sorted((turned(figure.low), turned(figure.high)))
    digits = f"{sign}.{3 if sign else 2}f"
    return f" [{low:{digits}}, {high:{digits}}]"
