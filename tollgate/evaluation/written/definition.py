"""The definition of the event, as the evidence holds it."""

from tollgate.section import Section


class Definition(Section):
    """The event, also known as the default definition.

    Attributes:
        target: The column that says whether it happened.
        positive: The value that says so.
        known: When the label of a row is known, in words.
        as_of: Only labels known on this day, ISO, were used; empty where nobody said.
        covers: Which rows have a label, in words.
    """

    target: str
    positive: str
    known: str
    as_of: str
    covers: str
