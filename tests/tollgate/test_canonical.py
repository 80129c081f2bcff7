import hashlib
import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tollgate.canonical import canonical, canonical_json, digest, sha256

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=4), inner, max_size=4)
    ),
    max_leaves=20,
)


def test_the_bytes_are_sorted_dense_and_utf_8() -> None:
    value = {"b": [1, 2.5, None, True], "a": {"ü": "é", "Z": ""}}
    assert canonical_json(value) == '{"a":{"Z":"","ü":"é"},"b":[1,2.5,null,true]}'.encode()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7.0, "7"),
        (-0.0, "0"),
        (2.0**53, "9007199254740992"),
        (2.0**54, "1.8014398509481984e+16"),
        (1e300, "1e+300"),
        (0.1, "0.1"),
        (True, "true"),
        ((1.0, 2.0), "[1,2]"),
    ],
)
def test_integral_floats_are_integers_as_far_as_both_are_exact(value: Any, text: str) -> None:
    assert canonical_json(value).decode() == text


@settings(max_examples=100, deadline=None, database=None)
@given(json_values)
def test_what_a_runner_does_to_a_value_changes_no_byte(value: Any) -> None:
    def as_a_runner(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: as_a_runner(part[key]) for key in sorted(part, reverse=True)}
        if isinstance(part, list):
            return tuple(as_a_runner(item) for item in part)
        small = isinstance(part, int) and not isinstance(part, bool) and abs(part) < 2**53
        return float(part) if small else part

    assert canonical_json(as_a_runner(value)) == canonical_json(value)
    assert digest(as_a_runner(value)) == digest(value)


@settings(max_examples=100, deadline=None, database=None)
@given(json_values)
def test_nothing_is_lost_in_the_canonical_form(value: Any) -> None:
    assert json.loads(canonical_json(value)) == value
    assert canonical(canonical(value)) == canonical(value)


@pytest.mark.parametrize("value", [math.nan, math.inf, [1, {"a": -math.inf}]])
def test_numbers_that_are_not_finite_have_no_canonical_form(value: Any) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json(value)


def test_a_digest_is_the_sha256_of_the_bytes() -> None:
    assert sha256(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-4
    assert digest({"a": 1.0}) == hashlib.sha256(b'{"a":1}').hexdigest()
