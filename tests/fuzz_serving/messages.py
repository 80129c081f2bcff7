"""The cases over gRPC: a message by its number, with the method that it is sent to."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from serving.datatypes import DATATYPES
from tests.fuzz import mutate
from tests.fuzz_serving.json_mutations import ODD
from tests.fuzz_serving.seeds import SEVERAL, tensors
from tests.serving.oip_grpc.live import pb, typed
from tests.small import DATATYPES as KINDS
from tests.small import SmallBundle

METHODS = (
    *("ServerLive", "ServerReady", "ModelReady", "ServerMetadata", "ModelMetadata", "ModelInfer"),
    *("RepositoryModelLoad", "RepositoryModelUnload", "ModelStreamInfer", "RepositoryIndex", ""),
)
IDS = ("a-1", "x" * 64, "x" * 65, "a b", "../..", "")
SHAPES: tuple[list[int], ...] = (
    [],
    [0],
    [1],
    [2],
    [3],
    [2, 1],
    [1, 2],
    [-1],
    [2**62],
    [2**63 - 1, 1],
    [1, 1, 1],
    [1000],
    [1001],
)
NUMBERS = (0.0, -1.0, 1.5, 1e100, 1e308, float("nan"), float("inf"), float("-inf"), 5e-324)
WHOLE = (0, 1, -1, 2**31 - 1, -(2**31), 120, 121)
TEXTS = (
    *(value.encode("utf-8", "replace") for value in ODD if isinstance(value, str)),
    *(b"\xff", b"\xed\xa0\x80"),
)
CONTENTS: dict[str, tuple[Any, ...]] = {
    "bool_contents": (True, False),
    "int_contents": WHOLE,
    "int64_contents": (*WHOLE, 2**53, 2**63 - 1, -(2**63)),
    "uint_contents": (0, 1, 2**32 - 1),
    "uint64_contents": (0, 1, 2**64 - 1),
    "fp32_contents": NUMBERS[:3] + NUMBERS[5:8],
    "fp64_contents": NUMBERS,
    "bytes_contents": TEXTS,
}


@dataclass(frozen=True)
class Message:
    """A message as it is sent.

    Attributes:
        method: The method's name.
        sent: Its bytes.
        id: What stands in the metadata as its id.
    """

    method: str
    sent: bytes
    id: str = ""


class Messages:
    """Messages by seed and number; the same numbers give the same messages."""

    def __init__(self, bundle: SmallBundle) -> None:
        rows = bundle.rows
        named = [{"name": name} for name in SEVERAL]
        self.seeds = [
            *(typed(rows[:count]) for count in (1, 3)),
            typed(rows[:2], id="a-1", outputs=named),
            *(_raw(rows[:count]) for count in (1, 4)),
            _raw(rows[:2], outputs=named, model_version=bundle.digest[:12]),
        ]
        self._bytes = [seed.SerializeToString() for seed in self.seeds]

    def case(self, seed: int, number: int) -> Message:
        """A case by its number."""
        draw = Random(f"{seed}:{number}")  # noqa: S311 - no secret
        method = "ModelInfer" if draw.random() < 0.9 else draw.choice(METHODS)
        given = draw.choice(IDS) if draw.random() < 0.1 else ""
        if draw.random() < 0.6:
            return Message(method, self._changed(draw), given)
        return Message(method, mutate.mutated(draw, draw.choice(self._bytes), self._bytes), given)

    def _changed(self, draw: Random) -> bytes:
        request = pb.ModelInferRequest.FromString(draw.choice(self._bytes))
        for _ in range(draw.choice((1, 1, 1, 2, 3))):
            draw.choice(CHANGES)(draw, request)
        sent: bytes = request.SerializeToString()
        return sent


def _raw(rows: list[dict[str, Any]], **settings: Any) -> Any:
    """A request of raw contents."""
    asked = pb.ModelInferRequest(model_name="m", **settings)
    for tensor in tensors(rows):
        kind = tensor["datatype"]
        asked.inputs.add(name=tensor["name"], datatype=kind, shape=tensor["shape"])
        asked.raw_input_contents.append(b"".join(_packed(kind, value) for value in tensor["data"]))
    return asked


def _packed(kind: str, value: Any) -> bytes:
    if kind == "BYTES":
        text = (value or "").encode()
        return struct.pack("<I", len(text)) + text
    code = {"FP64": "d", "INT64": "q", "BOOL": "?"}[kind]
    return struct.pack(f"<{code}", float("nan") if value is None else value)


def _tensor(draw: Random, request: Any) -> Any:
    return draw.choice(request.inputs) if request.inputs else request.inputs.add()


def _of_shape(draw: Random, request: Any) -> None:
    _tensor(draw, request).shape[:] = draw.choice(SHAPES)


def _of_datatype(draw: Random, request: Any) -> None:
    _tensor(draw, request).datatype = draw.choice((*DATATYPES, "fp64", "", "x" * 3000))


def _of_name(draw: Random, request: Any) -> None:
    _tensor(draw, request).name = draw.choice((*KINDS, "loan_id", "age", "", "\x00", "x" * 3000))


def _of_contents(draw: Random, request: Any) -> None:
    tensor, field = _tensor(draw, request), draw.choice(sorted(CONTENTS))
    if draw.random() < 0.5:
        tensor.contents.Clear()
    getattr(tensor.contents, field).extend(draw.choices(CONTENTS[field], k=draw.choice((0, 1, 2, 3, 1001))))


def _of_value(draw: Random, request: Any) -> None:
    """One value, and another in its place."""
    for descriptor, values in _tensor(draw, request).contents.ListFields():
        values[draw.randrange(len(values))] = draw.choice(CONTENTS[descriptor.name])


def _of_raw(draw: Random, request: Any) -> None:
    contents = request.raw_input_contents
    if not contents or draw.random() < 0.1:
        contents.append(draw.randbytes(8))
        return
    place = draw.randrange(len(contents))
    contents[place] = mutate.mutated(draw, contents[place], list(contents))


def _fewer(draw: Random, request: Any) -> None:
    fields = [field for field in (request.inputs, request.outputs, request.raw_input_contents) if field]
    if fields:
        field = draw.choice(fields)
        del field[draw.randrange(len(field))]


def _more(draw: Random, request: Any) -> None:
    if request.inputs:
        request.inputs.add().CopyFrom(draw.choice(request.inputs))
    for _ in range(draw.choice((0, 1, 2000))):
        request.outputs.add(name=draw.choice((*SEVERAL, "", "score")))


def _around(draw: Random, request: Any) -> None:
    field = draw.choice(("model_name", "model_version", "id"))
    setattr(request, field, draw.choice(("m", "M", "", "x" * 3000, "a b", "\x00", *IDS)))


def _parameters(draw: Random, request: Any) -> None:
    holder = draw.choice((request, _tensor(draw, request)))
    holder.parameters[draw.choice(("binary_data", "a", ""))].int64_param = draw.choice((0, -1, 2**62))


CHANGES: tuple[Callable[[Random, Any], None], ...] = (
    *(_of_shape, _of_datatype, _of_name, _of_contents, _of_value, _of_value, _of_raw, _of_raw),
    *(_fewer, _more, _around, _parameters),
)
