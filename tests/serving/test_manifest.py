"""The manifest of a release, against a golden file and against KServe's own typed models."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from serving.manifest import inference_service, to_yaml
from serving.release import release_of
from serving.section import ServingSection
from tollgate.release import Release

GOLDEN = Path(__file__).with_name("inferenceservice.yaml")
BUNDLE, VERDICT = "b" * 64, "c" * 64
URI = "s3://models/bundles/" + BUNDLE + "/"
FULL: dict[str, Any] = {
    "name": "credit-default",
    "image": "registry.example/serving@sha256:" + "d" * 64,
    "replicas": 2,
    "resources": {"cpu": "250m", "memory": "1Gi"},
    "service_account": "reader",
}
ROUND_TRIP = """
import json, sys, warnings
from types import SimpleNamespace
warnings.simplefilter("ignore")
import kserve.models, kubernetes.client
for name in set(dir(kubernetes.client)) - set(dir(kserve.models)):  # KServe looks for Kubernetes' types there
    setattr(kserve.models, name, getattr(kubernetes.client, name))
client = kserve.ApiClient()
objects = json.load(sys.stdin)
kinds = {"ServingRuntime": "V1alpha1ServingRuntime", "InferenceService": "V1beta1InferenceService"}
typed = [client.deserialize(SimpleNamespace(data=json.dumps(item)), kinds[item["kind"]]) for item in objects]
json.dump(client.sanitize_for_serialization(typed), sys.stdout)
"""


def released(**settings: Any) -> tuple[ServingSection, Release]:
    section = ServingSection.read({"name": "credit-default"} | settings)
    return section, release_of(BUNDLE, VERDICT, section)


def manifest(**settings: Any) -> list[dict[str, Any]]:
    return inference_service(*released(**settings), URI)


def service(**settings: Any) -> dict[str, Any]:
    _, found = manifest(**settings)
    return found


def test_the_manifest_is_the_golden_one() -> None:
    """After a wanted change, write what this shows to the golden file, and read the difference."""
    section, release = released(**FULL)
    fixed = release.model_copy(update={"runtime": "tollgate-0-0-0"})
    text = to_yaml(inference_service(section, fixed, URI))
    assert text.replace(fixed.digest(), "RELEASE") == GOLDEN.read_text()


def test_equal_releases_give_equal_text() -> None:
    turned = dict(reversed(FULL.items()))
    assert to_yaml(manifest(**FULL)) == to_yaml(manifest(**turned))


def test_kserves_typed_models_keep_every_field() -> None:
    """They drop what they do not know: a field that comes back is one that KServe has."""
    texts = (to_yaml(manifest(**settings)) for settings in ({}, FULL))
    objects = [item for text in texts for item in yaml.safe_load_all(text)]
    ran = subprocess.run(
        [sys.executable, "-c", ROUND_TRIP],
        input=json.dumps(objects),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)
    for item in found:
        if item["kind"] == "InferenceService":  # the typed model puts an empty name there
            assert item["spec"]["predictor"]["model"].pop("name") == ""
    assert found == objects


def test_the_expected_digest_and_the_place_of_the_bundle_stand_in_the_manifest() -> None:
    model = service()["spec"]["predictor"]["model"]
    assert model["env"] == [
        {"name": "TOLLGATE_BUNDLE", "value": BUNDLE},
        {"name": "TOLLGATE_MAX_ROWS", "value": "1000"},
    ]
    assert model["storageUri"] == URI


def test_a_place_without_a_slash_at_its_end_is_refused_for_it_matches_its_siblings() -> None:
    with pytest.raises(ValueError, match="slash"):
        inference_service(*released(), URI.rstrip("/"))


def test_the_service_names_its_runtime_and_its_release() -> None:
    section, release = released()
    runtime, found = inference_service(section, release, URI)
    assert found["spec"]["predictor"]["model"]["runtime"] == runtime["metadata"]["name"] == release.runtime
    assert found["metadata"]["annotations"]["tollgate.dev/release"] == release.digest()
    assert found["spec"]["predictor"]["model"]["modelFormat"] in runtime["spec"]["supportedModelFormats"]


def test_the_container_has_no_rights_that_the_restricted_standard_forbids() -> None:
    runtime, found = manifest()
    (container,) = runtime["spec"]["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
        "runAsNonRoot": True,
        "runAsUser": 65532,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert found["spec"]["predictor"]["automountServiceAccountToken"] is False


def test_the_section_says_how_much_serves() -> None:
    predictor = service(**FULL)["spec"]["predictor"]
    assert (predictor["minReplicas"], predictor["maxReplicas"]) == (2, 2)
    assert predictor["serviceAccountName"] == "reader"
    assert predictor["model"]["resources"] == {
        "requests": {"cpu": "250m", "memory": "1Gi"},
        "limits": {"memory": "1Gi"},
    }
    assert "serviceAccountName" not in service()["spec"]["predictor"]


def test_the_image_of_the_section_is_the_one_that_runs() -> None:
    (own,) = manifest(**FULL)[0]["spec"]["containers"]
    (default,) = manifest()[0]["spec"]["containers"]
    assert own["image"] == FULL["image"]
    assert default["image"].startswith("tollgate/serving:")
