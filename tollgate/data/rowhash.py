"""Hashes of rows: the same content has the same hash, whatever the file, its order or its chunks."""

import hashlib

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
LANES = 2
_ABSENT = np.uint64(0x9E3779B97F4A7C15)


def row_hashes(table: pa.Table, key: str = "") -> Hashes:
    """128-bit hashes of a table's rows.

    Each value is mixed with the name of its column by the finaliser of splitmix64 (Steele, Lea, Flood 2014);
    texts enter by their BLAKE2b digest (RFC 7693). Not meant against an adversary: what is stored is
    also held by the sha256 of its files.

    Args:
        table: The rows; columns of float64, int64, bool, date32 and string.
        key: Another key gives unrelated hashes.

    Returns:
        Shape (rows, 2).
    """
    hashes = np.zeros((table.num_rows, LANES), dtype=np.uint64)
    for name in table.column_names:
        values = _values(table.column(name).combine_chunks())
        salts = _words(f"{key}\0{name}".encode())
        for lane in range(LANES):
            hashes[:, lane] += _mix(values[:, lane] ^ salts[lane])
    return np.stack([_mix(hashes[:, lane]) for lane in range(LANES)], axis=1)


def shares(hashes: Hashes) -> NDArray[np.float64]:
    """Hashes as numbers spread evenly over [0, 1), shape (rows,)."""
    return (hashes[:, 0] >> np.uint64(11)).astype(np.float64) / 2.0**53


def sum_of(hashes: Hashes) -> Hashes:
    """The sum of row hashes modulo 2^64, lane by lane: the order of rows does not matter."""
    return np.asarray(hashes.sum(axis=0, dtype=np.uint64))


def _values(array: pa.Array) -> Hashes:
    if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
        return _texts(array)
    if pa.types.is_floating(array.type):
        numbers = array.fill_null(np.nan).to_numpy(zero_copy_only=False) + 0.0  # -0.0 becomes 0.0
        words = np.asarray(numbers, dtype=np.float64).view(np.uint64)
    else:
        plain = array.cast(pa.int32()) if pa.types.is_date32(array.type) else array
        words = (
            plain.cast(pa.int64())
            .fill_null(0)
            .to_numpy(zero_copy_only=False)
            .astype(np.int64)
            .view(np.uint64)
        )
    words = np.where(pc.is_null(array).to_numpy(zero_copy_only=False), _ABSENT, words)
    return np.stack([words, words ^ _ABSENT], axis=1)


def _texts(array: pa.Array) -> Hashes:
    encoded = array.dictionary_encode()
    texts = encoded.dictionary.to_pylist()
    words = np.array([*(_words(text.encode()) for text in texts), (_ABSENT, _ABSENT)], dtype=np.uint64)
    codes = encoded.indices.fill_null(len(texts)).to_numpy(zero_copy_only=False)
    return np.asarray(words.reshape(-1, LANES)[codes])


def _words(content: bytes) -> tuple[np.uint64, ...]:
    found = hashlib.blake2b(content, digest_size=8 * LANES).digest()
    return tuple(np.frombuffer(found, dtype="<u8").astype(np.uint64))


def _mix(words: Hashes) -> Hashes:
    with np.errstate(over="ignore"):
        words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))
