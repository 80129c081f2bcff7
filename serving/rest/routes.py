"""Every route that is open: what answers it, or where it leads in KServe's own application."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from serving.infer import Infer
from serving.openapi.description import Description
from serving.openapi.document import DOCUMENT, PAGE
from serving.rest.call import Answer, Call, as_json
from serving.rest.metadata import ModelMetadata
from serving.rest.v1 import V1
from serving.rest.v2 import V2

Method = Literal["GET", "POST"]
STOCK = ("/", "/metrics", "/v1/models", "/v2", "/v2/health/live", "/v2/models")
READY = "/v2/health/ready"


@dataclass(frozen=True, slots=True)
class Route:
    """One route.

    Attributes:
        template: Its path as metrics name it: the model and its version in braces.
        method: POST, or GET, which stands for HEAD too.
        answer: What answers it; None where KServe does.
        stock: The path in KServe's application.
        draining: What answers it while the server is about to end, where that is something else.
    """

    template: str
    method: Method
    answer: Callable[[Call], Answer] | None
    stock: str = ""
    draining: Answer | None = None


def routes(infer: Infer, metadata: ModelMetadata) -> dict[str, Route]:
    """The open routes by path."""
    found = {path: Route(path, "GET", None, path) for path in STOCK}
    found[READY] = Route(READY, "GET", None, READY, _not_ready({}))
    found.update(_v1(infer, metadata))
    found.update(_v2(infer, metadata))
    templates = {route.template: route.method for route in found.values()}
    description = Description(infer, templates | {DOCUMENT: "GET", PAGE: "GET"})
    found[DOCUMENT] = Route(DOCUMENT, "GET", description.document)
    found[PAGE] = Route(PAGE, "GET", description.page)
    return found


def _v1(infer: Infer, metadata: ModelMetadata) -> Iterator[tuple[str, Route]]:
    v1 = V1(infer.scoring)
    number = str(int(infer.version, 16))
    state = {
        "version": number,
        "state": "UNLOADING",
        "status": {"error_code": "OK", "error_message": ""},
    }
    unloading = _not_ready({"name": infer.name, "model_version_status": [state]})
    for path, template in _versions(f"/v1/models/{infer.name}", "/v1/models/{model}", infer.version):
        yield f"{path}:predict", Route(f"{template}:predict", "POST", v1.predict)
        yield f"{path}:explain", Route(f"{template}:explain", "POST", v1.explain)
        yield path, Route(template, "GET", metadata.status, draining=unloading)
        yield f"{path}/metadata", Route(f"{template}/metadata", "GET", metadata.signatures)


def _v2(infer: Infer, metadata: ModelMetadata) -> Iterator[tuple[str, Route]]:
    v2 = V2(infer)
    model = f"/v2/models/{infer.name}"
    for path, template in _versions(model, "/v2/models/{model}", infer.version):
        yield f"{path}/infer", Route(f"{template}/infer", "POST", v2.infer)
        yield path, Route(template, "GET", metadata.metadata)
        # KServe has this route for versions too, but answers it with 501
        ready = Route(f"{template}/ready", "GET", None, f"{model}/ready", _not_ready({"name": infer.name}))
        yield f"{path}/ready", ready


def _not_ready(told: dict[str, Any]) -> Answer:
    """What is said of readiness by a server that is about to end."""
    return Answer(as_json(told | {"ready": False}), status=503)


def _versions(model: str, template: str, version: str) -> Iterator[tuple[str, str]]:
    """A model's path without and with its version, as hexadecimal digits and as TensorFlow Serving counts it."""
    yield model, template
    for spelled in (version, str(int(version, 16))):
        yield f"{model}/versions/{spelled}", template + "/versions/{version}"
