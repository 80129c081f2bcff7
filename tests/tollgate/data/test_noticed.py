"""A finding in words: what, where, what is allowed, what to do."""

import json

import pytest

from tollgate.canonical import canonical_json
from tollgate.data.noticed import Files, Noticed, Place

MANY = Files([("a.csv", 1), ("more/b.csv", 11), ("c.csv", 12)])


@pytest.mark.parametrize(
    ("row", "file", "row_in_file"),
    [(1, "a.csv", 1), (10, "a.csv", 10), (11, "more/b.csv", 1), (12, "c.csv", 1), (99, "c.csv", 88)],
)
def test_a_row_is_found_in_its_file(row: int, file: str, row_in_file: int) -> None:
    assert MANY.place(row) == Place(row=row, file=file, row_in_file=row_in_file)


@pytest.mark.parametrize("files", [Files([]), Files([("a.csv", 1)])])
def test_where_there_is_one_file_or_none_is_known_the_number_is_enough(files: Files) -> None:
    assert files.place(7) == Place(row=7)


def noticed(rows: int, *first: int, files: Files = MANY) -> Noticed:
    return Noticed(
        level="error",
        rule="minimum",
        column="x",
        said="it is wrong",
        rows=rows,
        first=tuple(files.place(row) for row in first),
        allowed="at least 0",
        advice="mend the rows",
        values=("-1.5",),
    )


def test_a_message_names_column_rows_what_is_allowed_and_what_to_do_but_no_value() -> None:
    assert str(noticed(3, 2, 5, 9, files=Files([]))) == (
        "column x: it is wrong (rows 2, 5, 9): at least 0; mend the rows"
    )
    assert str(noticed(1, 2, files=Files([]))) == "column x: it is wrong (row 2): at least 0; mend the rows"


def test_rows_of_several_files_are_named_file_by_file() -> None:
    assert noticed(4, 2, 3, 11, 14).where == "rows 2, 3 of a.csv and 1 of more/b.csv and 3 of c.csv"


def test_a_finding_about_no_column_and_no_row_is_a_plain_sentence() -> None:
    assert str(Noticed(level="note", rule="dropped", said="a column is not read")) == "a column is not read"
    assert Noticed(level="note", rule="dropped", said="").where == ""


def test_a_finding_of_no_rule_that_is_known_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no rule 'odd'"):
        Noticed(level="note", rule="odd", said="")


def test_a_finding_reads_back() -> None:
    finding = noticed(3, 2, 11)
    assert Noticed.read(json.loads(canonical_json(finding.as_json()))) == finding
