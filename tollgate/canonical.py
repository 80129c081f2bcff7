"""One spelling for every value, so that equal content has an equal digest."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

EXACT_INTEGERS = 2**53


def canonical(value: Any) -> Any:
    """JSON values with integral floats as integers: runners disagree about 7 and 7.0."""
    if isinstance(value, bool) or value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) <= EXACT_INTEGERS else value
    if isinstance(value, Mapping):
        return {str(key): canonical(item) for key, item in value.items()}
    return [canonical(item) for item in value]


def canonical_json(value: Any) -> bytes:
    """The canonical UTF-8 bytes of a JSON value: sorted keys, no spaces, finite numbers only.

    Raises:
        ValueError: A number is not finite.
    """
    text = json.dumps(
        canonical(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode()


def sha256(content: bytes) -> str:
    """The SHA-256 of some bytes, 64 hexadecimal digits (FIPS 180-4)."""
    return hashlib.sha256(content).hexdigest()


def digest(value: Any) -> str:
    """The SHA-256 of a JSON value's canonical bytes."""
    return sha256(canonical_json(value))
