"""The JSON Schema of workflow.yaml, for editors that complete and check while one types."""

from typing import Any

from pipelines.config import Workflow

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def workflow_schema() -> dict[str, Any]:
    """The schema as JSON values (JSON Schema, draft 2020-12)."""
    schema = Workflow.model_json_schema()
    described: dict[str, Any] = _tidy(schema)
    return {"$schema": DIALECT, **described, "title": "Tollgate workflow.yaml"}


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
