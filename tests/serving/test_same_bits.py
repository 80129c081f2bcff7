"""A row scores the same to the last bit, whatever carries it, alone and among others, in process and served."""

import json
import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import grpc
import pytest

from serving.tensors import to_bytes
from tests.serving.live import JSON, V1, V2, Live, serving
from tests.serving.oip_grpc.live import KINDS, ask, pb, scores, typed
from tests.serving.rest.test_v2 import tensors
from tests.small import SmallBundle, small_bundle
from tollgate.bundle.bundle import Bundle
from tollgate.bundle.single import Score

Rows = list[dict[str, Any]]


@pytest.fixture(scope="module", params=["logistic", "scorecard", "gradient_boosting"])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> SmallBundle:
    return small_bundle(tmp_path_factory.mktemp("bits") / "bundle", model=request.param)


@pytest.fixture(scope="module")
def served(model: SmallBundle) -> Iterator[Live]:
    with serving(model.folder, model.digest) as started:
        yield started


def by_object(served: Live, rows: Rows) -> list[float]:
    found: list[float] = served.post(V1, {"instances": rows}).json["predictions"]
    return found


def by_list(served: Live, rows: Rows) -> list[float]:
    found: list[float] = served.post(V1, {"instances": [list(row.values()) for row in rows]}).json[
        "predictions"
    ]
    return found


def by_object_asked_by_name(served: Live, rows: Rows) -> list[float]:
    asked = {"instances": rows, "parameters": {"outputs": ["probability", "decision", "margin"]}}
    return [row["probability"] for row in served.post(V1, asked).json["predictions"]]


def read_cell_by_cell(served: Live, rows: Rows) -> list[float]:
    """A number of months with a point is left to the long way, and is the same number."""
    return by_object(served, [row | {"months": float(row["months"])} for row in rows])


def in_part(served: Live, rows: Rows) -> list[float]:
    found = served.post(f"{V1}?partial=true", {"instances": [*rows, None]}).json["predictions"]
    return list(found)


def by_column(served: Live, rows: Rows) -> list[float]:
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    found: list[float] = served.post(V1, {"inputs": columns}).json["outputs"]
    return found


def explained(served: Live, rows: Rows) -> list[float]:
    answer = served.post("/v1/models/m:explain", {"instances": rows})
    return [one["probability"] for one in answer.json["explanations"]]


def v2_json(served: Live, rows: Rows) -> list[float]:
    found: list[float] = served.post(V2, {"inputs": tensors(rows)}).json["outputs"][0]["data"]
    return found


def v2_binary(served: Live, rows: Rows) -> list[float]:
    parts = {name: to_bytes(kind, [row[name] for row in rows]) for name, (kind, _, _) in KINDS.items()}
    head = json.dumps(
        {
            "inputs": [
                {
                    "name": name,
                    "shape": [len(rows)],
                    "datatype": KINDS[name][0],
                    "parameters": {"binary_data_size": len(content)},
                }
                for name, content in parts.items()
            ],
            "parameters": {"binary_data_output": True},
        }
    ).encode()
    headers = JSON | {"inference-header-content-length": str(len(head))}
    answer = served.ask("POST", V2, head + b"".join(parts.values()), headers)
    start = int(answer.headers["inference-header-content-length"])
    assert answer.headers["content-type"] == "application/octet-stream"
    return list(struct.unpack(f"<{len(rows)}d", answer.content[start:]))


def over_grpc(served: Live, message: Any) -> Any:
    with grpc.insecure_channel(f"127.0.0.1:{served.grpc_port}") as channel:
        return ask(channel, "ModelInfer", message)


def grpc_typed(served: Live, rows: Rows) -> list[float]:
    return scores(over_grpc(served, typed(rows)))


def grpc_raw(served: Live, rows: Rows) -> list[float]:
    request = pb.ModelInferRequest(model_name="m")
    for name, (kind, _, _) in KINDS.items():
        request.inputs.add(name=name, datatype=kind, shape=[len(rows)])
        request.raw_input_contents.append(to_bytes(kind, [row[name] for row in rows]))
    answer = pb.ModelInferResponse.FromString(over_grpc(served, request).content)
    return list(struct.unpack(f"<{len(rows)}d", answer.raw_output_contents[0]))


WAYS: Mapping[str, Callable[[Live, Rows], list[float]]] = {
    way.__name__: way
    for way in (
        by_object,
        by_list,
        by_object_asked_by_name,
        read_cell_by_cell,
        in_part,
        by_column,
        explained,
        v2_json,
        v2_binary,
        grpc_typed,
        grpc_raw,
    )
}


def in_process(model: SmallBundle) -> list[float]:
    loaded = Bundle.load(model.folder, model.digest)
    together: list[float] = loaded.score(loaded.check(model.rows)[0]).probability.tolist()
    for row, score in zip(model.rows, together, strict=True):
        alone = loaded.score_row(row)
        assert isinstance(alone, Score)
        assert alone.probability == score
    return together


@pytest.mark.parametrize("way", WAYS)
def test_a_row_scores_the_same_whatever_carries_it(model: SmallBundle, served: Live, way: str) -> None:
    expected = in_process(model)
    assert WAYS[way](served, model.rows) == expected
    for row, score in zip(model.rows[:12], expected, strict=False):
        assert WAYS[way](served, [row]) == [score]
