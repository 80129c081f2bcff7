"""Gathering all evidence about a challenger."""

from collections.abc import Mapping
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc

from tollgate.bundle.bundle import Bundle
from tollgate.bundle.scorer import Scorer
from tollgate.canonical import canonical_json
from tollgate.clock import now
from tollgate.contract.drift import FORMAT_VERSION as DRIFT_VERSION
from tollgate.contract.drift import Drift, changes
from tollgate.data.validate import EVENT
from tollgate.data.validation import MainFacts
from tollgate.errors import BundleError
from tollgate.evaluation.evaluate import Blocks, Figures, evaluate
from tollgate.evaluation.evidence import FORMAT_VERSION, Champion, Evidence, Holdout, Timings
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.figure import NOT_MEASURED, NotAssessed
from tollgate.evaluation.measures import assess
from tollgate.evaluation.metrics import Scored
from tollgate.evaluation.reuse import Reuse
from tollgate.evaluation.rival import UNTOLD, Seen, find_rival, worst_case
from tollgate.evaluation.sampling import Sampling
from tollgate.evaluation.scoring import score_holdout
from tollgate.evaluation.section import EvaluateSection
from tollgate.evaluation.service import timed

YARDSTICK = "yardstick"


def gather(
    challenger: Bundle,
    champion: Bundle | None,
    known: Champion,
    relatives: Mapping[str, Scorer],
    holdout: pa.Table,
    section: EvaluateSection,
    facts: Mapping[str, Any],
    seen: Seen = UNTOLD,
    reuse: Reuse | NotAssessed = NOT_MEASURED,
) -> tuple[Evidence, Scored]:
    """All evidence about a challenger.

    Args:
        challenger: The bundle just trained.
        champion: The bundle now served, where there is one that can be read.
        known: What is known of the champion.
        relatives: Graphs that the training left beside the bundle, by name; `yardstick` is always there.
        holdout: The holdout's rows with the column `__event__`.
        section: How to measure.
        facts: `splits` (digest), `population`, `training`, `validation` and `parity` as recorded by earlier steps, and
            `adverse_action` where that is promised.
        seen: Which rows of the holdout the models learned from.
        reuse: How often this holdout was used for this target.

    Returns:
        The evidence, and the challenger's scored rows for curves.

    Raises:
        ValueError: The challenger cannot score the holdout.
    """
    event = holdout.column(EVENT).to_numpy()
    scores, unfit = score_holdout(challenger, holdout)
    if scores is None:
        raise ValueError(f"the challenger cannot score the holdout: {unfit}")
    rival, comparison = None, None
    if champion is not None:
        try:
            rival, comparison = find_rival(champion, holdout, event, seen)
        except BundleError as error:
            known = known.model_copy(update={"state": "unreadable", "reason": str(error)})
    sampling = Sampling.of(section, facts["splits"], challenger.digest)
    scored, lacking = Scored(event, scores), _unrivalled(known)
    exam = Exam(holdout, challenger, scored, sampling, relatives, rival, facts, lacking)
    measured, worst = _measured(exam, seen)
    if comparison is not None:
        comparison = comparison.model_copy(update={"worst": worst})
        known = known.model_copy(update={"reason": comparison.unscored})
    since, until = days_of(challenger.contract.only("time"), holdout)
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
        comparison=NotAssessed(not_assessed=lacking) if comparison is None else comparison,
        reuse=reuse,
        metrics=measured["metrics"],
        compared_metrics=measured.get("compared_metrics", {}),
        champion_metrics=measured["champion_metrics"],
        differences=measured["differences"],
        yardstick_metrics=measured["yardstick_metrics"],
        parity=facts["parity"],
        population=facts["population"],
        training=facts["training"],
        validation=MainFacts.model_validate_json(canonical_json(facts["validation"])),
        drift=_drift(challenger, champion, known),
        settings=section.digest(),
        adverse_action=bool(facts.get("adverse_action")),
        timings=Timings(measured_at=now(), seconds=seconds, service=timed(exam)),
        **parts,
    )
    return evidence, exam.scored


def _unrivalled(known: Champion) -> str:
    """Why there is no champion to compare with, where there is none."""
    if known.state == "none":
        return "there is no champion"
    what = "can score none of the rows to compare on" if known.state == "found" else "cannot be read"
    return f"there is a champion, and it {what}"


def days_of(time: str | None, holdout: pa.Table) -> tuple[str | None, str | None]:
    """The first and the last decision day that the holdout's rows name."""
    if time is None or holdout.column(time).null_count == holdout.num_rows:
        return None, None
    ends = pc.min_max(holdout.column(time)).as_py()
    return str(ends["min"]), str(ends["max"])


def _measured(exam: Exam, seen: Seen) -> tuple[dict[str, Figures], Figures]:
    """The metrics of all models, the challenger's twice where it was compared on some rows, and the worst case."""
    blocks, rival = Blocks(exam.groups, exam.months), exam.rival
    plain = Scored(exam.event, exam.relatives[YARDSTICK].score(exam.encoded))
    if rival is None:
        return evaluate(exam.scored, None, exam.section, plain, blocks), {}
    if rival.on.all():
        return evaluate(exam.scored, rival.scored, exam.section, plain, blocks), {}
    alone = evaluate(exam.scored, None, exam.section, plain, blocks)
    paired = evaluate(exam.scored.on(rival.on), rival.scored, exam.section, blocks=blocks.on(rival.on))
    compared = {name: paired[name] for name in ("champion_metrics", "differences")}
    return {**alone, **compared, "compared_metrics": paired["metrics"]}, worst_case(exam, rival, seen, blocks)


def _drift(challenger: Bundle, champion: Bundle | None, known: Champion) -> Drift:
    """How the contract differs from the champion's, also where the champion cannot score the rows."""
    if champion is not None:
        found = changes(champion.contract, challenger.contract)
        return Drift(version=DRIFT_VERSION, state="compared", changes=found)
    state: Literal["none", "unreadable"] = "none" if known.state == "none" else "unreadable"
    return Drift(version=DRIFT_VERSION, state=state, reason=known.reason)
