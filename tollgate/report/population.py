"""Whom the figures hold for, as a reader sees it."""

from typing import Any

from tollgate.evaluation.evidence import Evidence

PARTS = ("fit", "calibration", "threshold", "holdout")  # in the order in which they are used
EXCLUSIONS = (
    ("read", "rows read"),
    ("rejected", "rejected applicants, whose label nobody knows"),
    ("future", "decided after the day as of which the data is used"),
    ("immature", "label not yet known on that day"),
    ("used", "rows in the snapshot"),
    ("embargoed", "label not known when the holdout starts"),
)


def waterfall(evidence: Evidence) -> list[tuple[str, int]]:
    """Each exclusion in words with its rows, in the order in which it was made."""
    return [(title, int(evidence.population[key])) for key, title in EXCLUSIONS if key in evidence.population]


def parts_of(evidence: Evidence) -> list[tuple[str, Any]]:
    """The parts of the split with what is known of each."""
    parts = evidence.population.get("parts", {})
    return [(name, parts[name]) for name in PARTS if name in parts]
