from typing import Any, Literal

import pytest
from pydantic import ValidationError

from tollgate.section import Section


class Inner(Section):
    size: float = 0.5


class Outer(Section):
    version: Literal[1] = 1
    name: str
    count: int = 3
    names: tuple[str, ...] = ()
    inner: Inner = Inner()


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"name": "a", "nam": "b"}, "Extra inputs are not permitted"),
        ({"name": "a", "inner": {"sise": 1}}, "Extra inputs are not permitted"),
        ({}, "Field required"),
        ({"name": 1}, "valid string"),
        ({"name": "a", "count": "3"}, "valid integer"),
        ({"name": "a", "count": 3.5}, "valid integer"),
        ({"name": "a", "count": True}, "valid integer"),
        ({"name": "a", "names": "b"}, "valid array"),
        ({"name": "a", "version": 2}, "Input should be 1"),
        ({"name": "a", "inner": None}, "inner"),
    ],
)
def test_wrong_settings_are_refused(value: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Outer.read(value)
    assert reason in str(refused.value)


def test_integral_floats_are_integers_and_the_other_way_round() -> None:
    section = Outer.read({"name": "a", "count": 7.0, "inner": {"size": 1}})
    assert (section.count, section.inner.size) == (7, 1.0)


def test_what_was_left_out_is_left_out_again() -> None:
    assert Outer.read({"name": "a", "count": 3}).as_json() == {"name": "a", "count": 3}
    assert Outer.read(Outer.read({"name": "a", "inner": {"size": 2.0}}).as_json()).inner.size == 2


def test_equal_settings_have_an_equal_digest_whether_written_out_or_not() -> None:
    short, long = Outer.read({"name": "a"}), Outer.read({"inner": {"size": 0.5}, "count": 3.0, "name": "a"})
    assert short.digest() == long.digest()
    assert short.digest() != Outer.read({"name": "a", "count": 4}).digest()


def test_a_section_does_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Outer.read({"name": "a"}).count = 4
