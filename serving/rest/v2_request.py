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
from serving.rest.v2_binary import LENGTH, Tail, binary_outputs, parted
from serving.rest.v2_column import TENSOR_KEYS, ColumnReader, present_in
from serving.rest.v2_objects import check_parameters, listed, only
from serving.tensors import check_lengths, stands_twice
from tollgate.contract.typed import UNFIT

REQUEST_KEYS = {"id", "inputs", "model_name", "outputs", "parameters"}  # KServe's client names the model
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
        self._model, self._most = model, most_rows
        self._column = ColumnReader(most_rows, ignored)
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
            columns[tensor.name] = present_in(tensor.datatype, tensor.data)
        if len(columns) != len(request.inputs):
            return None
        return Asked(columns, DEFAULT, None if request.id is UNSET else request.id)

    def _strict(self, body: bytes, tail: bytes) -> Asked:
        refuse_flood(body, self._counted, self._most)
        request = read_body(body)
        only(request, REQUEST_KEYS, "the request")
        if not isinstance(request.get("id", ""), str):
            raise RefusalError(400, "the `id` of a request is a text")
        if request.get("model_name", self._model) != self._model:
            raise RefusalError(400, f"the `model_name` of the request is not {self._model!r}")
        check_parameters(request, "the request")
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
            name, values = self._column.read(tensor, tail)
            if name in columns:
                raise stands_twice(name)
            columns[name] = values
        tail.end()
        check_lengths({name: len(values) for name, values in columns.items()})
        return columns


def _fits(tensor: _Tensor) -> bool:
    return tensor.datatype in DATATYPES and not misfits(tensor.datatype, tensor.data)


def _outputs(asked: Any) -> tuple[str, ...]:
    names = []
    for item in listed(asked, "`outputs`"):
        if not isinstance(item, dict):
            raise RefusalError(400, "an output is an object with a name")
        only(item, OUTPUT_KEYS, "an output")
        check_parameters(item, "an output")
        names.append(item.get("name"))
    return wanted_outputs(names)
