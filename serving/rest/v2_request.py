"""What a V2 request asks: tensors of one column each, and outputs."""

from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

from serving.datatypes import DATATYPES, misfits
from serving.names import MOST_NAMES, refuse_crowd
from serving.outputs import DEFAULT, wanted_outputs
from serving.refusal import RefusalError
from serving.rest.body import read_body, refuse_flood
from serving.rest.call import Headers
from serving.rest.crowd import refuse_crowded
from serving.rest.v2_binary import LENGTH, SIZE, Tail, binary_outputs, parted
from serving.tensors import (
    called,
    check_lengths,
    check_values,
    from_bytes,
    rows_of,
    stands_twice,
    unknown_datatype,
)
from tollgate.contract.problems import LONGEST_VALUE
from tollgate.contract.typed import UNFIT

REQUEST_KEYS = {"id", "inputs", "model_name", "outputs", "parameters"}  # KServe's client names the model
TENSOR_KEYS = {"name", "shape", "datatype", "data", "parameters"}
OUTPUT_KEYS = {"name", "parameters"}
MOST_OBJECTS = 2 * MOST_NAMES + 100  # a tensor may have parameters
MOST_KEYS = (len(TENSOR_KEYS) + 1) * MOST_NAMES + 100


class Asked(NamedTuple):
    """What a V2 request asks.

    Attributes:
        columns: The values by column, None where one is missing; all of one length.
        outputs: The outputs.
        id: The request's id, where the body has one.
        binary: The outputs that are wanted as bytes.
    """

    columns: dict[str, list[Any]]
    outputs: tuple[str, ...] = DEFAULT
    id: str | None = None
    binary: frozenset[str] = frozenset()


class _Tensor(Struct, forbid_unknown_fields=True, gc=False):
    name: str
    shape: list[int]
    datatype: str
    data: list[bool | int | float | str | None]


class _Request(Struct, forbid_unknown_fields=True, gc=False):
    inputs: list[_Tensor]
    id: str | UnsetType = UNSET
    model_name: str | UnsetType = UNSET


class _Counted(Struct, gc=False):
    data: list[Raw] = []


class _Flood(Struct, gc=False):
    inputs: list[_Counted] = []


class V2Reader:
    """Reads the bodies of V2 requests for one model."""

    def __init__(self, model: str, most_rows: int, ignored: frozenset[str] = frozenset()) -> None:
        self._model, self._most, self._ignored = model, most_rows, ignored
        self._decode = msgspec.json.Decoder(_Request).decode
        self._flood = msgspec.json.Decoder(_Flood).decode

    def read(self, body: bytes, headers: Headers) -> Asked:
        """Read a body of JSON, behind which there may be the bytes of tensors.

        Raises:
            RefusalError: 400: it is no V2 request.
        """
        if LENGTH not in headers:
            refuse_crowded(body, MOST_KEYS, MOST_OBJECTS)
            return self._usual(body) or self._strict(body, b"")
        head, tail = parted(body, headers)
        refuse_crowded(head, MOST_KEYS, MOST_OBJECTS)
        return self._strict(head, tail)

    def _usual(self, body: bytes) -> Asked | None:
        """A body of plain tensors; None where anything is out of the way."""
        try:
            request: Any = self._decode(body)
        except UNFIT:
            return None
        named = request.model_name is not UNSET
        keys = 1 + 4 * len(request.inputs) + (request.id is not UNSET) + named
        if body.count(b":") != keys or not 0 < len(request.inputs) <= MOST_NAMES:  # see V1Reader.usual
            return None
        if named and request.model_name != self._model:
            return None
        rows = len(request.inputs[0].data)
        if not 0 < rows <= self._most:
            return None
        columns = {}
        for tensor in request.inputs:
            if tensor.shape != [rows] or len(tensor.data) != rows or not _fits(tensor):
                return None
            columns[tensor.name] = _present(tensor.datatype, tensor.data)
        if len(columns) != len(request.inputs):
            return None
        return Asked(columns, DEFAULT, None if request.id is UNSET else request.id)

    def _strict(self, body: bytes, tail: bytes) -> Asked:
        refuse_flood(body, self._counted, self._most)
        request = read_body(body)
        _only(request, REQUEST_KEYS, "the request")
        if not isinstance(request.get("id", ""), str):
            raise RefusalError(400, "the `id` of a request is a text")
        if request.get("model_name", self._model) != self._model:
            raise RefusalError(400, f"the `model_name` of the request is not {self._model!r}")
        _parameters(request, "the request")
        outputs = _outputs(request.get("outputs", []))
        columns = self._columns(request.get("inputs"), Tail(tail))
        return Asked(columns, outputs, request.get("id"), binary_outputs(request, outputs))

    def _counted(self, body: bytes) -> int:
        return max((len(tensor.data) for tensor in self._flood(body).inputs), default=0)

    def _columns(self, tensors: Any, tail: Tail) -> dict[str, list[Any]]:
        if not isinstance(tensors, list) or not tensors:
            raise RefusalError(400, "`inputs` is missing, empty or no list: send one tensor a column")
        refuse_crowd(len(tensors), "inputs")
        columns: dict[str, list[Any]] = {}
        for tensor in tensors:
            name, values = self._column(tensor, tail)
            if name in columns:
                raise stands_twice(name)
            columns[name] = values
        tail.end()
        check_lengths({name: len(values) for name, values in columns.items()})
        return columns

    def _column(self, tensor: Any, tail: Tail) -> tuple[str, list[Any]]:
        """The name and the values of one tensor."""
        if not isinstance(tensor, dict) or not isinstance(tensor.get("name"), str):
            raise RefusalError(400, "an input is an object with name, shape, datatype and data")
        name = tensor["name"]
        what = called(name)
        _only(tensor, TENSOR_KEYS, what)
        _parameters(tensor, what)
        kind = tensor.get("datatype")
        if not isinstance(kind, str) or kind not in DATATYPES:
            raise unknown_datatype(name)
        if SIZE in tensor.get("parameters", {}):
            return name, self._bytes(tensor, what, tail)
        values = _flat(_list(tensor.get("data"), f"the data of {what}"))
        check_shape(what, tensor.get("shape"), len(values))
        if len(values) > self._most:
            raise RefusalError(400, f"{len(values)} rows; at most {self._most} are taken at once here")
        if name not in self._ignored:
            check_values(name, kind, values)
        return name, _present(kind, values)

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


def _fits(tensor: _Tensor) -> bool:
    return tensor.datatype in DATATYPES and not misfits(tensor.datatype, tensor.data)


def _present(datatype: str, values: list[Any]) -> list[Any]:
    """The values of a column; "" in BYTES is a missing one, as null is."""
    return [value or None for value in values] if datatype == "BYTES" else values


def _outputs(asked: Any) -> tuple[str, ...]:
    names = []
    for item in _list(asked, "`outputs`"):
        if not isinstance(item, dict):
            raise RefusalError(400, "an output is an object with a name")
        _only(item, OUTPUT_KEYS, "an output")
        _parameters(item, "an output")
        names.append(item.get("name"))
    return wanted_outputs(names)


def _flat(values: list[Any]) -> list[Any]:
    """Rows of one value each may come as [[1], [2]] too."""
    if values and all(isinstance(value, list) and len(value) == 1 for value in values):
        return [value[0] for value in values]
    return values


def _list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise RefusalError(400, f"{what} is no list")
    return value


def _parameters(found: dict[str, Any], what: str) -> None:
    if not isinstance(found.get("parameters", {}), dict):
        raise RefusalError(400, f"the `parameters` of {what} are no object")


def _only(found: dict[str, Any], known: set[str], what: str) -> None:
    others = sorted(set(found) - known)
    if others:
        raise RefusalError(
            400,
            f"{what} has an unknown key {others[0][:LONGEST_VALUE]!r}; known are {', '.join(sorted(known))}",
        )
