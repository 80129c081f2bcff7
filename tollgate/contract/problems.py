"""What is wrong with a row, in the words of the contract."""

from typing import Any, NamedTuple

LONGEST_VALUE = 64


class Problem(NamedTuple):  # a body of one mebibyte can have 70,000 of them
    """One broken rule.

    Attributes:
        row: Index of the row in the request or the data, from 0; None when no row is to blame.
        column: The column, or None.
        rule: The rule's name: type, missing, category, minimum, maximum, not_finite, unknown_column,
            missing_column, duplicate_key, shape.
        value: What was found, cut at 64 characters.
        message: What is wrong and what is allowed, for a person.
    """

    row: int | None
    column: str | None
    rule: str
    value: str
    message: str

    def as_json(self) -> dict[str, Any]:
        """The problem as a JSON object."""
        return self._asdict()


def shown(value: object) -> str:
    """A value as it may stand in a message: short, on one line, quoted where it is text."""
    text = repr(value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"
