"""How the text of a file is written: found out, and written down such that ingest reads it."""

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest

from tests.tollgate.look.books import ROWS, amounts, cycled, looked_at, outcome, settings, told, write_table
from tollgate.errors import ConfigError, DataError, TollgateError
from tollgate.look.draft import Draft, draft
from tollgate.look.pieces import MOST_BYTES

COLUMNS = {"amount": amounts(), "town": cycled("Köln", "São Paulo"), "bad": outcome()}


def look(path: Path, target: str = "bad", names: tuple[str, ...] | None = None) -> Draft:
    return draft(str(path), target, None, names)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", " "])
@pytest.mark.parametrize("header", [True, False])
def test_the_delimiter_and_the_header_are_found(tmp_path: Path, delimiter: str, header: bool) -> None:
    path = write_table(tmp_path / "rows.csv", COLUMNS, delimiter=delimiter, header=header)
    found = look(path, "bad" if header else "column_3")
    assert found.form is not None
    assert (found.form.delimiter, found.form.header) == (delimiter, header)
    assert [plan.role for plan in found.plans] == ["feature", "feature", "target"]
    assert ("no header" in {finding.kind for finding in found.findings}) == (not header)


def test_a_header_over_texts_alone_is_found(tmp_path: Path) -> None:
    columns = {"purpose": cycled("car", "home"), "town": cycled("a", "b", "c"), "bad": cycled("no", "yes")}
    path = write_table(tmp_path / "rows.csv", columns, header=True)
    with pytest.raises(ConfigError, match="there is no such column; there are purpose, town, bad"):
        look(path, "xyz")
    without = write_table(tmp_path / "bare.csv", columns, header=False)
    assert not looked_form(look(without, "column_3")).header


def looked_form(found: Draft):  # type: ignore[no-untyped-def]
    assert found.form is not None
    return found.form


@pytest.mark.parametrize(
    ("written", "found_as"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("latin-1", "latin-1"),
        ("utf-16", "utf-16"),
    ],
)
def test_the_encoding_is_found(tmp_path: Path, written: str, found_as: str) -> None:
    found = look(write_table(tmp_path / "rows.csv", COLUMNS, encoding=written))
    assert looked_form(found).encoding == found_as
    assert settings(found, "town")["values"] == ["Köln", "São Paulo"]
    assert "amount" in {plan.name for plan in found.plans}, "a byte order mark is no part of the first name"


def test_the_windows_code_page_is_told_from_latin_1(tmp_path: Path) -> None:
    columns = {**COLUMNS, "town": cycled("10 €", "more")}
    found = look(write_table(tmp_path / "rows.csv", columns, encoding="cp1252"))
    assert looked_form(found).encoding == "cp1252"
    assert settings(found, "town")["values"] == ["10 €", "more"]


def test_texts_for_missing_values_are_found_and_unknown_is_none_of_them(tmp_path: Path) -> None:
    town = cycled("?", "NA", "NaN", "null", "", "unknown", "none", "a")
    found = looked_at(tmp_path, {"town": town})
    assert looked_form(found).nulls == ("", "?", "NA", "NaN", "null")
    assert settings(found, "town")["values"] == ["a", "none", "unknown"]
    assert settings(found, "town")["missing"] == "allowed"


def test_namibia_is_no_missing_value(tmp_path: Path) -> None:
    countries = cycled(
        "NA", "DE", "FR", "IT", "ES", "PT", "BR", "AR", "CL", "PE", "UY", "MX", "US", "CA", "GB", "IE"
    )
    found = looked_at(tmp_path, {"country": countries})
    assert "NA" in settings(found, "country")["values"]


def test_a_decimal_comma_is_found_and_written_down(tmp_path: Path) -> None:
    columns = {
        "amount": [amount.replace(".", ",") for amount in amounts()],
        "income": [f"{row + 1}.{row:03},5" for row in range(ROWS)],
        "bad": outcome(),
    }
    found = look(write_table(tmp_path / "rows.csv", columns, delimiter=";"))
    assert looked_form(found).decimal == ","
    assert [settings(found, name)["type"] for name in ("amount", "income")] == ["number", "number"]
    assert told(found, "decimal comma") == {None: "amount, income: read with a decimal comma"}


def test_decimal_commas_beside_points_are_told_and_left(tmp_path: Path) -> None:
    columns = {"amount": amounts(), "rate": [f"{row % 90},5" for row in range(ROWS)], "bad": outcome()}
    found = look(write_table(tmp_path / "rows.csv", columns, delimiter=";"))
    assert looked_form(found).decimal == "."
    assert "but amount has a decimal point" in told(found, "decimal comma")["rate"]


def test_commas_between_thousands_are_no_decimal_commas(tmp_path: Path) -> None:
    found = looked_at(tmp_path, {"x": [f"{row},{row:03}" for row in range(1, 1 + ROWS)]})
    assert looked_form(found).decimal == "."
    assert settings(found, "x") == {"role": "ignore"} or settings(found, "x") == {"role": "id"}


def test_quoted_line_ends_and_delimiters_are_part_of_a_value(tmp_path: Path) -> None:
    found = looked_at(tmp_path, {"town": cycled("a, b\nc", "d;e")})
    assert (found.rows, settings(found, "town")["values"]) == (ROWS, ["a, b\nc", "d;e"])


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        (b"", DataError, "the file is empty"),
        (b"\n\n", DataError, "the file is empty"),
        (b"a,bad\n", DataError, "there is a header but no row"),
        (b"a\n1\n2\n", DataError, "no delimiter found"),
        (b"a   b  bad\n1 2   0\n3    4 1\n" * 9, DataError, "runs of spaces"),
        (b"a  b  bad\n" + b"1  2  0\n3  4  1\n" * 9, DataError, "runs of spaces"),
        (
            b"Loans of 2024\nmade by us\na,b,bad\n" + b"1,2,0\n3,4,1\n" * 90,
            DataError,
            "rows.csv: the first 2 lines have another number of values than the rows, which have 3: take a preface",
        ),
        (b"a,bad\n1,0\n2\x00,1\n", DataError, "line 3 holds a NUL byte"),
        (b"a,a,bad\n1,2,0\n", DataError, "names a column twice: 'a'"),
        (
            b"a,bad\n" + b"1,0\n2,1\n" * 20 + b"1,2,3\n",
            DataError,
            "row 41 has 3 values instead of 2: mend it",
        ),
        (b"a,bad\n" + b"1,0\n" * 9, DataError, "must have two values, but has 1: '0' \\(9 rows\\)"),
        (b"a,bad\n" + b"1,0\n2,1\n3,2\n" * 2, DataError, "has 3: '0' \\(2 rows\\), '1' \\(2 rows\\), '2'"),
        (b"a,Bad\n" + b"1,0\n2,1\n" * 9, ConfigError, "there is no such column; did you mean 'Bad'\\?"),
        (
            b"a,bad\n" + b"1,1\n2,2\n" * 9,
            ConfigError,
            "'1' \\(9 rows\\), '2' \\(9 rows\\): which one is the event",
        ),
        (b"a,bad\n" + b"7,1\n7,0\n" * 9, DataError, "no column is left to predict from: a \\(constant\\)"),
    ],
)
def test_a_file_that_cannot_be_used_is_answered_with_what_is_wrong(
    tmp_path: Path, content: bytes, error: type[TollgateError], words: str
) -> None:
    (tmp_path / "rows.csv").write_bytes(content)
    with pytest.raises(error, match=words):
        look(tmp_path / "rows.csv")


def test_a_column_of_a_reserved_name_is_left_out(tmp_path: Path) -> None:
    found = looked_at(tmp_path, {"__part": cycled("a", "b")})
    assert told(found, "left out").keys() == {"__part"}
    assert [plan.name for plan in found.plans] == ["amount", "bad"]


def test_names_are_for_a_file_without_a_header_that_has_as_many_columns(tmp_path: Path) -> None:
    bare = write_table(tmp_path / "bare.csv", COLUMNS, header=False)
    assert [plan.name for plan in look(bare, "z", ("x", "y", "z")).plans] == ["x", "y", "z"]
    with pytest.raises(ConfigError, match=r"--names gives 2 names, and .*bare.csv has 3 columns"):
        look(bare, "z", ("x", "z"))
    with pytest.raises(ConfigError, match="names its columns already; leave --names out"):
        look(write_table(tmp_path / "rows.csv", COLUMNS), "bad", ("x", "y", "bad"))


def test_parquet_is_read_in_its_own_types(tmp_path: Path) -> None:
    days = pa.array(range(19000, 19000 + ROWS), pa.int32()).cast(pa.date32())
    columns = {
        "amount": pa.array([float(amount) for amount in amounts()]),
        "terms": pa.array([12.0, None] * (ROWS // 2)),
        "issued": days.cast(pa.timestamp("us")),
        "owner": pa.array([True, False] * (ROWS // 2)),
        "purpose": pa.array(cycled("car", "home")).dictionary_encode(),
        "parts": pa.array([[1]] * ROWS),
        "ratio": pa.array([float("inf"), *range(1, ROWS)]),
        "rate": pa.array([float("nan"), *(row + 0.5 for row in range(1, ROWS))]),
        "bad": pa.array([row % 4 == 0 for row in range(ROWS)]),
    }
    pyarrow.parquet.write_table(pa.table(columns), tmp_path / "rows.parquet")
    found = look(tmp_path / "rows.parquet")
    assert found.form is None
    assert {plan.name: plan.settings.get("type", plan.role) for plan in found.plans} == {
        "amount": "number",
        "terms": "integer",
        "issued": "time",
        "owner": "boolean",
        "purpose": "category",
        "ratio": "ignore",
        "rate": "number",
        "bad": "target",
    }
    assert settings(found, "bad")["positive"] == "true"
    assert told(found, "left out").keys() == {"parts"}
    assert told(found, "not finite").keys() == {"ratio"}
    assert settings(found, "rate")["missing"] == "allowed"


def test_the_files_of_a_folder_are_looked_at_together(tmp_path: Path) -> None:
    write_table(tmp_path / "a.csv", {**COLUMNS, "old": cycled("x", "y")})
    write_table(tmp_path / "b.csv", COLUMNS)
    found = look(tmp_path)
    assert (found.rows, found.whole) == (2 * ROWS, True)
    assert "is lacking in 1 of 2 files" in told(found, "left out")["old"]
    pyarrow.parquet.write_table(pa.table({"a": [1]}), tmp_path / "c.parquet")
    with pytest.raises(DataError, match="holds CSV and Parquet"):
        look(tmp_path)


@pytest.mark.parametrize("packed", [False, True])
def test_of_a_large_file_no_more_is_read_than_the_bound(tmp_path: Path, packed: bool) -> None:
    """What lies beyond the bound is nothing that could be read: a hole, or bytes that are no gzip."""
    block = "".join(
        f"{row % 977}.{row % 10},word{row % 7},{row % 3 // 2}\n" for row in range(100_000)
    ).encode()
    path = tmp_path / ("rows.csv.gz" if packed else "rows.csv")
    blocks = MOST_BYTES // len(block) + 2
    with gzip.open(path, "wb", compresslevel=1) if packed else path.open("wb") as file:
        file.write(b"amount,town,bad\n")
        for _ in range(blocks):
            file.write(block)
    with path.open("ab") as file:
        file.write(b"\xff" * 100_000)
    if not packed:
        with path.open("r+b") as file:
            file.truncate(50 * 1024**3)  # zeros without blocks on disk: reading them all would take minutes
    found = look(path)
    assert not found.whole
    assert found.rows * len(block) / 100_000 == pytest.approx(MOST_BYTES, rel=0.001)
    assert settings(found, "town") == {
        "type": "category",
        "values": [f"word{place}" for place in range(7)],
        "unknown": "other",
        "missing": "allowed",
        "known": "unconfirmed",
    }


def test_of_large_parquet_files_no_more_rows_are_read_than_the_bound(tmp_path: Path) -> None:
    rows = 300_000
    table = pa.table(
        {"x": pa.array([row / 7 for row in range(rows)]), "bad": pa.array([row % 2 for row in range(rows)])}
    )
    pyarrow.parquet.write_table(table, tmp_path / "rows.parquet", row_group_size=50_000)
    whole = (tmp_path / "rows.parquet").read_bytes()
    last = pyarrow.parquet.ParquetFile(tmp_path / "rows.parquet").metadata.row_group(5).column(0)
    start, size = last.dictionary_page_offset or last.data_page_offset, last.total_compressed_size
    (tmp_path / "rows.parquet").write_bytes(whole[:start] + b"\xff" * size + whole[start + size :])
    found = look(tmp_path / "rows.parquet")
    assert (found.rows, found.whole) == (200_000, False)
