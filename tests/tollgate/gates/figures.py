"""Figures to judge, made up."""

from tollgate.evaluation.figure import Figure


def figure(
    value: float | None, low: float | None = None, high: float | None = None, reason: str = ""
) -> Figure:
    return Figure(value=value, low=low, high=high, reason=reason)
