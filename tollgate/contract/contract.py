"""The contract: the columns in order, by role, and its written form."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal, Self

from pydantic import model_validator

from tollgate.canonical import digest
from tollgate.contract.columns import Column, Role
from tollgate.section import Section

FORMAT_VERSION: Literal[1] = 1
MOST_COLUMNS = 2000
RESERVED = "__"
ONLY_ONE: tuple[Role, ...] = ("target", "time", "id", "group")


class Contract(Section):
    """What a row must look like.

    Attributes:
        version: The format of contract.json.
        columns: The columns by name, in the order in which features enter the graph.
    """

    version: Literal[1] = FORMAT_VERSION
    columns: Mapping[str, Column]

    @classmethod
    def of(cls, columns: Mapping[str, Column]) -> Self:
        """The contract of some columns."""
        return cls(version=FORMAT_VERSION, columns=dict(columns))

    @model_validator(mode="after")
    def _coherent(self) -> Self:
        if len(self.columns) > MOST_COLUMNS:
            raise ValueError(f"{len(self.columns)} columns; at most {MOST_COLUMNS} are supported")
        for name in self.columns:
            if not name.strip() or name.startswith(RESERVED):
                raise ValueError(
                    f"a column cannot be named {name!r}: empty names and {RESERVED}... are not allowed"
                )
        for role in ONLY_ONE:
            names = self.names(role)
            if len(names) > 1:
                raise ValueError(f"more than one column has the role {role}: {', '.join(names)}")
        self._refuse_ambiguous_groups()
        if not self.names("target"):
            raise ValueError("no column has the role target: say which one is to be predicted")
        if not self.features:
            raise ValueError("no column is a feature: there is nothing to predict from")
        return self

    def names(self, role: Role) -> tuple[str, ...]:
        """The names of the columns with a role, in order."""
        return tuple(name for name, column in self.columns.items() if column.role == role)

    def only(self, role: Role) -> str | None:
        """The name of the one column with a role, or None."""
        return next(iter(self.names(role)), None)

    def _refuse_ambiguous_groups(self) -> None:
        columns = {name: self.columns[name] for name in self.names("feature")}
        alone = {name for name, column in columns.items() if column.reason_group is None}
        for name, column in columns.items():
            if column.reason_group in alone:
                raise ValueError(
                    f"`reason_group` of {name} is {column.reason_group!r}, which is a feature outside of that group: "
                    "name the group otherwise"
                )

    @cached_property
    def features(self) -> tuple[str, ...]:
        """The names of the features, in the order in which they enter the graph."""
        return self.names("feature")

    @property
    def target(self) -> str:
        """The name of the target column."""
        return self.names("target")[0]

    def as_json(self) -> dict[str, Any]:
        """The contract as written to contract.json; the order of columns is part of it."""
        columns = [{"name": name, **column.as_json()} for name, column in self.columns.items()]
        return {"version": FORMAT_VERSION, "columns": columns}

    def digest(self) -> str:
        """The digest of the contract as written: the order of columns counts."""
        return digest(self.as_json())

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote.

        Raises:
            ValueError: The value is no contract of this format.
        """
        if value.get("version") != FORMAT_VERSION or set(value) != {"version", "columns"}:
            raise ValueError(f"not a contract of format version {FORMAT_VERSION}")
        columns = {}
        for item in value["columns"]:
            settings = dict(item)
            name = settings.pop("name")
            if name in columns:
                raise ValueError(f"column {name!r} stands twice in the contract")
            columns[name] = Column.read(settings)
        return cls.of(columns)
