"""In words: on which rows the champion was compared with, how often they were used, and how they were drawn."""

from tollgate.evaluation.coherence import compared_rows
from tollgate.evaluation.comparison import Comparison
from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.metrics import METRICS
from tollgate.evaluation.reuse import Reuse


def compared_on(evidence: Evidence) -> list[str]:
    """A sentence on each thing that a reader must know of the rows; none where all was as usual."""
    comparison, reuse = evidence.comparison, evidence.reuse
    lines = _rows(comparison, evidence.holdout.rows) if isinstance(comparison, Comparison) else []
    if isinstance(reuse, Reuse) and reuse.unreadable:
        lines.append(f"How often these rows were used is not known: {reuse.unreadable}.")
    elif isinstance(reuse, Reuse) and reuse.challengers > 1:
        lines.append(
            f"{reuse.challengers} models were judged on holdouts that share half of their rows or more with this one, "
            "so that the gates metric and champion judge by wider intervals, which hold for all of them together; "
            "what stands in the tables is not widened."
        )
    return lines


def same_rows(evidence: Evidence) -> str:
    """On how many rows challenger and champion were scored, in a sentence."""
    rows = compared_rows(evidence)
    return (
        f"Both were scored on the very same {rows:,} rows." if rows else "There is no row to compare them on."
    )


def parted(evidence: Evidence) -> str:
    """What a reader must know of the columns of a table of metrics; empty where all are of the same rows."""
    comparison = evidence.comparison
    if not evidence.compared_metrics or not isinstance(comparison, Comparison):
        return ""
    return (
        f"Champion, difference and the challenger beside them are on the {comparison.scored_rows:,} rows with "
        f"{comparison.scored_events:,} events that both were compared on."
    )


def drawn_as(evidence: Evidence) -> str:
    """What was drawn for the intervals of the table of metrics where that was not rows alone; empty where it was."""
    said = []
    for drawn in ("groups", "months"):
        names = [name for name in METRICS if _drawn(evidence, name) == drawn]
        if names:
            said.append(f"Whole {drawn} were drawn for {', '.join(names)}.")
    return " ".join(said)


def _drawn(evidence: Evidence, name: str) -> str | None:
    """What was drawn for the interval of a metric; None where it was not measured."""
    return evidence.metrics[name].drawn if name in evidence.metrics else None


def _rows(comparison: Comparison, holdout: int) -> list[str]:
    lines = []
    if comparison.scored_rows < holdout:
        lines.append(
            f"They were compared on {comparison.scored_rows:,} of the {holdout:,} rows: from "
            f"{holdout - comparison.rows:,} one of them learned, and "
            f"{comparison.rows - comparison.scored_rows:,} the champion cannot score."
        )
    if comparison.unknown:
        lines.append(f"From how many of these rows a model learned is not known: {comparison.unknown}.")
    return lines
