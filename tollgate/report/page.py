"""Rendering the report from evidence and verdict, and nothing else."""

from typing import Any

import jinja2

from tollgate.contract.drift import KINDS
from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.figure import Figure
from tollgate.evaluation.metrics import METRICS
from tollgate.gates.finding import Harm
from tollgate.report.model import describe
from tollgate.verdict import Verdict

BAR = 240
NOTHING = "not measured"
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
        population=_population(evidence),
        parts=_parts(evidence),
        model=describe(evidence.training),
        kinds=KINDS,
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


def _population(evidence: Evidence) -> list[tuple[str, int]]:
    return [(title, int(evidence.population[key])) for key, title in EXCLUSIONS if key in evidence.population]


def _parts(evidence: Evidence) -> list[tuple[str, Any]]:
    """The parts of the split with what is known of each."""
    parts = evidence.population.get("parts", {})
    return [(name, parts[name]) for name in PARTS if name in parts]


def _bar(harm: Harm | None) -> dict[str, float | None] | None:
    """Where the interval and the limits of a finding lie on a bar, in pixels; worse is to the right.

    Where too little is harm as well, worse is also to the left of the floor.
    """
    if harm is None:
        return None
    ends = [harm.low, harm.high, harm.limit, *([] if harm.floor is None else [harm.floor])]
    span = max(max(ends) - min(ends), 1e-12)
    middle = (min(ends) + max(ends)) / 2

    def place(value: float) -> float:
        return round(BAR / 2 + (value - middle) / span * BAR * 0.8, 1)

    low, high = place(harm.low), place(harm.high)
    floor = None if harm.floor is None else place(harm.floor)
    return {"low": low, "width": max(high - low, 2.0), "limit": place(harm.limit), "floor": floor}


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
