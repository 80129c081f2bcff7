"""The gate `slices`: is the model as good for each group of rows as for the others?"""

import math
from collections.abc import Iterator
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from tollgate.evaluation.evidence import FEWEST_OF_A_CLASS, Evidence
from tollgate.evaluation.figure import NotAssessed
from tollgate.evaluation.slices_section import Slice, SlicedColumn, Slices
from tollgate.gates.explored import FEWEST, explored
from tollgate.gates.finding import Finding, Harm, lacking, undecided, usable, without_interval
from tollgate.gates.gate import HIGHER, LOWER, Gate
from tollgate.gates.judged import judged
from tollgate.gates.metric import NEEDED, too_few

NAME = "slices"


class SlicesGate(Gate):
    """Groups of rows against all the others: declared ones must show that they lack nothing, others are looked at."""

    question: ClassVar[str] = "Is the model as good for each group of rows as for all the others?"
    blind: ClassVar[str] = (
        "Groups that no column names, groups of two columns together, groups with too few events to say anything, and "
        "groups of which the model knows little and whose probabilities say so."
    )
    source: ClassVar[str] = (
        "The ROC AUC as in DeLong, DeLong, Clarke-Pearson 1988, beside the concordance that probabilities imply (van "
        "Klaveren, Gönen, Steyerberg, Vergouwe 2016); observed/expected by the delta method, on its logarithm; "
        "explored groups by Holm 1979."
    )

    columns: Annotated[
        tuple[str, ...],
        Field(
            description="Columns whose groups must each show it: features and protected columns, or ignored ones with "
            "a few texts such as a region."
        ),
        LOWER,
    ] = ()
    protected: Annotated[
        bool,
        Field(
            description="Whether the groups of every protected column must show it as well. Where it is set to true "
            "and there are none, that is INCONCLUSIVE; as the default it asks for those that there are."
        ),
        LOWER,
    ] = True
    margin: Annotated[
        float,
        Field(
            gt=0,
            le=0.2,
            description="How much further the AUC of a group may be below what its probabilities imply than that of "
            "the others is. Rows that are alike are hard to order, so that AUCs themselves are not compared.",
        ),
        HIGHER,
    ] = 0.1
    level_margin: Annotated[
        float,
        Field(
            gt=1,
            le=2.5,
            description="By what factor observed/expected of a group may be above, or below, that of the others.",
        ),
        HIGHER,
    ] = 1.5
    merge_small: Annotated[
        bool,
        Field(
            description="Whether groups of a column with fewer than 100 events or others are judged as one group; else "
            "each of them is INCONCLUSIVE."
        ),
        HIGHER,
    ] = False
    explore: Annotated[
        bool,
        Field(
            description="Whether all other groups are looked at as well; they can FAIL, but need show nothing. A gate "
            "that neither judges nor looks at any group is INCONCLUSIVE."
        ),
        LOWER,
    ] = True
    explored_margin: Annotated[
        float,
        Field(gt=0, le=0.3, description="As `margin`, for groups that are only looked at."),
        HIGHER,
    ] = 0.15
    explored_level_margin: Annotated[
        float,
        Field(gt=1, le=3, description="As `level_margin`, for groups that are only looked at."),
        HIGHER,
    ] = 2.0

    @model_validator(mode="after")
    def _looks_at_something(self) -> Self:
        if not (self.columns or self.protected or self.explore):
            raise ValueError("name `columns`, or set `protected` or `explore`: else no group is looked at")
        return self

    def findings(self, evidence: Evidence) -> list[Finding]:
        """For each declared group one on AUC and one on level, and one on all groups that were explored."""
        found = evidence.slices
        if isinstance(found, NotAssessed):
            return [lacking(NAME, "slices", found.not_assessed)]
        said = list(self._declared(evidence, found))
        if self.explore:
            said += self._explored(evidence, found)
        return said or [undecided(NAME, "groups", self._nothing())]

    def _nothing(self) -> str:
        """Why there was no group to say anything of."""
        others = (
            f", and no other group has {FEWEST} events and others, and an interval" if self.explore else ""
        )
        return f"no column that must show it has groups{others}: nothing was looked at"

    def _declared(self, evidence: Evidence, found: Slices) -> Iterator[Finding]:
        for name in self.columns:
            if name not in found.columns:
                known = ", ".join(found.columns) or "none"
                yield lacking(NAME, name, f"no groups of the column {name} were measured; there are: {known}")
        if self._asks_for_protected and not any(one.kind == "protected" for one in found.columns.values()):
            none = "no column of the contract is protected, or none has two groups in the holdout"
            yield undecided(NAME, "protected", f"`protected: true` is set, and {none}")
        for name in self._names(found):
            for one in self._judged_of(found.columns[name]):
                if one.fewer < FEWEST_OF_A_CLASS:
                    yield _too_small(f"{name} {one.name}", one, self.merge_small)
                else:
                    yield self._auc(evidence, f"{name} {one.name}", one)
                    yield self._level(evidence, f"{name} {one.name}", one)

    @property
    def _asks_for_protected(self) -> bool:
        """Whether somebody asked for protected groups; the default asks for those that there are."""
        return self.protected and "protected" in self.model_fields_set

    def _names(self, found: Slices) -> list[str]:
        return [
            name
            for name, column in found.columns.items()
            if name in self.columns or (self.protected and column.kind == "protected")
        ]

    def _judged_of(self, column: SlicedColumn) -> list[Slice]:
        if column.small is None or not self.merge_small:
            return list(column.slices)
        return [*(one for one in column.slices if one.fewer >= FEWEST_OF_A_CLASS), column.small]

    def _auc(self, evidence: Evidence, group: str, one: Slice) -> Finding:
        figure = one.auc.figure
        if not usable(figure.estimate):
            return without_interval(NAME, f"{group} auc", figure.estimate, "the difference")
        harm = Harm(low=figure.low or 0.0, high=figure.high or 0.0, limit=self.margin)
        areas = one.areas and f" ({one.areas.auc:.3f}; their probabilities imply {one.areas.implied:.3f})"
        ends = [0.0 - (end or 0.0) for end in (figure.value, figure.high, figure.low)]
        message = (
            f"the AUC of the {one.rows} rows of {group}{areas or ''}, minus the AUC that their probabilities imply, is "
            f"{ends[0]:+.3f} [{ends[1]:+.3f}, {ends[2]:+.3f}] against the same of the others; needed is at least "
            f"{-self.margin:g}"
        )
        return judged(NAME, f"{group} auc", evidence, harm, message, one.auc.as_json())

    def _level(self, evidence: Evidence, group: str, one: Slice) -> Finding:
        figure, limit = one.level.figure, math.log(self.level_margin)
        if not usable(figure.estimate):
            return without_interval(NAME, f"{group} level", figure.estimate, "the difference")
        harm = Harm(low=figure.low or 0.0, high=figure.high or 0.0, limit=limit, floor=-limit)
        ends = [math.exp(end or 0.0) for end in (figure.value, figure.low, figure.high)]
        message = (
            f"observed/expected of the {one.rows} rows of {group} is {ends[0]:.2f} [{ends[1]:.2f}, {ends[2]:.2f}] "
            f"times that of the others; allowed is {1 / self.level_margin:.2f} to {self.level_margin:g}"
        )
        return judged(NAME, f"{group} level", evidence, harm, message, one.level.as_json())

    def _explored(self, evidence: Evidence, found: Slices) -> Iterator[Finding]:
        """One finding on all groups that were looked at; none where there was no such group."""
        declared = self._names(found)
        groups = [
            (f"{name} {one.name}", one)
            for name, column in found.columns.items()
            if name not in declared
            for one in column.slices
        ]
        looked = explored(groups, self.explored_margin, math.log(self.explored_level_margin))
        if looked is None:
            return
        status, message, figures = looked
        few = too_few(evidence)
        if few:
            yield undecided(NAME, "explored", f"{message}; {few}")
        else:
            yield Finding(gate=NAME, subject="explored", status=status, message=message, figures=figures)


def _too_small(group: str, one: Slice, merged: bool) -> Finding:
    counts = f"{one.events} events and {one.rows - one.events} others"
    as_one = "" if merged else "; `merge_small: true` judges two small groups or more of a column as one"
    return undecided(NAME, group, f"it has {counts}, {NEEDED}{as_one}")
