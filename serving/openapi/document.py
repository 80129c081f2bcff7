"""The OpenAPI document of one server: every open route, with schemas and examples from its contract."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from serving.infer import Infer
from serving.openapi import answers, requests, stock
from serving.openapi.examples import Example, Examples
from serving.openapi.rows import Schema, ref
from serving.outputs import DEFAULT, given
from tollgate import __version__

DOCUMENT, PAGE = "/openapi.json", "/docs"
VERSION = "{version}"
OF_ANY = (400, 405, 408, 431, 500, 503)
OF_BODIES = (413, 415)
PACKED = "The body may be packed: Content-Encoding gzip or deflate."
BINARY = (
    "Tensors may come as bytes behind the JSON, as the binary tensor data extension has it: with "
    "Inference-Header-Content-Length, and `binary_data_size` in place of `data`. So go outputs that ask for it."
)
TOLD = (
    "Rows that break the contract are refused with 400, and named. At most {rows} rows are scored at once, "
    "{explained} with reasons; a body has at most {body} bytes, unpacked too. HEAD is answered as GET."
)
Operation = dict[str, Any]


def document(infer: Infer, examples: Examples, templates: Mapping[str, str]) -> dict[str, Any]:
    """The document.

    Args:
        infer: The bundle, as it is served.
        examples: Its examples.
        templates: The open routes: the method of each template.
    """
    limits, digest = infer.scoring.limits, infer.scoring.bundle.digest
    told = TOLD.format(rows=limits.max_rows, explained=limits.max_explained, body=limits.body)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": infer.name,
            "version": infer.version,
            "summary": f"Bundle {digest}, served by Tollgate {__version__}.",
            "description": told,
        },
        "servers": [{"url": "/"}],
        "paths": {
            template.replace("{model}", infer.name): {
                method.lower(): _operation(infer, examples, template, method)
            }
            for template, method in templates.items()
        },
        "components": {"schemas": _schemas(infer), "responses": answers.refused(digest)},
    }


def _schemas(infer: Infer) -> dict[str, Schema]:
    bundle, limits = infer.scoring.bundle, infer.scoring.limits
    contract, names = bundle.contract, given(bundle)
    return {
        **requests.rows(contract),
        "V1Request": requests.v1(contract, limits.max_rows, names),
        "V1Answer": answers.v1(names),
        "V2Request": requests.v2(infer.name, contract, limits.max_rows, names),
        "V2Answer": answers.v2(infer.name, infer.version, names),
        "ExplainRequest": requests.v1(contract, limits.max_explained, DEFAULT),
        "ExplainAnswer": answers.explained(contract, names),
        answers.REFUSAL: answers.refusal(),
        answers.DETAIL: answers.detail(),
    }


def _operation(infer: Infer, examples: Examples, template: str, method: str) -> Operation:
    versioned = VERSION in template
    unversioned = template.replace(f"/versions/{VERSION}", "")
    if unversioned in SCORING:
        operation = SCORING[unversioned](examples)
    else:
        summary, content = stock.content(unversioned, infer)
        operation = {"summary": summary, "responses": {"200": {"description": summary, "content": content}}}
    statuses = [*OF_ANY, *(OF_BODIES if method == "POST" else ()), *((404,) if versioned else ())]
    found = operation["responses"]
    found["200"]["headers"] = answers.always(infer.scoring.bundle.digest)
    operation["responses"] = found | {
        status: refusal
        for status, refusal in answers.refusals(sorted(statuses)).items()
        if status not in found
    }
    if unversioned in stock.READINESS:
        operation["responses"]["503"] = _not_ready(infer.scoring.bundle.digest)
    parameters = [_request_id(), *([_version(infer.version)] if versioned else [])]
    operation["parameters"] = [*operation.get("parameters", []), *parameters]
    operation["operationId"] = re.sub(r"\W+", "_", f"{method.lower()}{template}").strip("_")
    return operation


def _predict(examples: Examples) -> Operation:
    partial = {
        "name": "partial",
        "in": "query",
        "description": "Score the rows that keep the contract, and say what is wrong with the others.",
        "schema": {"enum": ["true", "false"]},
    }
    return _post("Score rows: V1 protocol, and TensorFlow Serving's", "V1", examples.v1) | {
        "parameters": [partial]
    }


def _infer(examples: Examples) -> Operation:
    operation = _post("Score rows: V2 protocol (Open Inference Protocol)", "V2", examples.v2)
    operation["requestBody"]["description"] = f"{PACKED} {BINARY}"
    operation["responses"]["200"]["content"]["application/octet-stream"] = {}
    return operation


def _explain(examples: Examples) -> Operation:
    return _post("Explain rows: every output, and what each feature contributes", "Explain", examples.explain)


SCORING: dict[str, Callable[[Examples], Operation]] = {
    "/v1/models/{model}:predict": _predict,
    "/v1/models/{model}:explain": _explain,
    "/v2/models/{model}/infer": _infer,
}


def _post(summary: str, protocol: str, examples: Mapping[str, Example]) -> Operation:
    asked = {name: {"summary": example.title, "value": example.body} for name, example in examples.items()}
    answered = {
        name: {"summary": example.title, "value": example.answer}
        for name, example in examples.items()
        if example.answer
    }
    body = {"schema": ref(f"{protocol}Request"), "examples": asked}
    answer = {"schema": ref(f"{protocol}Answer"), "examples": answered}
    return {
        "summary": summary,
        "requestBody": {"required": True, "description": PACKED, "content": {"application/json": body}},
        "responses": {
            "200": {"description": "The rows were scored.", "content": {"application/json": answer}}
        },
    }


def _request_id() -> dict[str, Any]:
    return {
        "name": "X-Request-Id",
        "in": "header",
        "description": "The request's id; replaced unless it is 1 to 64 letters, digits, `_`, `.` or `-`.",
        "schema": {"type": "string"},
    }


def _version(version: str) -> dict[str, Any]:
    return {
        "name": "version",
        "in": "path",
        "required": True,
        "description": "The first twelve digits of the bundle's digest, or the number that they are.",
        "schema": {"enum": [version, str(int(version, 16))]},
    }


def _not_ready(digest: str) -> dict[str, Any]:
    draining = {"type": "object", "properties": {"ready": {"const": False}}, "required": ["ready"]}
    schema = {"anyOf": [draining, ref(answers.REFUSAL)]}
    return {
        "description": answers.REFUSALS[503],
        "headers": answers.always(digest),
        "content": {"application/json": {"schema": schema}},
    }
