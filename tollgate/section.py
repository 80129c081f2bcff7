"""A section of workflow.yaml: a frozen, strict model that knows its own digest."""

import json
from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from tollgate.canonical import canonical, digest


class Section(BaseModel):
    """Settings that refuse unknown keys, wrong types and later change."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Self:
        """The section from JSON values as any runner hands them over.

        Raises:
            pydantic.ValidationError: A key or value is not allowed.
        """
        return cls.model_validate_json(json.dumps(canonical(value), allow_nan=False))

    def as_json(self) -> dict[str, Any]:
        """The section as canonical JSON values; what was left out is left out."""
        values: dict[str, Any] = canonical(json.loads(self.model_dump_json(exclude_unset=True)))
        return values

    def digest(self) -> str:
        """The digest of all settings, defaults included: equal settings, equal digest."""
        return digest(json.loads(self.model_dump_json()))
