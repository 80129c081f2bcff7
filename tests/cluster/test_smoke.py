"""The bundle and the manifest that a local run made, on a real KServe."""

import asyncio
import copy
import json
import math
import time
import urllib.error
import urllib.request
import warnings
from collections.abc import Callable
from typing import Any, TypeVar

from tests.cluster.conftest import Place, Published, kubectl

T = TypeVar("T")


def _wait(what: str, look: Callable[[], T | None], seconds: float = 120) -> T:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = look()
        if found is not None:
            return found
        time.sleep(0.5)
    raise AssertionError(f"{what}: not in {seconds:.0f} s")


def _at(objects: list[dict[str, Any]], uri: str, digest: str | None = None) -> list[dict[str, Any]]:
    """The very same objects, with the bundle elsewhere."""
    found = copy.deepcopy(objects)
    model = next(o for o in found if o["kind"] == "InferenceService")["spec"]["predictor"]["model"]
    model["storageUri"] = uri
    if digest:
        next(item for item in model["env"] if item["name"] == "TOLLGATE_BUNDLE")["value"] = digest
    return found


def _ready(place: Place, name: str) -> dict[str, Any] | None:
    service: dict[str, Any] = place.get("inferenceservice", name)
    conditions = service.get("status", {}).get("conditions", [])
    ready = any(c["type"] == "Ready" and c["status"] == "True" for c in conditions)
    return service if ready else None


def _address(place: Place, name: str) -> str:
    """The Service's cluster IP: what the name in the cluster's DNS resolves to."""
    service = place.get("service", f"{name}-predictor")
    return f"http://{service['spec']['clusterIP']}:{service['spec']['ports'][0]['port']}"


def _routed(address: str) -> bool | None:
    """Whether the Service leads somewhere: its rules on the node come a moment after Ready."""
    try:
        with urllib.request.urlopen(f"{address}/v2/health/ready", timeout=10) as answer:
            return bool(answer.status == 200)
    except urllib.error.URLError:
        return None


def _infer_over_grpc(place: Place, name: str, requests: list[dict[str, Any]]) -> list[float]:
    """The golden requests through the Service's second port, with KServe's client."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import kserve
    service = place.get("service", f"{name}-predictor")["spec"]
    port = next(port["port"] for port in service["ports"] if port["name"] == "grpc")
    kinds = {tensor["name"]: tensor["datatype"] for tensor in _inputs(place, name)}
    absent = {"FP64": math.nan, "BYTES": ""}

    async def infer() -> Any:
        tensors = []
        for column, kind in kinds.items():
            values = [absent[kind] if one[column] is None else one[column] for one in requests]
            data = [value.encode() if isinstance(value, str) else value for value in values]
            tensors.append(kserve.InferInput(column, [len(requests)], kind, data))
        async with kserve.InferenceGRPCClient(f"{service['clusterIP']}:{port}") as client:
            return await client.infer(kserve.InferRequest(name, tensors))

    scores: list[float] = asyncio.run(infer()).outputs[0].as_numpy().tolist()
    return scores


def _inputs(place: Place, name: str) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{_address(place, name)}/v2/models/{name}", timeout=10) as answer:
        inputs: list[dict[str, Any]] = json.load(answer)["inputs"]
    return inputs


def _post(url: str, body: Any) -> tuple[int, dict[str, Any], dict[str, str]]:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.loads(answer.read()), dict(answer.headers)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read()), dict(error.headers)


def test_a_published_bundle_scores_its_golden_requests_through_the_service(
    place: Place, published: Published
) -> None:
    name = next(o for o in published.objects if o["kind"] == "InferenceService")["metadata"]["name"]
    place.apply(_at(published.objects, place.upload(published.bundle, published.digest)))
    _wait("Ready", lambda: _ready(place, name))

    url = f"{_address(place, name)}/v1/models/{name}:predict"
    _wait("the Service", lambda: _routed(_address(place, name)))
    requests = [case["request"] for case in published.golden]
    status, answer, headers = _post(url, {"instances": requests})
    assert status == 200, answer
    assert headers["x-tollgate-bundle"] == published.digest
    differences = [
        abs(p - case["graph"]) for p, case in zip(answer["predictions"], published.golden, strict=True)
    ]
    assert max(differences) <= 1e-9
    assert _infer_over_grpc(place, name, requests) == answer["predictions"]
    explained = _post(f"{_address(place, name)}/v1/models/{name}:explain", {"instances": requests})[1]
    assert [one["probability"] for one in explained["explanations"]] == answer["predictions"]

    first = next(iter(requests[0]))
    status, answer, _ = _post(url, {"instances": [requests[0], {**requests[1], first: [1]}]})
    assert status == 400
    assert (answer["details"][0]["row"], answer["details"][0]["column"]) == (1, first)


def test_a_bundle_that_is_not_the_expected_one_is_never_ready(place: Place, published: Published) -> None:
    name = next(o for o in published.objects if o["kind"] == "InferenceService")["metadata"]["name"]
    expected = "0" * 64
    place.apply(_at(published.objects, place.upload(published.bundle, published.digest), expected))

    def refused() -> str | None:
        for pod in place.get("pods", "-l", f"serving.kserve.io/inferenceservice={name}")["items"]:
            for container in pod["status"].get("containerStatuses", []):
                if container["restartCount"] > 0:
                    pod_name = pod["metadata"]["name"]
                    where = ("-n", place.namespace, pod_name, "--previous", "-c", "kserve-container")
                    said = kubectl("logs", *where)
                    # the container before may be gone by now; there will be another one
                    return None if said.startswith("unable to retrieve") else said
        return None

    log = _wait("a refusal", refused)
    assert f"the bundle's digest is {published.digest}, expected is {expected}" in log
    assert "Traceback" not in log
    assert _ready(place, name) is None
