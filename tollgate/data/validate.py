"""Validating a snapshot: what must hold before anything is trained."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tollgate.canonical import digest
from tollgate.contract import Contract
from tollgate.contract.table import Breach, check_table
from tollgate.data.casts import as_text
from tollgate.data.ingest import ROW_NUMBER
from tollgate.data.parse import ROWS_NAMED
from tollgate.data.rowhash import row_hashes, sum_of
from tollgate.data.section import DataSection
from tollgate.data.split import PARTS, split_rows
from tollgate.data.split_section import SplitSection
from tollgate.errors import DataError

FORMAT_VERSION = 1
FEWEST_EVENTS = 2
EVENT = "__event__"


@dataclass(frozen=True)
class Validated:
    """A snapshot that holds, in four parts.

    Attributes:
        digest: The digest of the four parts by content.
        parts: The rows of each part with the column `__event__` (1.0 or 0.0), sorted by their hash.
        report: What was found, as JSON values.
    """

    digest: str
    parts: dict[str, pa.Table]
    report: dict[str, Any]


def validate(table: pa.Table, data: DataSection, section: SplitSection) -> Validated:
    """Check a snapshot against the contract, and part it.

    Args:
        table: The snapshot's rows with their row numbers.
        data: What the rows must look like.
        section: How to part them.

    Raises:
        DataError: The rows break the contract, or a part has no use; the message names columns and rows.
    """
    contract = data.contract
    numbers = table.column(ROW_NUMBER).to_numpy()
    breaches = check_table(table, contract, numbers)
    if breaches:
        raise DataError("the data breaks the contract:\n" + "\n".join(str(breach) for breach in breaches))
    table = table.append_column(EVENT, pa.array(_events(table, contract, numbers)))
    split = split_rows(table, data, section)
    parts = {name: _sorted(table.filter(pa.array(mask)), contract) for name, mask in split.parts.items()}
    _refuse_useless(parts)
    report = {
        "version": FORMAT_VERSION,
        "method": section.method,
        "rows": table.num_rows,
        "parts": {name: _summary(part, contract) for name, part in parts.items()},
        "embargoed": split.embargoed,
        "duplicates_over_parts": _duplicates(parts, contract),
    }
    return Validated(_digest(parts, contract, section), parts, report)


def _events(table: pa.Table, contract: Contract, numbers: NDArray[np.int64]) -> NDArray[np.float64]:
    """1.0 where the target has its positive value, else 0.0."""
    name = contract.target
    column = contract.columns[name]
    texts = as_text(table.column(name).combine_chunks())
    missing = np.flatnonzero(pc.is_null(texts).to_numpy(zero_copy_only=False))
    if len(missing):
        first = tuple(int(number) for number in numbers[missing][:ROWS_NAMED])
        allowed = "its label should be known by now; see data.label and data.selection"
        raise DataError(
            f"the data breaks the contract:\n{Breach(name, 'missing', len(missing), first, allowed)}"
        )
    found = sorted(pc.unique(texts).to_pylist())
    if str(column.positive) not in found:
        raise DataError(
            f"column {name}: `positive` is {column.positive!r}, but no usable row has that; "
            f"there are {_few(found)}"
        )
    if len(found) != 2:
        raise DataError(
            f"column {name}: the target must have two values, but has {len(found)}: {_few(found)}"
        )
    positive = pc.equal(texts, str(column.positive)).to_numpy(zero_copy_only=False)
    return np.asarray(positive, dtype=np.float64)


def _sorted(part: pa.Table, contract: Contract) -> pa.Table:
    """Sorted by row hash, so that the order of files and rows cannot change the model."""
    hashes = row_hashes(part.select(list(contract.columns)))
    return part.take(pa.array(np.lexsort((part.column(ROW_NUMBER).to_numpy(), hashes[:, 1], hashes[:, 0]))))


def _refuse_useless(parts: Mapping[str, pa.Table]) -> None:
    for name in PARTS:
        part = parts[name]
        events = int(pc.sum(part.column(EVENT)).as_py() or 0)
        others = part.num_rows - events
        if min(events, others) < FEWEST_EVENTS:
            raise DataError(
                f"the {name} part has {events} events and {others} others; each needs at least {FEWEST_EVENTS}. "
                "Use more rows, or change the section split"
            )


def _summary(part: pa.Table, contract: Contract) -> dict[str, Any]:
    time = contract.only("time")
    summary: dict[str, Any] = {"rows": part.num_rows, "events": int(pc.sum(part.column(EVENT)).as_py())}
    if time:
        summary |= {"since": str(pc.min(part.column(time))), "until": str(pc.max(part.column(time)))}
    return summary


def _duplicates(parts: Mapping[str, pa.Table], contract: Contract) -> int:
    """How many rows of the holdout equal a row of another part, id and row number apart."""
    columns = [name for name, column in contract.columns.items() if column.role != "id"]
    hashes = {name: row_hashes(part.select(columns))[:, 0] for name, part in parts.items()}
    seen = np.concatenate([hashes[name] for name in PARTS if name != "holdout"])
    return int(np.isin(hashes["holdout"], seen).sum())


def _digest(parts: Mapping[str, pa.Table], contract: Contract, section: SplitSection) -> str:
    sums = {}
    for name in PARTS:
        total = sum_of(row_hashes(parts[name].select([*contract.columns, EVENT])))
        sums[name] = [parts[name].num_rows, *(f"{int(word):016x}" for word in total)]
    content = {
        "version": FORMAT_VERSION,
        "contract": contract.digest(),
        "method": section.method,
        "parts": sums,
    }
    return digest(content)


def _few(values: list[str]) -> str:
    most = 5
    return ", ".join(repr(value) for value in values[:most]) + (" ..." if len(values) > most else "")
