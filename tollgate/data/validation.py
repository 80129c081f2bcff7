"""The validation report as it is written: every finding, whom the labels cover, and where the rows went."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel

from tollgate.data.noticed import Level, Noticed
from tollgate.errors import DataError
from tollgate.section import Section

FORMAT_VERSION: Literal[2] = 2
MOST_TOLD = 20


class Repeats(Section):
    """Rows that repeat others.

    Attributes:
        of: What is the same: the whole row (id and row number apart), the id, or the group.
        column: The column of the id or group.
        within: By part, how many of its rows repeat another row of it; a group may repeat within a part.
        over: By two parts, "fit and holdout", how many rows of the latter repeat one of the former.
    """

    of: Literal["row", "id", "group"]
    column: str | None = None
    within: Mapping[str, int]
    over: Mapping[str, int]


class Told(Section):
    """A finding as evidence and report tell it.

    Attributes:
        level: warning or note.
        said: What was found, in words; never a value.
    """

    level: str
    said: str


class MainFacts(BaseModel):
    """What of a validation report stands in the evidence; never a value.

    Attributes:
        digest: The digest of the whole report; empty in older formats.
        method: How the rows were parted.
        warnings: How many warnings it has.
        notes: How many notes.
        repeats: What was found of duplicates.
        first: The first of its warnings and notes.
    """

    model_config = Section.model_config

    digest: str = ""
    method: str = ""
    warnings: int = 0
    notes: int = 0
    repeats: tuple[Repeats, ...] = ()
    first: tuple[Told, ...] = ()


class Validation(Section):
    """What was found in a snapshot; validation.json.

    Attributes:
        version: The format of validation.json.
        snapshot: The snapshot's digest.
        sections: The digests of the sections `data` and `split` that it was checked and parted by.
        files: The files that the rows were read from first.
        population: Every exclusion with its rows, as ingest told it.
        method: How the rows were parted.
        rows: Rows of the snapshot.
        parts: By part its rows, events and days; empty where the rows could not be parted.
        embargoed: Rows before the holdout whose label was not known when it starts.
        repeats: What was found of duplicates.
        findings: Every finding, errors first.
        shows_values: Whether the findings show values.
    """

    version: Literal[2]
    snapshot: str
    sections: Mapping[str, str]
    files: tuple[str, ...] = ()
    population: Mapping[str, Any] = {}
    method: str
    rows: int
    parts: Mapping[str, Mapping[str, Any]] = {}
    embargoed: int = 0
    repeats: tuple[Repeats, ...] = ()
    findings: tuple[Noticed, ...] = ()
    shows_values: bool = False

    def of_level(self, level: Level) -> tuple[Noticed, ...]:
        """The findings of a level."""
        return tuple(finding for finding in self.findings if finding.level == level)

    def refuse(self, place: str) -> None:
        """Raise where there is an error.

        Args:
            place: Where the report lies.

        Raises:
            DataError: The message names every error, the first twenty of them, and the report.
        """
        errors = self.of_level("error")
        if not errors:
            return
        told = [str(finding) for finding in errors[:MOST_TOLD]]
        more = [f"and {len(errors) - MOST_TOLD} more"] if len(errors) > MOST_TOLD else []
        report = [f"All of it is in {place}"] if place else []
        raise DataError("\n".join(["the data breaks the contract:", *told, *more, *report]))
