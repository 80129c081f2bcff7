"""Faults planted into a small problem, and for each a twin without it: the gate that is there for it stops it."""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from components.measured import gather_evidence
from components.trained import train_on
from tests.components.let_through import GATES, SERVING, TRAIN
from tests.components.parted import Parted, parted, rows
from tests.tollgate.gates.evidence import lineage_of
from tollgate.canonical import canonical_json
from tollgate.clock import now
from tollgate.data.section import Format
from tollgate.evaluation.evidence import Evidence, Timings
from tollgate.evaluation.section import EvaluateSection
from tollgate.gates.finding import Finding
from tollgate.gates.section import GatesSection
from tollgate.gates.stability import StabilityGate
from tollgate.policy import Policy
from tollgate.training.section import TrainSection
from tollgate.verdict import judge

Row = dict[str, str]
LATE: dict[str, Any] = {
    "amount": {"type": "number", "known": "seen"},
    "seen": {"type": "date", "role": "ignore", "missing": "allowed"},
}
DRAW = np.random.default_rng(4)


def measured(problem: Parted, model: str = "logistic") -> Evidence:
    bundle, training, _ = train_on(
        problem.splits, problem.contract, TrainSection.read({**TRAIN, "model": model}), problem.storage
    )
    evidence, _ = gather_evidence(
        bundle,
        training,
        problem.splits,
        problem.validation,
        json.dumps({"used": 1200}),
        EvaluateSection(),
        Format(),
        SERVING,
        problem.storage,
        "local",
    )
    return Evidence.read(json.loads(canonical_json(evidence.as_json())))


def stopped(evidence: Evidence) -> dict[tuple[str, str], Finding]:
    content, gates = canonical_json(evidence.as_json()), GatesSection.read(GATES)
    verdict = judge(content, lineage_of(evidence), gates, Policy(), now())
    worst_last = sorted(verdict.stopped_by(), key=lambda finding: finding.status == "FAIL")
    found = {(finding.gate, finding.subject): finding for finding in worst_last}
    found.pop(("stability", "parting"), None)  # drawn at random, so that groups are whole
    return found


def planted(change: Callable[[Row, int], Row]) -> list[Row]:
    return [change(row, at) for at, row in enumerate(rows())]


def told(row: Row, at: int) -> Row:
    """The amount is the outcome, but for a trace of noise."""
    return {**row, "amount": repr(float(row["default"]) + 0.001 * DRAW.normal())}


def hinted(row: Row, at: int) -> Row:
    """The amount says much, and not all."""
    return {**row, "amount": repr(1.9 * float(row["default"]) + DRAW.normal())}


def seen(days: int, often: int = 1) -> Callable[[Row, int], Row]:
    """The amount is known some days after the decision, in one of so many rows; else before."""

    def change(row: Row, at: int) -> Row:
        late = days if at % often == 0 else -1
        day = dt.date.fromisoformat(row["day"]) + dt.timedelta(days=late)
        return {**row, "seen": str(day)}

    return change


def doubled(row: Row, at: int) -> Row:
    """Every second loan has the number of the one before it."""
    return {**row, "loan": f"L{at // 2:05d}"}


@pytest.mark.parametrize(
    ("name", "change", "more", "stop"),
    [
        ("nothing", lambda row, _: row, {}, {}),
        ("told", told, {}, {("leakage", "amount"): "FAIL"}),
        ("hinted", hinted, {}, {("leakage", "amount"): "INCONCLUSIVE"}),
        ("after", None, {"amount": {"type": "number", "known": "after"}}, {("leakage", "amount"): "FAIL"}),
        ("unsaid", None, {"amount": {"type": "number"}}, {("leakage", "amount"): "INCONCLUSIVE"}),
        ("in time", seen(0), LATE, {}),
        ("late now and then", seen(1, often=100), LATE, {("leakage", "amount"): "FAIL"}),
        ("doubled", doubled, {}, {("leakage", "loan"): "INCONCLUSIVE"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_leak_is_stopped_by_the_gate_on_leaks_and_its_harmless_twin_is_not(
    tmp_path: Path,
    name: str,
    change: Callable[[Row, int], Row] | None,
    more: Mapping[str, dict[str, Any]],
    stop: dict[tuple[str, str], str],
) -> None:
    found = rows() if change is None else planted(change)
    problem = parted(tmp_path / "problem", "random", found=found, more=more)
    held = {where: finding.status for where, finding in stopped(measured(problem)).items()}
    assert stop.items() <= held.items()
    if not stop:
        assert held == {}


@pytest.mark.parametrize(("in_time", "status"), [(True, "PASS"), (False, "INCONCLUSIVE")])
def test_rows_in_order_are_parted_by_time_only_where_that_is_their_order(
    tmp_path: Path, in_time: bool, status: str
) -> None:
    found = sorted(rows(), key=lambda row: row["day"]) if in_time else rows()
    evidence = measured(parted(tmp_path / "problem", "order", found=found))
    parting = {one.subject: one for one in StabilityGate().findings(evidence)}["parting"]
    assert parting.status == status, parting.message


@pytest.mark.parametrize("method", ["random", "order"])
@pytest.mark.parametrize(
    "settings",
    [{"type": "date", "role": "ignore"}, {"type": "date", "known": "before"}, {"role": "ignore"}],
    ids=["ignored", "feature", "text"],
)
def test_the_days_of_the_decisions_are_no_less_days_under_another_role(
    tmp_path: Path, method: str, settings: dict[str, Any]
) -> None:
    evidence = measured(parted(tmp_path / "problem", method, ["day"], more={"day": settings}))
    parting = {one.subject: one for one in StabilityGate().findings(evidence)}["parting"]
    assert (parting.status, parting.waivable) == ("INCONCLUSIVE", True)
    assert "there are days in day, which may be those of the decisions" in parting.message


def test_a_feature_that_is_the_outcome_cannot_be_waived(tmp_path: Path) -> None:
    problem = parted(tmp_path / "problem", "random", found=planted(told))
    finding = stopped(measured(problem))["leakage", "amount"]
    assert "no honest feature has" in finding.message
    assert not finding.waivable


def test_how_late_features_were_known_is_told_of_all_parts(tmp_path: Path) -> None:
    problem = parted(tmp_path / "problem", "random", found=planted(seen(1, often=100)), more=LATE)
    evidence = measured(problem)
    assert evidence.leakage.as_json()["late"]["amount"] == {"rows": 1200, "late": 12, "undated": 0}


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    more = {"amount": {"type": "number", "known": "before", "monotone": "increasing"}}
    problem = parted(tmp_path_factory.mktemp("planted") / "problem", "random", more=more)
    return measured(problem, "gradient_boosting")


def test_an_honest_model_passes_and_every_part_was_measured(honest: Evidence) -> None:
    assert stopped(honest) == {}
    for part in ("data", "leakage", "monotonic", "reasons", "robustness", "service"):
        assert "not_assessed" not in getattr(honest, part).as_json(), part
    assert honest.timings is not None
    assert honest.timings.service is not None
    assert honest.monotonic.as_json()["directions"]["amount"]["method"] == "bounds"


def test_timings_stand_apart_from_what_is_the_same_each_time(honest: Evidence) -> None:
    assert "seconds" not in json.dumps(honest.model_copy(update={"timings": None}).as_json())


@pytest.mark.parametrize(
    ("change", "gate"),
    [
        ({"parity": 1e-6}, "parity"),
        ({"parity": None}, "parity"),
        ({"bundle": "a" * 64}, "parity"),
        ({"timings": Timings(measured_at=now())}, "service"),
    ],
)
def test_evidence_that_was_altered_or_is_lacking_is_stopped(
    honest: Evidence, change: dict[str, Any], gate: str
) -> None:
    assert {where for where, _ in stopped(honest.model_copy(update=change))} == {gate}


def test_a_holdout_that_another_step_counted_otherwise_is_stopped(honest: Evidence) -> None:
    fewer = honest.holdout.model_copy(update={"rows": honest.holdout.rows - 1})
    assert ("data", "rows") in stopped(honest.model_copy(update={"holdout": fewer}))


def test_planted_rows_are_those_of_the_problem_otherwise() -> None:
    """The twins differ in what is planted alone."""
    kept = [{name: value for name, value in row.items() if name != "amount"} for row in planted(told)]
    assert kept == [{name: value for name, value in row.items() if name != "amount"} for row in rows()]
