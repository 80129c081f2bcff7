"""What is set looser now, or to something else, than it was when the model now served was judged."""

from collections.abc import Iterator, Mapping
from typing import Any

from tollgate.contract.drift import Drift
from tollgate.contract.promises import TARGET, WHOLE, Dropped
from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.figure import NotAssessed
from tollgate.evaluation.written.definition import Definition
from tollgate.gates.finding import Finding, lacking
from tollgate.gates.kind import Kind, kinds_in, own_options
from tollgate.gates.option import written
from tollgate.gates.section import LOOSENED, GatesSection

PROMISE = "serving.adverse_action"
THEN = "when the champion was judged"
LABEL, SELECTION = "data.label", "data.selection"
# what the figures are about: a waiver for every finding is none for these
BY_NAME = (TARGET, LABEL, SELECTION)
ELSEWHERE = "nobody can compare the two: publish this model under another `serving.name`"
Settings = Mapping[str, Any]


def loosened(evidence: Evidence, gates: GatesSection) -> list[Finding]:
    """One INCONCLUSIVE finding for each option or gate that is looser; FAIL where that cannot be told.

    An option of which nobody can say whether it is looser, such as the metric compared, may not change unseen. Nor may
    reasons be promised no more that the champion's declined applicants are told, nor what the champion's contract
    promised be left out of the challenger's: the event, the time column, a direction, whom it protects. The label and
    the rows that have one stand in no contract: they are compared as the evidence of the two models has them.

    Args:
        evidence: The evidence, with the model now served and what it was judged by.
        gates: The gates that run now.
    """
    champion, drift = evidence.champion, evidence.drift
    if champion.state != "found":
        return []
    if champion.settings is None:
        reason = champion.settings_reason or "the evidence does not say"
        return [lacking(LOOSENED, "gates", f"what the champion was judged by cannot be read: {reason}")]
    try:
        found = list(_loosened(champion.settings, gates))
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
        said = f"what the champion was judged by cannot be compared with: {type(error).__name__}: {error}"
        return [lacking(LOOSENED, "gates", said[:300])]
    if drift is None or drift.state != "compared":
        reason = (drift and drift.reason) or "the evidence does not say"
        return [lacking(LOOSENED, "contract", f"the champion's contract was not compared with: {reason}")]
    if champion.definition and isinstance(evidence.definition, NotAssessed):
        reason = evidence.definition.not_assessed
        return [lacking(LOOSENED, LABEL, f"the champion's label was not compared with: {reason}")]
    found += [*_unkept(evidence, drift)]
    return [
        Finding(gate=LOOSENED, subject=subject, status="INCONCLUSIVE", message=said)
        for subject, said in found
    ]


def _unkept(evidence: Evidence, drift: Drift) -> Iterator[tuple[str, str]]:
    """What the champion stands for and the challenger does not."""
    champion = evidence.champion
    yield from ((one.subject, _promised(one)) for one in drift.dropped)
    if champion.definition and isinstance(evidence.definition, Definition):
        yield from _redefined(champion.definition, evidence.definition)
    if champion.adverse_action and not evidence.adverse_action:
        yield PROMISE, f"{PROMISE} is false, looser than the true that the champion is served with"


def _loosened(before: Settings, gates: GatesSection) -> Iterator[tuple[str, str]]:
    now, kinds, own = gates.model_dump(mode="json"), kinds_in(type(gates)), own_options(type(gates))
    for name, was in before.items():
        if name in own and own[name].looser(now[name], was):
            yield name, _said(name, now[name], was)
        if name in type(gates).model_fields and name not in kinds:
            continue
        if was and not now.get(name):
            yield name, f"the gate {name} ran {THEN}, and does not run now"
        elif was and kinds[name].several:
            yield from _several(kinds[name], was, now[name])
        elif was:
            yield from _one(kinds[name], name, was, [now[name]])


def _promised(one: Dropped) -> str:
    said = one.said if one.subject in WHOLE else f"{one.subject}: {one.said}"
    return f"{said}; {ELSEWHERE}" if one.subject in BY_NAME else said


def _redefined(was: Definition, now: Definition) -> Iterator[tuple[str, str]]:
    """When the label of a row is known, and of which rows it is: of no change can be told which is looser."""
    if now.known != was.known:
        said = f"the label of a row is known {now.known}, and was known {was.known} for the champion"
        yield LABEL, f"{said}; {ELSEWHERE}"
    if now.covers != was.covers:
        said = f"the labels cover {now.covers}, and covered {was.covers} for the champion"
        yield SELECTION, f"{said}; {ELSEWHERE}"


def _several(kind: Kind, before: list[Settings], now: list[Settings]) -> Iterator[tuple[str, str]]:
    for was in before:
        name = was[kind.gate.told_by]
        place, named = f"{kind.name}.{name}", [one for one in now if one[kind.gate.told_by] == name]
        if named:
            yield from _one(kind, place, was, named)
        else:
            yield place, f"{place} was judged {THEN}, and is not now"


def _one(kind: Kind, place: str, was: Settings, now: list[Settings]) -> Iterator[tuple[str, str]]:
    """The options of which all that stand now are looser: of several for one name each must pass."""
    for name, option in kind.options.items():
        if name not in was:
            continue
        if all(option.looser(one.get(name), was[name]) for one in now):
            yield f"{place}.{name}", _said(f"{place}.{name}", now[0].get(name), was[name])
        if option.way is None and all(one.get(name) != was[name] for one in now):
            yield f"{place}.{name}", _other(f"{place}.{name}", now[0].get(name), was[name])


def _said(place: str, now: Any, was: Any) -> str:
    return f"{place} is {written(now)}, looser than the {written(was)} that held {THEN}"


def _other(place: str, now: Any, was: Any) -> str:
    return f"{place} is {written(now)}, and was {written(was)} {THEN}: nobody can say which is looser"
