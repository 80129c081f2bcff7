"""Validating a snapshot: what must hold before anything is trained, and what is worth knowing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tollgate.canonical import digest
from tollgate.contract import Contract
from tollgate.contract.table import check_table
from tollgate.data.ingest import ROW_NUMBER
from tollgate.data.noticed import Files, Level, Noticed
from tollgate.data.noticing import Noticing, counted
from tollgate.data.repeats import WHOLE, Repeated, repeated
from tollgate.data.rowhash import Hashes, in_order, row_hashes
from tollgate.data.section import DataSection
from tollgate.data.split import PARTS, Split, split_rows
from tollgate.data.split_content import split_content
from tollgate.data.split_section import SplitSection
from tollgate.data.target import Target, read_target
from tollgate.data.validation import FORMAT_VERSION as VALIDATION_VERSION
from tollgate.data.validation import Validation
from tollgate.data.worth_knowing import of_bounds, of_columns, of_events, of_population, of_repeats
from tollgate.errors import DataError

FEWEST_EVENTS = 2
EVENT = "__event__"
LEVELS: tuple[Level, ...] = ("error", "warning", "note")


@dataclass(frozen=True)
class Source:
    """What ingest knows of the rows of a snapshot.

    Attributes:
        snapshot: The snapshot's digest.
        population: Every exclusion with its rows.
        files: Each file with the number of its first row.
    """

    snapshot: str = ""
    population: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Validated:
    """A snapshot, looked at.

    Attributes:
        report: What was found.
        content: What the four parts hold; nothing where there is an error.
        parts: The rows of each part with the column `__event__` (1.0 or 0.0), sorted by their hash; none where there
            is an error.
    """

    report: Validation
    content: dict[str, Any]
    parts: dict[str, pa.Table]

    @property
    def digest(self) -> str:
        """What names the four parts: the digest of their content; empty where there is an error."""
        return digest(self.content) if self.content else ""


def validate(
    table: pa.Table,
    data: DataSection,
    section: SplitSection,
    source: Source | None = None,
    show_values: bool = False,
) -> Validated:
    """Check a snapshot against the contract, and part it; everything is looked at, whatever is found.

    Args:
        table: The snapshot's rows with their row numbers.
        data: What the rows must look like.
        section: How to part them.
        source: What is known of where the rows come from.
        show_values: Whether the findings may show values.
    """
    source, contract = source or Source(), data.contract
    noticing = Noticing(table, Files(source.files), show_values)
    target = read_target(noticing, contract)
    split, unsplit = _parted(table, data, section) if target.events is not None else (None, [])
    parts = _parts(table, target, split)
    found = _repeats(table, contract, split)
    findings = [
        *_breaches(noticing, contract),
        *target.findings,
        *unsplit,
        *_useless(parts, contract),
        *of_population(data, source.population),
        *of_repeats(noticing, found),
        *of_columns(noticing, data),
        *(of_events(target.events == 1, data) if target.events is not None else ()),
        *of_bounds(noticing, contract),
    ]
    report = Validation(
        version=VALIDATION_VERSION,
        snapshot=source.snapshot,
        sections={"data": digest(data.as_json()), "split": digest(section.as_json())},
        files=noticing.files.names,
        population=source.population,
        method=section.method,
        rows=table.num_rows,
        parts={name: _summary(part, contract) for name, part in parts.items()},
        embargoed=split.embargoed if split else 0,
        repeats=tuple(one.counts for one in found),
        findings=tuple(sorted(findings, key=lambda finding: LEVELS.index(finding.level))),
        shows_values=show_values,
    )
    if split is None or report.of_level("error"):
        return Validated(report, {}, {})
    hashes = _hashes(table, contract, section)
    parts = {name: _sorted(part, hashes[split.parts[name]]) for name, part in parts.items()}
    return Validated(report, split_content(parts, contract, section.method), parts)


def _hashes(table: pa.Table, contract: Contract, section: SplitSection) -> Hashes:
    """What names the rows; their place in the order too where the split goes by it: what is learnt does as well."""
    hashes = row_hashes(table.select(list(contract.columns)))
    if section.method != "order":
        return hashes
    return in_order(hashes, np.argsort(np.argsort(table.column(ROW_NUMBER).to_numpy())))


def _parts(table: pa.Table, target: Target, split: Split | None) -> dict[str, pa.Table]:
    """The rows of each part with their events; none where the rows could not be parted."""
    if split is None:
        return {}
    table = table.append_column(EVENT, pa.array(target.events))
    return {name: table.filter(pa.array(split.parts[name])) for name in PARTS}


def _breaches(noticing: Noticing, contract: Contract) -> Iterator[Noticed]:
    for breach in check_table(noticing.table, contract):
        said = f"{counted(breach.rows, 'row breaks', 'rows break')} the rule {breach.rule}"
        yield noticing.rows(
            "error", breach.rule, said, breach.mask, breach.column, breach.allowed, breach.advice
        )


def _parted(table: pa.Table, data: DataSection, section: SplitSection) -> tuple[Split | None, list[Noticed]]:
    time = data.contract.only("time")
    if section.method == "time" and time and table.column(time).null_count == table.num_rows:
        return None, []  # that no row has its day is a breach of the contract
    try:
        return split_rows(table, data, section), []
    except DataError as error:
        return None, [Noticed(level="error", rule="split", said=str(error))]


def _useless(parts: Mapping[str, pa.Table], contract: Contract) -> Iterator[Noticed]:
    for name, part in parts.items():
        events = int(pc.sum(part.column(EVENT)).as_py() or 0)
        others = part.num_rows - events
        if min(events, others) < FEWEST_EVENTS:
            yield Noticed(
                level="error",
                rule="events",
                column=contract.target,
                said=f"the {name} part has {events} events and {others} others",
                allowed=f"each needs at least {FEWEST_EVENTS}",
                advice="use more rows, or change the section split",
            )


def _repeats(table: pa.Table, contract: Contract, split: Split | None) -> list[Repeated]:
    """What repeats in the parts; in the snapshot as a whole where there are none."""
    whole = {WHOLE: np.ones(table.num_rows, dtype=bool)}
    return repeated(table, contract, whole if split is None else {name: split.parts[name] for name in PARTS})


def _sorted(part: pa.Table, hashes: Hashes) -> pa.Table:
    """Sorted by row hash, so that the order of files and rows cannot change the model."""
    return part.take(pa.array(np.lexsort((part.column(ROW_NUMBER).to_numpy(), hashes[:, 1], hashes[:, 0]))))


def _summary(part: pa.Table, contract: Contract) -> dict[str, Any]:
    time = contract.only("time")
    summary: dict[str, Any] = {"rows": part.num_rows, "events": int(pc.sum(part.column(EVENT)).as_py() or 0)}
    if time and part.column(time).null_count < part.num_rows:
        summary |= {"since": str(pc.min(part.column(time))), "until": str(pc.max(part.column(time)))}
    return summary
