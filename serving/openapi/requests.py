"""JSON Schemas of the bodies of requests."""

from collections.abc import Sequence
from typing import Any

from serving.openapi.rows import (
    Schema,
    by_name,
    by_place,
    cells,
    companion_tensors,
    companions,
    features,
    ref,
    tensor,
)
from serving.rest.v1_request import SIGNATURES
from tollgate.contract import Contract

ROW, ROW_LIST = "Row", "RowAsList"


def v1(contract: Contract, most: int, names: Sequence[str]) -> Schema:
    """A V1 body: by row, or by column.

    Args:
        contract: The contract that rows keep.
        most: How many rows are taken.
        names: The outputs that can be asked for.
    """
    row = [ref(ROW), ref(ROW_LIST)]
    columns = [_columns(contract, most)]
    if len(contract.features) == 1:  # a row may then be its only value, and the columns that one column
        (only,) = features(contract).values()
        row.append(only)
        columns.append(_column(only, most))
    instances = {"type": "array", "minItems": 1, "maxItems": most, "items": {"anyOf": row}}
    return {"anyOf": [_body("instances", instances, names), _body("inputs", {"anyOf": columns}, names)]}


def rows(contract: Contract) -> dict[str, Schema]:
    """The schemas of a row by their names among the components, and those of its cells."""
    return cells(contract) | {ROW: by_name(contract), ROW_LIST: by_place(contract)}


def v2(model: str, contract: Contract, most: int, names: Sequence[str]) -> Schema:
    """The body of `infer`: one tensor a column; those that may come along are not looked at. See `v1`."""
    tensors = [tensor(name, contract.columns[name], most) for name in contract.features]
    others = companion_tensors(contract, most)
    return {
        "type": "object",
        "properties": {
            "id": {
                "type": "string",
                "description": "The request's id; replaced unless it is [A-Za-z0-9_.-]{1,64}.",
            },
            "model_name": {"const": model},
            "inputs": {
                "description": "One tensor for each feature, in any order, all of one length.",
                "type": "array",
                "items": {"anyOf": tensors + others},
                "minItems": len(tensors),
            },
            "outputs": {"type": "array", "items": _output(names), "maxItems": len(names)},
            "parameters": {"type": "object"},
        },
        "required": ["inputs"],
        "additionalProperties": False,
    }


def _outputs(names: Sequence[str]) -> Schema:
    return {
        "description": "What is answered for each row; the probability where nothing is named.",
        "type": "array",
        "items": {"enum": list(names)},
        "uniqueItems": True,
    }


def _output(names: Sequence[str]) -> Schema:
    return {
        "type": "object",
        "properties": {"name": {"enum": list(names)}, "parameters": {"type": "object"}},
        "required": ["name"],
        "additionalProperties": False,
    }


def _body(key: str, schema: Schema, names: Sequence[str]) -> Schema:
    parameters = {"type": "object", "properties": {"outputs": _outputs(names)}, "additionalProperties": False}
    return {
        "type": "object",
        "properties": {
            key: schema,
            "signature_name": {"enum": list(SIGNATURES)},
            "parameters": parameters,
        },
        "required": [key],
        "additionalProperties": False,
    }


def _columns(contract: Contract, most: int) -> Schema:
    found = {name: _column(schema, most) for name, schema in features(contract).items()}
    others = {name: said | _column({}, most) for name, said in companions(contract).items()}
    return {
        "description": "The columns by name, all of one length.",
        "type": "object",
        "properties": found | others,
        "required": list(contract.features),
        "additionalProperties": False,
    }


def _column(values: Schema, most: int) -> Schema:
    """A value a row, as it is or in a list of its own."""
    flat: dict[str, Any] = {"type": "array", "minItems": 1, "maxItems": most, "items": values}
    nested = flat | {"items": {"type": "array", "items": values, "minItems": 1, "maxItems": 1}}
    return {"anyOf": [flat, nested]}
