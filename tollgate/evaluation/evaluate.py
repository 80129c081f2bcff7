"""Measuring a challenger, and the champion on the very same rows."""

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tollgate.bundle.bundle import Bundle
from tollgate.bundle.scorer import Scorer, Scores
from tollgate.clock import now
from tollgate.contract import Contract
from tollgate.contract.drift import FORMAT_VERSION as DRIFT_VERSION
from tollgate.contract.drift import Drift, changes
from tollgate.contract.table import encode_table, known_rows
from tollgate.data.parse import arrow_type
from tollgate.data.validate import EVENT
from tollgate.evaluation.bootstrap import estimate, measure, resample
from tollgate.evaluation.evidence import FORMAT_VERSION, Champion, Evidence, Holdout, Timings
from tollgate.evaluation.exam import Exam, Rival
from tollgate.evaluation.figure import Figure
from tollgate.evaluation.measures import assess
from tollgate.evaluation.metrics import DESCRIPTIVE, METRICS, Scored
from tollgate.evaluation.section import EvaluateSection
from tollgate.section import Section

ALL = METRICS | DESCRIPTIVE
CURVE_POINTS = 200
YARDSTICK = "yardstick"
Floats = NDArray[np.float64]


def score_holdout(bundle: Bundle, holdout: pa.Table) -> tuple[Scores | None, str]:
    """The scores of a bundle for the holdout's rows, or why it cannot score them all."""
    unfit = _unfit(bundle.contract, holdout)
    if unfit:
        return None, unfit
    passing = known_rows(holdout, bundle.contract)
    if not passing.all():
        return None, f"its contract refuses {int((~passing).sum())} of the {len(passing)} holdout rows"
    return bundle.score(encode_table(holdout, bundle.contract)), ""


def evaluate(
    challenger: Scored,
    champion: Scored | None,
    section: EvaluateSection,
    yardstick: Scored | None = None,
) -> dict[str, dict[str, Figure]]:
    """Metrics with intervals of up to three models on the same rows.

    Returns:
        By name: metrics, champion_metrics, differences (challenger minus champion, paired), yardstick_metrics.
    """
    models = [model for model in (challenger, champion, yardstick) if model is not None]
    values = [measure(model, ALL) for model in models]
    draws = resample(models, ALL, section.bootstraps, section.seed)
    figures = [
        {name: Figure.of(estimate(value[name], draw[name])) for name in ALL}
        for value, draw in zip(values, draws, strict=True)
    ]
    yardstick_figures = {} if yardstick is None else figures[-1]
    found = {"metrics": figures[0], "yardstick_metrics": yardstick_figures}
    if champion is None:
        return {**found, "champion_metrics": {}, "differences": {}}
    with np.errstate(invalid="ignore"):  # two figures that are not finite have no difference
        differences = {
            name: Figure.of(estimate(values[0][name] - values[1][name], draws[0][name] - draws[1][name]))
            for name in ALL
        }
    return {**found, "champion_metrics": figures[1], "differences": differences}


def gather(
    challenger: Bundle,
    champion: Bundle | None,
    known: Champion,
    relatives: Mapping[str, Scorer],
    holdout: pa.Table,
    section: EvaluateSection,
    facts: Mapping[str, Any],
) -> tuple[Evidence, Scored]:
    """All evidence about a challenger.

    Args:
        challenger: The bundle just trained.
        champion: The bundle now served, where there is one that can be read.
        known: What is known of the champion.
        relatives: Graphs that the training left beside the bundle, by name; `yardstick` is always there.
        holdout: The holdout's rows with the column `__event__`.
        section: How to measure.
        facts: `splits` (digest), `population`, `training`, `validation` and `parity` as recorded by earlier steps.

    Returns:
        The evidence, and the challenger's scored rows for curves.

    Raises:
        ValueError: The challenger cannot score the holdout.
    """
    event = holdout.column(EVENT).to_numpy()
    scores, unfit = score_holdout(challenger, holdout)
    if scores is None:
        raise ValueError(f"the challenger cannot score the holdout: {unfit}")
    rival, drift = None, _drift(challenger, champion, known)
    if champion is not None:
        rival_scores, unfit = score_holdout(champion, holdout)
        if rival_scores is None:
            known = known.model_copy(update={"state": "unreadable", "reason": unfit})
        else:
            rival = Rival(champion, Scored(event, rival_scores), np.ones(len(event), dtype=bool))
    exam = Exam(holdout, challenger, Scored(event, scores), section, relatives, rival, facts)
    plain = Scored(event, relatives[YARDSTICK].score(exam.encoded))
    measured = evaluate(exam.scored, rival.scored if rival else None, section, plain)
    since, until = _days(challenger.contract.only("time"), holdout)
    parts, seconds = assess(exam)
    evidence = Evidence(
        version=FORMAT_VERSION,
        bundle=challenger.digest,
        holdout=Holdout(
            splits=facts["splits"],
            rows=len(event),
            events=int(event.sum()),
            since=since,
            until=until,
        ),
        champion=known,
        metrics=measured["metrics"],
        champion_metrics=measured["champion_metrics"],
        differences=measured["differences"],
        yardstick_metrics=measured["yardstick_metrics"],
        parity=facts["parity"],
        population=facts["population"],
        training=facts["training"],
        validation=facts["validation"],
        drift=drift,
        settings=section.digest(),
        timings=Timings(measured_at=now(), seconds=seconds),
        **_written(parts),
    )
    return evidence, exam.scored


def roc_curve(rows: Scored) -> list[tuple[float, float, float]]:
    """At most 200 points of the ROC curve: false positive rate, true positive rate, probability."""
    ones = np.ones((1, len(rows.event)))
    events, others = (side[0][::-1] for side in rows.grouped(ones))
    caught = np.r_[0.0, np.cumsum(events)] / events.sum()
    flagged = np.r_[0.0, np.cumsum(others)] / others.sum()
    threshold = np.r_[1.0, rows.scores.probability[rows.order][rows.ties][::-1]]
    some = np.unique(np.linspace(0, len(caught) - 1, CURVE_POINTS).astype(int))
    return [(float(flagged[at]), float(caught[at]), float(threshold[at])) for at in some]


def _drift(challenger: Bundle, champion: Bundle | None, known: Champion) -> Drift:
    """How the contract differs from the champion's, also where the champion cannot score the rows."""
    if champion is not None:
        found = changes(champion.contract, challenger.contract)
        return Drift(version=DRIFT_VERSION, state="compared", changes=found)
    state: Literal["none", "unreadable"] = "none" if known.state == "none" else "unreadable"
    return Drift(version=DRIFT_VERSION, state=state, reason=known.reason)


def _written(parts: Mapping[str, Section]) -> dict[str, Any]:
    """The parts by name; `Evidence` checks that each is of its type."""
    return dict(parts)


def _days(time: str | None, holdout: pa.Table) -> tuple[str | None, str | None]:
    """The first and the last decision day that the holdout's rows name."""
    if time is None or holdout.column(time).null_count == holdout.num_rows:
        return None, None
    ends = pc.min_max(holdout.column(time)).as_py()
    return str(ends["min"]), str(ends["max"])


def _unfit(contract: Contract, holdout: pa.Table) -> str:
    for name in contract.features:
        if name not in holdout.column_names:
            return f"it needs the column {name}, which the data no longer has"
        wanted, found = arrow_type(contract.columns[name]), holdout.schema.field(name).type
        if wanted != found:
            return f"it needs the column {name} as {wanted}, which now is {found}"
    return ""
