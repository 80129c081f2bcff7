"""Clients that others wrote, as they are: KServe's, Triton's, and curl as TensorFlow Serving documents it."""

import asyncio
import json
import subprocess
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException

from tests.serving.live import V1, Live, serving
from tests.serving.small_model import one_feature
from tests.small import DATATYPES, SmallBundle

DTYPES = {"FP64": "f8", "INT64": "i8", "BOOL": "?", "BYTES": "O"}


@pytest.fixture(scope="module")
def kserve() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import kserve
    return kserve


def expected(server: Live, rows: list[dict[str, Any]]) -> list[float]:
    scores: list[float] = server.post(V1, {"instances": rows}).json["predictions"]
    return scores


def column(rows: list[dict[str, Any]], name: str) -> np.ndarray[Any, Any]:
    """A column as numpy has it: NaN and "" are missing values."""
    kind = DATATYPES[name]
    absent = np.nan if kind == "FP64" else ""
    return np.array([absent if row[name] is None else row[name] for row in rows], dtype=DTYPES[kind])


def with_kserve(kserve: Any, server: Live, protocol: str, act: Callable[[Any, str], Any]) -> Any:
    async def run() -> Any:
        client = kserve.InferenceRESTClient(kserve.RESTConfig(protocol=protocol, retries=0))
        try:
            return await act(client, f"http://127.0.0.1:{server.port}")
        finally:
            await client.close()

    return asyncio.run(run())


def test_kserves_client_predicts_and_explains_over_v1(server: Live, bundle: SmallBundle, kserve: Any) -> None:
    rows = {"instances": bundle.rows[:10]}

    async def act(client: Any, url: str) -> Any:
        return (
            await client.infer(url, rows, model_name="m"),
            await client.explain(url, model_name="m", data=rows),
            await client.is_server_live(url),
            await client.is_model_ready(url, "m"),
        )

    predicted, explained, *ready = with_kserve(kserve, server, "v1", act)
    assert predicted == {"predictions": expected(server, bundle.rows[:10])}
    assert len(explained["explanations"]) == 10
    assert ready == [True, True]


@pytest.mark.parametrize("binary", [False, True])
def test_kserves_client_infers_over_v2(server: Live, bundle: SmallBundle, kserve: Any, binary: bool) -> None:
    from kserve.protocol.infer_type import RequestedOutput

    rows = bundle.rows[:10]
    inputs = []
    for name, kind in DATATYPES.items():
        tensor = kserve.InferInput(name, [len(rows)], kind)
        tensor.set_data_from_numpy(column(rows, name), binary_data=binary)
        inputs.append(tensor)

    async def act(client: Any, url: str) -> Any:
        request = kserve.InferRequest(
            "m",
            inputs,
            request_id="order-7",
            request_outputs=[RequestedOutput("probability", {"binary_data": binary})],
        )
        return (
            await client.infer(url, request, model_name="m"),
            await client.is_server_ready(url),
            await client.is_model_ready(url, "m"),
        )

    answer, *ready = with_kserve(kserve, server, "v2", act)
    assert (answer.id, answer.model_name) == ("order-7", "m")
    assert answer.outputs[0].as_numpy().tolist() == expected(server, rows)
    assert ready == [True, True]


def test_kserves_client_is_told_what_is_wrong(server: Live, bundle: SmallBundle, kserve: Any) -> None:
    async def act(client: Any, url: str) -> Any:
        rows = {"instances": [bundle.rows[0] | {"grade": 9}]}
        with pytest.raises(httpx.HTTPStatusError) as refused:
            await client.infer(url, rows, model_name="m")
        return refused.value

    error = with_kserve(kserve, server, "v1", act)
    assert error.response.status_code == 400
    assert "row 0, column grade" in str(error)


@pytest.fixture
def client(server: Live) -> Iterator[Any]:
    opened = triton.InferenceServerClient(f"127.0.0.1:{server.port}")
    yield opened
    opened.close()


def tensors(rows: list[dict[str, Any]], binary: bool) -> list[Any]:
    inputs = []
    for name, kind in DATATYPES.items():
        tensor = triton.InferInput(name, [len(rows)], kind)
        tensor.set_data_from_numpy(column(rows, name), binary_data=binary)
        inputs.append(tensor)
    return inputs


def sound(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows without a missing number, which JSON has no NaN for."""
    return [row for row in rows if row["utilization"] is not None]


@pytest.mark.parametrize("packed", [None, "gzip", "deflate"])
@pytest.mark.parametrize("binary", [True, False])
def test_tritons_client_infers(
    server: Live, bundle: SmallBundle, client: Any, binary: bool, packed: str | None
) -> None:
    rows = bundle.rows[:10] if binary else sound(bundle.rows)[:10]
    names = ("probability", "decision", "outlier")
    outputs = [triton.InferRequestedOutput(name, binary_data=binary) for name in names]
    plain = client.infer("m", tensors(rows, binary), request_compression_algorithm=packed)
    asked = client.infer(
        "m",
        tensors(rows, binary),
        outputs=outputs,
        request_id="order-7",
        request_compression_algorithm=packed,
    )
    scores = expected(server, rows)
    assert plain.as_numpy("probability").tolist() == asked.as_numpy("probability").tolist() == scores
    decisions = [text.decode() if isinstance(text, bytes) else text for text in asked.as_numpy("decision")]
    assert decisions == ["approve" if score < 0.3 else "decline" for score in scores]
    assert asked.as_numpy("outlier").dtype == bool
    assert asked.get_response()["id"] == "order-7"


def test_tritons_client_asks_about_the_server_and_the_model(server: Live, client: Any) -> None:
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready("m")
    assert client.is_model_ready("m", model_version=server.digest[:12])
    assert client.get_server_metadata()["name"]
    assert [one["name"] for one in client.get_model_metadata("m")["inputs"]] == list(DATATYPES)


def test_tritons_client_is_told_what_is_wrong(bundle: SmallBundle, client: Any) -> None:
    with pytest.raises(InferenceServerException, match="row 0, column grade"):
        client.infer("m", tensors([bundle.rows[0] | {"grade": 9}], True))
    with pytest.raises(InferenceServerException, match="nothing at"):
        client.load_model("m")


BY_COLUMN = '{"signature_name": "serving_default", "inputs": {"x": [1.0, 2.0]}}'
# The calls of TensorFlow Serving's documentation of its REST API, on a model named as there.
CURLS: list[tuple[list[str], Callable[[Any], bool]]] = [
    (
        ["/v1/models/half_plus_three"],
        lambda found: found["model_version_status"][0]["state"] == "AVAILABLE",
    ),
    (
        ["/v1/models/half_plus_three/metadata"],
        lambda found: found["model_spec"]["name"] == "half_plus_three",
    ),
    (
        ["-d", '{"instances": [1.0,2.0,5.0]}', "-X", "POST", "/v1/models/half_plus_three:predict"],
        lambda found: len(found["predictions"]) == 3,
    ),
    (
        ["-X", "POST", "/v1/models/half_plus_three:predict", "-d", BY_COLUMN],
        lambda found: len(found["outputs"]) == 2,
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def half_plus_three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder: Path = tmp_path_factory.mktemp("tensorflow") / "bundle"
    with serving(folder, one_feature(folder), name="half_plus_three") as started:
        yield started


@pytest.mark.parametrize(("arguments", "right"), CURLS)
def test_curl_as_tensorflow_serving_documents_it(
    half_plus_three: Live, arguments: list[str], right: Callable[[Any], bool]
) -> None:
    address = f"http://127.0.0.1:{half_plus_three.port}"
    placed = [address + part if part.startswith("/v1") else part for part in arguments]
    ran = subprocess.run(["curl", "-sf", *placed], capture_output=True, check=True, timeout=60)
    assert right(json.loads(ran.stdout)), ran.stdout
