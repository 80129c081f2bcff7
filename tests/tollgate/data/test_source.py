import datetime as dt
import gzip
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest

from tests.tollgate.data.small_data import HEADER, ROWS, section, write_csv
from tollgate.data.section import DataSection
from tollgate.data.source import dropped_columns, read_source, source_files
from tollgate.errors import DataError

PERSON = "Ada Lovelace"


def rows(files: list[Path], data: DataSection | None = None) -> list[dict[str, Any]]:
    data = data or section()
    return [row for _, _, raw in read_source(files, data.format, data.contract) for row in raw.to_pylist()]


def refusal(files: list[Path], data: DataSection | None = None) -> str:
    with pytest.raises(DataError) as refused:
        rows(files, data)
    assert PERSON not in str(refused.value)
    return str(refused.value)


def test_a_file_a_folder_and_a_glob_are_sources(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv.gz", "c.parquet", "d.TXT", ".DS_Store", "readme.md"):
        (tmp_path / name).touch()
    (tmp_path / "e.csv").mkdir()
    names = ["a.csv.gz", "b.csv", "c.parquet", "d.TXT"]
    assert [file.name for file in source_files(str(tmp_path))] == names
    assert [file.name for file in source_files(str(tmp_path / "*.csv*"))] == names[:2]
    assert source_files(str(tmp_path / "b.csv")) == [tmp_path / "b.csv"]


def test_hidden_files_are_only_read_where_they_are_named(tmp_path: Path) -> None:
    for name in ("a.csv", ".a-backup.csv", "._a.csv", ".b.parquet"):
        (tmp_path / name).touch()
    for source in (".", "*.csv", "**/*.csv"):
        assert source_files(str(tmp_path / source)) == [tmp_path / "a.csv"]
    assert source_files(str(tmp_path / ".b.parquet")) == [tmp_path / ".b.parquet"]
    assert source_files(str(tmp_path / "._*.csv")) == [tmp_path / "._a.csv"]


def test_a_glob_goes_round_no_circle_of_links_and_into_no_hidden_folder(tmp_path: Path) -> None:
    for folder in ("one/two", ".kept"):
        (tmp_path / folder).mkdir(parents=True)
        write_csv(tmp_path / folder / "a.csv")
    for name in ("round", "again"):
        (tmp_path / "one" / name).symlink_to(tmp_path)
    assert source_files(str(tmp_path / "**/*.csv")) == [tmp_path / "one/two/a.csv"]
    assert source_files(str(tmp_path / ".kept/*.csv")) == [tmp_path / ".kept/a.csv"]


@pytest.mark.parametrize("source", ["a**.csv", "a\0.csv"])
def test_what_is_no_pattern_is_refused(tmp_path: Path, source: str) -> None:
    with pytest.raises(DataError, match=r"is no path, nor a pattern of paths|no such file"):
        source_files(str(tmp_path / source))


@pytest.mark.parametrize("source", ["absent.csv", "*.csv", "empty"])
def test_a_source_without_a_file_is_refused_by_name(tmp_path: Path, source: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="no such file, or a folder without data"):
        source_files(str(tmp_path / source))


def test_a_file_of_another_kind_is_refused_by_its_ending(tmp_path: Path) -> None:
    (tmp_path / "loans.xlsx").touch()
    with pytest.raises(DataError, match=r"loans\.xlsx: neither CSV nor Parquet by its ending"):
        source_files(str(tmp_path / "loans.xlsx"))


def test_csv_comes_in_the_contracts_order_and_types_where_all_values_are_of_them(tmp_path: Path) -> None:
    turned = write_csv(tmp_path / "a.csv", [row[::-1] for row in ROWS], HEADER[::-1])
    found = rows([turned])
    assert list(found[0]) == HEADER
    assert list(found[3].values()) == ["L4", dt.date(2021, 12, 31), 1e3, -1.0, True, "car", 'say "x"', "1"]


def test_from_a_value_of_another_type_on_csv_comes_as_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tollgate.data.source.BLOCK", 256)
    written = [*ROWS * 20, [*ROWS[0][:4], "perhaps", *ROWS[0][5:]], *ROWS * 20]
    found = rows([write_csv(tmp_path / "a.csv", written)])
    assert len(found) == len(written)
    assert (found[0]["amount"], found[80]["owner"], found[-1]["amount"]) == (100.0, "perhaps", "1e3")
    assert [row["id"] for row in found] == [row[0] for row in written]


@pytest.mark.parametrize(
    ("form", "written"),
    [
        ({"delimiter": ";"}, {"delimiter": ";"}),
        ({"delimiter": "\t"}, {"delimiter": "\t"}),
        ({"header": False}, {"header": None}),
        ({}, {"encoding": "utf-8-sig"}),
        ({"encoding": "latin-1"}, {"encoding": "latin-1"}),
        ({"encoding": "utf-16"}, {"encoding": "utf-16"}),
    ],
)
def test_the_format_says_how_text_is_written(
    tmp_path: Path, form: dict[str, Any], written: dict[str, Any]
) -> None:
    given = [["Zoë", *ROWS[0][1:]], *ROWS[1:]]
    found = rows([write_csv(tmp_path / "a.csv", given, **written)], section(format=form))
    assert [row["id"] for row in found] == ["Zoë", "L2", "L3", "L4"]
    assert [row["default"] for row in found] == ["0", "1", "0", "1"]


def test_only_the_named_nulls_are_missing_values(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "a.csv", [["", "NA", "N/A", "null", "", "", "", "0"]])
    (found,) = rows([file], section(format={"nulls": ["NA"]}))
    assert list(found.values())[:5] == ["", None, "N/A", "null", ""]


def test_batches_say_from_which_row_they_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tollgate.data.source.BLOCK", 256)
    files = [write_csv(tmp_path / name, ROWS * 20) for name in ("a.csv", "b.csv")]
    data = section()
    found = [
        (file, first, raw.num_rows) for file, first, raw in read_source(files, data.format, data.contract)
    ]
    for file in files:
        starts = [(first, size) for name, first, size in found if name == file]
        assert len(starts) > 5
        assert [first for first, _ in starts] == [
            1 + sum(size for _, size in starts[:place]) for place in range(len(starts))
        ]
        assert sum(size for _, size in starts) == 80


def test_columns_outside_the_contract_are_dropped_and_named(tmp_path: Path) -> None:
    one = write_csv(tmp_path / "a.csv", [["x", *row] for row in ROWS], ["branch", *HEADER])
    other = write_csv(tmp_path / "b.csv", [[*row, "x", "y"] for row in ROWS], [*HEADER, "clerk", "branch"])
    data = section()
    assert dropped_columns([one, other], data.format, data.contract) == ["branch", "clerk"]
    assert rows([one]) == rows([other])


def test_without_a_header_nothing_can_be_dropped(tmp_path: Path) -> None:
    data = section(format={"header": False})
    file = write_csv(tmp_path / "a.csv", header=None)
    assert dropped_columns([file], data.format, data.contract) == []
    wide = write_csv(tmp_path / "b.csv", [[*row, PERSON] for row in ROWS], header=None)
    assert "row 1 has 9 values instead of 8" in refusal([wide], data)


BROKEN: list[tuple[str, bytes, str]] = [
    ("a.csv", b"", "the file is empty"),
    ("a.csv", b"\n\n", "the file is empty"),
    ("a.csv.gz", gzip.compress(b"", mtime=0), "the file is empty"),
    ("a.csv.gz", gzip.compress(",".join(HEADER).encode() * 500, mtime=0)[:60], "cannot be read"),
    ("a.csv.gz", b"id,day\n", "cannot be read"),
    ("a.parquet", b"id,day\n", "no Parquet file, or a damaged one"),
    ("a.parquet", b"PAR1" + b"\0" * 90 + b"PAR1", "cannot be read (truncated or damaged)"),
    ("a.csv", gzip.compress(b"id,day\n1,2\n", mtime=0), "the file is gzip by its content; name it .csv.gz"),
    ("a.csv", b"PAR1\x15\x00\x15", "the file is Parquet by its content; name it .parquet"),
    ("a.csv", b"PK\x03\x04\x14\x00", "the file is a zip archive by its content (such as a workbook)"),
    ("a.csv", b"id,day,id\n1,2,3\n", "the header names a column twice: id"),
    (
        "a.csv",
        b"id,day,amount\n1,2,3\n",
        "lacks the columns months, owner, purpose, note, default; it has id,",
    ),
    ("a.csv", ";".join(HEADER).encode() + b"\n", "Is data.format right (delimiter, header)"),
    (
        "a.csv",
        f"L1,{PERSON},,{PERSON},1,2,3,0\nL2,x,y,z,1,2,3,0\n".encode(),
        "of the 8 values in its first line none is a name of a column: it looks as if there is no header",
    ),
    (
        "a.csv",
        f"{PERSON},1980-02-01,note,84000\nx,y,z,1\n".encode(),
        "of the 4 values in its first line 1 is a name of a column: it looks as if there is no header",
    ),
    ("a.csv", f"{PERSON}\n".encode(), "its first line is one value and no name of a column"),
]


@pytest.mark.parametrize(("name", "content", "reason"), BROKEN)
def test_a_file_that_cannot_be_read_is_named_with_the_reason(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    message = refusal([file])
    assert message.startswith(f"{file}: ")
    assert reason in message


def test_a_broken_file_is_named_when_its_columns_are_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"id")
    data = section()
    with pytest.raises(DataError, match="no Parquet file"):
        dropped_columns([tmp_path / "a.parquet"], data.format, data.contract)


@pytest.mark.parametrize("width", [7, 9])
def test_a_row_of_another_width_is_named_by_number_and_never_quoted(tmp_path: Path, width: int) -> None:
    crooked = [PERSON] * width
    file = write_csv(tmp_path / "a.csv", [*ROWS * 10, crooked, *ROWS])
    assert f"row 41 has {width} values instead of 8" in refusal([file])


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_text_in_another_encoding_is_told_with_the_remedy(tmp_path: Path, encoding: str) -> None:
    file = write_csv(tmp_path / "a.csv", [[PERSON + "é", *ROWS[0][1:]]], encoding="latin-1")
    message = refusal([file], section(format={"encoding": encoding}))
    assert f"not written in {encoding}; set data.format.encoding" in message


def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    gone = tmp_path / "gone.csv"
    assert "No such file or directory" in refusal([gone])


def test_the_columns_of_parquet_are_found_by_name(tmp_path: Path) -> None:
    columns = {name: pa.array([row[place] for row in ROWS]) for place, name in enumerate(HEADER)}
    file = tmp_path / "a.parquet"
    pyarrow.parquet.write_table(pa.table(dict(reversed(list(columns.items()))) | {"branch": [1] * 4}), file)
    data = section()
    assert [list(row.values()) for row in rows([file])] == ROWS
    assert dropped_columns([file], data.format, data.contract) == ["branch"]


def test_a_column_of_parquet_may_have_points_in_its_name(tmp_path: Path) -> None:
    columns: dict[str, dict[str, Any]] = {
        "a.b": {"type": "number"},
        "a": {"type": "number"},
        "y.z": {"role": "target", "positive": 1},
    }
    file = tmp_path / "a.parquet"
    pyarrow.parquet.write_table(pa.table({"a": [1.0], "a.b": [2.0], "y.z": [1]}), file)
    assert rows([file], section(columns)) == [{"a.b": 2.0, "a": 1.0, "y.z": 1}]


@pytest.mark.parametrize(
    "name", ["string", "large_string", "string_view", "binary", "large_binary", "binary_view"]
)
@pytest.mark.parametrize("most", [399, 400])
def test_texts_of_any_type_are_measured_before_they_are_written_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, most: int
) -> None:
    monkeypatch.setattr("tollgate.data.footer.LARGEST_BATCH", most)
    columns = {name: pa.array([row[place] for row in ROWS]) for place, name in enumerate(HEADER)}
    columns["purpose"] = pa.array([b"x" * 100] * 4, pa.binary()).cast(pa.type_for_alias(name))
    file = tmp_path / "a.parquet"
    pyarrow.parquet.write_table(pa.table(columns), file)
    if most == 400:
        assert len(rows([file])) == 4
    else:
        assert "column purpose: 4 rows of text come to more than" in refusal([file])


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (pa.binary(5000), "column purpose: 65,536 rows of text come to more than 256 MiB"),
        (pa.json_(), "column purpose: holds extension<arrow.json> in each row; write one plain value"),
    ],
)
def test_texts_that_cannot_be_measured_are_refused_by_their_type(
    tmp_path: Path, kind: pa.DataType, reason: str
) -> None:
    columns = {name: pa.array([row[place] for row in ROWS]) for place, name in enumerate(HEADER)}
    columns["purpose"] = pa.array(["x" * 5000] * 4, kind)
    file = tmp_path / "a.parquet"
    pyarrow.parquet.write_table(pa.table(columns), file)
    assert reason in refusal([file])
