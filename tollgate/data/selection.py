"""Whom the labels cover: is there a column that says who was accepted, and does the workflow say so?"""

import re
from collections.abc import Iterable

from tollgate.contract import Contract

# Whether an applicant was accepted, in English, Portuguese and Spanish.
_ENGLISH = "accept(?:ed)?|approv(?:ed|al)|granted|funded|booked"
_OTHERS = "aceit[oa]|aprovad[oa]|concedid[oa]|aceptad[oa]|aprobad[oa]"
_LOOKS = re.compile(
    rf"(?:(?:is|was|foi|fue)[ _-]?)?(?:{_ENGLISH}|{_OTHERS})(?:[ _-]?(?:flag|ind|yn|status))?"
)


def looks_like_selection(contract: Contract, dropped: Iterable[str]) -> list[str]:
    """The columns, in the contract or dropped, whose names look as if they said who was accepted."""
    names = [name for name in contract.columns if name != contract.target]
    return [name for name in (*names, *dropped) if _LOOKS.fullmatch(name.strip().casefold())]
