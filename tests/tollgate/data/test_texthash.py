"""Hashes of texts: of their bytes alone, wherever they lie in a column."""

import numpy as np
import pyarrow as pa
import pytest

from tollgate.data.texthash import LONGEST, text_hashes

TEXTS = [
    "",
    "\0",
    "\0\0",
    "a",
    "b",
    "ab",
    "ba",
    "é",
    "12345678",
    "123456789",
    "x" * LONGEST,
    "x" * (LONGEST + 1),
]
TEXTS += ["x" * LONGEST + "y", "1234567812345678", "y" * 5000, "y" * 5001]


def hashes(array: pa.StringArray) -> list[tuple[int, ...]]:
    return [tuple(int(lane[row]) for lane in text_hashes(array)) for row in range(len(array))]


def test_texts_that_differ_have_different_hashes_in_both_lanes() -> None:
    for lane in text_hashes(pa.array(TEXTS)):
        assert len(np.unique(lane)) == len(TEXTS)


@pytest.mark.parametrize("place", range(len(TEXTS)))
def test_the_hash_of_a_text_does_not_depend_on_its_neighbours(place: int) -> None:
    alone = hashes(pa.array([TEXTS[place]]))
    assert hashes(pa.array(TEXTS))[place] == alone[0]
    assert hashes(pa.array(TEXTS)[place : place + 1]) == alone
    assert hashes(pa.array([None, TEXTS[place], "other", None]))[1] == alone[0]


def test_no_text_at_all_has_no_hash() -> None:
    assert hashes(pa.array([], pa.string())) == []
    assert len(hashes(pa.array([None, None], pa.string()))) == 2


def test_a_bit_of_a_text_moves_half_of_the_bits_of_its_hash() -> None:
    texts = [f"L{number:07}" for number in range(2000)]
    for lane in text_hashes(pa.array(texts)):
        moved = np.bitwise_count(lane[1:] ^ lane[:-1])
        assert 31 < moved.mean() < 33
