"""Why the target is missing in some rows: rejected applicants, and labels that are not known yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from tollgate.data.casts import as_boolean, as_date
from tollgate.look.column import Look
from tollgate.look.finding import Finding
from tollgate.look.plan import Plan
from tollgate.look.roles import missing_together
from tollgate.look.words import words_of

ACCEPTED = {
    "accepted",
    "approved",
    "booked",
    "funded",
    "granted",
    "aceito",
    "aprovado",
    "aceptado",
    "aprobado",
}


@dataclass(frozen=True)
class Labels:
    """When and for whom the target is known.

    Attributes:
        settings: The keys `label` and `selection` of the section data.
        plans: The columns that they name, planned anew.
        findings: What to tell about the target.
    """

    settings: dict[str, Any] = field(default_factory=dict)
    plans: dict[str, Plan] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def labels_of(target: Look, looks: Mapping[str, Look], time: str | None) -> Labels:
    """What the columns say about rows without a target."""
    if not target.missing:
        return Labels()
    settings: dict[str, Any] = {}
    plans = {}
    unknown = target.codes < 0
    known_at = next((name for name in looks if _is_known_at(looks[name], target, looks, time)), None)
    if known_at:
        settings["label"] = {"known_at": known_at}
        told = Finding(
            "label",
            known_at,
            "filled where the target is, and never before the decision: data.label names it",
        )
        plans[known_at] = Plan(known_at, {"type": "date", "role": "ignore", "missing": "allowed"}, [told])
        unknown = np.zeros_like(unknown)
    accepted = next((name for name in looks if _is_accepted(looks[name], target)), None)
    if accepted:
        settings["selection"] = {"accepted": accepted}
        told = Finding("selection", accepted, "no target where this is false: data.selection names it")
        plans[accepted] = Plan(accepted, {"type": "boolean", "role": "ignore"}, [told])
        unknown = unknown & ~_refused(looks[accepted])
    findings = []
    if unknown.any():
        rows = int(unknown.sum())
        message = (
            f"the target is missing in {rows} {'row' if rows == 1 else 'rows'}, which `tollgate run` refuses: "
            "take them out, or say under data.label or data.selection why"
        )
        findings.append(Finding("missing target", target.name, message))
    return Labels(settings, plans, findings)


def _is_known_at(look: Look, target: Look, looks: Mapping[str, Look], time: str | None) -> bool:
    if time is None or look.kind != "date" or look.name == time or not missing_together(look, target):
        return False
    told = look.codes >= 0
    return bool((_days(look)[told] >= _days(looks[time])[told]).all())


def _is_accepted(look: Look, target: Look) -> bool:
    if look.missing or not ACCEPTED & set(words_of(look.name)):
        return False
    refused = _refused(look)
    return bool(refused.any() and not refused.all() and (target.codes[refused] < 0).all())


def _refused(look: Look) -> np.ndarray[Any, Any]:
    """The rows that are false, or 0; none where a column holds anything else than true and false."""
    told = as_boolean(pa.array(look.texts, pa.string()))
    if told.null_count or not len(told):
        return np.zeros(look.rows, dtype=bool)
    return ~np.asarray(told.to_numpy(zero_copy_only=False), dtype=bool)[look.codes]


def _days(look: Look) -> np.ndarray[Any, Any]:
    days = as_date(pa.array(look.texts, pa.string())).cast(pa.int32()).to_numpy(zero_copy_only=False)
    return np.append(days, 0)[look.codes]
