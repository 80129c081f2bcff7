"""Rendering the report from evidence and verdict, and nothing else."""

from typing import Any

import jinja2

from tollgate.contract.drift import KINDS
from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.figure import Figure
from tollgate.evaluation.metrics import METRICS
from tollgate.gates.finding import Harm
from tollgate.report.measured import measured
from tollgate.report.model import describe
from tollgate.report.population import parts_of, waterfall
from tollgate.verdict import Verdict

BAR = 240
NOTHING = "not measured"


def render(evidence: Evidence, verdict: Verdict | None) -> str:
    """The report as HTML: no script, nothing loaded from elsewhere, printable.

    Args:
        evidence: What was measured.
        verdict: What was decided; None before the gates have spoken.
    """
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("tollgate.report"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    environment.filters.update(figure=_figure, percent=_percent, interval=_interval)
    return environment.get_template("report.html.jinja").render(
        evidence=evidence,
        verdict=verdict,
        headline=_headline(verdict),
        bars=[_bar(finding.harm) for finding in verdict.findings] if verdict else [],
        bar_width=BAR,
        metrics=[(metric.title, name) for name, metric in METRICS.items()],
        population=waterfall(evidence),
        parts=parts_of(evidence),
        model=describe(evidence.training),
        kinds=KINDS,
        measured=measured(evidence),
    )


def _headline(verdict: Verdict | None) -> tuple[str, str]:
    """The decision and why, in plain words."""
    if verdict is None:
        return "Measured", "The gates have not spoken yet."
    stopped = verdict.stopped_by()
    if verdict.decision == "deploy":
        return "Passed", f"All {len(verdict.findings)} findings are PASS: the model may be deployed."
    failed = sum(finding.status == "FAIL" for finding in stopped)
    unclear = len(stopped) - failed
    parts = [f"{failed} failed" if failed else "", f"{unclear} inconclusive" if unclear else ""]
    found = " and ".join(part for part in parts if part)
    return "Held", f"Of {len(verdict.findings)} findings {found}: the model is not deployed."


def _bar(harm: Harm | None) -> dict[str, float] | None:
    """Where the interval and the limit of a finding lie on a bar, in pixels; worse is to the right."""
    if harm is None:
        return None
    span = max(harm.high - harm.low, abs(harm.high - harm.limit), abs(harm.limit - harm.low), 1e-12)
    middle = (min(harm.low, harm.limit) + max(harm.high, harm.limit)) / 2

    def place(value: float) -> float:
        return round(BAR / 2 + (value - middle) / span * BAR * 0.8, 1)

    low, high = place(harm.low), place(harm.high)
    return {"low": low, "width": max(high - low, 2.0), "limit": place(harm.limit)}


def _figure(value: Any) -> str:
    return NOTHING if value is None else f"{value:.4f}"


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def _interval(figure: Figure | None, sign: str = "-") -> str:
    """A figure with its interval, kept on one line, or why there is none; sign "+" shows that of gains too."""
    if figure is None or figure.value is None:
        return NOTHING if figure is None else figure.reason or NOTHING
    value = f"{figure.value:{sign}.4f}"
    if figure.low is None or figure.high is None:
        return f"{value} ({figure.reason})"
    return f"{value}\u00a0[{figure.low:{sign}.4f},\u00a0{figure.high:{sign}.4f}]"
