import datetime as dt
from pathlib import Path

import pyarrow.parquet
import pytest

from tollgate.data.ingest import ingest
from tollgate.data.section import DataSection
from tollgate.errors import DataError

TODAY = dt.date(2026, 1, 1)


def section(file: Path) -> DataSection:
    return DataSection.read(
        {
            "source": str(file),
            "format": {"delimiter": ";", "decimal": ","},
            "columns": {
                "amount": {"type": "number", "missing": "allowed", "missing_values": ["n.a.", -1.5]},
                "count": {"type": "integer"},
                "town": {"type": "category", "values": ["St. Gallen, SG"]},
                "y": {"role": "target", "positive": 1},
            },
        }
    )


def write(folder: Path, *amounts: str) -> Path:
    lines = [f"{amount};1.000;St. Gallen, SG;1" for amount in amounts]
    (folder / "rows.csv").write_text("\n".join(["amount;count;town;y", *lines]) + "\n")
    return folder / "rows.csv"


def test_numbers_are_read_with_a_decimal_comma_and_texts_as_they_are(tmp_path: Path) -> None:
    file = write(tmp_path, "0,5", "1.234,25", "-7", "1.234.567", "1,5e3", " 2,0 ", "n.a.", "-1,5", "")
    (tmp_path / "out").mkdir()
    ingest(section(file), str(file), TODAY, tmp_path / "out")
    rows = pyarrow.parquet.read_table(tmp_path / "out")
    assert rows.column("amount").to_pylist() == [0.5, 1234.25, -7, 1234567, 1500, 2, None, None, None]
    assert set(rows.column("count").to_pylist()) == {1000}
    assert set(rows.column("town").to_pylist()) == {"St. Gallen, SG"}


@pytest.mark.parametrize("amount", ["1.5", "1.23,5", "12.3456"])
def test_a_point_that_groups_no_thousands_is_refused_by_row(tmp_path: Path, amount: str) -> None:
    file = write(tmp_path, "1,5", amount)
    (tmp_path / "out").mkdir()
    with pytest.raises(DataError, match=r"column amount: 1 value is no finite number \(row 2\)"):
        ingest(section(file), str(file), TODAY, tmp_path / "out")
