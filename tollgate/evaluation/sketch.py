"""Sketches of holdouts: small enough to be kept of each judgement, and they tell how many rows two holdouts share."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.parquet
from numpy.typing import NDArray

SKETCH = 4096
SHARED = 0.5
FORMAT_VERSION = "1"


@dataclass(frozen=True)
class Sketch:
    """A bottom-k sketch of a holdout: the smallest of the hashes of its rows' ids (Cohen, Kaplan 2007).

    Attributes:
        of: What was hashed; sketches of different things cannot be compared.
        rows: How many rows the holdout has.
        since: The first day that its rows name, ISO; empty where there is none.
        until: The last day.
        hashes: The 4,096 smallest of its distinct hashes, or all, in order.
    """

    of: str
    rows: int
    since: str
    until: str
    hashes: NDArray[np.uint64]

    @classmethod
    def made(cls, hashes: NDArray[np.uint64], of: str, since: str | None, until: str | None) -> "Sketch":
        """The sketch of hashes, one a row."""
        return cls(of, len(hashes), since or "", until or "", np.unique(hashes)[:SKETCH])

    def shared_with(self, other: "Sketch") -> float:
        """Which share of the smaller of two holdouts' rows lies in the other too.

        Below the smaller of the two largest hashes kept, both sketches are complete: a random sample of both holdouts.
        What cannot be told counts as shared: where different things were hashed, unless the days lie apart, or where
        one holdout is so much smaller that none of it is in the sample.
        """
        if self.of != other.of:
            return 0.0 if self._apart(other) else 1.0
        upto = min(self._complete_to, other._complete_to)
        mine, theirs = (sketch.hashes[sketch.hashes <= upto] for sketch in (self, other))
        fewest = min(len(mine), len(theirs))
        return len(np.intersect1d(mine, theirs, assume_unique=True)) / fewest if fewest else 1.0

    def content(self) -> bytes:
        """The sketch as the bytes of a Parquet file."""
        table = pa.table({"hash": self.hashes}).replace_schema_metadata(
            {
                "version": FORMAT_VERSION,
                "of": self.of,
                "rows": str(self.rows),
                "since": self.since,
                "until": self.until,
            }
        )
        sink = pa.BufferOutputStream()
        pyarrow.parquet.write_table(table, sink, compression="zstd")
        return bytes(sink.getvalue())

    @classmethod
    def read(cls, content: bytes) -> "Sketch":
        """Read what `content` wrote.

        Raises:
            ValueError: It is no sketch of this format.
        """
        try:
            table = pyarrow.parquet.read_table(pa.BufferReader(content))
        except (pa.ArrowException, OSError) as error:
            raise ValueError("a sketch of a holdout: no Parquet file") from error
        said = {key.decode(): value.decode() for key, value in (table.schema.metadata or {}).items()}
        version = said.get("version", "")
        if version != FORMAT_VERSION:
            raise ValueError(
                f"a sketch of a holdout: format version {version!r}; this Tollgate reads {FORMAT_VERSION}"
            )
        hashes = np.asarray(table.column("hash").to_numpy(), dtype=np.uint64)
        return cls(said["of"], int(said["rows"]), said["since"], said["until"], hashes)

    @property
    def _complete_to(self) -> np.uint64:
        """The hash up to which none is lacking."""
        return self.hashes[-1] if len(self.hashes) == SKETCH else np.uint64(np.iinfo(np.uint64).max)

    def _apart(self, other: "Sketch") -> bool:
        """Whether both say their days, and no day is of both."""
        told = all((self.since, self.until, other.since, other.until))
        return told and (self.until < other.since or other.until < self.since)


def count(bundle: str, sketch: Sketch, judged: Iterable[tuple[str, Sketch]]) -> tuple[int, float | None]:
    """How many challengers were judged on these rows, this one counted; and the greatest share of another.

    Args:
        bundle: The bundle that is to be judged.
        sketch: Its holdout.
        judged: Of each earlier judgement, for the same target, the bundle and the holdout.
    """
    shares = [(other, sketch.shared_with(holdout)) for other, holdout in judged if other != bundle]
    challengers = {bundle} | {other for other, share in shares if share >= SHARED}
    return len(challengers), max((share for _, share in shares), default=None)
