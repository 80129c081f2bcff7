"""Hashes of rows: the same content has the same hash, whatever the file, its order or its chunks."""

import hashlib

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tollgate.canonical import EXACT_INTEGERS
from tollgate.data.texthash import SEEDS, Words, mix, text_hashes

Hashes = NDArray[np.uint64]
LANES = len(SEEDS)
ROWS = 65_536  # at once: their hashes stay in the processor's cache
_ABSENT = np.uint64(0x9E3779B97F4A7C15)
_WHOLE, _POINT = r"^-?(0|[1-9][0-9]{0,17})(\.0+)?$", r"\.0+$"


def row_hashes(table: pa.Table, key: str = "", alike: bool = False) -> Hashes:
    """128-bit hashes of a table's rows.

    Each value is mixed with the name of its column by the finaliser of splitmix64 (Steele, Lea, Flood 2014), and the
    values of a row are summed: once as they are, once each times an odd number of its column. They tell rows apart;
    they do not withstand someone who makes up rows to have given hashes, or a given sum of them (Wagner 2002).

    Args:
        table: The rows; columns of float64, int64, bool, date32 and string.
        key: Another key gives unrelated hashes.
        alike: Whether a whole number has one hash whatever the type of its column: 5, 5.0, and the texts "5" and "5.0".

    Returns:
        Shape (rows, 2).
    """
    hashes = np.zeros((table.num_rows, LANES), dtype=np.uint64)
    salts = [_salts(name, key) for name in table.column_names]
    done = 0
    for batch in table.to_batches(max_chunksize=ROWS):
        sums = _sums(batch.columns, salts, alike)
        for lane in range(LANES):
            hashes[done : done + batch.num_rows, lane] = mix(sums[lane])
        done += batch.num_rows
    return hashes


def shares(hashes: Hashes) -> NDArray[np.float64]:
    """Hashes as numbers spread evenly over [0, 1), shape (rows,)."""
    return (hashes[:, 0] >> np.uint64(11)).astype(np.float64) / 2.0**53


def sum_of(hashes: Hashes) -> Hashes:
    """The sum of row hashes modulo 2^64, lane by lane: the order of rows does not matter."""
    return np.asarray(hashes.sum(axis=0, dtype=np.uint64))


def in_order(hashes: Hashes, places: NDArray[np.int64]) -> Hashes:
    """Hashes of rows at their places, shape (rows,): the order of rows does matter to the sum of these."""
    return np.asarray(mix(hashes ^ mix(places.astype(np.uint64))[:, None]))


def _sums(columns: list[pa.Array], salts: list[Words], alike: bool) -> tuple[Words, Words]:
    """The values of each row, mixed and summed, in two lanes."""
    first, second = (np.zeros(len(columns[0]), dtype=np.uint64) for _ in range(LANES))
    with np.errstate(over="ignore"):
        for array, (salt, factor) in zip(columns, salts, strict=True):
            if pa.types.is_string(array.type) or pa.types.is_large_string(array.type):
                one, other = (_present(lane, array) for lane in _of_texts(array.cast(pa.string()), alike))
                first += mix(one ^ salt)
                second += mix(other ^ salt) * factor
            else:
                numbers = _whole(array) if alike and pa.types.is_floating(array.type) else words(array)
                mixed = mix(_present(numbers, array) ^ salt)
                first += mixed
                second += mixed * factor
    return first, second


def _of_texts(array: pa.Array, alike: bool) -> tuple[Words, Words]:
    """Hashes of texts; where numbers are to be alike, the words of those that spell a whole number."""
    lanes = text_hashes(array)
    spelled = pc.fill_null(pc.match_substring_regex(array, _WHOLE), False) if alike else None
    if spelled is None or not pc.any(spelled).as_py():
        return lanes
    texts = pc.replace_substring_regex(pc.if_else(spelled, array, "0"), _POINT, "")
    numbers, found = words(texts.cast(pa.int64())), spelled.to_numpy(zero_copy_only=False)
    return np.where(found, numbers, lanes[0]), np.where(found, numbers, lanes[1])


def _whole(array: pa.Array) -> Words:
    """Numbers as words, whole ones as if their column were one of integers."""
    numbers = array.fill_null(0.0).to_numpy(zero_copy_only=False)
    whole = (numbers == np.floor(numbers)) & (np.abs(numbers) < EXACT_INTEGERS)
    return np.where(whole, np.where(whole, numbers, 0.0).astype(np.int64).view(np.uint64), words(array))


def _present(words: Words, array: pa.Array) -> Words:
    """The words of values, and one of its own for a missing value."""
    if not array.null_count:
        return words
    return np.where(pc.is_null(array).to_numpy(zero_copy_only=False), _ABSENT, words)


def words(array: pa.Array) -> Words:
    """Numbers, booleans and days as words, 0 where one is missing; a word does not tell its type."""
    if pa.types.is_floating(array.type):
        numbers = array.fill_null(0.0).to_numpy(zero_copy_only=False) + 0.0  # -0.0 becomes 0.0
        return np.asarray(numbers, dtype=np.float64).view(np.uint64)
    plain = array.cast(pa.int32()) if pa.types.is_date32(array.type) else array
    whole = plain.cast(pa.int64()).fill_null(0).to_numpy(zero_copy_only=False)
    return np.asarray(whole, dtype=np.int64).view(np.uint64)


def _salts(name: str, key: str) -> Words:
    """What makes a column's values its own under a key: a word, and an odd factor."""
    digest = hashlib.blake2b(f"{key}\0{name}".encode(), digest_size=16).digest()
    salt, factor = np.frombuffer(digest, dtype="<u8").astype(np.uint64)
    return np.array([salt, factor | np.uint64(1)], dtype=np.uint64)
