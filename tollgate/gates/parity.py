"""The gate `parity`: does the graph score as the trained pipeline does?"""

import math
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from tollgate.evaluation.evidence import Evidence
from tollgate.gates.finding import Finding, Harm, lacking
from tollgate.gates.gate import HIGHER, Gate
from tollgate.short import short


class ParityGate(Gate):
    """The graph against the pipeline, where both were there: in training."""

    question: ClassVar[str] = "Does the graph score every row as the trained pipeline does?"

    blind: ClassVar[str] = "Rows unlike those of the data and the probes at each cut of the model."
    source: ClassVar[str] = (
        "By definition, the largest distance of two probabilities of one row. No paper stands for it, and the limit, "
        "well above rounding of IEEE 754 doubles, is Tollgate's own."
    )

    at_most: Annotated[
        float,
        Field(gt=0, le=1e-9, description="The most by which a probability may differ."),
        HIGHER,
    ] = 1e-9

    def findings(self, evidence: Evidence) -> list[Finding]:
        """One finding; a waiver is impossible."""
        apart = evidence.parity
        if apart is None or not math.isfinite(apart):
            return [
                lacking("parity", "graph", "train recorded no distance between the graph and its pipeline")
            ]
        contradiction = _contradiction(evidence, apart)
        if contradiction:
            return [lacking("parity", "graph", contradiction)]
        harm = Harm(low=apart, high=apart, limit=self.at_most)
        on = _rows(evidence.training)
        message = (
            f"the graph differs from the trained pipeline by at most {short(apart, 2)}{on}; "
            f"at most {short(self.at_most)} is allowed"
        )
        return [
            Finding(
                gate="parity",
                subject="graph",
                status=harm.status,
                message=message,
                harm=harm,
                figures={"worst": apart},
                waivable=False,
            )
        ]


def _contradiction(evidence: Evidence, apart: float) -> str:
    """How the distance and what train recorded of it disagree; empty where they do not."""
    measured, bundle = evidence.training.get("parity"), evidence.training.get("bundle")
    if bundle is not None and bundle != evidence.bundle:
        return "the distance was measured on another bundle than the one that is judged"
    if isinstance(measured, Mapping) and measured.get("worst") != apart:
        return "the distance is another one than train recorded"
    if isinstance(measured, Mapping) and int(measured.get("rows", 0)) < evidence.holdout.rows:
        return "the distance was measured on fewer rows than the holdout has"
    return "" if apart >= 0 else "the distance is below 0"


def _rows(training: Mapping[str, Any]) -> str:
    measured = training.get("parity")
    if not isinstance(measured, Mapping):
        return ""
    return f" on {measured.get('rows', 0):,} rows and {measured.get('probes', 0):,} probes"
