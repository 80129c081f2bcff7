"""The binary tensor data extension: JSON first, then the bytes of those tensors that say how many they have.

Source: the extension of the Open Inference Protocol as Triton Inference Server documents it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from serving.infer import Output
from serving.refusal import RefusalError
from serving.rest.call import Answer, Headers
from serving.tensors import to_bytes

LENGTH = b"inference-header-content-length"
OCTETS = b"application/octet-stream"
SIZE = "binary_data_size"
_encode = msgspec.json.Encoder().encode


class Tail:
    """The bytes behind the JSON of a request, taken tensor by tensor."""

    def __init__(self, content: bytes = b"") -> None:
        self._content, self._place = content, 0

    def take(self, what: str, size: Any) -> bytes:
        """The next bytes.

        Raises:
            RefusalError: 400: that is no size, or there are not so many.
        """
        if type(size) is not int or not 0 <= size <= len(self._content) - self._place:
            left = len(self._content) - self._place
            raise RefusalError(
                400, f"the {SIZE} of {what} is no number of bytes that are there; {left} are left"
            )
        self._place += size
        return self._content[self._place - size : self._place]

    def end(self) -> None:
        """Refuse bytes that belong to no tensor."""
        left = len(self._content) - self._place
        if left:
            raise RefusalError(400, f"{left} bytes behind the JSON belong to no tensor")


def parted(body: bytes, headers: Headers) -> tuple[bytes, bytes]:
    """The JSON of a body, and what follows it.

    Raises:
        RefusalError: 400: the header does not say how long the JSON is.
    """
    length = headers.get(LENGTH)
    if length is None:
        return body, b""
    if not length.isdigit() or len(length) > 10 or int(length) > len(body):
        raise RefusalError(
            400, f"Inference-Header-Content-Length is no length within the body of {len(body)} bytes"
        )
    return body[: int(length)], body[int(length) :]


def binary_outputs(request: Mapping[str, Any], outputs: Sequence[str]) -> frozenset[str]:
    """Which outputs are wanted as bytes: those that say so, and those that say nothing where the request does."""
    usual = request.get("parameters", {}).get("binary_data_output", False)
    asked = {
        item["name"]: item.get("parameters", {}).get("binary_data", usual)
        for item in request.get("outputs", [])
    }
    return frozenset(name for name in outputs if asked.get(name, usual) is True)


def write(answer: dict[str, Any], outputs: Sequence[Output], binary: frozenset[str], given: str) -> Answer:
    """An answer of which some tensors travel as bytes.

    Args:
        answer: The answer but for its outputs.
        outputs: The tensors.
        binary: The names of those that travel as bytes.
        given: The request's id.
    """
    written, tail = [], []
    for output in outputs:
        tensor: dict[str, Any] = {"name": output.name, "datatype": output.datatype, "shape": output.shape}
        if output.name in binary:
            tail.append(to_bytes(output.datatype, output.values))
            tensor["parameters"] = {SIZE: len(tail[-1])}
        else:
            tensor["data"] = output.values
        written.append(tensor)
    head = _encode(answer | {"outputs": written})
    if not tail:
        return Answer(head, id=given)
    return Answer(b"".join([head, *tail]), OCTETS, headers=((LENGTH, b"%d" % len(head)),), id=given)
