"""The reference page of the gates, made from their classes."""

from collections.abc import Iterator

from pipelines.field_words import cell
from pipelines.gates_described import DescribedGate, DescribedOption, described_gates, described_section
from tollgate.policy import Policy

_INTRODUCTION = """\
# The gates

<!-- Made by `make docs` from the code; a test compares the two. -->

A gate reads the evidence and gives findings. A finding is an interval of harm at a two-sided level of 95 % (one-sided
97.5 %): **PASS** when the whole interval lies on the good side of the limit, **FAIL** when the whole interval lies on
the bad side, **INCONCLUSIVE** otherwise. A two-sided limit is an equivalence test. With fewer than 100 events or 100
others every statistical gate is INCONCLUSIVE. The model is deployed only when every finding is PASS, or INCONCLUSIVE
and [waived](policy.md).

The limits of `calibration` and `stability` are wide by default because the whole interval has to lie within them: with
about 200 events that of an honest model is nearly as wide. Whoever has more rows sets narrower limits, and a
[policy](policy.md) binds them.

Evidence that is missing, not finite, of another run, older than `max_age`, of a time to come, or against itself is a
FAIL with its reason, and ends as a verdict. A gate that breaks or says nothing is a FAIL too. What is set looser than
it was when the champion was judged, or to something else where nobody can say what is looser, is a finding of its own,
`loosened`; so is a [promise of the champion's contract](policy.md#looser-than-the-champion) that was dropped, and
another event, label or selection than the champion's.

`tollgate gates` shows the same under the policy in force. "Looser" says which way an option lets more models through: a
[policy](policy.md) bounds it that way, and nobody can set it beyond its hard bound.
"""
_ADDING = '''\
## Adding a gate

One class in a file of its own, in tollgate/gates. Its options are its fields: each with a default, a hard bound, a
description, and `HIGHER` or `LOWER` beside it, the way in which it is loosened. `question` is what it asks,
`blind` what it cannot see, and `source` the paper or standard that its arithmetic is from, or that it is its own. It
reads nothing but the evidence, and never raises. A small worked example from that source is a test.

```python
from typing import Annotated, ClassVar

from pydantic import Field

from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.figure import Figure
from tollgate.gates.finding import Finding, Harm, undecided
from tollgate.gates.gate import HIGHER, Gate
from tollgate.gates.metric import too_few


class EventRateGate(Gate):
    """How often the event happens in the holdout."""

    question: ClassVar[str] = "Does the event happen no more often than the book was priced for?"
    blind: ClassVar[str] = "Why it happens more often, and whether it goes on after the holdout."
    source: ClassVar[str] = "By definition, a share of rows; its variance is p (1 - p) / n."

    at_most: Annotated[
        float, Field(gt=0, le=0.5, description="The highest rate of the event that is allowed."), HIGHER
    ] = 0.35

    def findings(self, evidence: Evidence) -> list[Finding]:
        """One finding: harm is the rate."""
        few = too_few(evidence)
        if few:
            return [undecided("event_rate", "rate", few)]
        rows, rate = evidence.holdout.rows, evidence.holdout.events / evidence.holdout.rows
        figure = Figure.normal(rate, (rate * (1 - rate) / rows) ** 0.5)
        harm = Harm(low=figure.low or 0.0, high=figure.high or 1.0, limit=self.at_most)
        message = f"the event happens to {rate:.4f} [{figure.low:.4f}, {figure.high:.4f}]; at most {self.at_most:g} may"
        return [Finding(gate="event_rate", subject="rate", status=harm.status, message=message, harm=harm)]
```

One line in `GatesSection` (tollgate/gates/section.py), by which it has its name:

```python
    event_rate: Annotated[EventRateGate | None, Field(description="How often the event happens.")] = None
```

Everything else follows: workflow.yaml and its schema take `event_rate: {at_most: 0.3}`, a policy can require it and
bound `at_most`, a verdict compares it with the champion's, `tollgate gates` and (after `make docs`) this page show
it. A test takes the two blocks above and judges by them.

What must be measured first is a function in tollgate/evaluation and one line in `MEASURES`; the gate says FAIL where
that part is not there.
'''


def gates_reference() -> str:
    """The page as Markdown."""
    return "\n".join([_INTRODUCTION, *_page(), _ADDING])


def _page() -> Iterator[str]:
    for gate in described_gates(Policy()):
        yield from _gate(gate)
    yield "## All gates\n"
    yield from _table(described_section(Policy()))


def _gate(gate: DescribedGate) -> Iterator[str]:
    yield f"## `{gate.name}`\n\n{gate.question}\n"
    yield f"{_standing(gate)}\n\nWhat it cannot see: {gate.blind[:1].lower()}{gate.blind[1:]}\n"
    yield f"Its arithmetic: {gate.source[:1].lower()}{gate.source[1:]}\n"
    yield from _table(gate.options)


def _standing(gate: DescribedGate) -> str:
    said = "Required by default: it runs in any case." if gate.required else f"It {gate.runs}."
    if gate.several:
        said += " It may stand several times."
    return f"{said} It can never be waived." if gate.never else said


def _table(options: "list[DescribedOption] | tuple[DescribedOption, ...]") -> Iterator[str]:
    if not options:
        yield "It has no options.\n"
        return
    yield "| option | type | default | bound | looser | meaning |\n| --- | --- | --- | --- | --- | --- |"
    for one in options:
        cells = (f"`{one.name}`", one.type, one.default, one.bound, one.looser, one.meaning)
        yield "| " + " | ".join(cell(text) for text in cells) + " |"
    yield ""
