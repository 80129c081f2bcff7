"""One file, read by workflows that differ: its rows are the same rows, or it cannot be told that they are others."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet
import pytest

from components.reused import count_reuse
from components.sketched import sketch_of
from tests.tollgate.gates.evidence import NO_CHAMPION
from tollgate.data.ingest import PART, ROW_NUMBER, ingest
from tollgate.data.section import DataSection
from tollgate.evaluation.sketch import Sketch
from tollgate.storage.folder import FolderStorage

Columns = dict[str, dict[str, Any]]
ROWS = 600
AS_OF = dt.date(2025, 1, 1)
COLUMNS: Columns = {
    "day": {"role": "time"},
    "known": {"type": "date", "role": "ignore"},
    "amount": {"type": "number"},
    "rate": {"type": "number"},
    "term": {"type": "integer"},
    "lines": {"type": "number"},
    "flag": {"type": "integer"},
    "purpose": {"type": "category", "values": ["Auto", "Möbel"], "unknown": "other"},
    "note": {"role": "ignore", "missing": "allowed"},
    "default": {"role": "target", "positive": 1},
}
TEXT: dict[str, Any] = {"role": "ignore"}


def values(seed: int = 1) -> dict[str, list[str]]:
    """600 rows as the texts of a file, told apart by all of their values together only."""
    draw = np.random.default_rng(seed)
    days = [str(dt.date(2024, 1, 1) + dt.timedelta(days=int(after))) for after in draw.integers(0, 90, ROWS)]
    return {
        "day": days,
        "known": [str(dt.date.fromisoformat(day) + dt.timedelta(days=200)) for day in days],
        "amount": [str(amount) for amount in draw.integers(1, 300, ROWS) * 100],
        "rate": [f"{rate:.3f}" for rate in draw.uniform(1, 9, ROWS)],
        "term": [str(term) for term in draw.choice([12, 24, 36], ROWS)],
        "lines": [str(lines) for lines in draw.choice([-1, 2, 3], ROWS, p=[0.7, 0.2, 0.1])],
        "flag": [str(flag) for flag in draw.integers(0, 2, ROWS)],
        "purpose": [str(purpose) for purpose in draw.choice(["Auto", "Möbel"], ROWS, p=[0.3, 0.7])],
        "note": [str(note) for note in draw.choice(["none", "a"], ROWS, p=[0.8, 0.2])],
        "default": [str(event) for event in draw.integers(0, 2, ROWS)],
    }


class Book:
    """A file in a folder, which is read, and never written again."""

    def __init__(self, folder: Path, found: Mapping[str, list[str]], header: bool = True) -> None:
        folder.mkdir()
        self.folder, self.source = folder, folder / "loans.csv"
        lines = [";".join(row) for row in zip(*found.values(), strict=True)]
        self.source.write_text("\n".join([*([";".join(found)] if header else []), *lines, ""]))

    def sketch(self, columns: Columns | None = None, **form: Any) -> Sketch:
        """The sketch of all rows, as a workflow reads them."""
        settings = {"source": str(self.source), "format": {"delimiter": ";", **form}}
        section = DataSection.read({**settings, "columns": COLUMNS if columns is None else columns})
        to = self.folder / f"read-{len(list(self.folder.iterdir()))}"
        to.mkdir()
        ingest(section, section.source, AS_OF, to)
        return sketch_of(pyarrow.parquet.read_table(to / PART), section.contract, section.format)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path / "book", values())


def but(**columns: dict[str, Any]) -> Columns:
    return {**COLUMNS, **columns}


def without(*names: str) -> Columns:
    return {name: column for name, column in COLUMNS.items() if name not in names}


READ_ALIKE = {
    "a whole number as a number": but(term={"type": "number"}),
    "a number as a whole one": but(amount={"type": "integer"}, lines={"type": "integer"}),
    "all as numbers that nobody uses": but(
        **{name: {**TEXT, "type": "number"} for name in ("term", "lines")}
    ),
    "in another order": dict(reversed(COLUMNS.items())),
    "another role, other bounds": but(rate={"type": "number", "role": "protected", "bands": [3], "max": 10}),
}


@pytest.mark.parametrize("name", READ_ALIKE)
def test_numbers_are_the_same_whatever_their_type_and_tell_others_from_them(
    book: Book, tmp_path: Path, name: str
) -> None:
    first, again = book.sketch(), book.sketch(READ_ALIKE[name])
    assert [of.split()[0] for of in first.hashes] == ["row"], "nothing but the whole rows tells them apart"
    assert first.shared_with(again) == again.shared_with(first) == 1
    other = Book(tmp_path / "other", values(2)).sketch(READ_ALIKE[name])
    assert first.shared_with(other) == other.shared_with(first) == 0


READ_OTHERWISE: dict[str, tuple[Columns, dict[str, Any]]] = {
    "numbers as texts": (but(term=TEXT, rate=TEXT), {}),
    "whole numbers as categories": (but(term={"type": "category", "values": [12, 24, 36]}), {}),
    "whole numbers as booleans": (but(flag={"type": "boolean"}), {}),
    "days as texts": (but(known=TEXT), {}),
    "a number that is missing": (
        but(lines={"type": "number", "missing": "allowed", "missing_values": [-1]}),
        {},
    ),
    "a text that is missing, where nobody uses it": (
        but(note={**TEXT, "missing": "allowed", "missing_values": ["none"]}),
        {},
    ),
    "a text that is missing in every column": (COLUMNS, {"nulls": ["none"]}),
    "points as those between thousands": (COLUMNS, {"decimal": ","}),
    "another encoding": (COLUMNS, {"encoding": "latin-1"}),
    "a column less": (without("term"), {}),
    "the most telling column less": (without("rate"), {}),
}


@pytest.mark.parametrize("name", READ_OTHERWISE)
def test_rows_that_are_read_otherwise_are_not_taken_for_others(book: Book, name: str) -> None:
    columns, form = READ_OTHERWISE[name]
    first, again = book.sketch(), book.sketch(columns, **form)
    assert first.shared_with(again) == again.shared_with(first) == 1


@pytest.mark.parametrize(
    "then",
    [
        {"type": "integer", "role": "ignore"},
        {"type": "number", "role": "ignore"},
        {"type": "number", "role": "id"},
        {"role": "id"},
        {"role": "ignore"},
    ],
)
def test_ids_are_known_again_as_texts_and_as_numbers_where_all_else_is_rewritten(
    tmp_path: Path, then: dict[str, Any]
) -> None:
    ids = [str(70_000 + row) for row in range(ROWS)]
    columns = {"loan": {"role": "id"}, "serial": TEXT, **COLUMNS}
    first, later = (
        Book(tmp_path / f"{seed}", {"loan": ids, "serial": [f"{seed}-{row}" for row in ids], **values(seed)})
        for seed in (1, 2)
    )
    found = first.sketch(columns).shared_with(later.sketch({**columns, "loan": then}))
    assert found == 1, "the serial numbers alone say that the rows are others"


def test_ids_of_which_other_halves_are_called_missing_are_not_taken_for_other_ids(tmp_path: Path) -> None:
    ids = [f"L{row}" for row in range(ROWS)]
    book = Book(tmp_path / "book", {"loan": ids, **values()})

    def lacking(missing: list[str]) -> Sketch:
        loan = {"role": "id", "missing": "allowed", "missing_values": missing}
        return book.sketch({"loan": loan, **without("rate")}, nulls=["none"])

    assert lacking(ids[:300]).shared_with(lacking(ids[300:])) == 1


def test_without_a_header_columns_under_each_others_names_are_no_other_rows(tmp_path: Path) -> None:
    found = values()
    book = Book(tmp_path / "book", {"one": found["lines"], "other": found["term"], **found}, header=False)
    one: Columns = {"one": {"type": "number", "missing": "allowed", "missing_values": [-1]}}
    other: Columns = {"other": {"type": "number"}}
    first, again = (
        book.sketch({**two, **COLUMNS}, header=False) for two in ({**one, **other}, {**other, **one})
    )
    assert first.shared_with(again) == again.shared_with(first) == 1


def test_without_a_header_days_of_another_column_under_the_name_of_the_first_do_not_lie_apart(
    tmp_path: Path,
) -> None:
    book = Book(tmp_path / "book", values(), header=False)
    swapped = {"known": COLUMNS["known"], "day": COLUMNS["day"], **without("day", "known")}
    first, again = book.sketch(header=False), book.sketch(swapped, header=False, nulls=["none"])
    assert (first.days.until, again.days.since) < ("2024-06", "2024-08")
    assert first.shared_with(again) == again.shared_with(first) == 1


def test_the_number_of_a_row_in_its_file_does_not_tell_that_it_is_another(book: Book) -> None:
    section = DataSection.read({"source": str(book.source), "format": {"delimiter": ";"}, "columns": COLUMNS})
    to = book.folder / "ordered"
    to.mkdir()
    ingest(section, section.source, AS_OF, to, ordered=True)
    rows = pyarrow.parquet.read_table(to / PART)
    assert ROW_NUMBER in rows.column_names
    assert [of.split()[0] for of in sketch_of(rows, section.contract, section.format).hashes] == ["row"]


def test_every_challenger_counts_though_each_reads_the_columns_as_other_types(
    tmp_path: Path, storage: FolderStorage
) -> None:
    """What a submitter can do between two runs without touching the rows."""
    ids = [str(row) for row in range(ROWS)]
    book = Book(tmp_path / "book", {"loan_id": ids, **values()})
    counted = []
    for bundle, kinds in enumerate(
        (
            {},
            {"amount": {"type": "integer"}},
            {"lines": {"type": "integer"}, "term": {"type": "number"}},
            {"rate": TEXT},
        )
    ):
        columns = {"loan_id": {**TEXT, "type": "number"}, **COLUMNS, **kinds}
        found = count_reuse(
            f"bundle {bundle}", "d" * 64, book.sketch(columns), "local/credit", NO_CHAMPION, storage
        )
        counted.append((found.challengers, found.most_shared))
    assert counted == [(1, None), (2, 1.0), (3, 1.0), (4, 1.0)]
