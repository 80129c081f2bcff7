import json
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from tollgate.errors import ConflictError, DataError
from tollgate.outcome import EXIT_STATUS, Ending, Outcome, outcome_key

AT = "2026-01-01T00:00:00+00:00"


def test_only_a_deployment_exits_with_zero_and_none_as_wrong_usage() -> None:
    assert set(EXIT_STATUS) == set(get_args(Ending))
    assert [ending for ending, status in EXIT_STATUS.items() if status == 0] == ["deployed"]
    assert len(set(EXIT_STATUS.values())) == len(EXIT_STATUS)
    assert 2 not in EXIT_STATUS.values()


def test_an_error_exits_as_the_outcome_that_it_makes() -> None:
    assert EXIT_STATUS["failed"] == DataError.exit_status
    assert EXIT_STATUS["conflict"] == ConflictError.exit_status


def test_an_outcome_comes_back_from_its_file() -> None:
    outcome = Outcome(run="r1", outcome="held", reasons=("metric roc_auc: FAIL",), bundle="b", at=AT)
    written = outcome.content()
    assert Outcome.read(json.loads(written)) == outcome
    assert json.loads(written) | {"reasons": []} == {
        "version": 1,
        "run": "r1",
        "outcome": "held",
        "reasons": [],
        "bundle": "b",
        "verdict": None,
        "release": None,
        "generation": None,
        "changed": False,
        "at": AT,
    }


@pytest.mark.parametrize("change", [{"outcome": "success"}, {"version": 2}, {"run": None}, {"status": 0}])
def test_a_file_that_is_no_outcome_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Outcome.read({"run": "r1", "outcome": "held", "at": AT} | change)


def test_each_run_has_its_own_place() -> None:
    assert outcome_key("r1") == "runs/r1/outcome.json"
