"""What a ModelInferRequest asks: tensors of one column each, typed or as raw bytes, and outputs."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from google.protobuf.message import DecodeError
from kserve.protocol.grpc import grpc_predict_v2_pb2 as pb

from serving.names import refuse_crowd
from serving.oip_grpc.flood import refuse_flood
from serving.refusal import RefusalError
from serving.tensors import (
    called,
    check_lengths,
    check_values,
    from_bytes,
    present,
    rows_of,
    stands_twice,
    texts_of,
    unknown_datatype,
)

# The field of InferTensorContents that holds the values of a datatype; FP16 has none, it travels as raw bytes.
_FIELDS = {
    "BOOL": 1,
    **dict.fromkeys(("INT8", "INT16", "INT32"), 2),
    "INT64": 3,
    **dict.fromkeys(("UINT8", "UINT16", "UINT32"), 4),
    "UINT64": 5,
    "FP32": 6,
    "FP64": 7,
    "BYTES": 8,
}
# Those that hold less than their field does.
_NARROW = frozenset({"INT8", "INT16", "UINT8", "UINT16"})
_NAMES = {field.number: field.name for field in pb.InferTensorContents.DESCRIPTOR.fields}


class Asked(NamedTuple):
    """What a request asks.

    Attributes:
        columns: The values by column, None where one is missing; all of one length.
        outputs: The names of the outputs as they stand there.
        raw: Whether the tensors came as raw bytes: so the answer goes.
    """

    columns: dict[str, list[Any]]
    outputs: list[str]
    raw: bool


def parsed(message: bytes, kind: Any) -> Any:
    """A message from its bytes.

    Raises:
        RefusalError: 400: they are no such message.
    """
    refuse_flood(message)
    try:
        return kind.FromString(message)
    except DecodeError:
        raise RefusalError(400, f"the message is no {kind.DESCRIPTOR.name}") from None


def asked(request: Any, most_rows: int, ignored: frozenset[str] = frozenset()) -> Asked:
    """Read a request.

    Args:
        request: A ModelInferRequest.
        most_rows: How many rows are taken.
        ignored: Columns whose values nobody looks at.

    Raises:
        RefusalError: 400: its tensors are no columns of equal length, or hold what their datatype does not.
    """
    inputs, raw = request.inputs, request.raw_input_contents
    if not inputs:
        raise RefusalError(400, "there are no inputs: send one tensor a column")
    refuse_crowd(len(inputs), "inputs")
    if raw and len(raw) != len(inputs):
        raise RefusalError(400, f"{len(inputs)} inputs, but {len(raw)} raw input contents: send one for each")
    columns: dict[str, list[Any]] = {}
    for place, tensor in enumerate(inputs):
        name = tensor.name
        if name in columns:
            raise stands_twice(name)
        rows = rows_of(name, tensor.shape, most_rows)
        columns[name] = _raw(tensor, rows, raw[place]) if raw else _typed(tensor, rows, name in ignored)
    check_lengths({name: len(values) for name, values in columns.items()})
    return Asked(columns, [output.name for output in request.outputs], bool(raw))


def _raw(tensor: Any, rows: int, content: bytes) -> list[Any]:
    if tensor.HasField("contents"):
        raise RefusalError(400, f"{called(tensor.name)} has both typed and raw contents: send one of them")
    return from_bytes(tensor.name, tensor.datatype, rows, content)


def _typed(tensor: Any, rows: int, ignored: bool) -> list[Any]:
    name, datatype = tensor.name, tensor.datatype
    field = _FIELDS.get(datatype)
    if field is None:
        raise _untyped(name, datatype)
    filled: Sequence[tuple[Any, Any]] = tensor.contents.ListFields()
    if not filled and not rows:
        return []
    if len(filled) != 1 or filled[0][0].number != field or len(filled[0][1]) != rows:
        raise _misplaced(name, datatype, rows, filled)
    contents = filled[0][1]
    if datatype == "BYTES":
        return list(texts_of(name, contents))
    values = list(contents)
    if datatype in _NARROW and not ignored:
        check_values(name, datatype, values)
    return present(datatype, values)


def _untyped(name: str, datatype: str) -> RefusalError:
    if datatype == "FP16":
        return RefusalError(400, f"{called(name)}: FP16 has no typed contents; send raw_input_contents")
    return unknown_datatype(name)


def _misplaced(name: str, datatype: str, rows: int, filled: Sequence[tuple[Any, Any]]) -> RefusalError:
    found = ", ".join(f"{len(values)} in {field.name}" for field, values in filled) or "none"
    wanted = _NAMES[_FIELDS[datatype]]
    return RefusalError(
        400,
        f"{called(name)} is declared {datatype} with {rows} rows: its values stand in {wanted}; found {found}",
    )
