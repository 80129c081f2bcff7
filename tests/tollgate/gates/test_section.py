from typing import Any

import pytest
from pydantic import ValidationError

from tollgate.gates.section import GatesSection

AUC = {"name": "roc_auc", "at_least": 0.65}
BRIER = {"name": "brier", "at_most": 0.2}


@pytest.mark.parametrize("value", [{}, {"metric": []}, {"champion": None}, {"metric": [], "champion": None}])
def test_no_gate_at_all_is_refused(value: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="no gate is named, so any model would be let through"):
        GatesSection.read(value)


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ({"metric": [AUC], "fairnes": {}}, "fairnes"),
        ({"metrics": [AUC]}, "metrics"),
        ({"metric": [AUC], "champion": {"margin": 0.06}}, "champion.margin"),
        ({"metric": [{"name": "auc", "at_least": 0.65}]}, "metric.0.name"),
        ({"metric": [AUC, {"name": "brier"}]}, "metric.1"),
        ({"metric": AUC}, "metric"),
    ],
)
def test_a_wrong_gate_is_refused_by_its_key(value: dict[str, Any], key: str) -> None:
    with pytest.raises(ValidationError) as caught:
        GatesSection.read(value)
    assert key in [".".join(map(str, error["loc"])) for error in caught.value.errors()]


def test_every_gate_that_is_set_speaks_in_the_order_of_the_section() -> None:
    section = GatesSection.read({"metric": [AUC, BRIER], "champion": {"margin": 0.02}})
    said = [getattr(gate, "name", type(gate).__name__) for gate in section.gates()]
    assert said[:3] == ["roc_auc", "brier", "ChampionGate"]


def test_a_metric_has_one_limit() -> None:
    with pytest.raises(ValidationError, match="roc_auc has two limits: give the one that counts"):
        GatesSection.read({"metric": [AUC, BRIER, AUC | {"at_least": 0.7}]})


def test_required_gates_speak_also_where_they_are_not_named_and_cannot_be_taken_away() -> None:
    said = {type(gate).__name__ for gate in GatesSection.read({"champion": {}}).gates()}
    assert {"DataGate", "LeakageGate", "ParityGate", "CalibrationGate", "StabilityGate"} <= said
    for name in ("data", "leakage", "parity", "calibration", "stability"):
        with pytest.raises(ValidationError, match=name):
            GatesSection.read({"champion": {}, name: None})


def test_a_margin_left_out_is_written_as_left_out_and_digested_as_its_default() -> None:
    short, long = GatesSection.read({"champion": {}}), GatesSection.read({"champion": {"margin": 0.01}})
    assert short.as_json() == {"champion": {}}
    assert short.digest() == long.digest()
    assert short.digest() != GatesSection.read({"champion": {"margin": 0.02}}).digest()
