"""Requests that are in order: what is mutated."""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.small import DATATYPES, SmallBundle

PREDICT, EXPLAIN, INFER = "/v1/models/m:predict", "/v1/models/m:explain", "/v2/models/m/infer"
JSON_LENGTH = "Inference-Header-Content-Length"
SEVERAL = ["probability", "decision", "margin", "reasons", "outlier"]
_PACKED = {"FP64": "d", "INT64": "q", "BOOL": "?"}


@dataclass(frozen=True)
class Seed:
    """A request in order.

    Attributes:
        path: Where it is sent.
        body: Its JSON.
        tail: What follows the JSON: tensors as bytes.
    """

    path: str
    body: Mapping[str, Any]
    tail: bytes = b""


def seeds(bundle: SmallBundle) -> list[Seed]:
    """Requests of every form; each is answered with 200."""
    rows = bundle.rows
    companions = rows[0] | {"loan_id": "a-1", "issued": "2020-01-01", "age": 40}
    by_column = {name: [row[name] for row in rows[:3]] for name in DATATYPES}
    outputs = {"parameters": {"outputs": SEVERAL}}
    version = bundle.digest[:12]
    return [
        Seed(PREDICT, {"instances": rows[:1]}),
        Seed(PREDICT, {"instances": rows[:5]}),
        Seed(PREDICT, {"instances": [companions, *rows[1:3]], "signature_name": "serving_default"}),
        Seed(PREDICT, {"instances": [list(row.values()) for row in rows[:2]]} | outputs),
        Seed(PREDICT, {"instances": rows[:2]} | outputs),
        Seed(PREDICT, {"inputs": by_column}),
        Seed(
            PREDICT, {"inputs": {name: [[value] for value in values] for name, values in by_column.items()}}
        ),
        Seed(PREDICT, {"inputs": by_column} | outputs),
        Seed(f"{PREDICT}?partial=true", {"instances": [*rows[:2], {"income": "a lot"}]}),
        Seed(f"{PREDICT}?partial=true", {"inputs": by_column} | outputs),
        Seed(f"/v1/models/m/versions/{int(version, 16)}:predict", {"instances": rows[:1]}),
        Seed(EXPLAIN, {"instances": rows[:2]}),
        Seed(EXPLAIN, {"inputs": by_column}),
        Seed(INFER, {"inputs": tensors(rows[:1])}),
        Seed(INFER, {"model_name": "m", "inputs": tensors(rows[:4])}),
        Seed(
            INFER, {"inputs": tensors(rows[:3]), "id": "a-1", "outputs": [{"name": name} for name in SEVERAL]}
        ),
        Seed(f"/v2/models/m/versions/{version}/infer", {"inputs": tensors(rows[:2])}),
        in_bytes(rows[:2], []),
        in_bytes(rows[:1], [{"name": name, "parameters": {"binary_data": True}} for name in SEVERAL]),
    ]


def tensors(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows as one tensor a column."""
    return [
        {"name": name, "shape": [len(rows)], "datatype": kind, "data": [row[name] for row in rows]}
        for name, kind in DATATYPES.items()
    ]


def in_bytes(rows: list[dict[str, Any]], outputs: list[dict[str, Any]]) -> Seed:
    """Rows in the binary extension of the V2 protocol."""
    inputs, tail = [], b""
    for tensor in tensors(rows):
        packed = b"".join(_in_bytes(tensor["datatype"], value) for value in tensor.pop("data"))
        inputs.append(tensor | {"parameters": {"binary_data_size": len(packed)}})
        tail += packed
    return Seed(INFER, {"inputs": inputs, "outputs": outputs}, tail)


def _in_bytes(kind: str, value: Any) -> bytes:
    if kind == "BYTES":
        text = (value or "").encode()
        return struct.pack("<I", len(text)) + text
    return struct.pack("<" + _PACKED[kind], float("nan") if value is None else value)


def as_bytes(value: Any) -> bytes:
    """A body as JSON."""
    return json.dumps(value).encode()
