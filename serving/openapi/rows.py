"""JSON Schemas of cells and rows, from the contract."""

import math
from typing import Any

from serving.predictor import datatype
from tollgate.canonical import EXACT_INTEGERS
from tollgate.contract import Column, Contract
from tollgate.contract.columns import LARGEST, bounds
from tollgate.contract.rows import COMPANIONS

Schema = dict[str, Any]
IGNORED = "the {role} column: may come along, and is not looked at"


def cell(column: Column) -> Schema:
    """What a cell of a column may hold."""
    schema = _category(column) if column.values is not None else _plain(column)
    if column.missing != "allowed":
        return schema
    return {"anyOf": [schema, {"enum": [None, *column.missing_values]}]}


def ref(name: str) -> Schema:
    """A schema among the components."""
    return {"$ref": f"#/components/schemas/{name}"}


def cells(contract: Contract) -> dict[str, Schema]:
    """The schemas of the features by their names among the components, which columns' own names could not be."""
    return {
        f"Feature{place}": {"title": name} | cell(contract.columns[name])
        for place, name in enumerate(contract.features)
    }


def features(contract: Contract) -> dict[str, Schema]:
    """References to the schemas of the features, by column."""
    return dict(zip(contract.features, map(ref, cells(contract)), strict=True))


def by_name(contract: Contract) -> Schema:
    """A row as an object: every feature, and what may come along."""
    return {
        "title": "a row as an object",
        "type": "object",
        "properties": features(contract) | companions(contract),
        "required": list(contract.features),
        "additionalProperties": False,
    }


def by_place(contract: Contract) -> Schema:
    """A row as a list: the features alone, in the contract's order."""
    count = len(contract.features)
    return {
        "title": "a row as a list: the features in the contract's order",
        "type": "array",
        "prefixItems": list(features(contract).values()),
        "items": False,
        "minItems": count,
        "maxItems": count,
    }


def companions(contract: Contract) -> dict[str, Schema]:
    """The columns that may come along in an object, by name."""
    return {
        name: {"description": IGNORED.format(role=role)}
        for role in COMPANIONS
        for name in contract.names(role)
    }


def tensor(name: str, column: Column, most: int) -> Schema:
    """A column as a tensor of the V2 protocol, in its own datatype."""
    return _tensor(name, datatype(column), _in_tensor(column), most) | {"title": name}


def companion_tensors(contract: Contract, most: int) -> list[Schema]:
    """The tensors that may come along, as texts; other datatypes are taken too."""
    text = {"type": ["string", "null"]}
    return [_tensor(name, "BYTES", text, most) | said for name, said in companions(contract).items()]


def _tensor(name: str, kind: str, values: Schema, most: int) -> Schema:
    data = [{"type": "array", "minItems": 1, "maxItems": most, "items": values}]
    data.append(data[0] | {"items": {"type": "array", "items": values, "minItems": 1, "maxItems": 1}})
    return {
        "type": "object",
        "properties": {
            "name": {"const": name},
            "datatype": {"const": kind},
            "shape": shape(most),
            "data": {"anyOf": data},
            "parameters": {"type": "object", "properties": {"binary_data_size": False}},
        },
        "required": ["name", "datatype", "shape", "data"],
        "additionalProperties": False,
    }


def shape(most: int) -> Schema:
    """The shape of a column: [rows] or [rows, 1]."""
    return {
        "description": "[rows] or [rows, 1]",
        "type": "array",
        "prefixItems": [{"type": "integer", "minimum": 1, "maximum": most}, {"const": 1}],
        "items": False,
        "minItems": 1,
        "maxItems": 2,
    }


def _in_tensor(column: Column) -> Schema:
    """A cell as its datatype holds it: what stands for a missing value must be of the datatype too."""
    schema = cell(column)
    if column.missing != "allowed":
        return schema
    kind = datatype(column)
    gaps = [value for value in column.missing_values if _holds(kind, value)]
    if kind == "BYTES":
        gaps.append("")
    return {"anyOf": [schema["anyOf"][0], {"enum": [None, *dict.fromkeys(gaps)]}]}


def _holds(kind: str, value: object) -> bool:
    if kind == "BYTES":
        return isinstance(value, str)
    return (
        isinstance(value, int) or (isinstance(value, float) and kind == "FP64") if kind != "BOOL" else False
    )


def _category(column: Column) -> Schema:
    values = list(column.values or ())
    if column.unknown == "refuse":
        return {"enum": values}
    said = "any other is scored as one that was never seen"
    if column.of_whole_numbers:
        return _whole(-math.inf, math.inf) | {"description": f"one of {values}; {said}"}
    return {"type": "string", "minLength": 1, "description": f"one of {', '.join(map(str, values))}; {said}"}


def _plain(column: Column) -> Schema:
    if column.type == "boolean":
        return {"type": "boolean"}
    if column.type == "date":
        return {
            "type": "string",
            "format": "date",
            "not": {"pattern": "^0000"},  # a day that JSON Schema has, and the calendar has not
            "description": "YYYY-MM-DD",
        }
    low, high = bounds(column)
    said: Schema = {}
    if column.out_of_bounds != "refuse":
        scored = "as it is" if column.out_of_bounds == "warn" else "as the bound"
        said = {"description": f"{_span(low, high)}; what is beyond is scored {scored}, with a warning"}
        low, high = -math.inf, math.inf
    return (_whole(low, high) if column.type == "integer" else _number(low, high)) | said


def _number(low: float, high: float) -> Schema:
    return {"type": "number", "minimum": max(low, -LARGEST), "maximum": min(high, LARGEST)}


def _whole(low: float, high: float) -> Schema:
    largest = EXACT_INTEGERS - 1
    return {
        "type": "integer",
        "minimum": int(max(low, -largest)),
        "maximum": int(min(high, largest)),
    }


def _span(low: float, high: float) -> str:
    """Bounds in words."""
    if math.isinf(high):
        return f"at least {low:.15g}"
    return f"at most {high:.15g}" if math.isinf(low) else f"{low:.15g} to {high:.15g}"
