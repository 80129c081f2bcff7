"""The findings of a verdict as a reader sees them: gate by gate, what stops the model first, waivers in red."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from tollgate.gates.finding import Finding, Harm
from tollgate.gates.kind import kinds_in
from tollgate.gates.section import GatesSection
from tollgate.verdict import Verdict
from tollgate.waived import Waived

BAR = 240
MANY = 12
ORDER = ("FAIL", "INCONCLUSIVE", "WAIVED", "PASS")
MARKS = {"PASS": "✓", "FAIL": "✕", "INCONCLUSIVE": "?", "WAIVED": "?"}


@dataclass(frozen=True)
class Row:
    """A finding.

    Attributes:
        finding: What the gate said.
        shown: The status, or WAIVED.
        bar: Where the interval and the limit of its harm lie on a bar, in pixels; None without an interval.
        waived: The waiver that lets it through.
    """

    finding: Finding
    shown: str
    bar: Mapping[str, float] | None
    waived: Waived | None

    @property
    def status(self) -> str:
        """The status with its mark; a waiver never changes it."""
        return f"{MARKS[self.shown]} {self.finding.status}"


@dataclass(frozen=True)
class Group:
    """The findings of one gate.

    Attributes:
        gate: The gate.
        question: What it asks; empty for what is no gate.
        rows: Its findings, the worst first.
        counts: How many there are of each status, in words.
    """

    gate: str
    question: str
    rows: tuple[Row, ...]
    counts: str


@dataclass(frozen=True)
class Findings:
    """All of a verdict's findings.

    Attributes:
        groups: By gate, those with the worst findings first where there are many.
        many: Whether there are so many that each gate needs a heading.
        waivers: Every waiver that was set.
    """

    groups: tuple[Group, ...]
    many: bool
    waivers: tuple[Waived, ...]

    @classmethod
    def of(cls, verdict: Verdict) -> "Findings":
        """The findings of a verdict."""
        waived, groups = verdict.waived(), dict[str, list[Row]]()
        for at, finding in enumerate(verdict.findings):
            groups.setdefault(finding.gate, []).append(_row(finding, waived.get(at)))
        many = len(verdict.findings) > MANY
        shown = [_group(gate, rows, many) for gate, rows in groups.items()]
        if many:
            shown.sort(key=lambda group: ORDER.index(group.rows[0].shown))
        return cls(tuple(shown), many, verdict.waivers)


def headline(verdict: Verdict) -> tuple[str, str]:
    """The decision and why, in plain words."""
    counts = Counter(finding.status for finding in verdict.findings)
    total = f"{len(verdict.findings)} finding{'' if len(verdict.findings) == 1 else 's'}"
    waived = len(verdict.waived())
    if verdict.decision == "deploy" and not waived:
        return "Passed", f"All {total} are PASS: the model may be deployed."
    if verdict.decision == "deploy":
        by = " and ".join(dict.fromkeys(one.waiver.person for one in verdict.waived().values()))
        return (
            "Passed with waivers",
            f"Of {total} {counts['PASS']} are PASS, and {waived} inconclusive, waived by {by}: "
            "the model may be deployed.",
        )
    unclear = counts["INCONCLUSIVE"] - waived
    parts = [(counts["FAIL"], "failed"), (unclear, "inconclusive"), (waived, "waived")]
    found = [f"{count} {what}" for count, what in parts if count]
    said = " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)
    return "Held", f"Of {total} {said}: the model is not deployed."


def _row(finding: Finding, waived: Waived | None) -> Row:
    shown = "WAIVED" if waived and finding.status == "INCONCLUSIVE" else finding.status
    return Row(finding, shown, _bar(finding.harm), waived)


def _group(gate: str, rows: list[Row], many: bool) -> Group:
    kind = kinds_in(GatesSection).get(gate)
    counts = Counter(row.shown for row in rows)
    said = ", ".join(f"{counts[one]} {one if one != 'WAIVED' else 'waived'}" for one in ORDER if counts[one])
    ordered = sorted(rows, key=lambda row: ORDER.index(row.shown)) if many else rows
    return Group(gate, kind.gate.question if kind else "", tuple(ordered), said)


def _bar(harm: Harm | None) -> dict[str, float] | None:
    """Where the interval and the limit of a finding lie on a bar, in pixels; worse is to the right."""
    if harm is None:
        return None
    ends: list[float] = [harm.low, harm.high, harm.limit, *([] if harm.floor is None else [harm.floor])]
    least, span = min(ends), max(max(ends) - min(ends), 1e-12)
    middle = least + span / 2

    def place(value: float) -> float:
        return round(BAR / 2 + (value - middle) / span * BAR * 0.8, 1)

    low, high = place(harm.low), place(harm.high)
    floor = {} if harm.floor is None else {"floor": place(harm.floor)}
    return {"low": low, "width": max(high - low, 2.0), "limit": place(harm.limit), **floor}
