"""Hashes of texts, a column at a time: eight bytes of every text in one pass."""

import hashlib

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Words = NDArray[np.uint64]
WORD = 8
LONGEST = 256  # bytes; of a longer text the BLAKE2b digest (RFC 7693) is taken in its place
SEEDS = (np.uint64(0x243F6A8885A308D3), np.uint64(0x13198A2E03707344))  # digits of pi
_KEPT = np.array([(1 << (8 * size)) - 1 for size in range(WORD + 1)], dtype=np.uint64)


def mix(words: Words) -> Words:
    """The finaliser of splitmix64 (Steele, Lea, Flood 2014): a bijection in which each bit moves half of the others."""
    with np.errstate(over="ignore"):
        words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))


def text_hashes(array: pa.StringArray) -> tuple[Words, Words]:
    """128-bit hashes of texts, in two lanes of shape (rows,); that of a missing text is of no use.

    A text's length, then its words of eight bytes are mixed in one after the other.
    """
    content, starts, sizes = laid_out(array)
    lanes = tuple(mix(sizes.astype(np.uint64) ^ seed) for seed in SEEDS)
    short = sizes <= LONGEST
    _absorb(lanes, content, starts, np.where(short, sizes, 0))
    for row in np.flatnonzero(~short):
        text = content[starts[row] : starts[row] + sizes[row]].tobytes()
        digest = np.frombuffer(hashlib.blake2b(text, digest_size=2 * WORD).digest(), dtype="<u8")
        for lane, word in zip(lanes, digest.astype(np.uint64), strict=True):
            lane[row : row + 1] = mix(lane[row : row + 1] ^ word)
    return lanes[0], lanes[1]


def laid_out(array: pa.StringArray) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """The bytes of a column of texts, where each text starts, and how long it is; a word too many at the end."""
    _, offsets, data = array.buffers()
    edges = np.frombuffer(offsets, dtype=np.int32)[array.offset : array.offset + len(array) + 1].astype(
        np.int64
    )
    content = np.frombuffer(data or b"", dtype=np.uint8)[edges[0] : edges[-1]]
    return np.concatenate([content, np.zeros(WORD, np.uint8)]), edges[:-1] - edges[0], np.diff(edges)


def _absorb(
    lanes: tuple[Words, ...], content: NDArray[np.uint8], starts: NDArray[np.int64], sizes: NDArray[np.int64]
) -> None:
    """Mix the words of texts into their hashes."""
    words = np.ndarray(
        (len(content) - WORD + 1,), "<u8", content.data, strides=(1,)
    )  # one starts at each byte
    rows: NDArray[np.int64] | slice = slice(None)
    for done in range(0, int(sizes.max(initial=0)), WORD):
        left = sizes - done
        if left.min() <= 0:
            rows = np.flatnonzero(left > 0)
        word = words[starts[rows] + done].astype(np.uint64) & _KEPT[np.minimum(left[rows], WORD)]
        for lane in lanes:
            lane[rows] = mix(lane[rows] ^ word)
