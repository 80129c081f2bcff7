"""JSON Schemas: of workflow.yaml, for editors that complete and check, and of evidence.json, for who reads it."""

from typing import Any

from pipelines.config import Workflow
from tollgate.evaluation.evidence import Evidence

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def workflow_schema() -> dict[str, Any]:
    """The schema of workflow.yaml as JSON values (JSON Schema, draft 2020-12)."""
    described: dict[str, Any] = _tidy(Workflow.model_json_schema())
    return {"$schema": DIALECT, **described, "title": "Tollgate workflow.yaml"}


def evidence_schema() -> dict[str, Any]:
    """The schema of evidence.json, of the formats that are still read."""
    described: dict[str, Any] = _tidy(Evidence.model_json_schema())
    return {"$schema": DIALECT, **described, "title": "Tollgate evidence.json"}


def _tidy(value: Any, named: bool = False) -> Any:
    """The schema without the titles that pydantic derives from names, which editors would show as help.

    Args:
        value: A part of the schema.
        named: Whether the keys are names of properties or definitions rather than keywords.
    """
    if isinstance(value, list):
        return [_tidy(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _tidy(item, named=not named and key in ("properties", "$defs"))
        for key, item in value.items()
        if named or key != "title"
    }
