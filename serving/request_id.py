"""The id of a request: the caller's where it is a sound one, else one of ours."""

import re
import secrets
from itertools import count

_SOUND = re.compile(r"[\w.-]{1,64}", re.ASCII).fullmatch
_PROCESS = secrets.token_hex(6)
_numbers = count(1)


def request_id(given: object = None) -> str:
    """The id that a caller gave, if it is 1 to 64 letters, digits, `_`, `.` or `-`; else a new one."""
    if isinstance(given, bytes):
        given = given.decode("latin-1")
    if isinstance(given, str) and _SOUND(given):
        return given
    return f"{_PROCESS}-{next(_numbers)}"
