"""An option knows its scale, whatever its type: what is looser, and what breaks a bound."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, ValidationError

from tollgate.evaluation.evidence import Evidence
from tollgate.gates.finding import Finding
from tollgate.gates.gate import HIGHER, LOWER, Gate
from tollgate.gates.option import options, written


class Scales(Gate):
    """A gate with an option of each kind."""

    question = "?"
    blind = "?"
    source = "?"
    most: Annotated[float, Field(ge=0, le=1), HIGHER] = 0.5
    least: Annotated[int, Field(ge=10), LOWER] = 100
    cap: Annotated[float | None, Field(gt=0), HIGHER] = None
    strict: Annotated[bool, Field(), LOWER] = True
    policy: Annotated[Literal["none", "report", "gate"], Field(), LOWER] = "gate"
    looked_at: Annotated[tuple[str, ...], Field(), LOWER] = ()
    spared: Annotated[tuple[str, ...], Field(), HIGHER] = ()
    by_group: Annotated[Mapping[str, float], Field(), HIGHER] = {}
    columns: tuple[str, ...] = ()
    reference: str = "a"
    merge: bool = False

    def findings(self, evidence: Evidence) -> list[Finding]:
        return []


OPTIONS = options(Scales)


@pytest.mark.parametrize(
    ("name", "bound", "value", "said"),
    [
        ("most", 0.2, 0.2, ""),
        ("most", 0.2, 0.21, "0.21, at most 0.2 is allowed"),
        ("least", 200, 200, ""),
        ("least", 200, 199, "199, at least 200 is required"),
        ("cap", 0.2, 0.1, ""),
        ("cap", 0.2, None, "not set, at most 0.2 is allowed"),
        ("strict", True, True, ""),
        ("strict", True, False, "false, at least true is required"),
        ("strict", False, False, ""),
        ("policy", "report", "gate", ""),
        ("policy", "report", "report", ""),
        ("policy", "report", "none", "none, at least report is required"),
        ("looked_at", ["sex"], ["age", "sex"], ""),
        ("looked_at", ["sex", "age"], ["sex"], "sex, at least sex or age is required"),
        ("spared", ["income"], [], ""),
        ("spared", ["income"], ["income", "term"], "income or term, at most income is allowed"),
        ("by_group", {"a": 0.1}, {"a": 0.1, "b": 9.0}, ""),
        ("by_group", {"a": 0.1}, {"a": 0.2}, "a 0.2, at most a 0.1 is allowed"),
        ("by_group", {"a": 0.1}, {}, "nothing, at most a 0.1 is allowed"),
        ("columns", ["sex"], ["age", "sex"], ""),
        ("columns", ["sex", "age"], ["sex"], "sex, age must be among it"),
        ("reference", "a", "a", ""),
        ("reference", "b", "a", "a, only b is allowed"),
        ("reference", ["b", "a"], "a", ""),
        ("reference", ["b", "c"], "a", "a, only b or c is allowed"),
        ("merge", False, True, "true, only false is allowed"),
    ],
)
def test_a_bound_is_broken_only_on_the_loose_side(name: str, bound: Any, value: Any, said: str) -> None:
    assert OPTIONS[name].breaks(value, bound) == said


@pytest.mark.parametrize("name", ["most", "cap", "policy", "looked_at", "by_group"])
def test_what_bounds_nothing_is_broken_by_nothing(name: str) -> None:
    assert OPTIONS[name].breaks(None, None) == ""


def test_a_choice_that_is_no_longer_there_is_the_loosest_of_all() -> None:
    assert OPTIONS["policy"].looser("none", "waved through") is False
    assert OPTIONS["policy"].looser("waved through", "none") is True


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("most", 1.1),
        ("most", "0.5"),
        ("least", 9),
        ("least", 10.5),
        ("policy", "nothing"),
        ("strict", "yes"),
        ("looked_at", "sex"),
        ("by_group", {"a": "much"}),
    ],
)
def test_a_value_that_the_option_cannot_have_is_refused(name: str, value: Any) -> None:
    with pytest.raises(ValidationError):
        OPTIONS[name].read(value)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.1, "0.1"),
        (200, "200"),
        (10_000_000, "10000000"),
        (True, "true"),
        (None, "not set"),
        ("a", "a"),
        ([], "nothing"),
        (["a", 1], "a or 1"),
        ({"a": 0.5}, "a 0.5"),
    ],
)
def test_a_value_is_written_as_in_the_file(value: Any, said: str) -> None:
    assert written(value) == said
