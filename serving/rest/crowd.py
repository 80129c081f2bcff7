"""Counting the keys and objects of a large body before any of them is read."""

import numpy as np

from serving.names import refuse_crowd
from serving.rest.body import FLOOD

_QUOTE = ord('"')


def refuse_crowded(body: bytes, keys: int, objects: int) -> None:
    """Refuse a large body with more keys or objects than a request of its kind needs.

    Args:
        body: The body, which need be no JSON.
        keys: How many keys are taken, those of objects within objects too.
        objects: How many objects are taken.

    Raises:
        RefusalError: 400: there are more.
    """
    if len(body) < FLOOD:
        return
    for mark, most, what in ((b":", keys, "keys"), (b"{", objects, "objects")):
        if body.count(mark) > most:  # some may stand in texts
            refuse_crowd(_outside_texts(body, mark), f"{what} in the body", most)


def _outside_texts(body: bytes, mark: bytes) -> int:
    """How often a mark stands outside of the texts of a JSON value."""
    plain = np.frombuffer(body.replace(b"\\\\", b"").replace(b'\\"', b""), np.uint8)
    quotes = np.add.accumulate(plain == _QUOTE, dtype=np.uint8)  # an odd number of them opens a text
    return int(np.count_nonzero((plain == ord(mark)) & (quotes & 1 == 0)))
