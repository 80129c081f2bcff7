"""The report where the evidence cannot be shown: that, and nothing made up."""

from tollgate.report.environment import page_environment
from tollgate.report.findings import BAR, Findings, headline
from tollgate.verdict import Verdict


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
