"""Sketches of holdouts: small enough to be kept of each judgement, and they tell how many rows two holdouts share."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.parquet
from numpy.typing import NDArray

SKETCH = 4096
SHARED = 0.5
FORMAT_VERSION = "3"
BEFORE = "2"  # what was hashed was named without how its columns are read

Hashes = NDArray[np.uint64]


@dataclass(frozen=True)
class Days:
    """The days of a holdout's rows.

    Attributes:
        column: The column that says them; empty where none does, or a sketch of version 1 does not say which.
        since: The first day, ISO; empty where no row says one.
        until: The last one.
    """

    column: str = ""
    since: str = ""
    until: str = ""

    def apart_from(self, other: "Days") -> bool:
        """Whether both are known, of the same column as far as that is known, and no day is of both."""
        known = all((self.since, self.until, other.since, other.until))
        same = not (self.column and other.column) or self.column == other.column
        return known and same and (self.until < other.since or other.until < self.since)


@dataclass(frozen=True)
class Sketch:
    """Bottom-k sketches of what tells the rows of a holdout apart (Cohen, Kaplan 2007).

    Attributes:
        rows: How many rows the holdout has.
        days: Their days.
        hashes: By what was hashed, the 4,096 smallest of the distinct hashes, or all, in order.
    """

    rows: int
    days: Days
    hashes: Mapping[str, Hashes]

    @classmethod
    def made(cls, hashes: Mapping[str, Hashes], rows: int, days: Days) -> "Sketch":
        """The sketch of hashes, by what was hashed one a row."""
        return cls(rows, days, {of: np.unique(hashes[of])[:SKETCH] for of in sorted(hashes)})

    def shared_with(self, other: "Sketch") -> float:
        """Which share of the smaller of two holdouts' rows lies in the other too.

        Everything that was hashed of the one is held against everything of the other, so that no other name of a column
        hides what is shared. Only what was hashed of both under one name tells that rows are not shared. What cannot be
        told counts as shared, unless the days lie apart. Days apart also weigh more than a column whose values
        come again, such as a customer's number, where another column says that the rows are others.
        """
        named = [_share(self.hashes[of], other.hashes[of]) for of in self.hashes if of in other.hashes]
        told = [share for share in named if share is not None]
        pairs = (_share(mine, theirs) for mine in self.hashes.values() for theirs in other.hashes.values())
        most = max((share for share in pairs if share is not None), default=0.0)
        apart = self.days.apart_from(other.days)
        if most >= SHARED:
            return 0.0 if apart and any(share < SHARED for share in told) else most
        if told:
            return most
        return 0.0 if apart else 1.0

    def content(self) -> bytes:
        """The sketch as the bytes of a Parquet file."""
        of = np.repeat(np.array(list(self.hashes), dtype=object), [len(one) for one in self.hashes.values()])
        hashes = np.concatenate([np.array([], dtype=np.uint64), *self.hashes.values()])
        table = pa.table({"of": pa.array(of, pa.string()), "hash": hashes}).replace_schema_metadata(
            {
                "version": FORMAT_VERSION,
                "rows": str(self.rows),
                "column": self.days.column,
                "since": self.days.since,
                "until": self.days.until,
            }
        )
        sink = pa.BufferOutputStream()
        pyarrow.parquet.write_table(table, sink, compression="zstd")
        return bytes(sink.getvalue())

    @classmethod
    def read(cls, content: bytes) -> "Sketch":
        """Read what `content` wrote, or what version 2 did, or 1, which hashed one thing.

        What was hashed then has a name that nothing hashed now has: it can tell that rows are shared, but not that
        they are others.

        Raises:
            ValueError: It is no sketch of these formats.
        """
        try:
            table = pyarrow.parquet.read_table(pa.BufferReader(content))
        except (pa.ArrowException, OSError) as error:
            raise ValueError("a sketch of a holdout: no Parquet file") from error
        said = {key.decode(): value.decode() for key, value in (table.schema.metadata or {}).items()}
        version, hashes = said.get("version", ""), np.asarray(table.column("hash"), dtype=np.uint64)
        if version == "1":
            by_of = {f"{said['of']} of version 1": hashes}
        elif version in (FORMAT_VERSION, BEFORE):
            of, then = np.asarray(table.column("of")), f" of version {BEFORE}" if version == BEFORE else ""
            by_of = {f"{name}{then}": hashes[of == name] for name in np.unique(of)}
        else:
            raise ValueError(
                f"a sketch of a holdout: format version {version!r}; this Tollgate reads {FORMAT_VERSION}, "
                f"{BEFORE} and 1"
            )
        return cls(int(said["rows"]), Days(said.get("column", ""), said["since"], said["until"]), by_of)


def _share(mine: Hashes, theirs: Hashes) -> float | None:
    """Which share of the smaller of two sets lies in the other too; None where that cannot be told.

    Below the smaller of the two largest hashes kept, both sketches are complete: a random sample of both. It is empty
    where one holdout is so much smaller that none of it is in the sample.
    """
    upto = min(_complete_to(mine), _complete_to(theirs))
    one, other = (hashes[hashes <= upto] for hashes in (mine, theirs))
    fewest = min(len(one), len(other))
    return len(np.intersect1d(one, other, assume_unique=True)) / fewest if fewest else None


def _complete_to(hashes: Hashes) -> np.uint64:
    """The hash up to which none is lacking."""
    return hashes[-1] if len(hashes) == SKETCH else np.uint64(np.iinfo(np.uint64).max)


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
