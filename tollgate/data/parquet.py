"""The rows of a Parquet file, as it holds them."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet

from tollgate.contract import Contract
from tollgate.data.casts import without_nan
from tollgate.data.footer import BATCH, check_batch, check_footer, texts_of
from tollgate.data.limits import Meter
from tollgate.data.parse import numeric


def parquet_rows(file: Path, contract: Contract, meter: Meter) -> Iterator[pa.Table]:
    """The columns of the contract in batches, in its order; NaN in a column of numbers is a missing value.

    Raises:
        DataError: The file holds more than it may, or columns that are no plain values.
    """
    numbers = set(numeric(contract))
    with pyarrow.parquet.ParquetFile(file, read_dictionary=texts_of(file, contract)) as reader:
        check_footer(file, reader, meter)
        for batch in reader.iter_batches(batch_size=BATCH, columns=list(contract.columns)):
            check_batch(file, batch)
            arrays = {
                name: without_nan(batch.column(name)) if name in numbers else batch.column(name)
                for name in contract.columns
            }
            yield pa.table(arrays)
