"""How much a source may hold: what is above is a bomb, or a file that is no table."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from tollgate.errors import DataError
from tollgate.section import Section

MOST_ROWS = 100_000_000  # 25 numbers a row are 20 GB, which training would want in memory
MOST_COLUMNS = (
    5_000  # the widest public tables of this kind have some 4,000; more are a table that lies on its side
)
MOST_MEGABYTES = 32 * 1024  # 100 million rows of 300 bytes; a gzip file of 32 MB can unpack to that
MOST_QUOTED_LINES = 100  # a long letter; a quote that somebody forgot to close runs over more
LONGEST_LINE = 1024 * 1024  # 5,000 values of 200 bytes
LARGEST_BATCH = 256 * 1024 * 1024  # what the texts of one batch of Parquet may come to; 4 KiB a row
MEGABYTE = 1024 * 1024


class Limits(Section):
    """How much a source may hold, all its files together; what is above is refused."""

    rows: Annotated[int, Field(ge=1, description="Rows.")] = MOST_ROWS
    columns: Annotated[int, Field(ge=1, description="Columns of a file, those outside the contract too.")] = (
        MOST_COLUMNS
    )
    megabytes: Annotated[int, Field(ge=1, description="Size when unpacked, in MiB.")] = MOST_MEGABYTES
    quoted_lines: Annotated[
        int,
        Field(
            ge=0,
            description="Line breaks within one quoted value of CSV: a quote that is not closed has more.",
        ),
    ] = MOST_QUOTED_LINES


LIMITS = Limits()


class Meter:
    """Counts what is read of a source, and refuses what is above its limits."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._bytes: dict[Path, int] = {}
        self._rows = 0

    def unpacked(self, file: Path, size: int) -> None:
        """Take how large a file is when unpacked, or how much of it was unpacked so far.

        Raises:
            DataError: They are too many.
        """
        self._bytes[file] = size
        if sum(self._bytes.values()) > self.limits.megabytes * MEGABYTE:
            raise DataError(
                f"{file}: the data is larger than {self.limits.megabytes:,} MiB when unpacked; if that is right, "
                "raise data.limits.megabytes"
            )

    def rows(self, file: Path, count: int) -> None:
        """Count some rows of a file.

        Raises:
            DataError: They are too many.
        """
        self.expect_rows(file, count)
        self._rows += count

    def expect_rows(self, file: Path, count: int) -> None:
        """Look at a number of rows that are still to come, without counting them.

        Raises:
            DataError: They would be too many.
        """
        if self._rows + count > self.limits.rows:
            raise DataError(
                f"{file}: the data has more than {self.limits.rows:,} rows; if that is right, raise data.limits.rows"
            )
