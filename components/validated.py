"""Validating a snapshot in storage: the report is kept in any case, the parts where the rows can be used."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.frozen import AGAIN, CHANGED, keep_splits, read_snapshot, snapshot_files
from tollgate.canonical import canonical_json, sha256
from tollgate.data.section import DataSection
from tollgate.data.split_section import SplitSection
from tollgate.data.validate import Source, validate
from tollgate.data.validation import Validation
from tollgate.errors import StorageError
from tollgate.report.validation import render_validation
from tollgate.storage.folder import FolderStorage

JSON, PAGE = "validation.json", "validation.html"
MOST_TOLD = 20


@dataclass(frozen=True)
class Kept:
    """A validation, kept in storage.

    Attributes:
        digest: What names the report: the sha256 of its validation.json.
        splits: The digest of the four parts; empty where there is an error.
        report: What was found.
        page: The report as HTML.
        place: Where that lies.
    """

    digest: str
    splits: str
    report: Validation
    page: str
    place: Path

    @property
    def facts(self) -> dict[str, Any]:
        """What is worth telling of it."""
        return {
            **self.report.parts,
            "warnings": len(self.report.of_level("warning")),
            "splits": self.splits,
            "validation": self.digest,
        }


def keep_validation(
    snapshot: str,
    population: str,
    data: Mapping[str, Any],
    split: Mapping[str, Any],
    show_values: bool,
    storage: FolderStorage,
) -> Kept:
    """Validate a snapshot, and put the report, and the parts where there is no error, into storage.

    Args:
        snapshot: The snapshot's digest.
        population: What ingest excluded, as JSON.
        data: The section `data` as JSON values.
        split: The section `split` as JSON values.
        show_values: Whether the report may show values.
        storage: Where the snapshot lies, and where to.
    """
    section, how = DataSection.read({**data, "source": snapshot}), SplitSection.read(split)
    table = read_snapshot(snapshot, storage, how.method == "order")
    source = Source(snapshot, json.loads(population), snapshot_files(snapshot, storage))
    validated = validate(table, section, how, source, show_values)
    content, page = canonical_json(validated.report.as_json()), render_validation(validated.report)
    name = sha256(content)
    folder = storage.place(f"validations/{name}", {JSON: content, PAGE: page.encode()})
    if validated.digest:
        keep_splits(validated, storage)
    return Kept(name, validated.digest, validated.report, page, folder / PAGE)


def read_validation(name: str, storage: FolderStorage) -> Validation:
    """A validation report.

    Raises:
        StorageError: It cannot be read, or is not the one that its name is the sha256 of.
    """
    key = f"validations/{name}/{JSON}"
    content = storage.read(key)
    if sha256(content) != name:
        raise StorageError(f"{key}: was {CHANGED}")
    try:
        return Validation.read(json.loads(content))
    except ValueError as error:
        raise StorageError(f"{key}: is no report that this Tollgate reads. {AGAIN}") from error


def main_facts(report: Validation) -> dict[str, Any]:
    """What of a validation report goes into the evidence; never a value."""
    worth = [*report.of_level("warning"), *report.of_level("note")]
    return {
        "method": report.method,
        "warnings": len(report.of_level("warning")),
        "notes": len(report.of_level("note")),
        "repeats": [one.as_json() for one in report.repeats],
        "first": [{"level": one.level, "said": str(one)} for one in worth[:MOST_TOLD]],
    }
