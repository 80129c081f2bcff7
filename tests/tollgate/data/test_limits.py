from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest

from tests.tollgate.data.small_data import HEADER, ROWS, ingested, section, write_csv
from tollgate.data.limits import MEGABYTE, Limits, Meter
from tollgate.errors import DataError

FILE, OTHER = Path("a.csv"), Path("b.csv")


def parquet(path: Path, times: int = 1) -> Path:
    rows = ROWS * times
    columns = {name: [row[place] or None for row in rows] for place, name in enumerate(HEADER)}
    pyarrow.parquet.write_table(pa.table(columns), path)
    return path


def test_files_are_counted_together() -> None:
    meter = Meter(Limits(rows=5, megabytes=3))
    meter.unpacked(FILE, MEGABYTE)
    meter.unpacked(FILE, 2 * MEGABYTE)  # so much of it so far
    meter.unpacked(OTHER, MEGABYTE)
    with pytest.raises(DataError, match=r"^b\.csv: the data is larger than 3 MiB when unpacked"):
        meter.unpacked(OTHER, MEGABYTE + 1)
    meter.rows(FILE, 3)
    meter.expect_rows(OTHER, 2)
    meter.rows(OTHER, 2)
    with pytest.raises(
        DataError, match=r"^b\.csv: the data has more than 5 rows; .* raise data\.limits\.rows"
    ):
        meter.rows(OTHER, 1)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
@pytest.mark.parametrize(
    ("limits", "says"), [({"rows": 7}, "more than 7 rows"), ({"columns": 7}, "has 8 columns")]
)
def test_a_source_over_its_limits_is_refused(
    tmp_path: Path, kind: str, limits: dict[str, int], says: str
) -> None:
    folder = tmp_path / "source"
    folder.mkdir()
    for name in ("a", "b"):
        write_csv(folder / f"{name}.csv") if kind == "csv" else parquet(folder / f"{name}.parquet")
    with pytest.raises(DataError, match=says):
        ingested(folder, tmp_path / "refused", section(limits=limits))
    assert ingested(folder, tmp_path / "out", section(limits={"rows": 8, "columns": 8})).population.used == 8


def test_a_value_that_is_read_again_as_text_is_counted_once(tmp_path: Path) -> None:
    """A whole number written with a point makes the reader begin again."""
    rows = [[*ROWS[0][:3], "12.0", *ROWS[0][4:6], "x" * 100, ROWS[0][7]]] * 8_000
    file = write_csv(tmp_path / "a.csv", [*rows[:-1], [*ROWS[0][:4], "1", *ROWS[0][5:]]])
    assert MEGABYTE < file.stat().st_size < 2 * MEGABYTE
    found = ingested(file, tmp_path / "out", section(limits={"megabytes": 2, "rows": 8_000}))
    assert found.population.read == 8_000


def test_the_footer_of_parquet_is_asked_before_a_row_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    text = pa.DictionaryArray.from_arrays(pa.array([0] * 100, pa.int32()), ["x" * 2 * MEGABYTE])
    columns = {name: pa.array([ROWS[0][place]] * 100) for place, name in enumerate(HEADER)}
    pyarrow.parquet.write_table(pa.table({**columns, "branch": text}), file)
    with pytest.raises(DataError, match=r"a\.parquet: the data is larger than 1 MiB when unpacked"):
        ingested(file, tmp_path / "out", section(limits={"megabytes": 1}))
    assert ingested(file, tmp_path / "read").population.used == 100


def test_a_column_of_lists_is_refused_by_name(tmp_path: Path) -> None:
    file = parquet(tmp_path / "a.parquet")
    table = pyarrow.parquet.read_table(file)
    place = HEADER.index("amount")
    pyarrow.parquet.write_table(table.set_column(place, "amount", pa.array([[1.0]] * 4)), file)
    with pytest.raises(
        DataError, match=r"a\.parquet: column amount: holds list<.*write one plain value for each"
    ):
        ingested(file, tmp_path / "out")
