"""JSON Schemas of answers, and what every answer carries."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any

from serving.openapi.rows import Schema, ref
from serving.outputs import OUTPUTS
from serving.refusal import MOST_DETAILS
from tollgate.contract import Contract
from tollgate.contract.problems import LONGEST_VALUE
from tollgate.reasons.wording import MOST_REASONS

REFUSAL, DETAIL = "Refusal", "Detail"
REQUEST_ID = r"^[A-Za-z0-9_.-]{1,64}$"
NUMBER: Schema = {"type": "number"}
PROBABILITY: Schema = {"type": "number", "minimum": 0, "maximum": 1}
DECISION: Schema = {"enum": ["approve", "decline"]}
BOOLEAN: Schema = {"type": "boolean"}
TEXT: Schema = {"type": "string"}
REFUSALS = {
    400: "The request is none, or its rows break the contract: the details say where.",
    404: "There is nothing at this address, or no such version.",
    405: "Another method is needed.",
    408: "The request did not come in whole in time.",
    413: "The body is too large, packed or unpacked.",
    415: "The body is packed in a way that is not read.",
    431: "The head of the request is too large.",
    500: "The server failed, or the model has no finite score.",
    503: "Too many connections are open, or the server is about to end.",
}


def detail() -> Schema:
    """What is wrong with one cell, or was out of bounds and scored all the same."""
    column = {"type": ["string", "null"], "maxLength": LONGEST_VALUE}
    return _object(
        {
            "row": {
                "type": ["integer", "null"],
                "minimum": 0,
                "description": "Its index in the request, from 0.",
            },
            "column": column,
            "rule": TEXT | {"description": "The rule that is broken, such as type, missing or maximum."},
            "value": TEXT | {"maxLength": LONGEST_VALUE, "description": "What was found, cut."},
            "message": TEXT,
        }
    )


def refusal() -> Schema:
    """The one shape of every refusal."""
    return _object({"error": TEXT | {"minLength": 1}, "details": _details(), "total": _count()})


def v1(names: Sequence[str]) -> Schema:
    """The answer to `:predict`: `predictions` to `instances`, `outputs` to `inputs`.

    Args:
        names: The outputs that can be asked for.
    """
    one = [VALUES[name] for name in names]
    several = {
        "type": "object",
        "properties": {name: VALUES[name] for name in names},
        "additionalProperties": False,
    }
    each = {name: _list(VALUES[name]) for name in names}
    columns = {"type": "object", "properties": each, "additionalProperties": False}
    return {
        "anyOf": [
            _v1("predictions", _list({"anyOf": [*one, several]})),
            _v1("outputs", {"anyOf": [_list({"anyOf": one}), columns]}),
        ]
    }


def explained(contract: Contract, names: Sequence[str]) -> Schema:
    """The answer to `:explain`: all that there is of each row."""
    contributions = _object(dict.fromkeys(contract.features, NUMBER))
    found = {name: VALUES[name] for name in names} | {"base": NUMBER, "contributions": contributions}
    answer = _object({"explanations": _list(_object(found))})
    answer["properties"]["warnings"] = _details()
    return answer


def v2(name: str, version: str, names: Sequence[str]) -> Schema:
    """The answer to `infer`; see `v1`."""
    tensors = [
        _object(
            {
                "name": {"const": output},
                "datatype": {"const": OUTPUTS[output]},
                "shape": {
                    "type": "array",
                    "items": {"type": "integer", "minimum": 1},
                    "minItems": 1,
                    "maxItems": 1,
                },
                "data": _list(TEXT if output == "reasons" else VALUES[output]),
            }
        )
        for output in names
    ]
    schema = _object(
        {
            "model_name": {"const": name},
            "model_version": {"const": version},
            "id": TEXT | {"pattern": REQUEST_ID},
            "outputs": _list({"anyOf": tensors}),
        }
    )
    warnings = _object({"warnings": TEXT | {"description": "A list of details, as JSON text."}})
    schema["properties"]["parameters"] = warnings
    return schema


def always(digest: str) -> dict[str, Any]:
    """The headers of every answer."""
    return {
        "X-Request-Id": {
            "description": "The id that the request gave, if it is sound; else a new one.",
            "required": True,
            "schema": TEXT | {"pattern": REQUEST_ID},
        },
        "X-Tollgate-Bundle": {
            "description": "The digest of the bundle that answered.",
            "required": True,
            "schema": {"const": digest},
        },
    }


def refusals(statuses: Iterable[int]) -> dict[str, Any]:
    """References to the answers of some statuses."""
    return {str(status): {"$ref": f"#/components/responses/{status}"} for status in statuses}


def refused(digest: str) -> dict[str, Any]:
    """Each refusal by its status, as it stands among the components."""
    return {
        str(status): {
            "description": said,
            "headers": always(digest) | (_allow() if status == HTTPStatus.METHOD_NOT_ALLOWED else {}),
            "content": {"application/json": {"schema": ref(REFUSAL)}},
        }
        for status, said in REFUSALS.items()
    }


def _allow() -> dict[str, Any]:
    return {"Allow": {"required": True, "description": "The methods that are allowed.", "schema": TEXT}}


def _v1(key: str, schema: Schema) -> Schema:
    found = _object({key: schema})
    found["properties"] |= {
        "rows": _list({"type": "integer", "minimum": 0})
        | {"description": "With `partial`: the indexes of the rows that were scored."},
        "errors": _details(),
        "total": _count(),
        "warnings": _details(),
    }
    found["dependentRequired"] = {"rows": ["errors", "total"], "errors": ["rows"], "total": ["rows"]}
    return found


def _details() -> Schema:
    return {"type": "array", "items": ref(DETAIL), "maxItems": MOST_DETAILS}


def _count() -> Schema:
    return {"type": "integer", "minimum": 0, "description": "How many there are; at most 100 are listed."}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items, "minItems": 1}


def _object(properties: dict[str, Schema]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_REASON = _object({"name": TEXT, "contribution": NUMBER, "text": TEXT})
VALUES: dict[str, Schema] = {
    "probability": PROBABILITY,
    "decision": DECISION,
    "margin": NUMBER,
    "reasons": {"type": "array", "maxItems": MOST_REASONS, "items": _REASON},
    "outlier": BOOLEAN,
}
