"""Which columns get the roles that only one column can have: id, group and time."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from tollgate.look.column import Look
from tollgate.look.finding import Finding
from tollgate.look.plan import Plan
from tollgate.look.words import is_decision, is_identifier, is_later_day

DECISION = "taken for the day of the decision: role time"
ONLY_DATE = f"{DECISION}, for no other date could be; only you know whether it is that day, and else it is role: ignore"
SPARE_DATE = "a date, but not clearly the day of the decision: ignored; if it is that day, make it role: time"


def settled(plans: list[Plan], looks: Mapping[str, Look]) -> list[Plan]:
    """The plans with at most one id, one group and one time; what is left over is ignored."""
    chosen = {_id(plans, looks), _group(plans), _time(plans)}
    return [_told(plan) if plan.name in chosen else _spare(plan) for plan in plans]


def _id(plans: list[Plan], looks: Mapping[str, Look]) -> str | None:
    """The first identifier without gaps or repetition, by name if one has such a name."""
    names = [plan.name for plan in plans if plan.role == "id"]
    unique = [name for name in names if len(looks[name].texts) == looks[name].rows]
    named = [name for name in unique if is_identifier(name)]
    return next(iter([*named, *unique, *names]), None)


def _group(plans: list[Plan]) -> str | None:
    return next((plan.name for plan in plans if plan.role == "group"), None)


def _time(plans: list[Plan]) -> str | None:
    names = [plan.name for plan in plans if plan.role == "time" and not is_later_day(plan.name)]
    decided = [name for name in names if is_decision(name)]
    if len(decided) == 1:
        return decided[0]
    return names[0] if len(names) == 1 else None


def _told(plan: Plan) -> Plan:
    if plan.role == "time":
        message = DECISION if is_decision(plan.name) else ONLY_DATE
        return replace(plan, findings=[Finding("date", plan.name, message)])
    if plan.role == "id":
        return replace(plan, findings=[_with(plan.findings[0], "role id, so it never enters the model")])
    return plan


def _spare(plan: Plan) -> Plan:
    if plan.role == "time":
        return Plan(plan.name, {"role": "ignore"}, [Finding("date", plan.name, SPARE_DATE)])
    if plan.role in ("id", "group"):
        return Plan(plan.name, {"role": "ignore"}, [_with(plan.findings[0], "ignored")])
    return plan


def _with(finding: Finding, more: str) -> Finding:
    return replace(finding, message=f"{finding.message}: {more}")


def missing_together(look: Look, other: Look) -> bool:
    """Whether two columns are missing in the very same rows, and not in all."""
    return look.missing < look.rows and bool(np.array_equal(look.codes < 0, other.codes < 0))
