"""The gate `data`: are there enough rows, of both outcomes, and are they what the model was fitted on?"""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from tollgate.evaluation.data_facts import DataFacts, Rows
from tollgate.evaluation.evidence import FEWEST_OF_A_CLASS, Evidence
from tollgate.evaluation.figure import Figure, NotAssessed
from tollgate.gates.against import against, worst
from tollgate.gates.finding import Finding, Harm, lacking
from tollgate.gates.gate import HIGHER, LOWER, Gate
from tollgate.gates.metric import MORE_ROWS


class DataGate(Gate):
    """The rows that the model was fitted on, and those that it is measured on."""

    question: ClassVar[str] = (
        "Are there enough rows of both outcomes, with few missing values, known categories and known labels, and does "
        "no row stand in two parts?"
    )

    blind: ClassVar[str] = (
        "Values that are wrong but keep the contract, and rows that never reached the source."
    )
    source: ClassVar[str] = (
        "Shares by the score interval of Wilson 1927 (method 3 of Newcombe 1998); the rise as a difference of two "
        "shares of different rows, normally approximated. Rows and events are counted."
    )

    rows: Annotated[
        int, Field(ge=200, description="The fewest rows of the fit part, and of the holdout."), LOWER
    ] = 500
    fit_events: Annotated[
        int, Field(ge=20, description="The fewest events, and the fewest others, of the fit part."), LOWER
    ] = 50
    missing: Annotated[
        float,
        Field(ge=0, le=0.99, description="The largest share of the holdout without a value of a feature."),
        HIGHER,
    ] = 0.9
    missing_rise: Annotated[
        float,
        Field(ge=0, le=0.3, description="By how much that share may lie above the fit part's."),
        HIGHER,
    ] = 0.1
    unknown: Annotated[
        float,
        Field(
            ge=0,
            le=0.2,
            description="The largest share of the holdout with a category that the fit part never had.",
        ),
        HIGHER,
    ] = 0.05
    immature: Annotated[
        float,
        Field(
            ge=0,
            le=0.8,
            description="The largest share of rows left out because their label is not known yet.",
        ),
        HIGHER,
    ] = 0.5
    repeated: Annotated[
        float,
        Field(ge=0, le=0.1, description="The largest share of the holdout that stands in another part too."),
        HIGHER,
    ] = 0.02

    def findings(self, evidence: Evidence) -> list[Finding]:
        """One finding for each question; a waiver is impossible."""
        facts = evidence.data
        if isinstance(facts, NotAssessed):
            return [lacking("data", "rows", facts.not_assessed)]
        contradiction = _contradiction(facts, evidence)
        if contradiction:
            return [lacking("data", "rows", contradiction)]
        holdout = Rows(rows=evidence.holdout.rows, events=evidence.holdout.events)
        return [
            _enough("fit", facts.fitted, self.rows, self.fit_events),
            _enough("holdout", holdout, self.rows, FEWEST_OF_A_CLASS),
            *self._of_features(facts),
            self._against(
                "immature", facts.immature, self.immature, "the share of rows whose label is not known yet"
            ),
            self._against(
                "repeated",
                facts.repeated,
                self.repeated,
                "the share of the holdout that another part has too, id apart,",
            ),
        ]

    def _of_features(self, facts: DataFacts) -> Iterator[Finding]:
        questions = (
            ("missing", self.missing, "the share of the holdout without a value of"),
            ("rise", self.missing_rise, "by how much more is missing in the holdout than in the fit part of"),
            ("unknown", self.unknown, "the share of the holdout with a category that the fit part lacks of"),
        )
        for key, limit, said in questions:
            figures: dict[str, Figure] = {
                name: figure
                for name, feature in facts.features.items()
                if (figure := getattr(feature, key)) is not None
            }
            beyond = [name for name, figure in figures.items() if not _within(figure, limit)]
            for name in beyond or ([worst(figures)] if figures else []):
                most = "" if beyond else ", the feature with most,"
                yield self._against(name, figures[name], limit, f"{said} {name}{most}")

    def _against(self, subject: str, figure: Figure, limit: float, said: str) -> Finding:
        return against("data", subject, figure, limit, said, waivable=False)


def _within(figure: Figure, limit: float) -> bool:
    return figure.high is not None and figure.high <= limit


def _enough(part: str, found: Rows, rows: int, of_each: int) -> Finding:
    """Too few rows prove nothing, so that they are INCONCLUSIVE; harm is how many times too few they are."""
    fewest = min(found.events, found.rows - found.events)
    short = max(rows / max(found.rows, 1), of_each / max(fewest, 1))
    harm = Harm(low=short, high=short, limit=1.0)
    hint = f": {MORE_ROWS}" if part == "holdout" and harm.status != "PASS" else ""
    said = f"the {part} part has {found.rows:,} rows, {found.events:,} of them events"
    return Finding(
        gate="data",
        subject=part,
        status="PASS" if harm.status == "PASS" else "INCONCLUSIVE",
        message=f"{said}; needed are {rows:,} rows, and {of_each} events and others{hint}",
        harm=harm,
        figures=found.as_json(),
        waivable=False,
    )


def _contradiction(facts: DataFacts, evidence: Evidence) -> str:
    """Where the counts of the steps disagree; empty where they do not."""
    holdout = Rows(rows=evidence.holdout.rows, events=evidence.holdout.events)
    if facts.splits != evidence.holdout.splits:
        return "the rows were counted on another split than the one that was measured on"
    for name, found in (("fit", facts.fitted), ("holdout", holdout)):
        if facts.parts.get(name) != found:
            return f"validate counted other rows of the {name} part than the later steps were given"
    return ""
