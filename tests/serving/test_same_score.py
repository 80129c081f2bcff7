"""A row scores the same to the last bit, whatever carries it to the model, alone or among others."""

import json
from collections.abc import Callable
from typing import Any

import grpc
import numpy as np
import pytest

from serving.tensors import to_bytes
from tests.serving.live import V1, V2, Live
from tests.serving.oip_grpc.live import KINDS, ask, pb, typed
from tests.small import SmallBundle
from tollgate.bundle.bundle import Bundle

Rows = list[dict[str, Any]]
ODD: Rows = [
    {"income": 5e-324, "utilization": -1.7976931348623157e-300, "months": 1, "since": "0001-01-01"},
    {"income": 999999.9999999999, "utilization": 0.1 + 0.2, "months": 120, "since": "9999-12-31"},
    {"income": -0.0, "utilization": 1e100, "channel": "größe", "purpose": "other"},
    {"income": 1 / 3, "utilization": None, "channel": None, "grade": 3},
]


def in_process(live: Live, rows: Rows, bundle: SmallBundle) -> list[float]:
    loaded = Bundle.load(bundle.folder, live.digest)
    encoded, problems = loaded.check(list(rows))
    assert not problems
    found: list[float] = loaded.score(encoded).probability.tolist()
    return found


def v1(live: Live, body: Any) -> list[float]:
    answer = live.post(V1, body)
    assert answer.status == 200, answer.content
    found: list[float] = answer.json["predictions" if "instances" in body else "outputs"]
    return found


def v1_objects(live: Live, rows: Rows) -> list[float]:
    return v1(live, {"instances": rows})


def v1_lists(live: Live, rows: Rows) -> list[float]:
    return v1(live, {"instances": [list(row.values()) for row in rows]})


def v1_columns(live: Live, rows: Rows) -> list[float]:
    return v1(live, {"inputs": {name: [row[name] for row in rows] for name in rows[0]}})


def v2_json(live: Live, rows: Rows) -> list[float]:
    inputs = [
        {
            "name": name,
            "datatype": kind,
            "shape": [len(rows)],
            "data": [row[name] for row in rows],
        }
        for name, (kind, _, _) in KINDS.items()
    ]
    answer = live.post(V2, {"inputs": inputs})
    assert answer.status == 200, answer.content
    found: list[float] = answer.json["outputs"][0]["data"]
    return found


def v2_binary(live: Live, rows: Rows) -> list[float]:
    contents = [to_bytes(kind, [row[name] for row in rows]) for name, (kind, _, _) in KINDS.items()]
    inputs = [
        {
            "name": name,
            "datatype": kind,
            "shape": [len(rows)],
            "parameters": {"binary_data_size": len(content)},
        }
        for (name, (kind, _, _)), content in zip(KINDS.items(), contents, strict=True)
    ]
    head = json.dumps({"inputs": inputs, "parameters": {"binary_data_output": True}}).encode()
    headers = {
        "content-type": "application/octet-stream",
        "inference-header-content-length": str(len(head)),
    }
    answer = live.ask("POST", V2, head + b"".join(contents), headers)
    assert answer.status == 200, answer.content
    length = int(answer.headers["inference-header-content-length"])
    found: list[float] = np.frombuffer(answer.content[length:], "<f8").tolist()
    return found


def inferred(live: Live, message: Any) -> Any:
    with grpc.insecure_channel(f"127.0.0.1:{live.grpc_port}") as channel:
        answer = ask(channel, "ModelInfer", message)
    assert answer.code == "OK", answer.details
    return pb.ModelInferResponse.FromString(answer.content)


def grpc_typed(live: Live, rows: Rows) -> list[float]:
    return list(inferred(live, typed(rows)).outputs[0].contents.fp64_contents)


def grpc_raw(live: Live, rows: Rows) -> list[float]:
    message = pb.ModelInferRequest(model_name="m")
    for name, (kind, _, _) in KINDS.items():
        message.inputs.add(name=name, datatype=kind, shape=[len(rows)])
        message.raw_input_contents.append(to_bytes(kind, [row[name] for row in rows]))
    found: list[float] = np.frombuffer(inferred(live, message).raw_output_contents[0], "<f8").tolist()
    return found


FORMS: list[Callable[[Live, Rows], list[float]]] = [
    v1_objects,
    v1_lists,
    v1_columns,
    v2_json,
    v2_binary,
    grpc_typed,
    grpc_raw,
]


@pytest.mark.parametrize("form", FORMS)
def test_a_row_scores_the_same_whatever_carries_it(
    server: Live, bundle: SmallBundle, form: Callable[[Live, Rows], list[float]]
) -> None:
    rows = [*bundle.rows, *(bundle.rows[0] | odd for odd in ODD)]
    expected = in_process(server, rows, bundle)
    assert form(server, rows) == expected
    alone = [form(server, [row])[0] for row in rows[-len(ODD) - 4 :]]
    assert alone == expected[-len(ODD) - 4 :]
