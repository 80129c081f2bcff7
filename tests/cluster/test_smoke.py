"""The bundle and the manifest that a local run made, on a real KServe."""

import copy
import json
import time
import urllib.error
import urllib.request
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
    requests = [case["request"] for case in published.golden]
    status, answer, headers = _post(url, {"instances": requests})
    assert status == 200, answer
    assert headers["x-tollgate-bundle"] == published.digest
    differences = [
        abs(p - case["graph"]) for p, case in zip(answer["predictions"], published.golden, strict=True)
    ]
    assert max(differences) <= 1e-9

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
                    return kubectl(
                        "logs",
                        "-n",
                        place.namespace,
                        pod["metadata"]["name"],
                        "--previous",
                        "-c",
                        "kserve-container",
                    )
        return None

    log = _wait("a refusal", refused)
    assert f"the bundle's digest is {published.digest}, expected is {expected}" in log
    assert "Traceback" not in log
    assert _ready(place, name) is None
