"""Groups that nobody declared: many questions, of which chance alone would answer some with yes."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from tollgate.evaluation.slices_section import Gap, Slice
from tollgate.gates.finding import Status
from tollgate.gates.holm import adjusted
from tollgate.gates.tail import above

ALPHA = 0.05
FEWEST = 20  # of events, and of others: with fewer neither the normal distribution nor t says anything
MOST_NAMED = 5


def explored(
    groups: Sequence[tuple[str, Slice]], margin: float, level_margin: float
) -> tuple[Status, str, dict[str, Any]] | None:
    """FAIL where a group is worse by more than a margin, else PASS, with those named that are worse at all.

    Args:
        groups: The groups, each with its name.
        margin: How much more the AUC of a group may lack of what its probabilities imply.
        level_margin: How far the logarithm of observed over expected may be off, either way.

    Returns:
        The status, the finding in words, and its figures; None where no group could be looked at.
    """
    asked = list(_questions(groups, margin, level_margin))
    if not asked:
        return None
    beyond = adjusted([question[1] for question in asked])
    at_all = adjusted([question[2] for question in asked])
    bad = [asked[at][0] for at, p in enumerate(beyond) if p <= ALPHA]
    worse = [asked[at][0] for at, p in enumerate(at_all) if p <= ALPHA]
    figures = {"questions": len(asked), "beyond": bad, "worse": worse, "smallest_p": min(beyond)}
    looked = f"of {len(asked)} questions about {len(groups)} groups that nobody declared"
    if bad:
        return "FAIL", f"{looked}, beyond the margin after Holm's correction: {_few(bad)}", figures
    if worse:
        return (
            "PASS",
            f"warning: {looked}, worse than the others but not surely beyond the margin: {_few(worse)}",
            figures,
        )
    return "PASS", f"{looked}, none shows a group that is worse than the others", figures


def _questions(
    groups: Sequence[tuple[str, Slice]], margin: float, level_margin: float
) -> Iterator[tuple[str, float, float]]:
    """What is asked, and how likely chance alone says as much: beyond the margin, and at all."""
    for name, one in groups:
        if one.fewer < FEWEST:
            continue
        value = one.auc.figure.value or 0.0
        if one.auc.error:
            said = f"{name} AUC short of what its probabilities imply by {value:.3f}"
            yield said, _above(value - margin, one.auc), _above(value, one.auc)
        value = one.level.figure.value or 0.0
        if one.level.error:
            beyond = _above(abs(value) - level_margin, one.level)  # only one of the two ways can be beyond
            said = f"{name} observed/expected {math.exp(value):.2f} times that of the others"
            yield said, beyond, 2 * _above(abs(value), one.level)


def _above(value: float, gap: Gap) -> float:
    """How likely chance alone puts a figure with the error of a gap above a value."""
    return above(value / (gap.error or math.inf), gap.degrees)


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
