"""A real cluster: skipped, with the reason, where there is none.

KUBECONFIG             the cluster
S3_ENDPOINT, AWS_*     an S3 server that pods reach under the same address
TOLLGATE_SMOKE_TARGET  the folder of a local target, as `make run` leaves it (.tollgate/targets/NAME)

The image that the target's manifest names must be on the nodes.
"""

import json
import os
import secrets
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from minio import Minio

NEEDED = ("KUBECONFIG", "S3_ENDPOINT", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "TOLLGATE_SMOKE_TARGET")


LACKING = [name for name in NEEDED if not os.environ.get(name)]
REQUIRED = os.environ.get("TOLLGATE_CLUSTER") == "required"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.timeout(300))
            if LACKING and not REQUIRED:
                item.add_marker(pytest.mark.skip(reason=f"no cluster: {', '.join(LACKING)} not set"))


@pytest.fixture(scope="session", autouse=True)
def cluster() -> None:
    """Where the tier is required, a cluster that did not start is a failure and never a skip."""
    if LACKING:
        pytest.fail(f"the cluster tier is required here, but did not start: {', '.join(LACKING)} not set")


def kubectl(*arguments: str, stdin: str | None = None) -> str:
    ran = subprocess.run(["kubectl", *arguments], input=stdin, text=True, capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@dataclass(frozen=True)
class Published:
    """What a local target has live: its manifest's objects, its bundle, its golden cases."""

    objects: list[dict[str, Any]]
    bundle: Path
    digest: str

    @property
    def golden(self) -> list[dict[str, Any]]:
        cases: list[dict[str, Any]] = json.loads((self.bundle / "golden.json").read_bytes())["cases"]
        return cases


@pytest.fixture(scope="session")
def published() -> Published:
    target = Path(os.environ["TOLLGATE_SMOKE_TARGET"])
    pointer = json.loads((target / "pointer.json").read_bytes())
    release = target / "releases" / pointer["release"]
    objects = list(yaml.safe_load_all((release / "inferenceservice.yaml").read_text()))
    return Published(objects, release / "bundle", pointer["bundle"])


@dataclass(frozen=True)
class Place:
    """A namespace of the test's own, and a bucket beside it."""

    namespace: str
    client: Minio

    def upload(self, bundle: Path, prefix: str) -> str:
        """Put a bundle into the bucket, and give its URI."""
        for file in bundle.iterdir():
            self.client.fput_object(self.namespace, f"{prefix}/{file.name}", str(file))
        return f"s3://{self.namespace}/{prefix}/"

    def apply(self, objects: list[dict[str, Any]]) -> None:
        kubectl("apply", "-n", self.namespace, "-f", "-", stdin=yaml.safe_dump_all(objects))

    def get(self, *arguments: str) -> Any:
        return json.loads(kubectl("get", "-n", self.namespace, *arguments, "-o", "json"))


@pytest.fixture(scope="session")
def storage_initializer() -> None:
    """KServe's download container without rights, as a namespace with restricted Pod Security needs it.

    The pod's own containers get theirs from our manifest; this one is the platform's to set.
    """
    context = {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "runAsNonRoot": True,
        "runAsUser": 65532,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    patch = json.dumps({"spec": {"container": {"securityContext": context}}})
    kubectl("patch", "clusterstoragecontainer", "default", "--type", "merge", "-p", patch)


@pytest.fixture
def place(storage_initializer: None) -> Iterator[Place]:
    """A namespace that enforces restricted Pod Security, with the S3 account's secret for its pods."""
    name = f"tollgate-smoke-{secrets.token_hex(3)}"
    endpoint, key, secret = (os.environ[n] for n in NEEDED[1:4])
    client = Minio(endpoint, key, secret, secure=False)
    client.make_bucket(name)
    kubectl("create", "namespace", name)
    kubectl("label", "namespace", name, "pod-security.kubernetes.io/enforce=restricted")
    annotations = {
        "serving.kserve.io/s3-endpoint": endpoint,
        "serving.kserve.io/s3-usehttps": "0",
        "serving.kserve.io/s3-region": "us-east-1",
    }
    found = Place(name, client)
    found.apply(
        [
            {
                "apiVersion": "v1",
                "kind": "Secret",
                "metadata": {"name": "s3", "annotations": annotations},
                "stringData": {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret},
            },
            {
                "apiVersion": "v1",
                "kind": "ServiceAccount",
                "metadata": {"name": "default"},
                "secrets": [{"name": "s3"}],
            },
        ]
    )
    try:
        yield found
    finally:
        kubectl("delete", "namespace", name, "--wait=false")
        for item in client.list_objects(name, recursive=True):
            client.remove_object(name, str(item.object_name))
        client.remove_bucket(name)
