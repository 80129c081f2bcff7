"""The target: its two values, and which of them is the event."""

import difflib
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tollgate.errors import ConfigError, DataError
from tollgate.look.column import Look

MOST_LISTED = 10
# The other value, then the event; compared in small letters.
EVENTS = (
    ("0", "1"),
    ("0.0", "1.0"),
    ("-1", "1"),
    ("no", "yes"),
    ("n", "y"),
    ("false", "true"),
    ("f", "t"),
    ("-", "+"),
    ("negative", "positive"),
    ("good", "bad"),
    ("paid", "default"),
    ("paid", "defaulted"),
    ("repaid", "default"),
    ("repaid", "defaulted"),
    ("current", "default"),
    ("no default", "default"),
    ("non-default", "default"),
    ("fully paid", "charged off"),
    ("fully paid", "default"),
    ("não", "sim"),
    ("nao", "sim"),
    ("no", "si"),
    ("no", "sí"),
    ("nein", "ja"),
    ("non", "oui"),
    ("bom", "mau"),
    ("bueno", "malo"),
)


def find_target(names: list[str], target: str, left_out: Mapping[str | None, str]) -> None:
    """Check that a target is among the columns.

    Args:
        names: The columns that can be used.
        target: The one that is to be predicted.
        left_out: Why others cannot be used.

    Raises:
        ConfigError: It is not; the message names near matches.
        DataError: It is one that cannot be used.
    """
    if target in names:
        return
    if target in left_out:
        raise DataError(
            f"column {target}: {left_out[target]}; a target has one plain value in each row, in every file"
        )
    by_small = {name.lower().strip(): name for name in names}
    near = difflib.get_close_matches(target.lower().strip(), by_small, n=3, cutoff=0.6)
    if near:
        meant = " or ".join(repr(by_small[name]) for name in near)
        raise ConfigError(f"--target {target!r}: there is no such column; did you mean {meant}?")
    few = ", ".join(names[:MOST_LISTED]) + (" ..." if len(names) > MOST_LISTED else "")
    raise ConfigError(f"--target {target!r}: there is no such column; there are {few}")


def event_of(look: Look, positive: str | None, whole: bool) -> str:
    """The value of the target that is the event, as it is written.

    Args:
        look: The target.
        positive: The value that the user calls the event, where one was given.
        whole: Whether all rows were looked at.

    Raises:
        DataError: The target has not two values.
        ConfigError: It is not clear which value is the event, or the given one is none of them.
    """
    if len(look.texts) != 2:
        where = "" if whole else f" in the first {look.rows} rows"
        raise DataError(f"column {look.name}: the target must have two values, but has {_told(look)}{where}")
    trimmed = {text.strip(): text for text in look.texts}
    if positive is not None:
        if positive.strip() not in trimmed:
            raise ConfigError(f"--positive {positive!r}: column {look.name} has {_told(look)}")
        return trimmed[positive.strip()]
    small = {text.strip().lower(): text for text in look.texts}
    for other, event in EVENTS:
        if small.keys() == {other, event}:
            return small[event]
    raise ConfigError(
        f"column {look.name} has {_told(look)}: which one is the event to be predicted? Say it with --positive"
    )


def events_of(look: Look, event: str) -> NDArray[np.float64]:
    """1 for the event, 0 for none, NaN where the target is missing, shape (rows,)."""
    by_code = [float(text == event) for text in look.texts]
    return np.asarray([*by_code, np.nan])[look.codes]


def _told(look: Look) -> str:
    """The values with their counts; only how many they are, where they are many or one row alone has one."""
    if not look.texts:
        return "none"
    few = len(look.texts) <= MOST_LISTED
    if not few or look.counts.min() < 2:
        return f"{len(look.texts)}" + (" values, some of them in one row alone" if few else "")
    pairs = sorted(zip(look.texts, look.counts.tolist(), strict=True))
    listed = ", ".join(f"{text!r} ({count} rows)" for text, count in pairs)
    return listed if len(pairs) == 2 else f"{len(pairs)}: {listed}"
