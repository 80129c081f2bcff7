"""Rendering the report from evidence and verdict, and nothing else."""

from typing import Any

from tollgate.contract.drift import KINDS
from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.metrics import METRICS
from tollgate.report.compared import compared_on, drawn_as
from tollgate.report.environment import page_environment
from tollgate.report.findings import BAR, Findings, headline
from tollgate.report.model import describe
from tollgate.verdict import Verdict

PARTS = ("fit", "calibration", "threshold", "holdout")  # in the order in which they are used
EXCLUSIONS = (
    ("read", "rows read"),
    ("rejected", "rejected applicants, whose label nobody knows"),
    ("future", "decided after the day as of which the data is used"),
    ("immature", "label not yet known on that day"),
    ("used", "rows in the snapshot"),
    ("embargoed", "label not known when the holdout starts"),
)


def render(evidence: Evidence, verdict: Verdict | None) -> str:
    """The report as HTML: no script, nothing loaded from elsewhere, printable.

    Args:
        evidence: What was measured.
        verdict: What was decided; None before the gates have spoken.
    """
    return (
        page_environment()
        .get_template("report.html.jinja")
        .render(
            evidence=evidence,
            verdict=verdict,
            headline=headline(verdict) if verdict else ("Measured", "The gates have not spoken yet."),
            findings=Findings.of(verdict) if verdict else None,
            judged=list(verdict.judged.model_dump().items()) if verdict else [],
            bar_width=BAR,
            metrics=[(metric.title, name) for name, metric in METRICS.items()],
            compared=compared_on(evidence),
            drawn=drawn_as(evidence),
            population=_population(evidence),
            parts=_parts(evidence),
            model=describe(evidence.training),
            kinds=KINDS,
        )
    )


def _population(evidence: Evidence) -> list[tuple[str, int]]:
    return [(title, int(evidence.population[key])) for key, title in EXCLUSIONS if key in evidence.population]


def _parts(evidence: Evidence) -> list[tuple[str, Any]]:
    """The parts of the split with what is known of each."""
    parts = evidence.population.get("parts", {})
    return [(name, parts[name]) for name in PARTS if name in parts]
