"""Weighing waivers: which of them lets which finding through, and which of them says nothing."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Literal

from tollgate.gates.finding import Finding, lacking
from tollgate.gates.section import LOOSENED
from tollgate.gates.waiver import NEVER, Waiver
from tollgate.loosened import BY_NAME
from tollgate.policy import Policy
from tollgate.section import Section

GATE = "waiver"
MOST_NAMED = 10  # subjects in one message
State = Literal["used", "unused", "expired", "refused"]


class Waived(Section):
    """A waiver as the verdict holds it.

    Attributes:
        waiver: What was set.
        state: used; unused where no finding needs it; expired where one does; refused where it may not be.
        said: The state in words.
        findings: The places, from 0, of the findings that it lets through.
    """

    waiver: Waiver
    state: State
    said: str
    findings: tuple[int, ...] = ()


def weigh(
    waivers: Sequence[Waiver], findings: Sequence[Finding], policy: Policy, at: str
) -> tuple[tuple[Waived, ...], list[Finding]]:
    """Weigh every waiver against what the gates found.

    Args:
        waivers: What was set.
        findings: What every gate found; none is changed.
        policy: What may be waived, and for how long.
        at: The time, UTC, ISO 8601.

    Returns:
        Each waiver with its state, and one FAIL for each that is refused, or expired and would be needed.
    """
    today = dt.datetime.fromisoformat(at).astimezone(dt.UTC).date()
    weighed = tuple(_weigh(waiver, findings, policy, today) for waiver in waivers)
    stopping = [one for one in weighed if one.state in ("expired", "refused")]
    return weighed, [lacking(GATE, named(one.waiver), one.said) for one in stopping]


def named(waiver: Waiver) -> str:
    """What a waiver is for."""
    return f"{waiver.gate} {waiver.subject}" if waiver.subject else waiver.gate


def _weigh(waiver: Waiver, findings: Sequence[Finding], policy: Policy, today: dt.date) -> Waived:
    refusal = "; ".join(_refusals(waiver, policy, today))
    if refusal:
        return Waived(
            waiver=waiver, state="refused", said=f"the waiver for {named(waiver)} does not hold: {refusal}"
        )
    meant = [at for at, finding in enumerate(findings) if _meant(waiver, finding)]
    places = tuple(at for at in meant if _waits(findings[at]) and not _unnamed(waiver, findings[at]))
    expired = today > waiver.last_day
    if not places:
        said = _unused(waiver, [findings[at] for at in meant], expired)
        return Waived(waiver=waiver, state="unused", said=said + ("" if meant else _others(waiver, findings)))
    if expired:
        said = f"the waiver for {named(waiver)} expired on {waiver.expires}: it lets nothing through"
        return Waived(waiver=waiver, state="expired", said=said)
    said = f"waived by {waiver.person} until {waiver.expires}: {waiver.reason}"
    return Waived(waiver=waiver, state="used", said=said, findings=places)


def _meant(waiver: Waiver, finding: Finding) -> bool:
    return finding.gate == waiver.gate and waiver.subject in (None, finding.subject)


def _waits(finding: Finding) -> bool:
    return finding.status == "INCONCLUSIVE" and finding.waivable


def _unnamed(waiver: Waiver, finding: Finding) -> bool:
    """Whether the finding is one that a waiver must name, and this one does not."""
    return waiver.subject is None and finding.gate == LOOSENED and finding.subject in BY_NAME


def _refusals(waiver: Waiver, policy: Policy, today: dt.date) -> Iterator[str]:
    if waiver.gate in NEVER:
        yield f"what {waiver.gate} finds can never be waived"
    elif waiver.gate not in policy.waivable:
        yield f"the policy lets nobody waive {waiver.gate}"
    latest = today + dt.timedelta(days=policy.longest_waiver)
    if waiver.last_day > latest:
        yield f"it would hold until {waiver.expires}, and {latest} is the latest that the policy allows today"


def _unused(waiver: Waiver, meant: Sequence[Finding], expired: bool) -> str:
    said = f"the waiver for {named(waiver)} is not used: "
    if any(finding.status == "FAIL" for finding in meant):
        return f"{said}a FAIL is never waived"
    unnamed = [finding.subject for finding in meant if _unnamed(waiver, finding)]
    if unnamed:
        return f"{said}it must name the subject {', '.join(unnamed)}"
    if any(finding.status == "INCONCLUSIVE" for finding in meant):
        return f"{said}what was found cannot be waived"
    return f"{said}no finding needs it{f', and it expired on {waiver.expires}' if expired else ''}"


def _others(waiver: Waiver, findings: Sequence[Finding]) -> str:
    """What the gate found something about, where it is not what the waiver names; what waits for a waiver is first."""
    found = [one for one in findings if one.gate == waiver.gate]
    waiting = [one for one in found if _waits(one)]
    subjects = list(dict.fromkeys(one.subject for one in [*waiting, *found]))
    if not subjects:
        return f"; the gate {waiver.gate} found nothing"
    more = f" and {len(subjects) - MOST_NAMED} more" if len(subjects) > MOST_NAMED else ""
    return (
        f"; no finding is about {waiver.subject}: {waiver.gate} has {', '.join(subjects[:MOST_NAMED])}{more}"
    )
