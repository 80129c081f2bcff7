"""How the values of a column are read: the settings of a workflow by which one source has other values."""

from typing import Any

from tollgate.contract import Contract
from tollgate.data.parse import kind_of
from tollgate.data.section import Format

_KINDS = {"integer": "number"}  # a whole number is the same number in both


def reading(name: str, contract: Contract, form: Format) -> list[Any]:
    """How the values of a column are read, as JSON values: where that is the same, the same source has the same values.

    Without a header a column has the name that the contract gives to its place, which is then part of it.

    Args:
        name: The column.
        contract: What the columns are.
        form: How the text of the source is read.
    """
    column = contract.columns[name]
    kind = kind_of(column)
    missing = sorted([type(value).__name__, str(value)] for value in column.missing_values)
    return [_KINDS.get(kind, kind), missing, form.digest(), place_of(name, contract, form)]


def place_of(name: str, contract: Contract, form: Format) -> int | None:
    """The place by which a source without a header knows a column; None where it names its columns."""
    return None if form.header else list(contract.columns).index(name)
