"""The InferenceService of a release, as it is written locally and applied to a cluster."""

from typing import Any

import yaml

from serving.section import ServingSection
from tollgate.release import Release

RELEASE = "tollgate.dev/release"
EXPECTED_BUNDLE = "TOLLGATE_BUNDLE"
MAX_ROWS = "TOLLGATE_MAX_ROWS"
PORT = 8080
GRPC_PORT = 8081
DRAIN = 5  # seconds in which balancers find out that a pod is about to end
USER = 65532
MODEL_FORMAT = "tollgate-bundle"


def inference_service(section: ServingSection, release: Release, storage_uri: str) -> list[dict[str, Any]]:
    """The ServingRuntime of a release and the InferenceService that uses it, as JSON values.

    Args:
        section: What is served, and by how much.
        release: The release.
        storage_uri: Where the bundle lies; ends in a slash, for a prefix without it matches its siblings too.

    Raises:
        ValueError: The place does not end in a slash.
    """
    if not storage_uri.endswith("/"):
        raise ValueError(f"{storage_uri}: must end in a slash")
    return [_runtime(release), _service(section, release, storage_uri)]


def to_yaml(objects: list[dict[str, Any]]) -> str:
    """Kubernetes objects as one YAML file; equal objects give equal text."""
    return yaml.safe_dump_all(objects, sort_keys=True, width=120)


def _runtime(release: Release) -> dict[str, Any]:
    container = {
        "name": "kserve-container",
        "image": release.image,
        "imagePullPolicy": "IfNotPresent",
        "args": ["--name={{.Name}}", f"--drain={DRAIN}"],
        "ports": [
            {"name": "http1", "containerPort": PORT, "protocol": "TCP"},
            {"name": "grpc", "containerPort": GRPC_PORT, "protocol": "TCP"},
        ],
        "readinessProbe": _probe("/v2/health/ready"),
        "livenessProbe": _probe("/v2/health/live"),
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
            "runAsNonRoot": True,
            "runAsUser": USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
    }
    return {
        "apiVersion": "serving.kserve.io/v1alpha1",
        "kind": "ServingRuntime",
        "metadata": {"name": release.runtime},
        "spec": {
            "supportedModelFormats": [{"name": MODEL_FORMAT, "version": "1"}],
            "protocolVersions": ["v1", "v2", "grpc-v2"],
            "containers": [container],
        },
    }


def _service(section: ServingSection, release: Release, storage_uri: str) -> dict[str, Any]:
    resources = section.resources
    model = {
        "modelFormat": {"name": MODEL_FORMAT, "version": "1"},
        "runtime": release.runtime,
        "protocolVersion": "v2",
        "storageUri": storage_uri,
        "env": [
            {"name": EXPECTED_BUNDLE, "value": release.bundle},
            {"name": MAX_ROWS, "value": str(section.max_rows)},
        ],
        "resources": {
            "requests": {"cpu": resources.cpu, "memory": resources.memory},
            "limits": {"memory": resources.memory},
        },
    }
    predictor: dict[str, Any] = {
        "minReplicas": section.replicas,
        "maxReplicas": section.replicas,
        "automountServiceAccountToken": False,
        "model": model,
    }
    if section.service_account:
        predictor["serviceAccountName"] = section.service_account
    annotations = {"serving.kserve.io/deploymentMode": "Standard", RELEASE: release.digest()}
    return {
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {"name": section.name, "annotations": annotations},
        "spec": {"predictor": predictor},
    }


def _probe(path: str) -> dict[str, Any]:
    return {"httpGet": {"path": path, "port": PORT}, "periodSeconds": 2, "failureThreshold": 3}
