from typing import Any

import pytest
from pydantic import ValidationError

from tollgate.data.validation import MainFacts
from tollgate.evaluation.bootstrap import Estimate
from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.figure import Figure

WRITTEN: dict[str, Any] = {
    "version": 3,
    "bundle": "b" * 64,
    "holdout": {"splits": "d" * 64, "rows": 400, "events": 120},
    "champion": {"state": "none"},
    "metrics": {"roc_auc": {"value": 0.7, "low": 0.65, "high": 0.75}},
    "settings": "5" * 64,
}


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in WRITTEN.items() if name != key}


def test_evidence_is_written_as_it_was_read() -> None:
    assert Evidence.read(WRITTEN).as_json() == WRITTEN


@pytest.mark.parametrize("version", [1, 2])
def test_evidence_of_the_forms_before_is_still_read(version: int) -> None:
    read = Evidence.read(WRITTEN | {"version": version})
    assert (read.validation, read.drift) == (MainFacts(), None)


@pytest.mark.parametrize("key", ["version", "bundle", "holdout", "champion", "metrics", "settings"])
def test_evidence_that_lacks_a_part_is_refused(key: str) -> None:
    with pytest.raises(ValidationError, match=f"{key}\n  Field required"):
        Evidence.read(without(key))


@pytest.mark.parametrize(
    "change",
    [
        {"version": 4},
        {"version": "3"},
        {"more": 1},
        {"champion": {"state": "gone"}},
        {"metrics": {"roc_auc": {"value": "0.7", "low": 0.6, "high": 0.8}}},
        {"metrics": {"roc_auc": {"value": 0.7}}},
        {"holdout": {"splits": "d", "rows": 400.5, "events": 1}},
        {"holdout": {"splits": "d", "rows": 400}},
    ],
)
def test_evidence_of_another_form_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Evidence.read(WRITTEN | change)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_a_figure_that_is_not_finite_can_neither_be_made_nor_read(bad: float) -> None:
    with pytest.raises(ValidationError, match="finite number"):
        Figure(value=bad, low=0.1, high=0.2)
    with pytest.raises(ValueError, match="JSON compliant"):
        Evidence.read(WRITTEN | {"parity": bad})


def test_a_figure_is_an_estimate_as_written() -> None:
    estimate = Estimate(None, None, None, "not defined")
    assert Figure.of(estimate).estimate == estimate
    assert Figure.of(Estimate(0.5, 0.4, 0.6)).as_json() == {
        "value": 0.5,
        "low": 0.4,
        "high": 0.6,
        "reason": "",
        "drawn": "rows",
    }
