"""The section `split` of workflow.yaml: how rows are parted into fit, calibration, threshold, holdout."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from tollgate.errors import ConfigError
from tollgate.periods import parse_period
from tollgate.section import Section

METHODS = "time: the latest decisions are the holdout; random: by a keyed hash; order: by the order of rows"


class SplitSection(Section):
    """How rows are parted into fit, calibration, threshold and holdout."""

    method: Annotated[Literal["time", "random", "order"], Field(description=METHODS)]
    holdout: Annotated[
        str | float,
        Field(
            description="How much is held out: a period such as 6 months for time, else a share such as 0.2."
        ),
    ]
    calibration: Annotated[
        str | float | None,
        Field(
            description="How much, before the holdout, is for calibration and threshold, half each by hash; "
            "by default as much as the holdout."
        ),
    ] = None
    salt: Annotated[
        str, Field(min_length=1, description="The key of the hash; another salt draws other parts.")
    ]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for key, size in (("holdout", self.holdout), ("calibration", self.window)):
            problem = _time_problem(size) if self.method == "time" else _share_problem(size)
            if problem:
                raise ValueError(f"`{key}`: {problem}")
        if self.method != "time" and float(self.holdout) + float(self.window) >= 1:
            raise ValueError("`holdout` and `calibration` together leave no rows to fit on")
        return self

    @property
    def window(self) -> str | float:
        """The size of the calibration and threshold parts together."""
        return self.holdout if self.calibration is None else self.calibration


def _time_problem(size: str | float) -> str | None:
    if not isinstance(size, str):
        return "with `method: time` this is a period, such as 6 months"
    try:
        period = parse_period(size)
    except ConfigError as error:
        return str(error)
    return None if period.months or period.days else "the period must be longer than nothing"


def _share_problem(size: str | float) -> str | None:
    if isinstance(size, str) or not 0.01 <= size <= 0.9:
        return "without time this is a share of the rows, 0.01 to 0.9"
    return None
