"""Refusing a request: one JSON shape for everything that is wrong with it."""

from collections.abc import Sequence
from typing import Any

from tollgate.contract import Problem

MOST_DETAILS = 100


class RefusalError(Exception):
    """A request that is not answered.

    Attributes:
        status: The HTTP status, 4xx; 5xx only where the server is to blame.
        details: What is wrong, row by row.
    """

    def __init__(self, status: int, error: str, details: Sequence[Problem] = ()) -> None:
        super().__init__(error)
        self.status = status
        self.details = details

    def as_json(self) -> dict[str, Any]:
        """The body of the answer: error, details (at most 100) and their total."""
        return {
            "error": str(self),
            "details": as_details(self.details),
            "total": len(self.details),
        }


def as_details(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    """The first hundred problems as JSON values."""
    return [problem.as_json() for problem in problems[:MOST_DETAILS]]


def broken_contract(problems: Sequence[Problem]) -> RefusalError:
    """The refusal of rows that break the contract."""
    first = problems[0]
    where = f"row {first.row}" + (f", column {first.column}" if first.column else "")
    return RefusalError(400, f"the rows break the contract: {where}: {first.message}", problems)
