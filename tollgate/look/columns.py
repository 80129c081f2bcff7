"""Which role each column gets, one rule after the other: the first that speaks decides."""

import numpy as np
import pyarrow as pa

from tollgate.data.casts import as_date
from tollgate.look.column import Look
from tollgate.look.dates import odd_days
from tollgate.look.finding import Finding
from tollgate.look.leaks import TOO_GOOD, area_alone, area_of_missing
from tollgate.look.plan import Plan, Table, ignored, percent
from tollgate.look.typed import has_many_levels, is_nominal, missing, typed
from tollgate.look.words import is_identifier, is_later_day, is_owner, known_later, protected

NEARLY_ALL = 0.995
MOST_GROUPS = 200
UNIQUE = 0.95
AGES = (14, 120)
AGE_BANDS = [25, 40, 62]


def plan_column(look: Look, table: Table) -> Plan:
    """What to do with a column that is not the target."""
    for rule in (_empty, _protected, _unreadable, _constant, _identifier, _date, _many_levels):
        plan = rule(look, table)
        if plan is not None:
            return plan
    settings, findings = typed(look, table)
    findings += _leak(look, table) + _near_constant(look)
    return Plan(look.name, {**settings, "known": "unconfirmed"}, findings)


def _empty(look: Look, _: Table) -> Plan | None:
    return ignored(look, "empty", "every value is missing: ignored") if look.kind == "empty" else None


def _protected(look: Look, table: Table) -> Plan | None:
    attribute = protected(look.name)
    if not attribute:
        return None
    told = Finding(
        "protected-looking", look.name, f"looks like {attribute}: protected, so it never enters the model"
    )
    texts = is_nominal(look)
    unusable = look.kind in ("other date", "signed number") or look.strays or look.not_finite
    if unusable or (texts and (len(look.texts) > MOST_GROUPS or _stands_once(look))):
        message = f"looks like {attribute}, but its values make no groups as they are: ignored"
        return ignored(look, "protected-looking", message)
    settings, findings = typed(look, table)
    settings["role"] = "protected"
    bands = _bands(look, attribute) if settings["type"] in ("number", "integer") else []
    if bands:
        settings["bands"] = bands
    return Plan(look.name, settings, [told, *findings])


def _unreadable(look: Look, _: Table) -> Plan | None:
    if look.kind == "other date":
        more = "" if is_later_day(look.name) else ", most of all if it is the day of the decision"
        return ignored(look, "date", f"a date, {look.form}: ignored; write YYYY-MM-DD to use it{more}")
    if look.kind == "signed number":
        message = f"numbers with {look.form}: ignored; write them as 93101.50 to use them"
        return ignored(look, "signed number", message)
    if look.not_finite:
        return ignored(look, "not finite", "holds numbers that are infinite: ignored; mend them")
    if look.strays and has_many_levels(look):
        message = f"mostly numbers, but {look.strays} of {look.filled} values are none: ignored; mend them"
        return ignored(look, "mixed", message)
    return None


def _constant(look: Look, _: Table) -> Plan | None:
    if len(look.texts) == 1 and look.filled == look.rows:
        return ignored(look, "constant", "the same value in every row: ignored")
    return None


def _identifier(look: Look, table: Table) -> Plan | None:
    """An id for now; only one column can have that role."""
    different = len(look.texts)
    if look.kind not in ("text", "integer") or look.words or look.rows < 2:
        return None
    named = is_identifier(look.name)
    if is_owner(look.name) and MOST_GROUPS < different < look.filled:
        told = Finding(
            "id-like", look.name, "an identifier that comes back: rows of one value stay in one part"
        )
        return Plan(look.name, {"role": "group", **missing(look, table)}, [told])
    if different >= UNIQUE * look.rows and (look.kind == "text" or named or _counts_up(look)):
        told = Finding("id-like", look.name, "another value in nearly every row, like an identifier")
        return Plan(look.name, {"role": "id", **missing(look, table)}, [told])
    if named and look.kind == "integer" and different > 0.5 * look.rows:
        return ignored(look, "id-like", "an identifier by its name and values: ignored")
    return None


def _date(look: Look, _: Table) -> Plan | None:
    """A time for now; only one column can have that role, and it must be fit for it."""
    if look.kind != "date":
        return None
    days = as_date(pa.array(look.texts, pa.string()))
    odd = [str(day) for day in odd_days(days)]
    if odd:
        rows = sum(look.count(text) for text in look.texts if text.strip() in odd)
        message = f"a date, with {' and '.join(odd)} in {rows} {'row' if rows == 1 else 'rows'}, which stands for none"
        return ignored(look, "date", f"{message}: ignored; leave these empty, or write the day")
    if look.missing or len(look.texts) < 2:
        return ignored(
            look, "date", "a date that not every row has: ignored; a date as such tells a model little"
        )
    return Plan(look.name, {"role": "time"}, [])


def _many_levels(look: Look, _: Table) -> Plan | None:
    if not is_nominal(look) or not has_many_levels(look):
        return None
    return ignored(
        look, "high-cardinality", f"{len(look.texts)} different texts in {look.rows} rows: ignored"
    )


def _leak(look: Look, table: Table) -> list[Finding]:
    found = []
    area = area_alone(look, table.events)
    if area is not None and area >= TOO_GOOD:
        found.append(f"alone almost decides the target (ROC AUC {area:.3f})")
    of_missing = area_of_missing(look, table.events) if look.missing else None
    if of_missing is not None and of_missing >= TOO_GOOD:
        found.append(f"whether it is missing almost decides the target (ROC AUC {of_missing:.3f})")
    if known_later(look.name):
        found.append("speaks by its name of what comes after the decision")
    if not found:
        return []
    advice = "IS IT KNOWN BEFORE THE DECISION? If not: role: ignore"
    return [Finding("leak-like", look.name, f"{' and '.join(found)}: {advice}")]


def _near_constant(look: Look) -> list[Finding]:
    if not look.texts or look.counts[0] < NEARLY_ALL * look.rows:
        return []
    share = percent(look.counts[0] / look.rows)
    return [Finding("near-constant", look.name, f"one value in {share} of the rows: it can tell little")]


def _counts_up(look: Look) -> bool:
    """Whether whole numbers leave no gap, as row numbers do."""
    numbers = look.numbers
    return bool(len(numbers) >= 20 and np.nanmax(numbers) - np.nanmin(numbers) < 1.1 * len(numbers))


def _stands_once(look: Look) -> bool:
    return not look.texts or bool(look.counts.max() < 2)


def _bands(look: Look, attribute: str) -> list[float]:
    """Edges that cut numbers into groups: those usual for ages, else rounded thirds."""
    values = look.values[~np.isnan(look.values)]
    if not len(values):
        return []
    if attribute == "age" and np.quantile(values, 0.05) >= AGES[0] and np.quantile(values, 0.95) <= AGES[1]:
        return list(AGE_BANDS)
    thirds = [float(f"{edge:.2g}") for edge in np.quantile(values, [1 / 3, 2 / 3])]
    return sorted({edge for edge in thirds if values.min() < edge < values.max()})
