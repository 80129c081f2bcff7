"""One tensor of a V2 request as a column: its values stand in the JSON, or as bytes behind it."""

from typing import Any

from serving.datatypes import DATATYPES
from serving.refusal import RefusalError
from serving.rest.v2_binary import SIZE, Tail
from serving.rest.v2_objects import check_parameters, listed, only
from serving.tensors import called, check_values, from_bytes, rows_of, unknown_datatype

TENSOR_KEYS = {"name", "shape", "datatype", "data", "parameters"}


class ColumnReader:
    """Reads tensors of at most so many rows; of columns that are ignored the values are not looked at."""

    def __init__(self, most_rows: int, ignored: frozenset[str]) -> None:
        self._most, self._ignored = most_rows, ignored

    def read(self, tensor: Any, tail: Tail) -> tuple[str, list[Any]]:
        """The name and the values of one tensor.

        Args:
            tensor: The tensor as JSON.
            tail: The bytes behind the JSON.

        Raises:
            RefusalError: 400: it is no column.
        """
        if not isinstance(tensor, dict) or not isinstance(tensor.get("name"), str):
            raise RefusalError(400, "an input is an object with name, shape, datatype and data")
        name = tensor["name"]
        what = called(name)
        only(tensor, TENSOR_KEYS, what)
        check_parameters(tensor, what)
        kind = tensor.get("datatype")
        if not isinstance(kind, str) or kind not in DATATYPES:
            raise unknown_datatype(name)
        if SIZE in tensor.get("parameters", {}):
            return name, self._bytes(tensor, what, tail)
        values = _flat(listed(tensor.get("data"), f"the data of {what}"))
        check_shape(what, tensor.get("shape"), len(values))
        if len(values) > self._most:
            raise RefusalError(400, f"{len(values)} rows; at most {self._most} are taken at once here")
        if name not in self._ignored:
            check_values(name, kind, values)
        return name, present_in(kind, values)

    def _bytes(self, tensor: dict[str, Any], what: str, tail: Tail) -> list[Any]:
        """The values of a tensor that stand behind the JSON."""
        if "data" in tensor:
            raise RefusalError(400, f"{what} has both data and a {SIZE}: send one of them")
        shape = tensor.get("shape")
        if not isinstance(shape, list) or not all(type(size) is int for size in shape):
            raise RefusalError(400, f"{what} needs the shape [rows] or [rows, 1]")
        rows = rows_of(tensor["name"], shape, self._most)
        return from_bytes(
            tensor["name"], tensor["datatype"], rows, tail.take(what, tensor["parameters"][SIZE])
        )


def check_shape(what: str, shape: Any, length: int) -> None:
    """Refuse a tensor that is no column of so many values."""
    plain = isinstance(shape, list) and all(type(size) is int for size in shape)
    if not plain or shape not in ([length], [length, 1]):
        raise RefusalError(400, f"{what} needs the shape [rows] or [rows, 1] and as many values")


def present_in(datatype: str, values: list[Any]) -> list[Any]:
    """The values of a column; "" in BYTES is a missing one, as null is."""
    return [value or None for value in values] if datatype == "BYTES" else values


def _flat(values: list[Any]) -> list[Any]:
    """Rows of one value each may come as [[1], [2]] too."""
    if values and all(isinstance(value, list) and len(value) == 1 for value in values):
        return [value[0] for value in values]
    return values
