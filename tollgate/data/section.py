"""The section `data` of workflow.yaml: where the rows come from and what they must look like."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from tollgate.contract import Column, Contract
from tollgate.contract.columns import is_number
from tollgate.data.limits import LIMITS, Limits
from tollgate.errors import ConfigError
from tollgate.look.dates import is_day
from tollgate.periods import Period, parse_period
from tollgate.section import Section


class Format(Section):
    """How the text of a CSV file is to be read; Parquet needs none of it."""

    delimiter: Annotated[
        str, Field(min_length=1, max_length=1, description="The character between two values.")
    ] = ","
    header: Annotated[
        bool,
        Field(
            description="Whether the first line names the columns; else they come in the contract's order."
        ),
    ] = True
    encoding: Annotated[str, Field(description="The text encoding, such as utf-8 or latin-1.")] = "utf-8"
    nulls: Annotated[tuple[str, ...], Field(description="Texts that stand for a missing value.")] = ("",)
    decimal: Annotated[
        Literal[".", ","],
        Field(
            description="The mark before the decimals of number and integer columns; with a comma, points group "
            "thousands: 1.234,5."
        ),
    ] = "."

    @field_validator("delimiter")
    @classmethod
    def _separates(cls, character: str) -> str:
        if not character.isascii() or character in '"\r\n':
            raise ValueError(f"{character!r} cannot separate values: use one ASCII character, such as ; or |")
        return character

    @field_validator("nulls")
    @classmethod
    def _no_numbers(cls, texts: tuple[str, ...]) -> tuple[str, ...]:
        for text in texts:
            if is_number(text):
                raise ValueError(
                    f"{text} is a number, which a request can send too: name it under `missing_values` of its columns"
                )
            if is_day(text):
                raise ValueError(f"{text} is a day: name it under `missing_values` of its columns")
        return texts

    @field_validator("encoding")
    @classmethod
    def _known(cls, name: str) -> str:
        try:
            "".encode(name)
        except (LookupError, ValueError):
            raise ValueError(f"there is no text encoding named {name!r}") from None
        return name


class Label(Section):
    """When the target of a row is known."""

    matures_after: Annotated[
        str | None, Field(description="How long after the decision time, such as 12 months.")
    ] = None
    known_at: Annotated[
        str | None, Field(description="The date column that says when the target of a row was known.")
    ] = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.matures_after is None) == (self.known_at is None):
            raise ValueError("give one of `matures_after` and `known_at`")
        if self.matures_after is not None:
            _period(self.matures_after)
        return self

    @property
    def period(self) -> Period | None:
        """How long a label takes to mature, where that is fixed."""
        return None if self.matures_after is None else _period(self.matures_after)

    @property
    def words(self) -> str:
        """When the target of a row is known, for a person."""
        return (
            f"{self.matures_after} after the decision"
            if self.known_at is None
            else f"on the day in {self.known_at}"
        )


class Selection(Section):
    """Which rows have a label at all."""

    accepted: Annotated[
        str, Field(description="The boolean column that says whether the applicant was accepted.")
    ]


class DataSection(Section):
    """Where the rows come from and what they must look like."""

    source: Annotated[
        str,
        Field(min_length=1, description="A file, folder or glob of CSV (also .gz) or Parquet."),
    ]
    format: Annotated[Format, Field(description="How CSV is written.")] = Format()
    limits: Annotated[Limits, Field(description="How much the source may hold.")] = LIMITS
    label: Annotated[
        Label | None, Field(description="When the target of a row is known; without it, from the start.")
    ] = None
    selection: Annotated[
        Selection | None,
        Field(description="Which rows have a label, so that the figures say whom they hold for."),
    ] = None
    columns: Annotated[
        Mapping[str, Column], Field(min_length=2, description="The contract, column by column.")
    ]

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Self:
        """The section from JSON values; columns may come as a list, as `as_json` gives them."""
        columns = value.get("columns")
        if isinstance(columns, list):
            value = {**value, "columns": {item["name"]: _without_name(item) for item in columns}}
        return super().read(value)

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        contract = self.contract
        time = contract.only("time")
        if self.label and self.label.matures_after and time is None:
            raise ValueError(
                "`label.matures_after` counts from the decision time: give a column the role time"
            )
        if self.label and self.label.known_at:
            self._refers("label.known_at", self.label.known_at, {"date"})
        if self.selection:
            self._refers("selection.accepted", self.selection.accepted, {"boolean"})
        for name, column in self.columns.items():
            if column.known not in ("before", "after", "unconfirmed"):
                self._refers(f"columns.{name}.known", column.known, {"date"})
            for value in column.values or ():
                if value in self.format.nulls:
                    raise ValueError(
                        f"`columns.{name}.values` names {value!r}, which `format.nulls` says is a missing value"
                    )
        return self

    def _refers(self, key: str, name: str, types: set[str]) -> None:
        column = self.columns.get(name)
        if column is None:
            raise ValueError(f"`{key}` names {name!r}, which is no column of the contract")
        kind = "date" if column.role == "time" else column.type
        if kind not in types:
            raise ValueError(f"`{key}` names {name!r}, which must be of type {' or '.join(sorted(types))}")

    @property
    def contract(self) -> Contract:
        """The contract that the columns make."""
        return Contract.of(self.columns)

    def as_json(self) -> dict[str, Any]:
        """The section as JSON values, columns as a list, so that their order survives any runner."""
        return {**super().as_json(), "columns": self.contract.as_json()["columns"]}


def _period(text: str) -> Period:
    try:
        return parse_period(text)
    except ConfigError as error:
        raise ValueError(str(error)) from None


def _without_name(item: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key != "name"}
