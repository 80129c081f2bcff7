"""A waiver: a named, dated, reasoned permission to deploy despite a finding that is INCONCLUSIVE."""

import datetime as dt
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from tollgate.section import Section

NEVER = ("data", "parity")  # what they say is a fact, and no statistics
FILLERS = "\u115f\u1160\u3164\uffa0"  # letters by their category, and nothing to be seen
BY_SUBJECT = ("leakage",)  # each feature is looked at by a person, or none is


class Waiver(Section):
    """A permission to deploy despite one finding of one gate."""

    gate: Annotated[str, Field(min_length=1, description="The gate whose finding is waived.")]
    subject: Annotated[
        str | None,
        Field(
            min_length=1,
            description="The subject of that finding, as the report shows it; none: every one of the gate. "
            "For leakage it is the feature, and needed.",
        ),
    ] = None
    reason: Annotated[str, Field(min_length=10, max_length=500, description="Why the risk is taken.")]
    person: Annotated[str, Field(min_length=2, max_length=100, description="Who answers for it.")]
    expires: Annotated[str, Field(description="The last day (UTC) on which it holds, YYYY-MM-DD.")]

    @field_validator("subject")
    @classmethod
    def _something(cls, text: str | None) -> str | None:
        if text is not None and not any(_shows(letter) for letter in text):
            raise ValueError("nothing can be seen in it: leave it out to mean every finding of the gate")
        return text

    @field_validator("reason", "person")
    @classmethod
    def _said(cls, text: str) -> str:
        if not _seen(text):
            raise ValueError("must be words: no letter and no digit can be seen in it")
        return text

    @field_validator("reason")
    @classmethod
    def _words(cls, text: str) -> str:
        if (
            text.isascii() and sum(map(_seen, text.split())) < 2
        ):  # other scripts may write words without spaces
            raise ValueError("one word is no reason: say why the risk is taken")
        return text

    @field_validator("expires")
    @classmethod
    def _day(cls, text: str) -> str:
        try:
            day = dt.date.fromisoformat(text)
        except ValueError:
            day = None
        if day is None or day.isoformat() != text:
            raise ValueError(f"{text!r} is no day; write it YYYY-MM-DD")
        return text

    @model_validator(mode="after")
    def _one_finding(self) -> Self:
        if self.gate in BY_SUBJECT and self.subject is None:
            raise ValueError(f"`subject` is needed: a waiver for {self.gate} names the feature")
        return self

    @property
    def last_day(self) -> dt.date:
        """The last day on which it holds."""
        return dt.date.fromisoformat(self.expires)


def _seen(text: str) -> bool:
    """Whether a letter or digit can be seen in a text."""
    return any(letter.isalnum() and letter not in FILLERS for letter in text)


def _shows(letter: str) -> bool:
    return letter.isprintable() and not letter.isspace() and letter not in FILLERS
