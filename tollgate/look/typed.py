"""The type of a column and what goes with it: values, missing ones, sentinels."""

from typing import Any

import numpy as np

from tollgate.look.column import Look
from tollgate.look.finding import Finding
from tollgate.look.plan import Table
from tollgate.look.sentinels import sentinels
from tollgate.look.words import is_code

MOST_LEVELS = 50
LARGEST_SHARE_OF_LEVELS = 0.2
FEW_LEVELS = 10
LONGEST_LEVEL = 60
FEW_CODES = 20
MANY_NUMBERS = 100
RARE = 0.01
FEW_ROWS = 10

Settings = dict[str, Any]


def is_nominal(look: Look) -> bool:
    """Whether a column holds categories: texts, or a few whole numbers under a name that speaks of codes."""
    codes = look.kind == "integer" and len(look.texts) <= FEW_CODES and not look.words
    return look.kind == "text" or (codes and is_code(look.name))


def has_many_levels(look: Look) -> bool:
    """Whether a column has too many different texts, or too long ones, to be categories."""
    if not look.texts or max(map(len, look.texts)) > LONGEST_LEVEL:
        return True
    many = len(look.texts) > LARGEST_SHARE_OF_LEVELS * look.filled and len(look.texts) > FEW_LEVELS
    return many or len(look.texts) > MOST_LEVELS or not _levels(look)


def typed(look: Look, table: Table) -> tuple[Settings, list[Finding]]:
    """The settings that say which values a column may have, and what to tell about them."""
    if is_nominal(look):
        return _category(look, table)
    if look.kind in ("integer", "number"):
        return _number(look, table)
    return {"type": look.kind, **missing(look, table)}, []


def _category(look: Look, table: Table) -> tuple[Settings, list[Finding]]:
    levels = _levels(look)
    settings: Settings = {"type": "category", "values": _ordered(look, levels)}
    findings = []
    rare = [text for text in levels if look.count(text) < _rare_below(look)]
    if rare:
        listed = ", ".join(f"{text!r} ({_rows(look.count(text))})" for text in rare[:FEW_LEVELS])
        more = f" and {len(rare) - FEW_LEVELS} more" if len(rare) > FEW_LEVELS else ""
        findings.append(
            Finding(
                "rare category", look.name, f"rare values {listed}{more}: are they documented, or mistakes?"
            )
        )
    if len(levels) < len(look.texts):
        once = len(look.texts) - len(levels)
        message = (
            f"{once} {'value that stands' if once == 1 else 'values that stand'} there once: read as 'other'"
        )
        findings.append(Finding("rare category", look.name, message))
    if not table.whole or len(levels) < len(look.texts):
        settings["unknown"] = "other"
    return settings | missing(look, table), findings


def _number(look: Look, table: Table) -> tuple[Settings, list[Finding]]:
    amounts = look.kind == "integer" and len(look.texts) > MANY_NUMBERS and not table.whole
    settings: Settings = {"type": "number" if amounts or _is_huge(look) else look.kind}
    odd: list[int | str] = list(sentinels(look))
    findings = []
    if odd:
        listed = ", ".join(f"{value} ({_rows(_count(look, value))})" for value in odd)
        message = f"{listed} {'stands' if len(odd) == 1 else 'stand'} apart from all others: read as missing"
        findings.append(Finding("sentinel", look.name, message))
    if look.words:
        listed = ", ".join(f"{word!r} ({_rows(look.count(word))})" for word in look.words)
        findings.append(Finding("words among numbers", look.name, f"{listed} among numbers: read as missing"))
    values = [*odd, *(word.strip() for word in look.words)]
    settings |= {"missing": "allowed", "missing_values": values} if values else missing(look, table)
    return settings, findings


def missing(look: Look, table: Table) -> Settings:
    """Missing values are allowed where there are some, or where not every row was looked at."""
    return {"missing": "allowed"} if look.missing or not table.whole else {}


def _levels(look: Look) -> list[str]:
    """The values of a category that may be named: those that stand there more than once, if there are such."""
    return [text for text, count in zip(look.texts, look.counts, strict=True) if count > 1]


def _ordered(look: Look, levels: list[str]) -> list[str] | list[int]:
    """Sorted, and as numbers where they are such, so that a request can send numbers."""
    return sorted({int(float(text)) for text in levels}) if look.kind == "integer" else sorted(levels)


def _is_huge(look: Look) -> bool:
    return bool(np.nanmax(np.abs(look.numbers)) >= 2**53) if look.texts else False


def _count(look: Look, value: int | str) -> int:
    return int(look.counts[look.numbers == float(value)].sum())


def _rare_below(look: Look) -> float:
    """Under how many rows a value is rare; a number among codes is sooner one that nobody documented."""
    share = RARE * look.filled
    return share if look.kind == "integer" else min(share, FEW_ROWS)


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"
