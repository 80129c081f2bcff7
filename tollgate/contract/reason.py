"""What is said to an applicant when a feature counts against them."""

from typing import Annotated

from pydantic import Field, field_validator

from tollgate.section import Section

MOST = 200
Text = Annotated[str | None, Field(max_length=MOST)]


class ReasonTexts(Section):
    """What is said when a feature counts against an applicant, by the direction of its value."""

    high: Annotated[
        Text,
        Field(
            description="Said where the value is not below the mean of the background, or with `monotone: increasing`; "
            "for a category or boolean, whatever the value."
        ),
    ] = None
    low: Annotated[
        Text,
        Field(
            description="Said where the value lies below that mean, or with `monotone: decreasing`; not for a category "
            "or boolean."
        ),
    ] = None
    missing: Annotated[Text, Field(description="Said where the value is missing.")] = None

    @field_validator("high", "low", "missing")
    @classmethod
    def _said(cls, text: str | None) -> str | None:
        if text is not None and not text.strip():
            raise ValueError("a reason must say something: write a text, or leave the key out")
        return text

    def __str__(self) -> str:
        """The texts in one line, for people."""
        said = self.model_dump(exclude_none=True)
        return ", ".join(f"{direction} {text!r}" for direction, text in said.items()) or "none"
