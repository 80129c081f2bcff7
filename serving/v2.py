"""The V2 protocol (Open Inference Protocol): one tensor a column in, named outputs out."""

from typing import Any

from serving.refusal import RefusalError
from tollgate.bundle.scorer import OUTPUTS, Scores

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
    tensors = body.get("inputs")
    if not isinstance(tensors, list) or not tensors:
        raise RefusalError(400, "`inputs` is missing, empty or no list: send one tensor a column")
    columns: dict[str, list[Any]] = {}
    for tensor in tensors:
        name, values = _column(tensor, most_rows)
        if name in columns:
            raise RefusalError(400, f"the input {name!r} stands twice")
        columns[name] = values
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        raise RefusalError(400, f"the inputs differ in length: {dict(list(lengths.items())[:5])}")
    if not next(iter(lengths.values())):
        raise RefusalError(400, "the inputs are empty: there is no row to score")
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def wanted_outputs(body: dict[str, Any]) -> list[str]:
    """The outputs that a request asks for; probability and approved where it does not say.

    Raises:
        RefusalError: 400: there is no such output.
    """
    asked = body.get("outputs")
    if asked is None:
        return ["probability", "approved"]
    names = [item.get("name") if isinstance(item, dict) else None for item in _list(asked, "`outputs`")]
    for name in names:
        if name not in OUTPUTS:
            raise RefusalError(400, f"there is no output {str(name)[:64]!r}; there are {', '.join(OUTPUTS)}")
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
    _only(tensor, TENSOR_KEYS, f"the input {name[:64]!r}")
    kind = tensor.get("datatype")
    if not isinstance(kind, str) or kind not in _TYPES:
        raise RefusalError(400, f"the input {name!r} has no known datatype; there are {', '.join(_TYPES)}")
    values = _flat(_list(tensor.get("data"), f"the data of the input {name!r}"))
    _check_shape(name, tensor.get("shape"), len(values))
    if len(values) > most_rows:
        raise RefusalError(400, f"{len(values)} rows; at most {most_rows} are scored at once")
    for row, value in enumerate(values):
        if value is not None and (
            not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) != (kind == "BOOL"))
        ):
            raise RefusalError(400, f"the input {name!r} is {kind}, but its value in row {row} is not")
    return name, [None if value == "" and kind == "BYTES" else value for value in values]


def _check_shape(name: str, shape: Any, length: int) -> None:
    plain = isinstance(shape, list) and all(type(size) is int for size in shape)
    if not plain or shape not in ([length], [length, 1]):
        raise RefusalError(400, f"the input {name!r} needs the shape [rows] or [rows, 1] and as many values")


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
            400, f"{what} has an unknown key {others[0][:64]!r}; known are {', '.join(sorted(known))}"
        )
