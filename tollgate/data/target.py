"""The target of a snapshot: which rows are events, or why nobody can tell."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tollgate.contract import Contract
from tollgate.data.casts import as_text
from tollgate.data.noticed import Noticed
from tollgate.data.noticing import Noticing, counted

SHOW = "`--show-values` shows them in the report"
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Target:
    """The target, read.

    Attributes:
        events: 1.0 where it has its positive value, else 0.0, shape (rows,); None where there is a finding.
        findings: What is wrong with it.
    """

    events: NDArray[np.float64] | None
    findings: list[Noticed]


def read_target(noticing: Noticing, contract: Contract) -> Target:
    """The events of a snapshot, or everything that is wrong with its target."""
    name = contract.target
    texts = as_text(noticing.table.column(name).combine_chunks())
    positive = str(contract.columns[name].positive)
    findings = [*_unlabelled(noticing, name, texts), *_values(noticing, contract, texts, positive)]
    if findings:
        return Target(None, findings)
    return Target(np.asarray(_mask(pc.equal(texts, positive)), dtype=np.float64), [])


def _unlabelled(noticing: Noticing, name: str, texts: pa.Array) -> Iterator[Noticed]:
    missing = _mask(pc.is_null(texts))
    if missing.any():
        said = f"{counted(int(missing.sum()), 'row breaks', 'rows break')} the rule missing"
        advice = "its label should be known by now; see data.label and data.selection"
        yield noticing.rows("error", "missing", said, missing, name, advice=advice)


def _values(noticing: Noticing, contract: Contract, texts: pa.Array, positive: str) -> Iterator[Noticed]:
    name = contract.target
    counts = {count["values"]: count["counts"] for count in pc.value_counts(texts.drop_null()).to_pylist()}
    labelled = _mask(pc.is_valid(texts))
    if positive not in counts:
        said = f"`positive` is {contract.columns[name].positive!r}, but no usable row has that"
        advice = f"set `positive` to a value that the target has; {SHOW}"
        yield noticing.rows("error", "positive", said, labelled, name, advice=advice)
    if len(counts) < 2:
        said = f"the target must have two values, but has {len(counts)}"
        advice = "use rows with both, or another column"
        yield noticing.rows("error", "two_values", said, labelled, name, advice=advice)
    if len(counts) > 2:
        usual = {positive, max(set(counts) - {positive}, key=lambda value: (counts[value], value))}
        odd = labelled & ~_mask(pc.is_in(texts, pa.array(sorted(usual))))
        said = f"the target must have two values, but has {len(counts)}: "
        said += counted(int(odd.sum()), "row has", "rows have")
        said += " neither `positive` nor the value that is most common besides"
        advice = f"mend or leave out these rows; {SHOW}"
        if len({_meant(value) for value in counts}) == 2:
            said += "; there are two that are spelled differently (as True and true, or 1 and 1.0)"
            advice = f"write each value one way; {SHOW}"
        yield noticing.rows("error", "two_values", said, odd, name, advice=advice)


def _meant(value: str) -> str | float:
    """A value however it is spelled."""
    try:
        return float(value)
    except ValueError:
        return value.strip().casefold()


def _mask(array: pa.Array) -> Mask:
    return np.asarray(array.fill_null(False).to_numpy(zero_copy_only=False), dtype=bool)
