from typing import Any

import pytest
from pydantic import ValidationError

from tollgate.evaluation.section import EvaluateSection


def test_what_is_left_out_has_a_default() -> None:
    assert EvaluateSection.read({}) == EvaluateSection(bootstraps=1000)


@pytest.mark.parametrize(
    "value",
    [{"bootstraps": 999}, {"bootstraps": 100_001}, {"bootstraps": 1000.5}, {"seed": 1}, {"draws": 300}],
)
def test_an_impossible_setting_is_refused(value: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        EvaluateSection.read(value)
    assert [error["loc"] for error in caught.value.errors()] == [tuple(value)]


def test_equal_settings_have_an_equal_digest_however_they_are_written() -> None:
    assert EvaluateSection.read({}).digest() == EvaluateSection.read({"bootstraps": 1000.0}).digest()
    assert EvaluateSection.read({}).digest() != EvaluateSection.read({"bootstraps": 2000}).digest()
