"""A figure against its limit: the one rule of every gate, for figures where more is worse."""

from tollgate.evaluation.figure import Figure
from tollgate.gates.finding import Finding, Harm, Status, lacking, usable
from tollgate.short import short


def against(
    gate: str,
    subject: str,
    figure: Figure,
    limit: float,
    said: str,
    few: str = "",
    alarm: bool = False,
    waivable: bool = True,
) -> Finding:
    """The finding that a figure is at most its limit.

    Args:
        gate: The gate's name.
        subject: What it looked at.
        figure: The figure; more is worse.
        limit: The most that is allowed.
        said: What the figure is, in words; its value, interval and limit are added.
        few: Why the rows are too few to say anything; empty where they are not.
        alarm: Whether the worst that is found is INCONCLUSIVE: something that a person has to look at.
        waivable: Whether a waiver may let the model through despite it.
    """
    if not usable(figure.estimate):
        return lacking(gate, subject, f"{said} has no interval: {figure.reason or 'it was not measured'}")
    value, low, high = (end or 0.0 for end in (figure.value, figure.low, figure.high))
    harm = Harm(low=low, high=high, limit=limit)
    status: Status = "INCONCLUSIVE" if few or (alarm and harm.status == "FAIL") else harm.status
    exact = "" if low == high else f" [{short(low, 4)}, {short(high, 4)}]"
    message = f"{said} is {short(value, 4)}{exact}; at most {short(limit)} is allowed"
    return Finding(
        gate=gate,
        subject=subject,
        status=status,
        message=f"{message}; {few}" if few else message,
        harm=harm,
        figures=figure.as_json(),
        waivable=waivable,
    )


def worst(figures: dict[str, Figure]) -> str:
    """The name of the figure whose interval reaches highest."""
    return max(figures, key=lambda name: figures[name].high or 0.0)
