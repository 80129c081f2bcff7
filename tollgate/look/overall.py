"""What is told about the rows and columns taken together."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tollgate.data.rowhash import row_hashes
from tollgate.look.column import Look
from tollgate.look.finding import Finding
from tollgate.look.leaks import area_alone, stands_out
from tollgate.look.plan import Plan, percent

IMBALANCE = 0.05
FEW_EVENTS = 250  # a gate needs 100 in the holdout, and no more than two fifths are held out


def of_rows(parsed: pa.Table, plans: list[Plan], target: Look, event: str) -> list[Finding]:
    """Duplicates, and outcomes that are rare.

    Args:
        parsed: The rows in the contract's types.
        plans: The columns; identifiers make no row another one.
        target: The target.
        event: Its value that is the event.
    """
    findings = []
    names = [plan.name for plan in plans if not (plan.findings and plan.findings[0].kind == "id-like")]
    hashes = row_hashes(parsed.select(names))
    twice = parsed.num_rows - len(np.unique(hashes[:, 0]))
    if twice:
        findings.append(
            Finding(
                "duplicates",
                None,
                f"{twice} {'row is' if twice == 1 else 'rows are'} the same as an earlier one, identifiers apart: "
                "mistakes?",
            )
        )
    events = target.count(event)
    rarer = min(events, target.filled - events)
    if rarer < IMBALANCE * target.filled:
        findings.append(
            Finding(
                "imbalance", target.name, f"the rarer outcome is {percent(rarer / target.filled)} of the rows"
            )
        )
    if rarer < FEW_EVENTS:
        rows = "row" if rarer == 1 else "rows"
        message = f"only {rarer} {rows} of the rarer outcome: gates need 100 in the holdout, so expect held"
        findings.append(Finding("few rows", target.name, message))
    return findings


def of_strongest(plans: list[Plan], looks: Mapping[str, Look], events: NDArray[np.float64]) -> list[Finding]:
    """A feature that tells far more than any other, though it does not decide the target."""
    features = [plan.name for plan in plans if plan.role == "feature"]
    areas = {name: area for name in features if (area := area_alone(looks[name], events)) is not None}
    found = stands_out(areas)
    if found is None:
        return []
    name, area, following = found
    message = (
        f"alone tells far more (ROC AUC {area:.2f}) than any other column (the next {following:.2f}): "
        "is it known before the decision? If not: role: ignore"
    )
    return [Finding("leak-like", name, message)]
