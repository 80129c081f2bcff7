from typing import Any

import pytest
from pydantic import ValidationError

from tests.tollgate.gates.evidence import evidence, few, figure
from tollgate.evaluation.figure import Figure
from tollgate.evaluation.metrics import METRICS
from tollgate.gates.finding import Finding
from tollgate.gates.metric import MetricGate

AT_LEAST = MetricGate(name="roc_auc", at_least=0.65)
AT_MOST = MetricGate(name="brier", at_most=0.2)


def one(gate: MetricGate, **change: Any) -> Finding:
    (finding,) = gate.findings(evidence(**change))
    return finding


@pytest.mark.parametrize(
    ("low", "high", "status"),
    [
        (0.66, 0.75, "PASS"),
        (0.65, 0.75, "PASS"),
        (0.6499999, 0.75, "INCONCLUSIVE"),
        (0.6, 0.7, "INCONCLUSIVE"),
        (0.55, 0.65, "INCONCLUSIVE"),
        (0.55, 0.6499999, "FAIL"),
        (0.5, 0.6, "FAIL"),
        (0.65, 0.65, "PASS"),
        (0.64, 0.64, "FAIL"),
    ],
)
def test_more_is_better_passes_only_when_the_whole_interval_is_at_least_the_limit(
    low: float, high: float, status: str
) -> None:
    finding = one(AT_LEAST, metrics={"roc_auc": figure(0.65, low, high)})
    assert (finding.gate, finding.subject, finding.status) == ("metric", "roc_auc", status)


@pytest.mark.parametrize(
    ("low", "high", "status"),
    [
        (0.1, 0.19, "PASS"),
        (0.1, 0.2, "PASS"),
        (0.1, 0.2000001, "INCONCLUSIVE"),
        (0.15, 0.25, "INCONCLUSIVE"),
        (0.2, 0.25, "INCONCLUSIVE"),
        (0.2000001, 0.25, "FAIL"),
        (0.3, 0.4, "FAIL"),
        (0.2, 0.2, "PASS"),
    ],
)
def test_less_is_better_passes_only_when_the_whole_interval_is_at_most_the_limit(
    low: float, high: float, status: str
) -> None:
    finding = one(AT_MOST, metrics={"brier": figure(0.2, low, high)})
    assert (finding.gate, finding.subject, finding.status) == ("metric", "brier", status)


def test_the_point_estimate_alone_decides_nothing() -> None:
    high_point = one(AT_LEAST, metrics={"roc_auc": figure(0.9, 0.6, 0.95)})
    low_point = one(AT_LEAST, metrics={"roc_auc": figure(0.5, 0.66, 0.7)})
    assert (high_point.status, low_point.status) == ("INCONCLUSIVE", "PASS")


@pytest.mark.parametrize(
    ("gate", "figures", "harm"),
    [
        (AT_LEAST, {"roc_auc": figure(0.7, 0.68, 0.72)}, {"low": -0.72, "high": -0.68, "limit": -0.65}),
        (AT_MOST, {"brier": figure(0.1, 0.09, 0.12)}, {"low": 0.09, "high": 0.12, "limit": 0.2}),
    ],
)
def test_harm_is_the_metric_turned_so_that_greater_is_worse(
    gate: MetricGate, figures: dict[str, Figure], harm: dict[str, float]
) -> None:
    finding = one(gate, metrics=figures)
    assert finding.harm is not None
    assert finding.harm.as_json() == harm | {"level": 0.95}
    assert finding.figures == next(iter(figures.values())).as_json()


def test_a_finding_says_its_figures_in_words() -> None:
    finding = one(AT_LEAST, metrics={"roc_auc": figure(0.71234, 0.68, 0.74)})
    assert finding.message == "roc_auc is 0.7123 [0.6800, 0.7400]; needed is at least 0.65"
    finding = one(AT_MOST, metrics={"brier": figure(0.1, 0.09, 0.12)})
    assert finding.message == "brier is 0.1000 [0.0900, 0.1200]; needed is at most 0.2"


@pytest.mark.parametrize(
    ("events", "others", "status"),
    [(100, 100, "PASS"), (99, 900, "INCONCLUSIVE"), (900, 99, "INCONCLUSIVE"), (0, 0, "INCONCLUSIVE")],
)
def test_fewer_than_100_events_or_non_events_prove_nothing(events: int, others: int, status: str) -> None:
    finding = one(AT_LEAST, holdout=few(events, others))
    assert finding.status == status
    if status == "INCONCLUSIVE":
        said = f"the holdout has {events} events and {others} others, and 100 of each are needed: "
        assert finding.message.endswith(f"{said}hold out more rows (`split.holdout`)")


def test_a_bad_model_on_few_rows_is_no_proof_either() -> None:
    finding = one(AT_LEAST, metrics={"roc_auc": figure(0.5, 0.4, 0.6)}, holdout=few(10, 10))
    assert finding.status == "INCONCLUSIVE"


@pytest.mark.parametrize(
    ("metrics", "reason"),
    [
        ({}, "it was not measured"),
        ({"brier": figure(0.1, 0.05, 0.2)}, "it was not measured"),
        ({"roc_auc": figure(None, reason="not defined")}, "not defined"),
        ({"roc_auc": figure(0.9, reason="no draws")}, "no draws"),
        ({"roc_auc": figure(0.9, 0.8, None, "half an interval")}, "half an interval"),
        ({"roc_auc": figure(0.9, None, 0.95, "half an interval")}, "half an interval"),
        ({"roc_auc": figure(None, 0.8, 0.9, "no figure")}, "no figure"),
    ],
)
def test_a_metric_that_is_lacking_fails_and_says_why(metrics: dict[str, Figure], reason: str) -> None:
    finding = one(AT_LEAST, metrics=metrics)
    assert finding.status == "FAIL"
    assert finding.harm is None
    assert finding.message == f"roc_auc has no interval: {reason}"


def test_lacking_evidence_fails_also_on_few_rows() -> None:
    assert one(AT_LEAST, metrics={}, holdout=few(3, 3)).status == "FAIL"


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("place", ["value", "low", "high"])
def test_a_figure_that_is_not_finite_fails_even_when_it_was_smuggled_in(bad: float, place: str) -> None:
    values: dict[str, Any] = {"value": 0.9, "low": 0.85, "high": 0.95, "reason": "", place: bad}
    smuggled = Figure.model_construct(**values)
    smuggled_in = evidence().model_copy(update={"metrics": {"roc_auc": smuggled}})
    (finding,) = AT_LEAST.findings(smuggled_in)
    assert finding.status == "FAIL"


def test_with_nothing_set_the_area_under_the_curve_must_be_better_than_a_guess() -> None:
    assert MetricGate.usual() == MetricGate(name="roc_auc", at_least=0.6)
    assert one(MetricGate.usual(), metrics={"roc_auc": figure(0.62, 0.601, 0.64)}).status == "PASS"
    assert one(MetricGate.usual(), metrics={"roc_auc": figure(0.62, 0.599, 0.64)}).status == "INCONCLUSIVE"


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_has_one_way_to_be_limited(name: str) -> None:
    right, wrong = ("at_least", "at_most") if METRICS[name].greater_is_better else ("at_most", "at_least")
    limit = METRICS[name].loosest
    assert MetricGate.read({"name": name, right: limit}).as_json() == {"name": name, right: limit}
    for limits in ({}, {wrong: 0.2}, {right: 0.2, wrong: 0.2}):
        with pytest.raises(ValidationError, match=f"`{name}` needs `{right}`, and only that"):
            MetricGate.read({"name": name, **limits})


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"name": "auc", "at_least": 0.5}, "there is no metric 'auc'; there are roc_auc, pr_auc"),
        ({"name": "approve_rate", "at_least": 0.5}, "there is no metric 'approve_rate'"),
        ({"name": "roc_auc", "at_least": 0}, "greater than 0"),
        ({"name": "roc_auc", "at_least": -0.1}, "greater than 0"),
        ({"name": "roc_auc", "at_least": 65}, "less than 1"),
        ({"name": "brier", "at_most": 0}, "greater than 0"),
        ({"name": "roc_auc", "at_least": 0.5499}, "0.55 is the loosest that there is"),
        ({"name": "brier", "at_most": 0.2501}, "`at_most` of `brier` is 0.2501, and 0.25 is the loosest"),
        ({"name": "log_loss", "at_most": 0.6932}, "0.6931 is the loosest"),
        ({"name": "roc_auc", "at_least": 0.65, "max_reuse": 51}, "less than or equal to 50"),
        ({"name": "roc_auc", "at_least": "0.65"}, "valid number"),
        ({"name": "roc_auc", "at_least": True}, "valid number"),
        ({"name": "roc_auc", "at_leats": 0.65}, "Extra inputs"),
        ({"at_least": 0.65}, "Field required"),
    ],
)
def test_a_gate_that_could_not_do_its_work_is_refused_when_it_is_read(
    value: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValidationError, match=words):
        MetricGate.read(value)


def test_few_rows_that_give_no_interval_are_inconclusive_and_told_as_few() -> None:
    lacking = figure(0.7, reason="the metric is not defined on some resamples of these rows")
    finding = one(AT_LEAST, metrics={"roc_auc": lacking}, holdout=few(8, 300))
    assert finding.status == "INCONCLUSIVE"
    assert "8 events" in finding.message
    assert one(AT_LEAST, metrics={"roc_auc": lacking}).status == "FAIL"
    assert one(AT_LEAST, metrics={}, holdout=few(8, 300)).status == "FAIL"
