"""card.md: a model card, from evidence and verdict, and nothing else."""

import json
from collections.abc import Mapping
from typing import Any

import jinja2
from pydantic import ValidationError

from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.figure import Figure
from tollgate.evaluation.metrics import METRICS
from tollgate.gates.finding import Finding
from tollgate.gates.section import GatesSection
from tollgate.report.cell_rows import decimal
from tollgate.report.compared import compared_on, parted, same_rows
from tollgate.report.markdown import escaped
from tollgate.report.measured import measured
from tollgate.report.model import describe
from tollgate.report.population import parts_of, waterfall
from tollgate.verdict import Verdict

MARKS = {"PASS": "✓", "FAIL": "✕", "INCONCLUSIVE": "?"}
FAIRNESS = ("fairness", "slices")


def model_card(evidence: Evidence, verdict: Verdict) -> str:
    """The card as Markdown (Mitchell et al. 2019); whatever comes from data or configuration is escaped.

    Args:
        evidence: What was measured.
        verdict: What was decided.
    """
    environment = jinja2.Environment(  # noqa: S701 - `finalize` escapes for Markdown
        loader=jinja2.PackageLoader("tollgate.report"),
        undefined=jinja2.StrictUndefined,
        finalize=escaped,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["figure"] = lambda value: f"{value:.4f}"
    written: dict[str, Any] = json.loads(verdict.model_dump_json())
    return environment.get_template("card.md.jinja").render(
        evidence=evidence,
        verdict=verdict,
        decision="Passed: may be deployed" if verdict.decision == "deploy" else "Held: is not deployed",
        findings=[(f"{MARKS[one.status]} {one.status}", _of(one), one.message) for one in verdict.findings],
        fairness=[(one.status, _of(one), one.message) for one in verdict.findings if one.gate in FAIRNESS],
        waivers=verdict.waivers,
        judged=list(written["judged"].items()),
        model=describe(evidence.training),
        columns=[title for title, _ in _columns(evidence)],
        metrics=_metrics(evidence),
        parted=parted(evidence),
        same_rows=same_rows(evidence),
        compared=compared_on(evidence),
        population=waterfall(evidence),
        parts=parts_of(evidence),
        measured=measured(evidence),
        blind=_blind(verdict.settings),
    )


def _of(finding: Finding) -> str:
    return f"{finding.gate} {finding.subject}".strip()


def _columns(evidence: Evidence) -> list[tuple[str, Mapping[str, Figure]]]:
    """Whose figures there are; the challenger's once more where it was compared on a part of the rows."""
    again = [("Challenger, compared rows", evidence.compared_metrics)] if evidence.compared_metrics else []
    return [
        ("Challenger", evidence.metrics),
        ("Yardstick", evidence.yardstick_metrics),
        *again,
        ("Champion", evidence.champion_metrics),
    ]


def _metrics(evidence: Evidence) -> list[tuple[str, ...]]:
    """Each metric: title, a figure for each column, difference; a dash where it was not measured."""
    found = []
    for name, metric in METRICS.items():
        figures = [decimal(source[name], 4) if name in source else "-" for _, source in _columns(evidence)]
        difference = evidence.differences.get(name)
        found.append((metric.title, *figures, decimal(difference, 4, "+") if difference else "-"))
    return found


def _blind(settings: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What each gate that spoke cannot see; nothing of gates that are now others."""
    try:
        gates = list(GatesSection.read(settings).gates())
    except ValidationError:
        return []
    names = {type(gate).__name__.removesuffix("Gate").lower(): type(gate).blind for gate in gates}
    return list(names.items())
