"""The datatypes of the Open Inference Protocol, and which values of JSON or of typed contents each holds."""

from collections.abc import Sequence
from typing import Any

INTEGERS = {
    **{f"INT{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32, 64)},
    **{f"UINT{bits}": (0, 2**bits - 1) for bits in (8, 16, 32, 64)},
}
FLOATS = {"FP16": 65504.0, "FP32": 3.4028234663852886e38, "FP64": 1.7976931348623157e308}
DATATYPES = ("BOOL", *INTEGERS, *FLOATS, "BYTES")


def misfits(datatype: str, values: Sequence[Any]) -> list[int]:
    """The places of the values that a datatype does not hold; None, a missing value, fits everywhere."""
    if datatype in INTEGERS:
        low, high = INTEGERS[datatype]
        return [
            place
            for place, value in enumerate(values)
            if not (type(value) is int and low <= value <= high) and value is not None
        ]
    if datatype in FLOATS:
        largest = FLOATS[datatype]
        return [
            place
            for place, value in enumerate(values)
            if not (type(value) in (int, float) and -largest <= value <= largest) and value is not None
        ]
    kind = bool if datatype == "BOOL" else str
    return [place for place, value in enumerate(values) if type(value) is not kind and value is not None]
