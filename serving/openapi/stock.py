"""What the routes answer that score nothing."""

from typing import Any

from serving.datatypes import DATATYPES
from serving.infer import PLATFORM, Infer
from serving.openapi.rows import Schema

READY = "/v2/health/ready"
READINESS = (
    READY,
    "/v1/models/{model}",
    "/v2/models/{model}/ready",
)  # these tell that the server is about to end
TEXT: Schema = {"type": "string"}
Content = dict[str, Any]


def content(template: str, infer: Infer) -> tuple[str, Content]:
    """What a route says, and its content by type.

    Raises:
        KeyError: The route is not described: every open route has to be.
    """
    summary, schema = TOLD[template]
    if callable(schema):
        schema = schema(infer.name)
    kinds = OTHER_KINDS.get(template)
    if kinds:
        return summary, {kind: {"schema": TEXT} for kind in kinds}
    return summary, {"application/json": {"schema": schema}}


def _exactly(**values: Any) -> Schema:
    """An object with these keys and values; a schema stands for a value that is not known."""
    properties = {
        key: value if isinstance(value, dict) else {"const": value} for key, value in values.items()
    }
    return {"type": "object", "properties": properties, "required": list(properties)}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _models(name: str) -> Schema:
    return _exactly(models={"const": [name]})


def _status(name: str) -> Schema:
    status = _exactly(error_code="OK", error_message="")
    version = _exactly(version=TEXT | {"pattern": "^[0-9]+$"}, state="AVAILABLE", status=status)
    return _exactly(name=name, ready=True, model_version_status=_list(version))


def _signature(name: str) -> Schema:
    spec = _exactly(name=name, signature_name="", version=TEXT | {"pattern": "^[0-9]+$"})
    tensors = {
        "type": "object",
        "additionalProperties": _exactly(dtype=TEXT, name=TEXT, tensor_shape={"type": "object"}),
    }
    signature = _exactly(inputs=tensors, outputs=tensors, method_name="tensorflow/serving/predict")
    named = {"type": "object", "additionalProperties": signature}
    return _exactly(model_spec=spec, metadata=_exactly(signature_def=_exactly(signature_def=named)))


def _metadata(name: str) -> Schema:
    tensor = _exactly(name=TEXT, datatype={"enum": list(DATATYPES)}, shape=_list({"type": "integer"}))
    about = {"versions": _list(TEXT), "platform": PLATFORM}
    return _exactly(name=name, **about, inputs=_list(tensor), outputs=_list(tensor))


# Each route with a sentence and the schema of its answer.
TOLD: dict[str, tuple[str, Any]] = {
    "/": ("The server is alive", _exactly(status="alive")),
    "/metrics": ("Metrics for Prometheus", TEXT),
    "/docs": ("This server, for people", TEXT),
    "/openapi.json": ("This server, for programs", {"type": "object", "required": ["openapi", "paths"]}),
    "/v1/models": ("The model's name", _models),
    "/v1/models/{model}": ("The model's version and state, as TensorFlow Serving tells it", _status),
    "/v1/models/{model}/metadata": ("The model's signature, as TensorFlow Serving tells it", _signature),
    "/v2": ("The server's name and version", _exactly(name=TEXT, version=TEXT, extensions=_list(TEXT))),
    "/v2/health/live": ("The server is alive", _exactly(live=True)),
    READY: ("The server is ready to score", _exactly(ready=True)),
    "/v2/models": ("The model's name", _models),
    "/v2/models/{model}": ("The model's inputs and outputs", _metadata),
    "/v2/models/{model}/ready": ("The model is ready to score", lambda name: _exactly(name=name, ready=True)),
}
OTHER_KINDS = {
    "/metrics": ("text/plain", "application/openmetrics-text"),
    "/docs": ("text/html",),
}
