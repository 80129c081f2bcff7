"""What one column looks like: the type that all of its values have, how many there are, and which."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tollgate.data.casts import as_boolean, as_date, as_number, as_text, as_whole, plain, without_nan
from tollgate.look.dates import other_date
from tollgate.look.signed import sign_of

Kind = Literal["number", "integer", "boolean", "date", "other date", "signed number", "text", "empty"]

PROBE = 1000
MOST_WORDS = 3
FEW_NUMBERS = 10
MOSTLY = 0.5
PADDED = r"^\s*0\d+\s*$"


@dataclass(frozen=True)
class Look:
    """What one column looks like.

    Attributes:
        name: The column.
        kind: The type of all values, those among `words` apart.
        texts: The different values as text, the most frequent first; missing ones left out.
        counts: How often each stands there, shape (values,).
        codes: For each row the place of its value in `texts`, -1 where it is missing, shape (rows,).
        words: Texts that stand among numbers, each more than once.
        strays: How many values are no numbers in a column of text that are mostly numbers.
        form: How dates are written that are not YYYY-MM-DD, and with what numbers are that are no plain ones.
        not_finite: Whether there are native numbers that are infinite.
    """

    name: str
    kind: Kind
    texts: list[str]
    counts: NDArray[np.int64]
    codes: NDArray[np.int64]
    words: tuple[str, ...] = ()
    strays: int = 0
    form: str = ""
    not_finite: bool = False

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.codes)

    @property
    def missing(self) -> int:
        """How many values are missing, those that `words` stand for among them."""
        words = sum(int(self.counts[self.texts.index(word)]) for word in self.words)
        return int((self.codes < 0).sum()) + words

    @property
    def filled(self) -> int:
        """How many values there are."""
        return self.rows - int((self.codes < 0).sum())

    def count(self, text: str) -> int:
        """How often a value stands there."""
        return int(self.counts[self.texts.index(text)])

    @property
    def numbers(self) -> NDArray[np.float64]:
        """The different values as numbers in the order of `texts`, NaN for words."""
        return np.asarray(as_number(pa.array(self.texts, pa.string())).fill_null(np.nan).to_numpy())

    @property
    def values(self) -> NDArray[np.float64]:
        """The value of each row as a number, NaN where it is missing, shape (rows,)."""
        return np.append(self.numbers, np.nan)[self.codes]


def look_at(name: str, column: pa.ChunkedArray) -> Look:
    """Look at a column: text from CSV, its own type from Parquet; numbers already written with a point."""
    array = plain(column.combine_chunks())
    if pa.types.is_null(array.type):
        array = array.cast(pa.string())
    if pa.types.is_floating(array.type) or pa.types.is_decimal(array.type):
        array = without_nan(array)
        finite = as_number(array)
        broken = pc.sum(pc.and_(pc.is_null(finite), pc.is_valid(array))).as_py()
        array = finite
    else:
        broken = 0
    native = _native(array.type)
    if pa.types.is_timestamp(array.type):
        array = as_date(array)
    encoded = pc.dictionary_encode(array)
    texts, codes = as_text(encoded.dictionary), encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    counts = np.bincount(codes[codes >= 0], minlength=len(texts))
    order = np.argsort(-counts, kind="stable")
    rank = np.append(np.argsort(order), -1)
    texts, counts, codes = texts.take(pa.array(order)), counts[order], rank[codes]
    found = _of_texts(texts, counts) if native == "text" else (_whole_or(native, texts), (), 0, "")
    kind, words, strays, form = found
    return Look(name, kind, texts.to_pylist(), counts, codes, words, strays, form, bool(broken))


def _native(kind: pa.DataType) -> Kind:
    if pa.types.is_string(kind):
        return "text"
    if pa.types.is_boolean(kind):
        return "boolean"
    return "date" if pa.types.is_date(kind) or pa.types.is_timestamp(kind) else "number"


def _whole_or(kind: Kind, texts: pa.Array) -> Kind:
    if not len(texts):
        return "empty"
    return "integer" if kind == "number" and not as_whole(texts).null_count else kind


Found = tuple[Kind, tuple[str, ...], int, str]


def _of_texts(texts: pa.Array, counts: NDArray[np.int64]) -> Found:
    if not len(texts):
        return "empty", (), 0, ""
    form = other_date(texts)
    if form:
        return "other date", (), 0, form
    if not _refuse(as_date, texts):
        return "date", (), 0, ""
    sign = sign_of(texts)
    if sign:
        return "signed number", (), 0, sign
    if _is_padded(texts):
        return "text", (), 0, ""
    if not _refuse(as_boolean, texts) and _refuse(as_number, texts):
        return "boolean", (), 0, ""
    return _of_numbers(texts, counts)


def _of_numbers(texts: pa.Array, counts: NDArray[np.int64]) -> Found:
    """Numbers, also where a few words stand among them; else text."""
    probe = texts.slice(0, PROBE)
    if as_number(probe).null_count > len(probe) * MOSTLY:
        return "text", (), 0, ""
    numbers = as_number(texts)
    strange = np.flatnonzero(pc.is_null(numbers).to_numpy(zero_copy_only=False))
    words = texts.take(pa.array(strange))
    if len(strange) and not _are_words(words, counts[strange], len(texts)):
        return "text", (), int(counts[strange].sum()), ""
    kind: Kind = "integer" if as_whole(texts).null_count == len(strange) else "number"
    return kind, tuple(words.to_pylist()), 0, ""


def _are_words(words: pa.Array, counts: NDArray[np.int64], different: int) -> bool:
    """Whether a few texts that come again and again say among many numbers that there is none; 3+ does not."""
    digits = pc.any(pc.match_substring_regex(words, r"\d")).as_py()
    return (
        len(words) <= MOST_WORDS and different - len(words) > FEW_NUMBERS and counts.min() >= 2 and not digits
    )


def _refuse(cast: object, texts: pa.Array) -> int:
    """How many texts a cast cannot read; looked at a few first, for most columns are told by these."""
    assert callable(cast)  # noqa: S101 - one of the casts
    first = cast(texts.slice(0, PROBE)).null_count
    return int(first or cast(texts).null_count)


def _is_padded(texts: pa.Array) -> bool:
    """Whether numbers are filled up with zeros to one length, as codes are."""
    lengths = pc.unique(pc.utf8_length(texts))
    return (
        len(lengths) == 1
        and not _refuse(as_whole, texts)
        and bool(pc.any(pc.match_substring_regex(texts, PADDED)).as_py())
    )
