"""Counting the fields of a large message before each of them becomes an object."""

from collections.abc import Iterator
from itertools import islice

from kserve.protocol.grpc import grpc_predict_v2_pb2 as pb

from serving.names import MOST_NAMES
from serving.refusal import RefusalError

LARGE = 64 * 1024
# A tensor is a field, its raw contents are another; in it are its name, datatype, shape and contents, and parameters.
MOST_FIELDS = 2 * MOST_NAMES
MOST_INNER = 8 * MOST_NAMES
_VARINT, _FIXED64, _DELIMITED, _FIXED32 = 0, 1, 2, 5
_FIXED = {_FIXED64: 8, _FIXED32: 4}
_FIELDS = pb.ModelInferRequest.DESCRIPTOR.fields_by_name
_TENSORS = {_FIELDS[name].number << 3 | _DELIMITED for name in ("inputs", "outputs")}


def refuse_flood(message: bytes) -> None:
    """Refuse a large message of more fields than any request needs.

    Raises:
        RefusalError: 400: there are more, at the top or within the tensors.
    """
    if len(message) < LARGE:
        return
    tensors = []
    for count, (tag, start, end) in enumerate(_fields(message, 0, len(message))):
        if count == MOST_FIELDS:
            raise RefusalError(
                400, f"the message has more than {MOST_FIELDS} fields: send one tensor a column"
            )
        if tag in _TENSORS:
            tensors.append((start, end))
    inner = (field for start, end in tensors for field in _fields(message, start, end))
    if next(islice(inner, MOST_INNER, None), None):
        raise RefusalError(400, f"the tensors of the message have more than {MOST_INNER} fields")


def _fields(message: bytes, place: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The tag of each field, known or not, and where its content lies; of what is no message, those up to there.

    The start and the end of a group count as a field each, and so does what is in it.
    """
    while place < end:
        tag, place = _varint(message, place)
        kind = tag & 7
        start = place
        if kind == _VARINT:
            _, place = _varint(message, place)
        elif kind == _DELIMITED:
            size, start = _varint(message, place)
            place = start + size
        else:
            place += _FIXED.get(kind, 0)
        yield tag, start, min(place, end)


def _varint(message: bytes, place: int) -> tuple[int, int]:
    byte = message[place] if place < len(message) else 0
    if byte < 128:
        return byte, place + 1
    value = 0
    for shift in range(0, 70, 7):
        byte = message[place] if place < len(message) else 0
        value |= (byte & 127) << shift
        place += 1
        if byte < 128:
            break
    return value, place
