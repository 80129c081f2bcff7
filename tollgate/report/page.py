"""Rendering the report from evidence and verdict, and nothing else."""

from tollgate.contract.drift import KINDS
from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.metrics import METRICS
from tollgate.report.compared import compared_on, drawn_as, parted, same_rows
from tollgate.report.environment import page_environment
from tollgate.report.findings import BAR, Findings, headline
from tollgate.report.measured import measured
from tollgate.report.model import describe
from tollgate.report.population import parts_of, waterfall
from tollgate.verdict import Verdict


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
            same_rows=same_rows(evidence),
            parted=parted(evidence),
            drawn=drawn_as(evidence),
            population=waterfall(evidence),
            parts=parts_of(evidence),
            model=describe(evidence.training),
            kinds=KINDS,
            measured=measured(evidence),
        )
    )
