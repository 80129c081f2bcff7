"""Small tables with a target, written as text, to be looked at."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tollgate.look.draft import Draft, draft

ROWS = 400
Column = list[str]


def outcome(rows: int = ROWS) -> Column:
    """A target: every fourth row is an event."""
    return [str(int(row % 4 == 0)) for row in range(rows)]


def amounts(rows: int = ROWS, seed: int = 1) -> Column:
    """Amounts with cents that have nothing to do with the target."""
    return [f"{amount:.5f}" for amount in np.random.default_rng(seed).uniform(1, 1000, rows)]


def cycled(*values: str, rows: int = ROWS) -> Column:
    """The same values again and again, shuffled so that they have nothing to do with the target."""
    many = [values[row % len(values)] for row in range(rows)]
    return [str(value) for value in np.random.default_rng(2).permutation(many)]


def write_table(
    path: Path,
    columns: Mapping[str, Column],
    *,
    delimiter: str = ",",
    header: bool = True,
    encoding: str = "utf-8",
) -> Path:
    """Write columns as text."""
    with path.open("w", newline="", encoding=encoding) as file:
        writer = csv.writer(file, delimiter=delimiter)
        if header:
            writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))
    return path


def looked_at(folder: Path, more: Mapping[str, Column], **how: Any) -> Draft:
    """The draft for a table of an amount, some other columns and a target."""
    rows = len(next(iter(more.values())))
    columns = {"amount": amounts(rows), **more, "bad": outcome(rows)}
    return draft(str(write_table(folder / "rows.csv", columns, **how)), "bad", None, None)


def told(found: Draft, kind: str) -> dict[str | None, str]:
    """The messages of one kind, by column."""
    return {finding.column: finding.message for finding in found.findings if finding.kind == kind}


def settings(found: Draft, name: str) -> dict[str, Any]:
    """What the workflow will say about a column."""
    return next(plan.settings for plan in found.plans if plan.name == name)
