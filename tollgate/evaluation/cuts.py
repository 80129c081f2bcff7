"""Cutting rows into the values of a column: categories, bands, quintiles."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tollgate.contract import Column
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.metrics import Floats
from tollgate.evaluation.sampling_error import Codes
from tollgate.evaluation.spans import said, spans

MISSING = "missing"
MOST_CATEGORIES = 20
QUINTILES = (0.2, 0.4, 0.6, 0.8)
Cut = tuple[Codes, list[str]]


def cut(exam: Exam, name: str) -> Cut:
    """The code of each row in a column, and what each code stands for; the last is that nothing is there.

    A number or day is cut at its bands, or at quintiles of the rows that the model was fitted on, rounded.

    Args:
        exam: The rows.
        name: A feature or a protected column.
    """
    column, values = exam.challenger.contract.columns[name], exam.table.column(name).combine_chunks()
    if column.coded:
        return _categories(values, column)
    numbers = _numbers(values)
    edges = np.array(column.bands or _edges(exam, name, numbers), dtype=np.float64)
    codes = np.searchsorted(edges, numbers, side="left").astype(np.intp)
    codes[np.isnan(numbers)] = len(edges) + 1
    return codes, [*spans([said(column, edge) for edge in edges.tolist()]), MISSING]


def _categories(values: pa.Array, column: Column) -> Cut:
    """The contract's values that are most frequent here, any other text as one: it could be a person's."""
    texts = pc.cast(values, pa.string())
    known = ["false", "true"] if column.type == "boolean" else [str(value) for value in column.values or ()]
    counts = dict(zip(*(part.to_pylist() for part in pc.value_counts(texts).flatten()), strict=True))
    kept = set(sorted(known, key=lambda name: -counts.get(name, 0))[:MOST_CATEGORIES])
    names = [name for name in known if name in kept]
    found = pc.index_in(texts, pa.array(names, pa.string())).fill_null(len(names))
    codes = np.array(found.to_numpy(zero_copy_only=False), dtype=np.intp)
    codes[np.asarray(pc.is_null(texts))] = len(names) + 1
    return codes, [*names, "any other", MISSING]


def _numbers(values: pa.Array) -> Floats:
    if pa.types.is_date32(values.type):
        values = values.cast(pa.int32())
    return np.asarray(pc.cast(values, pa.float64()).fill_null(np.nan).to_numpy(zero_copy_only=False))


def _edges(exam: Exam, name: str, numbers: Floats) -> Sequence[float]:
    """Every second decile of the fit part; of a column that is no feature, quintiles of these rows, rounded."""
    profiled: Mapping[str, Any] = json.loads(exam.challenger.files["reference.json"])["features"]
    if name in profiled:
        return list(profiled[name]["edges"][1::2])
    present = numbers[~np.isnan(numbers)]
    if not len(present):
        return []
    return sorted({float(f"{edge:.2g}") for edge in np.quantile(present, QUINTILES)})
