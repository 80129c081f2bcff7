"""The V2 protocol (Open Inference Protocol): one tensor a column in, named outputs out."""

from typing import Any

from serving.refusal import RefusalError, broken_contract
from tollgate.bundle.scorer import OUTPUTS, Scores
from tollgate.contract import Problem
from tollgate.contract.problems import LONGEST_VALUE, shown

REQUEST_KEYS = {"id", "inputs", "outputs", "parameters"}
TENSOR_KEYS = {"name", "shape", "datatype", "data", "parameters"}
_INTEGERS = {f"{sign}INT{bits}" for sign in ("", "U") for bits in (8, 16, 32, 64)}
_TYPES: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(_INTEGERS, (int,)),
    **dict.fromkeys(("FP16", "FP32", "FP64"), (int, float)),
    "BOOL": (bool,),
    "BYTES": (str,),
}
_DATATYPES = {"probability": "FP64", "margin": "FP64", "approved": "BOOL"}


def read_v2(body: dict[str, Any], most_rows: int) -> list[dict[str, Any]]:
    """The rows of a V2 request.

    Raises:
        RefusalError: 400: tensors that are not one column each, of equal length, with data that fits.
    """
    _only(body, REQUEST_KEYS, "the request")
    if not isinstance(body.get("id", ""), str):
        raise RefusalError(400, "the `id` of a request is a text")
    tensors = body.get("inputs")
    if not isinstance(tensors, list) or not tensors:
        raise RefusalError(400, "`inputs` is missing, empty or no list: send one tensor a column")
    columns: dict[str, list[Any]] = {}
    for tensor in tensors:
        name, values = _column(tensor, most_rows)
        if name in columns:
            raise RefusalError(400, f"the input {name[:LONGEST_VALUE]!r} stands twice")
        columns[name] = values
    _check_lengths({name: len(values) for name, values in columns.items()})
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _check_lengths(lengths: dict[str, int]) -> None:
    (first, length), *others = lengths.items()
    for name, other in others:
        if other != length:
            longer = f"{name[:LONGEST_VALUE]!r} has {other} values, {first[:LONGEST_VALUE]!r} has {length}"
            raise RefusalError(400, f"the inputs differ in length: {longer}")
    if not length:
        raise RefusalError(400, "the inputs are empty: there is no row to score")


def wanted_outputs(body: dict[str, Any]) -> list[str]:
    """The outputs that a request asks for; probability and approved where it does not say.

    Raises:
        RefusalError: 400: there is no such output.
    """
    asked = body.get("outputs")
    if asked is None or asked == []:
        return ["probability", "approved"]
    names = [item.get("name") if isinstance(item, dict) else None for item in _list(asked, "`outputs`")]
    for name in names:
        if name not in OUTPUTS:
            raise RefusalError(
                400, f"there is no output {str(name)[:LONGEST_VALUE]!r}; there are {', '.join(OUTPUTS)}"
            )
    return [str(name) for name in names]


def write_v2(
    scores: Scores, body: dict[str, Any], outputs: list[str], name: str, version: str
) -> dict[str, Any]:
    """The V2 answer."""
    tensors = [
        {
            "name": output,
            "datatype": _DATATYPES[output],
            "shape": [len(scores.probability)],
            "data": getattr(scores, output).tolist(),
        }
        for output in outputs
    ]
    answer: dict[str, Any] = {"model_name": name, "model_version": version, "outputs": tensors}
    if isinstance(body.get("id"), str):
        answer["id"] = body["id"]
    return answer


def _column(tensor: Any, most_rows: int) -> tuple[str, list[Any]]:
    """The name and the values of one tensor; "" in BYTES is a missing value, as null is."""
    if not isinstance(tensor, dict) or not isinstance(tensor.get("name"), str):
        raise RefusalError(400, "an input is an object with name, shape, datatype and data")
    name = tensor["name"]
    what = f"the input {name[:LONGEST_VALUE]!r}"
    _only(tensor, TENSOR_KEYS, what)
    kind = tensor.get("datatype")
    if not isinstance(kind, str) or kind not in _TYPES:
        raise RefusalError(400, f"{what} has no known datatype; there are {', '.join(_TYPES)}")
    values = _flat(_list(tensor.get("data"), f"the data of {what}"))
    _check_shape(what, tensor.get("shape"), len(values))
    if len(values) > most_rows:
        raise RefusalError(400, f"{len(values)} rows; at most {most_rows} are scored at once")
    others = [row for row, value in enumerate(values) if not _fits(value, kind)]
    if others:
        message = f"the input is declared {kind}"
        column = name[:LONGEST_VALUE]
        raise broken_contract([Problem(row, column, "type", shown(values[row]), message) for row in others])
    return name, [None if value == "" and kind == "BYTES" else value for value in values]


def _fits(value: Any, kind: str) -> bool:
    if value is None:
        return True
    return isinstance(value, _TYPES[kind]) and isinstance(value, bool) == (kind == "BOOL")


def _check_shape(what: str, shape: Any, length: int) -> None:
    plain = isinstance(shape, list) and all(type(size) is int for size in shape)
    if not plain or shape not in ([length], [length, 1]):
        raise RefusalError(400, f"{what} needs the shape [rows] or [rows, 1] and as many values")


def _flat(values: list[Any]) -> list[Any]:
    """Rows of one value each may come as [[1], [2]] too."""
    if values and all(isinstance(value, list) and len(value) == 1 for value in values):
        return [value[0] for value in values]
    return values


def _list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise RefusalError(400, f"{what} is no list")
    return value


def _only(found: dict[str, Any], known: set[str], what: str) -> None:
    others = sorted(set(found) - known)
    if others:
        raise RefusalError(
            400,
            f"{what} has an unknown key {others[0][:LONGEST_VALUE]!r}; known are {', '.join(sorted(known))}",
        )
