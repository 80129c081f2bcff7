"""One column of the contract: its role, its type, and what values it may hold."""

import math
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from tollgate.canonical import EXACT_INTEGERS
from tollgate.contract.reason import ReasonTexts
from tollgate.section import Section

Role = Literal["feature", "id", "time", "target", "protected", "group", "ignore"]
Type = Literal["number", "integer", "boolean", "category", "date"]
Scalar = int | float | str

MOST_VALUES = 1000
LARGEST = 1e100  # of a number, in either direction: no sum or square of such numbers is infinite


class Column(Section):
    """A column's rules."""

    role: Annotated[
        Role,
        Field(
            description="What the column is for. Only a feature enters the model; target is what is "
            "predicted; time is the decision time; a group, else an id, keeps its rows in one part of a split that "
            "draws them; protected is used to look for harm, never to score; ignore stays in the snapshot, unused "
            "but for slices."
        ),
    ] = "feature"
    type: Annotated[
        Type | None,
        Field(
            description="number, integer, boolean, category or date (ISO, YYYY-MM-DD). Needed for features "
            "and protected columns; a time column is always a date; the others are text."
        ),
    ] = None
    values: Annotated[
        tuple[str, ...] | tuple[int, ...] | None,
        Field(description="The categories, all texts or all integers, in the order of their codes."),
    ] = None
    unknown: Annotated[
        Literal["refuse", "other"],
        Field(
            description="What to do with a category not in `values`: refuse the row, or score it as 'other'."
        ),
    ] = "refuse"
    min: Annotated[float | None, Field(description="The smallest value allowed.")] = None
    max: Annotated[float | None, Field(description="The largest value allowed.")] = None
    out_of_bounds: Annotated[
        Literal["refuse", "warn", "clip"],
        Field(
            description="What to do with a value of a feature below `min` or above `max`: refuse the row, score the "
            "value as it is, or score it as the bound; the last two with a warning."
        ),
    ] = "refuse"
    missing: Annotated[
        Literal["refused", "allowed"], Field(description="Whether the value may be missing.")
    ] = "refused"
    missing_values: Annotated[
        tuple[Scalar, ...], Field(description="Values that stand for a missing one, such as -1 or 999.")
    ] = ()
    known: Annotated[
        str,
        Field(
            description="When the value is known: before the decision, after it, the name of the date column "
            "that says when, or unconfirmed."
        ),
    ] = "unconfirmed"
    monotone: Annotated[
        Literal["increasing", "decreasing"] | None,
        Field(
            description="The direction in which the probability must move with the value; gradient_boosting and "
            "scorecard keep to it, logistic does not."
        ),
    ] = None
    bands: Annotated[
        tuple[float, ...], Field(description="Upper edges that cut a protected number into groups.")
    ] = ()
    positive: Annotated[
        Scalar | None,
        Field(
            description="The value of the target that is the event to be predicted, the bad outcome: a row is "
            "approved where its probability is low."
        ),
    ] = None

    reason: Annotated[
        ReasonTexts | None,
        Field(description="What is said to an applicant when the feature counts against them."),
    ] = None
    reason_group: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=100,
            description="Features of one group are one reason: what they count is summed.",
        ),
    ] = None

    @property
    def coded(self) -> bool:
        """Whether the values have no order: a category or boolean column."""
        return self.type in ("category", "boolean")

    @property
    def lacking_texts(self) -> tuple[str, ...]:
        """The keys of `reason` that are missing: with all of them something is said whatever the value."""
        needed = ["high"] if self.coded else ["high", "low"]
        needed += ["missing"] if self.missing == "allowed" else []
        return tuple(key for key in needed if self.reason is None or getattr(self.reason, key) is None)

    @property
    def of_whole_numbers(self) -> bool:
        """Whether the values are whole numbers: an integer column, or categories that are integers."""
        return self.type == "integer" or (self.values is not None and isinstance(self.values[0], int))

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        checks = (
            self._of_role,
            self._of_type,
            self._of_values,
            self._of_limits,
            self._of_beyond,
            self._of_gaps,
            self._of_reasons,
        )
        for check in checks:
            problem = check()
            if problem:
                raise ValueError(problem)
        return self

    def _of_role(self) -> str | None:
        if self.role in ("feature", "protected") and self.type is None:
            return f"a {self.role} column needs a type: number, integer, boolean, category or date"
        if self.role == "time" and self.type not in (None, "date"):
            return "a time column is a date: leave its type out"
        if self.role == "time" and self.missing == "allowed":
            return "a time column has a value in every row: a row without its day cannot be placed"
        if (self.positive is None) == (self.role == "target"):
            return (
                "`positive` (the value that is the event) belongs to the target column, and is needed there"
            )
        if self.bands and (self.role != "protected" or self.type not in ("number", "integer")):
            return "`bands` cut a protected number or integer column into groups"
        if list(self.bands) != sorted(set(self.bands)):
            return "`bands` must rise from one edge to the next"
        return None

    def _of_type(self) -> str | None:
        if (self.values is not None) != (self.type == "category"):
            return "`values` belong to a category column, and are needed there"
        if self.unknown == "other" and self.type != "category":
            return "`unknown` belongs to a category column"
        if self.monotone and (self.role != "feature" or self.type in ("category", "boolean")):
            return "`monotone` belongs to a number, integer or date feature"
        return None

    def _of_values(self) -> str | None:
        if self.values is None:
            return None
        if not 1 <= len(self.values) <= MOST_VALUES:
            return f"a category column has 1 to {MOST_VALUES} values"
        if len(set(self.values)) != len(self.values) or "" in self.values:
            return "`values` must differ from each other, and none may be empty"
        if any(isinstance(value, int) and abs(value) >= EXACT_INTEGERS for value in self.values):
            return "`values` that are integers must lie below 2^53: write them in quotes, as texts"
        if self.positive is not None and self.positive not in self.values:
            return f"`positive` is {self.positive!r}, which is none of the `values`"
        return None

    def _of_limits(self) -> str | None:
        if (self.min is not None or self.max is not None) and self.type not in ("number", "integer"):
            return "`min` and `max` belong to a number or integer column"
        if self.min is not None and self.max is not None and self.min > self.max:
            return f"`min` {self.min} is above `max` {self.max}"
        if (self.min or 0.0) > LARGEST or (self.max or 0.0) < -LARGEST:
            return "`min` and `max` leave no value: a number lies between -1e100 and 1e100"
        return None

    def _of_beyond(self) -> str | None:
        if self.out_of_bounds == "refuse":
            return None
        if self.role != "feature" or (self.min is None and self.max is None):
            return "`out_of_bounds` belongs to a number or integer feature with `min` or `max`"
        low, high = bounds(self)
        if low > high:
            return f"`out_of_bounds`: there is no whole number between `min` {self.min} and `max` {self.max}"
        return None

    def _of_gaps(self) -> str | None:
        if self.missing_values and self.missing == "refused":
            return "`missing_values` need `missing: allowed`"
        numbers = self.type == "number" or self.of_whole_numbers
        for value in self.missing_values:
            if numbers and isinstance(value, str) and is_number(value):
                return f"`missing_values` of a column of numbers: write {value} without quotes"
            if not numbers and self.type in ("category", "date") and not isinstance(value, str):
                return f'`missing_values` of a column of texts or dates: write "{value}" in quotes'
            if isinstance(value, int) and abs(value) >= EXACT_INTEGERS:
                return "`missing_values` that are integers must lie below 2^53"
        return None

    def _of_reasons(self) -> str | None:
        if (self.reason or self.reason_group) and self.role != "feature":
            return "`reason` and `reason_group` belong to a feature: only what enters the model counts"
        if self.reason_group is not None and not self.reason_group.strip():
            return "`reason_group` must be a name"
        if self.reason and self.reason.low is not None and self.coded:
            return "`reason.low` belongs to a number, integer or date: what is said of a category is `reason.high`"
        if self.reason and self.reason.missing is not None and self.missing == "refused":
            return "`reason.missing` needs `missing: allowed`"
        return None


def bounds(column: Column) -> tuple[float, float]:
    """The smallest and the largest number that a column allows, whole ones for integers; infinite where open."""
    low = -math.inf if column.min is None else column.min
    high = math.inf if column.max is None else column.max
    if column.type == "integer":
        low = float(math.ceil(low)) if math.isfinite(low) else low
        high = float(math.floor(high)) if math.isfinite(high) else high
    return low + 0.0, high + 0.0  # -0.0 becomes 0.0


def is_number(text: str) -> bool:
    """Whether a text reads as a finite number."""
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
