import datetime as dt
import gzip
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest

from tests.tollgate.data.small_data import (
    AS_OF,
    COLUMNS,
    HEADER,
    ROWS,
    ingested,
    section,
    snapshot,
    write_csv,
)
from tollgate.data.ingest import ingest
from tollgate.errors import DataError

PERSON = "Ada Lovelace"
MANY = [
    [f"L{n}", f"2020-01-{n % 28 + 1:02d}", str(n / 7), str(n), "true", "car", "", str(n % 2)]
    for n in range(300)
]


def _folder(file: Path) -> Path:
    folder = file.with_suffix(".snapshot")
    folder.mkdir()
    return folder


def test_a_snapshot_holds_the_contracts_columns_in_its_types(tmp_path: Path) -> None:
    found = ingested(write_csv(tmp_path / "a.csv"), tmp_path / "out")
    rows = snapshot(tmp_path / "out")
    assert rows.schema.names == [*HEADER, "__row__"]
    assert rows.select(["day", "amount", "months", "owner", "note", "__row__"]).to_pylist() == [
        {"day": day, "amount": amount, "months": months, "owner": owner, "note": note, "__row__": number}
        for day, amount, months, owner, note, number in [
            (dt.date(2020, 1, 31), 100.0, 12, True, "first", 1),
            (dt.date(2020, 2, 29), 250.5, None, False, None, 2),
            (dt.date(2020, 3, 1), 0.0, 24, None, "a, b", 3),
            (dt.date(2021, 12, 31), 1000.0, None, True, 'say "x"', 4),
        ]
    ]
    assert found.population.read == found.population.used == 4
    assert found.population.states == "all rows"


def digest_of(folder: Path, *files: list[list[str]], header: list[str] = HEADER, suffix: str = ".csv") -> str:
    """The digest of a folder of files."""
    source = folder / "source"
    source.mkdir(parents=True)
    for number, rows in enumerate(files):
        write_csv(source / f"{number}{suffix}", rows, header)
    return ingested(source, folder / "out").digest


def test_the_digest_is_of_the_content_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = digest_of(tmp_path / "one", MANY)
    shuffled = random.Random(1).sample(MANY, len(MANY))  # noqa: S311 - an order, no secret
    assert digest_of(tmp_path / "shuffled", shuffled) == expected
    assert digest_of(tmp_path / "two", shuffled[:100], shuffled[100:]) == expected
    assert digest_of(tmp_path / "swapped", shuffled[100:], shuffled[:100]) == expected
    turned = [[*row[::-1], "x"] for row in MANY]
    assert digest_of(tmp_path / "turned", turned, header=[*HEADER[::-1], "branch"]) == expected
    monkeypatch.setattr("tollgate.data.source.BLOCK", 300)
    assert digest_of(tmp_path / "chunked", MANY) == expected


def test_the_digest_is_the_same_from_gzip_and_parquet(tmp_path: Path) -> None:
    expected = ingested(write_csv(tmp_path / "a.csv", MANY), tmp_path / "out").digest
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress((tmp_path / "a.csv").read_bytes()))
    assert ingested(packed, tmp_path / "gzip").digest == expected
    columns: dict[str, Any] = {
        name: [row[place] or None for row in MANY] for place, name in enumerate(HEADER)
    }
    columns["day"] = pa.array(columns["day"]).cast(pa.date32())
    columns["amount"] = [float(value) for value in columns["amount"]]
    columns["months"] = pa.array([float(value) for value in columns["months"]])
    columns["owner"] = [True] * len(MANY)
    columns["purpose"] = pa.array(columns["purpose"]).dictionary_encode()
    columns["default"] = [int(value) for value in columns["default"]]
    pyarrow.parquet.write_table(pa.table(columns), tmp_path / "a.parquet", row_group_size=64)
    assert ingested(tmp_path / "a.parquet", tmp_path / "parquet").digest == expected


def test_where_the_split_goes_by_order_the_same_rows_in_another_order_are_other_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [write_csv(tmp_path / "a.csv", MANY), write_csv(tmp_path / "b.csv", MANY[::-1])]
    found = [ingest(section(), str(file), AS_OF, _folder(file), ordered=True).digest for file in files]
    monkeypatch.setattr("tollgate.data.source.BLOCK", 1024)
    again = ingest(section(), str(files[0]), AS_OF, _folder(tmp_path / "again"), ordered=True).digest
    assert found[0] != found[1]
    assert again == found[0]
    plain = [ingested(file, tmp_path / f"plain-{file.name}").digest for file in files]
    assert plain[0] == plain[1] not in found


def test_the_digest_is_the_same_where_a_value_is_written_in_another_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tollgate.data.source.BLOCK", 256)
    plain = ingested(write_csv(tmp_path / "plain.csv", ROWS * 20), tmp_path / "plain")
    for column, written in (
        ("owner", " TRUE "),
        ("day", " 2021-12-31"),
        ("months", "-1.0"),
        ("amount", "1000.0"),
    ):
        other = [*ROWS[-1]]
        other[HEADER.index(column)] = written
        file = write_csv(tmp_path / f"{column}.csv", [*ROWS * 19, *ROWS[:-1], other])
        assert ingested(file, tmp_path / column).digest == plain.digest


@pytest.mark.parametrize("column", ["id", "day", "amount", "owner", "note"])
def test_one_changed_value_changes_the_digest(tmp_path: Path, column: str) -> None:
    other = {"id": "L9", "day": "2020-01-30", "amount": "100.01", "owner": "false", "note": "second"}
    changed = list(ROWS[0])
    changed[HEADER.index(column)] = other[column]
    assert digest_of(tmp_path / "one", ROWS) != digest_of(tmp_path / "other", [changed, *ROWS[1:]])


def test_a_row_that_stands_twice_changes_the_digest(tmp_path: Path) -> None:
    digests = {digest_of(tmp_path / str(n), [*ROWS, *ROWS[:1] * n]) for n in range(3)}
    assert len(digests) == 3


def test_ignored_columns_stay_and_unknown_ones_are_dropped_by_name(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    write_csv(source / "a.csv", [["x", *row] for row in ROWS], ["branch", *HEADER])
    write_csv(source / "b.csv", [["x", *row] for row in ROWS], ["clerk", *HEADER])
    found = ingested(source, tmp_path / "out")
    assert found.population.dropped_columns == ["branch", "clerk"]
    rows = snapshot(tmp_path / "out")
    assert "note" in rows.column_names
    assert not {"branch", "clerk"} & set(rows.column_names)


def test_rows_are_numbered_over_all_files(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    write_csv(source / "b.csv", ROWS[2:])
    write_csv(source / "a.csv", ROWS[:2])
    ingested(source, tmp_path / "out")
    numbered = snapshot(tmp_path / "out").select(["id", "__row__"]).to_pydict()
    assert numbered == {"id": ["L1", "L2", "L3", "L4"], "__row__": [1, 2, 3, 4]}


def refusal(tmp_path: Path, source: Path) -> str:
    with pytest.raises(DataError) as refused:
        ingested(source, tmp_path / "out")
    assert PERSON not in str(refused.value)
    return str(refused.value)


def test_values_that_cannot_be_read_are_named_by_file_column_and_row(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    bad = [PERSON, "soon", "a lot", "12", "true", "car", "", "1"]
    write_csv(source / "a.csv", ROWS)
    write_csv(source / "b.csv", [*ROWS, bad, *ROWS, bad])
    message = refusal(tmp_path, source)
    assert f"{source / 'b.csv'}: column day: 2 values are no date (YYYY-MM-DD) (rows 5, 10)" in message
    assert f"{source / 'b.csv'}: column amount: 2 values are no finite number (rows 5, 10)" in message
    assert "a.csv" not in message
    assert "`missing_values`" in message
    assert "a lot" not in message


def test_unreadable_values_are_counted_over_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tollgate.data.source.BLOCK", 256)
    bad = [PERSON, "2020-01-01", "a lot", "", "", "", "", "1"]
    source = write_csv(tmp_path / "a.csv", [bad] * 90)
    assert "column amount: 90 values are no finite number (rows 1, 2, 3, 4, 5)" in refusal(tmp_path, source)


def test_a_table_of_many_bad_columns_is_told_in_short(tmp_path: Path) -> None:
    names = [f"x{n}" for n in range(30)]
    columns = {name: {"type": "number"} for name in names} | {"y": {"role": "target", "positive": 1}}
    source = write_csv(tmp_path / "a.csv", [["?"] * 30 + ["1"]], [*names, "y"])
    with pytest.raises(DataError) as refused:
        ingested(source, tmp_path / "out", section(columns))
    assert "and 10 more" in str(refused.value)
    assert "column x19" in str(refused.value)
    assert "column x20" not in str(refused.value)


def test_a_header_without_rows_is_refused(tmp_path: Path) -> None:
    assert "there is a header but no row" in refusal(tmp_path, write_csv(tmp_path / "a.csv", []))


def test_a_crooked_row_is_named_without_its_values(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "a.csv", [*ROWS, [PERSON, "2020-01-01"]])
    assert "row 5 has 2 values instead of 8" in refusal(tmp_path, source)


def test_nothing_of_a_column_is_lost_to_quotes_and_newlines(tmp_path: Path) -> None:
    notes = ["a\nb", 'say "no"', "x,y", "  spaced  ", "é🙂"]
    rows = [["L", "2020-01-01", "1", "", "", "", note, "0"] for note in notes]
    ingested(write_csv(tmp_path / "a.csv", rows), tmp_path / "out")
    assert snapshot(tmp_path / "out").column("note").to_pylist() == notes


def test_a_book_without_a_decision_time_needs_no_day(tmp_path: Path) -> None:
    columns = {name: column for name, column in COLUMNS.items() if name != "day"}
    found = ingested(
        write_csv(tmp_path / "a.csv"), tmp_path / "out", section(columns), as_of=dt.date(1999, 1, 1)
    )
    assert found.population.used == 4
    assert found.population.dropped_columns == ["day"]


def test_reading_twice_writes_the_same_bytes(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "a.csv")
    one, two = (ingested(source, tmp_path / name, as_of=AS_OF) for name in ("one", "two"))
    assert one == two
    parts = [(tmp_path / name / "part-00000.parquet").read_bytes() for name in ("one", "two")]
    assert parts[0] == parts[1]


@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\r"])
def test_a_header_alone_is_told_as_such_with_and_without_an_end_of_its_line(tmp_path: Path, end: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes((",".join(HEADER) + end).encode())
    assert "there is a header but no row" in refusal(tmp_path, file)


def test_nan_in_numbers_of_parquet_is_a_missing_value_and_infinity_is_none(tmp_path: Path) -> None:
    columns = {name: pa.array([row[place] or None for row in ROWS]) for place, name in enumerate(HEADER)}
    columns["months"] = pa.array([12.0, float("nan"), None, 7.0])
    file = tmp_path / "a.parquet"
    pyarrow.parquet.write_table(pa.table(columns), file)
    ingested(file, tmp_path / "first")
    assert snapshot(tmp_path / "first").column("months").to_pylist() == [12, None, None, 7]
    columns["months"] = pa.array([12.0, float("nan"), float("-inf"), 7.0])
    pyarrow.parquet.write_table(pa.table(columns), file)
    assert "column months: 1 value is no whole number" in refusal(tmp_path, file)
