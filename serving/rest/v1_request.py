"""What a V1 request asks: rows, by row or by column as TensorFlow Serving takes them, and outputs."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import msgspec
from msgspec import UNSET, Struct, UnsetType

from serving.names import MOST_NAMES, refuse_unknown
from serving.outputs import DEFAULT, wanted_outputs
from serving.refusal import RefusalError
from serving.rest.body import read_body, refuse_flood
from serving.rest.crowd import refuse_crowded
from tollgate.contract import RowChecker
from tollgate.contract.problems import LONGEST_VALUE
from tollgate.contract.typed import UNFIT

KEYS = ("instances", "inputs", "signature_name", "parameters")
SIGNATURES = ("", "serving_default")
FORM = "a V1 request is {'instances': [row, ...]} or {'inputs': {column: [value, ...], ...}}"
Form = Literal["row", "column"]


class Asked(NamedTuple):
    """What a V1 request asks.

    Attributes:
        rows: The rows: in the contract's types, or as decoded from JSON.
        typed: Which of both.
        outputs: The outputs.
        form: Whether rows came by row or by column; the answer has the same form.
    """

    rows: list[Any]
    typed: bool
    outputs: tuple[str, ...] = DEFAULT
    form: Form = "row"


class _Parameters(Struct, forbid_unknown_fields=True, gc=False):
    outputs: list[str] | UnsetType = UNSET


class _Flood(Struct, gc=False):
    instances: list[msgspec.Raw] = []


class V1Reader:
    """Reads the bodies of V1 requests for one contract."""

    def __init__(self, checker: RowChecker, most_rows: int) -> None:
        self._typed, self._features, self._most = checker.typed, checker.features, most_rows
        self._known = checker.known
        request = msgspec.defstruct(
            "Request",
            [
                ("instances", list[checker.typed.row]),  # type: ignore[name-defined]
                ("parameters", _Parameters | UnsetType, UNSET),
                ("signature_name", Literal[SIGNATURES] | UnsetType, UNSET),
            ],
            forbid_unknown_fields=True,
            gc=False,
        )
        self._decode = msgspec.json.Decoder(request).decode
        self._flood = msgspec.json.Decoder(_Flood).decode

    def usual(self, body: bytes) -> Asked | None:
        """Read a body whose rows are in the contract's types; None where anything is out of the way."""
        try:
            request: Any = self._decode(body)
        except UNFIT:
            return None
        rows = request.instances
        keys = 1 + self._typed.keys(rows)
        outputs: tuple[str, ...] = DEFAULT
        if request.parameters is not UNSET:
            keys += 1
            if request.parameters.outputs is not UNSET:
                keys += 1
                outputs = wanted_outputs(request.parameters.outputs)
        if request.signature_name is not UNSET:
            keys += 1
        # A key that stands twice is one colon more than there are keys; so is a colon in a text, which is read again.
        if body.count(b":") != keys or not 0 < len(rows) <= self._most:
            return None
        return Asked(rows, True, outputs)

    def read(self, body: bytes) -> Asked:
        """Read any body, strictly.

        Raises:
            RefusalError: 400: it is no V1 request.
        """
        rows = refuse_flood(body, self._counted, self._most)
        refuse_crowded(body, rows * len(self._known) + MOST_NAMES, rows + MOST_NAMES)
        value = read_body(body)
        others = sorted(set(value) - set(KEYS))
        if others:
            raise RefusalError(400, f"unknown key {others[0][:LONGEST_VALUE]!r}; {FORM}")
        if ("instances" in value) == ("inputs" in value):
            both = "instances" in value
            raise RefusalError(
                400, f"`instances` and `inputs` {'both stand there' if both else 'are missing'}; {FORM}"
            )
        if value.get("signature_name", "") not in SIGNATURES:
            raise RefusalError(400, f"there is no such `signature_name`; there is {SIGNATURES[1]}")
        outputs = _outputs(value.get("parameters", {}))
        if "instances" in value:
            return Asked(self._rows(value["instances"]), False, outputs)
        return Asked(self._columns(value["inputs"]), False, outputs, "column")

    def _counted(self, body: bytes) -> int:
        return len(self._flood(body).instances)

    def _rows(self, rows: Any) -> list[Any]:
        if not isinstance(rows, list):
            raise RefusalError(400, f"`instances` is no list; {FORM}")
        if not rows:
            raise RefusalError(400, "`instances` is empty: there is no row to score")
        if len(self._features) == 1:  # a row may then be its only value, as TensorFlow Serving has it
            return [row if isinstance(row, (dict, list)) else [row] for row in rows]
        return rows

    def _columns(self, columns: Any) -> list[Any]:
        if isinstance(columns, list) and len(self._features) == 1:
            columns = {self._features[0]: columns}
        if not isinstance(columns, dict) or not columns:
            raise RefusalError(400, f"`inputs` is no object of columns; {FORM}")
        found = {name: _column(name, values) for name, values in columns.items()}
        lengths = {name: len(values) for name, values in found.items()}
        first, length = next(iter(lengths.items()))
        for name, other in lengths.items():
            if other != length:
                shown = f"{name[:LONGEST_VALUE]!r} has {other} values, {first[:LONGEST_VALUE]!r} has {length}"
                raise RefusalError(400, f"the columns of `inputs` differ in length: {shown}")
        if not length:
            raise RefusalError(400, "the columns of `inputs` are empty: there is no row to score")
        if length > self._most:
            raise RefusalError(400, f"{length} rows; at most {self._most} are taken at once here")
        refuse_unknown(found, self._known)
        return [dict(zip(found, row, strict=True)) for row in zip(*found.values(), strict=True)]


def _column(name: str, values: Any) -> list[Any]:
    """The values of a column; one value a row may stand in a list of its own."""
    if not isinstance(values, list):
        raise RefusalError(400, f"the column {name[:LONGEST_VALUE]!r} of `inputs` is no list")
    if values and all(isinstance(value, list) and len(value) == 1 for value in values):
        return [value[0] for value in values]
    return values


def _outputs(parameters: Mapping[str, Any] | Any) -> tuple[str, ...]:
    if not isinstance(parameters, dict) or not set(parameters) <= {"outputs"}:
        raise RefusalError(400, "`parameters` is an object that may have the key `outputs` alone")
    asked = parameters.get("outputs", [])
    if not isinstance(asked, list):
        raise RefusalError(400, "`outputs` is no list of names")
    return wanted_outputs(asked)
