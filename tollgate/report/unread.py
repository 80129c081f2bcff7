"""The report where the evidence cannot be shown: that, and nothing made up."""

from tollgate.admission import shortly
from tollgate.evaluation.evidence import Evidence
from tollgate.report.environment import page_environment
from tollgate.report.findings import BAR, Findings, headline
from tollgate.report.page import render
from tollgate.verdict import Verdict


def render_measured(evidence: Evidence) -> str:
    """The report as HTML before the gates have spoken; where none can be made, a page that says so and why."""
    try:
        return render(evidence, None)
    except Exception as error:  # noqa: BLE001 - what was measured is not lost for a page
        said = f"{type(error).__name__}: {shortly(error)}"
        template = page_environment().get_template("unmade.html.jinja")
        return template.render(bundle=evidence.bundle, said=said, bar_width=BAR)


def render_unread(verdict: Verdict) -> str:
    """The report as HTML on evidence that cannot be shown.

    Args:
        verdict: What was decided.
    """
    return (
        page_environment()
        .get_template("unread.html.jinja")
        .render(
            verdict=verdict,
            headline=headline(verdict),
            findings=Findings.of(verdict),
            bar_width=BAR,
            judged=list(verdict.judged.model_dump().items()),
        )
    )
