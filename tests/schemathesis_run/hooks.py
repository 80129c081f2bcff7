"""What schemathesis has to know besides the document: rules of a body that JSON Schema cannot say.

Columns have one length, a shape says that length, each feature has one tensor, an integer is not written 1.0 there, no
output is asked for twice. A body drawn from the schemas is made to keep them; where schemathesis sends one that does
not, a refusal that says so is right.
"""

import re
from collections.abc import Iterable
from typing import Any

import schemathesis
from schemathesis import Case, HookContext, Response
from schemathesis.core.failures import Failure

UNSAYABLE = "differ in length|asked for twice|nested too deeply|at most 50 are taken"
# Of tensors alone: the schema of a row of the V1 protocol names its columns, and takes 1.0 for an integer.
OF_TENSORS = f"{UNSAYABLE}|stands twice|as many values|is declared INT64|the column is not there"


@schemathesis.hook
def map_case(context: HookContext, case: Case[Any]) -> Case[Any]:
    """Make a body that was drawn from the schemas keep the rules that they cannot say."""
    body = case.body
    if _positive(case) and isinstance(body, dict):
        case.body = body | _kept(body)
    return case


@schemathesis.hook
def filter_failure(context: HookContext, failure: Failure, case: Case[Any], response: Response) -> bool:
    """Whether a failure is one: a refusal for a rule that no schema can say is none."""
    refused = failure.code == "ST202" and response.status_code == 400
    unsayable = OF_TENSORS if case.operation.path.endswith("/infer") else UNSAYABLE
    return not (refused and re.search(unsayable, response.json()["error"]))


def _positive(case: Case[Any]) -> bool:
    return case.meta is not None and case.meta.generation.mode.is_positive


def _kept(body: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    inputs, outputs = body.get("inputs"), body.get("outputs")
    if isinstance(inputs, dict):
        length = _shortest(inputs.values())
        found["inputs"] = {name: values[:length] for name, values in inputs.items()}
    elif isinstance(inputs, list):
        length = _shortest(tensor["data"] for tensor in inputs)
        by_name = {tensor["name"]: tensor for tensor in inputs}
        found["inputs"] = [
            tensor | {"data": _whole(tensor["data"][:length]), "shape": [length, *tensor["shape"][1:]]}
            for tensor in by_name.values()
        ]
    if isinstance(outputs, list):
        found["outputs"] = list({output["name"]: output for output in outputs}.values())
    return found


def _shortest(columns: Iterable[Any]) -> int:
    return min(map(len, columns), default=0)


def _whole(values: list[Any]) -> list[Any]:
    """Values with integers for whole numbers: that they are so written no schema can say."""
    if any(isinstance(value, list) for value in values):
        return [_whole(value) for value in values]
    return [int(value) if isinstance(value, float) and value.is_integer() else value for value in values]
