"""The gate `robustness`: do scores stay where they are when values move a little?"""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.figure import Figure, NotAssessed
from tollgate.evaluation.robustness_facts import RobustnessFacts, Shift
from tollgate.gates.against import against, worst
from tollgate.gates.finding import Finding, lacking
from tollgate.gates.gate import HIGHER, Gate
from tollgate.gates.metric import too_few

QUESTIONS = (
    ("mean", "the mean change in probability"),
    ("tail", "the change in probability that 99 % of the rows stay below"),
    ("flips", "the share of rows decided otherwise"),
)


class RobustnessGate(Gate):
    """How far scores move under stated noise, and with another category."""

    question: ClassVar[str] = "Do scores and decisions stay where they are when a value moves a little?"

    blind: ClassVar[str] = (
        "Values that are wrong by more than the stated noise, and several at once that are."
    )
    source: ClassVar[str] = (
        "By definition, the mean, the 99 % quantile and the share of what moved; with the interval between order "
        "statistics for the quantile (Conover 1999, 3.2), and that of Wilson 1927 for the share. Noise and limits "
        "are Tollgate's own."
    )

    noise_mean: Annotated[
        float,
        Field(gt=0, le=0.1, description="The largest mean change in probability by noise in numbers."),
        HIGHER,
    ] = 0.05
    noise_tail: Annotated[
        float,
        Field(gt=0, le=0.6, description="The largest change that 99 % of the rows may stay below, by noise."),
        HIGHER,
    ] = 0.4
    noise_flips: Annotated[
        float,
        Field(gt=0, le=0.3, description="The largest share of rows decided otherwise by noise in numbers."),
        HIGHER,
    ] = 0.2
    swap_mean: Annotated[
        float,
        Field(gt=0, le=0.7, description="The largest mean change in probability with another category."),
        HIGHER,
    ] = 0.25
    swap_tail: Annotated[
        float,
        Field(
            gt=0,
            le=0.97,
            description="The largest change that 99 % of the rows may stay below, with another category.",
        ),
        HIGHER,
    ] = 0.7
    swap_flips: Annotated[
        float,
        Field(gt=0, le=0.8, description="The largest share of rows decided otherwise with another category."),
        HIGHER,
    ] = 0.6

    def findings(self, evidence: Evidence) -> list[Finding]:
        """Three questions each for numbers and for categories: all features beyond, else the one that moves it most."""
        facts = evidence.robustness
        if isinstance(facts, NotAssessed):
            return [lacking("robustness", "noise", facts.not_assessed)]
        few = too_few(evidence)
        numbers = dict(facts.numbers)
        if facts.together is not None:
            numbers["all numbers"] = facts.together
        noise = {"mean": self.noise_mean, "tail": self.noise_tail, "flips": self.noise_flips}
        swap = {"mean": self.swap_mean, "tail": self.swap_tail, "flips": self.swap_flips}
        return [
            *_findings(numbers, noise, f"by noise of {100 * facts.noise:g} % of the spread of", few),
            *_findings(facts.categories, swap, "with another category of", few),
        ] or [_nothing(facts)]


def _findings(
    shifts: Mapping[str, Shift], limits: Mapping[str, float], by: str, few: str
) -> Iterator[Finding]:
    for key, said in QUESTIONS:
        figures = {name: getattr(shift, key) for name, shift in shifts.items()}
        beyond = [] if few else [name for name, of in figures.items() if not _within(of, limits[key])]
        most = "" if beyond else ", which moves it most,"
        for name in beyond or ([worst(figures)] if figures else []):
            yield against("robustness", name, figures[name], limits[key], f"{said} {by} {name}{most}", few)


def _within(figure: Figure, limit: float) -> bool:
    return figure.high is not None and figure.high <= limit


def _nothing(facts: RobustnessFacts) -> Finding:
    said = f"no feature has two values to move between in the reference profile: {', '.join(facts.unmoved)}"
    return Finding(gate="robustness", subject="noise", status="PASS", message=said)
