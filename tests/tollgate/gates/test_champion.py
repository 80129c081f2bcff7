from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from tests.tollgate.gates.evidence import (
    BUNDLE,
    CHAMPION,
    FRESH,
    NO_CHAMPION,
    compared,
    evidence,
    few,
    figure,
)
from tollgate.bundle.scorer import Scores
from tollgate.evaluation.evidence import Champion, Holdout
from tollgate.evaluation.figure import Figure, NotAssessed
from tollgate.evaluation.metrics import METRICS, Scored
from tollgate.gates.champion import ChampionGate
from tollgate.gates.finding import Finding

GATE = ChampionGate(margin=0.01)


def one(gate: ChampionGate = GATE, **change: Any) -> Finding:
    (finding,) = gate.findings(evidence(**change))
    assert finding.gate == "champion"
    assert finding.subject == gate.metric
    return finding


@pytest.mark.parametrize(
    ("low", "high", "status"),
    [
        (0.01, 0.05, "PASS"),
        (-0.005, 0.02, "PASS"),
        (-0.01, 0.02, "PASS"),
        (-0.0100001, 0.02, "INCONCLUSIVE"),
        (-0.05, 0.05, "INCONCLUSIVE"),
        (-0.05, -0.01, "INCONCLUSIVE"),
        (-0.05, -0.0100001, "FAIL"),
        (-0.2, -0.1, "FAIL"),
        (0.0, 0.0, "PASS"),
    ],
)
def test_a_challenger_passes_only_when_it_surely_loses_no_more_than_the_margin(
    low: float, high: float, status: str
) -> None:
    assert one(differences={"roc_auc": figure(0.0, low, high)}).status == status


@pytest.mark.parametrize(
    ("low", "high", "status"),
    [
        (-0.05, 0.005, "PASS"),
        (-0.05, 0.0050001, "INCONCLUSIVE"),
        (0.005, 0.05, "INCONCLUSIVE"),
        (0.0050001, 0.05, "FAIL"),
    ],
)
def test_for_an_error_less_is_better(low: float, high: float, status: str) -> None:
    gate = ChampionGate(margin=0.005, metric="brier")
    assert one(gate, differences={"brier": figure(0.0, low, high)}).status == status


def test_without_a_margin_any_sure_loss_fails_and_no_loss_passes() -> None:
    strict = ChampionGate(margin=0)
    assert one(strict, differences={"roc_auc": figure(0.0, 0.0, 0.0)}).status == "PASS"
    assert one(strict, differences={"roc_auc": figure(-0.002, -0.003, -0.001)}).status == "FAIL"


def test_harm_is_what_the_champion_has_over_the_challenger() -> None:
    finding = one(differences={"roc_auc": figure(0.02, -0.005, 0.03)})
    assert finding.harm is not None
    assert finding.harm.as_json() == {"low": -0.03, "high": 0.005, "limit": 0.01, "level": 0.95}
    worse = one(ChampionGate(margin=0.005, metric="brier"), differences={"brier": figure(0.02, -0.005, 0.03)})
    assert worse.harm is not None
    assert worse.harm.as_json() == {"low": -0.005, "high": 0.03, "limit": 0.005, "level": 0.95}


def test_a_finding_says_its_figures_in_words() -> None:
    finding = one(differences={"roc_auc": figure(0.02, -0.005, 0.03)})
    assert (
        finding.message
        == "roc_auc differs from the champion's by +0.0200 [-0.0050, +0.0300]; it may be worse by 0.01"
    )


def test_no_champion_is_a_pass_that_says_so() -> None:
    finding = one(champion=NO_CHAMPION, differences={})
    assert (finding.status, finding.harm) == ("PASS", None)
    assert finding.message == "there is no champion: no pointer and no history"


def test_an_unreadable_champion_fails_and_says_why_even_beside_good_figures() -> None:
    finding = one(champion=Champion(state="unreadable", reason="forbidden (403)"))
    assert finding.status == "FAIL"
    assert finding.message == "the champion cannot be compared with: forbidden (403)"


@pytest.mark.parametrize(
    ("differences", "reason"),
    [
        ({}, "it was not measured"),
        ({"brier": figure(0.0, -0.001, 0.001)}, "it was not measured"),
        ({"roc_auc": figure(None, reason="not defined")}, "not defined"),
        ({"roc_auc": figure(0.1, reason="no draws")}, "no draws"),
        ({"roc_auc": figure(0.1, 0.05, None, "half")}, "half"),
    ],
)
def test_a_difference_that_is_lacking_fails_and_says_why(differences: dict[str, Figure], reason: str) -> None:
    finding = one(differences=differences)
    assert finding.status == "FAIL"
    assert finding.message == f"the difference in roc_auc has no interval: {reason}"


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
@pytest.mark.parametrize("place", ["value", "low", "high"])
def test_a_difference_that_is_not_finite_fails_even_when_it_was_smuggled_in(bad: float, place: str) -> None:
    values: dict[str, Any] = {"value": 0.1, "low": 0.05, "high": 0.2, "reason": "", place: bad}
    smuggled = Figure.model_construct(**values)
    (finding,) = GATE.findings(evidence().model_copy(update={"differences": {"roc_auc": smuggled}}))
    assert finding.status == "FAIL"


@pytest.mark.parametrize(("events", "others"), [(99, 900), (900, 99)])
def test_fewer_than_100_events_or_non_events_prove_nothing(events: int, others: int) -> None:
    finding = one(holdout=few(events, others))
    assert finding.status == "INCONCLUSIVE"
    assert f"{events} events and {others} others" in finding.message
    worse = one(holdout=few(events, others), differences={"roc_auc": figure(-0.3, -0.4, -0.2)})
    assert worse.status == "INCONCLUSIVE"


def test_a_challenger_that_is_the_champion_says_so() -> None:
    same = CHAMPION.model_copy(update={"bundle": BUNDLE})
    finding = one(champion=same, differences={"roc_auc": figure(0.0, 0.0, 0.0)})
    assert finding.status == "PASS"
    assert finding.message.startswith("the challenger is the champion, bundle for bundle; roc_auc differs")
    assert "bundle for bundle" not in one().message


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"margin": 0.0501}, "less than or equal to 0.05"),
        ({"metric": "brier"}, "0.01 is too wide for `brier`: give `margin`, at most 0.005"),
        ({"metric": "log_loss", "margin": 0.0201}, "too wide for `log_loss`: give `margin`, at most 0.02"),
        ({"margin": -0.001}, "greater than or equal to 0"),
        ({"metric": "auc"}, "there is no metric 'auc'; there are roc_auc, pr_auc, ks, brier, log_loss "),
        ({"metric": "approve_rate"}, "there is no metric 'approve_rate'"),
        ({"margins": 0.01}, "Extra inputs"),
        ({"margin": "0.01"}, "valid number"),
    ],
)
def test_a_gate_that_could_not_do_its_work_is_refused_when_it_is_read(
    value: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValidationError, match=words):
        ChampionGate.read(value)


def test_the_largest_margin_is_allowed() -> None:
    assert ChampionGate.read({"margin": 0.05}).margin == 0.05


@pytest.mark.parametrize("auc", [0.5, 0.66])
@pytest.mark.parametrize("rate", [0.002, 0.01, 0.02, 0.05, 0.2, 0.5, 0.95])
@pytest.mark.parametrize("name", sorted({*METRICS} - {"precision", "recall"}))
def test_the_widest_margin_forgives_no_model_that_knows_little_or_nothing_at_any_rate(
    name: str, rate: float, auc: float
) -> None:
    """Against the true chance of events whose scores lie 1.19 standard deviations higher: a ROC AUC of 0.8."""
    draw = np.random.default_rng(1)
    event = (np.arange(200_000) < rate * 200_000).astype(np.float64)
    loss = lost(name, event, rate, draw, auc)
    gate = ChampionGate(margin=METRICS[name].widest or 0.0, metric=name)
    assert gate.margin > 0
    holdout = Holdout(splits="d" * 64, rows=len(event), events=int(event.sum()))
    close = (-loss - 1e-9, -loss + 1e-9)
    finding = one(gate, differences={name: figure(-loss, *close)}, holdout=holdout)
    assert finding.status == "FAIL", finding.message


def lost(name: str, event: np.ndarray, rate: float, draw: np.random.Generator, auc: float) -> float:
    """By how much the figure of a model with a ROC AUC of 0.8 is greater than that of one with less."""
    found, noise = [], draw.normal(size=len(event))
    for apart in (1.19, {0.5: 0.0, 0.66: 0.583}[auc]):
        score = noise + apart * event
        found.append(measured(name, event, np.log(rate / (1 - rate)) + apart * score - apart**2 / 2))
    return found[0] - found[1]


def measured(name: str, event: np.ndarray, margin: np.ndarray) -> float:
    rows = Scored(event, Scores(1 / (1 + np.exp(-margin)), margin, margin < 0))
    return float(METRICS[name].measure(rows, np.ones((1, len(event))))[0])


@pytest.mark.parametrize(
    ("name", "margin", "events", "limit"),
    [
        ("brier", 0.005, 300, 0.005),
        ("brier", 0.005, 100, 0.3 * 0.1**2),
        ("brier", 0.005, 900, 0.3 * 0.1**2),
        ("brier", 0.001, 100, 0.001),
        ("log_loss", 0.02, 300, 0.02 * 0.6108643),
        ("log_loss", 0.001, 300, 0.001),
        ("pr_auc", 0.05, 300, 0.05),
        ("pr_auc", 0.05, 100, 0.05),
        ("roc_auc", 0.05, 100, 0.05),
    ],
)
def test_a_margin_is_the_smaller_of_what_is_set_and_of_what_the_rate_of_events_allows(
    name: str, margin: float, events: int, limit: float
) -> None:
    holdout = Holdout(splits="d" * 64, rows=1000, events=events)
    finding = one(
        ChampionGate(metric=name, margin=margin),
        differences={name: figure(0.0, -0.0001, 0.0001)},
        holdout=holdout,
    )
    assert finding.harm is not None
    assert finding.harm.limit == pytest.approx(limit, rel=1e-6)
    assert finding.status == "PASS"


def test_the_rate_is_that_of_the_rows_compared_on_and_told() -> None:
    holdout = Holdout(splits="d" * 64, rows=5000, events=1500)
    finding = one(
        ChampionGate(metric="brier", margin=0.005),
        differences={"brier": figure(0.00002, -0.00001, 0.00005)},
        holdout=holdout,
        comparison=compared(holdout, rows=4000, events=200, scored_rows=4000, scored_events=200),
    )
    assert finding.harm is not None
    assert finding.harm.limit == pytest.approx(0.3 * 0.05**2)
    assert finding.message.startswith(
        "brier differs from the champion's by +0.0000200 [-0.0000100, +0.0000500]; it may be worse by 0.00075, 0.3 of "
        "the squared rate of the rarer outcome"
    )


@pytest.mark.parametrize("name", ["precision", "recall"])
def test_a_metric_that_moves_with_ones_own_threshold_compares_no_models(name: str) -> None:
    words = f"'{name}' moves with each model's own threshold, so it compares no models; roc_auc, pr_auc, ks, brier, "
    for superior in (False, True):
        with pytest.raises(ValidationError, match=words):
            ChampionGate.read({"metric": name, "superior": superior})


def test_few_rows_that_give_no_interval_are_inconclusive_and_told_as_few() -> None:
    lacking = figure(0.0, reason="the metric is not defined on some resamples of these rows")
    finding = one(differences={"roc_auc": lacking}, holdout=few(8, 300))
    assert finding.status == "INCONCLUSIVE"
    assert "8 events" in finding.message
    assert one(differences={"roc_auc": lacking}).status == "FAIL"


def on_rows(**change: Any) -> Finding:
    """The finding on a holdout of 1,000 rows with 300 events, of which only some are compared on."""
    holdout = Holdout(splits="d" * 64, rows=1000, events=300)
    return one(holdout=holdout, comparison=compared(holdout, **change))


@pytest.mark.parametrize(
    ("rows", "events", "status"),
    [(1000, 300, "PASS"), (990, 297, "PASS"), (989, 297, "INCONCLUSIVE"), (995, 296, "INCONCLUSIVE")],
)
def test_the_champion_must_score_99_of_100_rows_and_of_100_events(
    rows: int, events: int, status: str
) -> None:
    finding = on_rows(scored_rows=rows, scored_events=events, unscored="its contract refuses some")
    assert finding.status == status
    assert ("and 99% are needed: its contract refuses some" in finding.message) == (status != "PASS")


def test_a_champion_that_can_score_no_row_proves_nothing_and_is_told_why() -> None:
    finding = one(
        differences={},
        comparison=compared(
            few(300, 700), scored_rows=0, scored_events=0, unscored="it needs the column age"
        ),
    )
    assert finding.status == "INCONCLUSIVE"
    assert "the champion can score 0 of 1000 rows" in finding.message
    assert finding.message.endswith("it needs the column age")


def test_rows_used_too_often_stay_used_up_where_the_champion_can_score_none() -> None:
    none = compared(few(300, 700), scored_rows=0, scored_events=0, unscored="it needs the column age")
    often = FRESH.model_copy(update={"challengers": 21})
    finding = one(differences={}, comparison=none, reuse=often)
    assert (finding.status, finding.waivable) == ("INCONCLUSIVE", False)
    assert finding.message.endswith("no interval holds any more, new rows do")
    unread = one(differences={}, comparison=none, reuse=FRESH.model_copy(update={"unreadable": "torn"}))
    assert (unread.status, unread.message) == ("FAIL", "how often this holdout was used is not known: torn")
    fresh = one(differences={}, comparison=none)
    assert (fresh.status, fresh.waivable) == ("INCONCLUSIVE", True)


def test_the_worst_case_of_rows_that_the_champion_cannot_score_is_shown() -> None:
    worst = {"roc_auc": figure(-0.004, -0.008, 0.0)}
    finding = on_rows(scored_rows=995, scored_events=299, unscored="few", worst=worst)
    assert finding.status == "PASS"
    said = "were the champion right about each of the 5 rows that it cannot score: -0.0040 [-0.0080, +0.0000]"
    assert said in finding.message
    assert finding.figures["worst"] == worst["roc_auc"].as_json()


def test_rows_that_a_model_learned_from_are_told() -> None:
    finding = on_rows(seen_by_champion=40, seen_by_challenger=2)
    assert finding.status == "PASS"
    assert (
        "left out are rows that a model learned from, 40 of the champion and 2 of the challenger"
        in finding.message
    )


def test_what_the_champion_learned_from_must_be_known() -> None:
    finding = on_rows(seen_by_champion=None, unknown="no record of its release")
    assert (finding.status, finding.waivable) == ("INCONCLUSIVE", True)
    assert finding.message.endswith("; no record of its release")
    worse = one(
        differences={"roc_auc": figure(-0.3, -0.4, -0.2)},
        comparison=compared(few(300, 700), seen_by_champion=None, unknown="no record"),
    )
    assert worse.status == "INCONCLUSIVE", "it may have learned these very rows"


def test_the_rows_compared_on_must_be_100_of_each_class_not_those_of_the_whole_holdout() -> None:
    finding = on_rows(rows=350, events=90, scored_rows=350, scored_events=90)
    assert finding.status == "INCONCLUSIVE"
    assert "the rows compared on have 90 events and 260 others" in finding.message


def test_a_comparison_that_is_lacking_fails_and_says_why() -> None:
    finding = one(comparison=NotAssessed(not_assessed="it was forgotten"))
    assert finding.status == "FAIL"
    assert finding.message == "the champion was not compared with: it was forgotten"


@pytest.mark.parametrize(
    ("low", "high", "status"),
    [
        (0.0001, 0.02, "PASS"),
        (0.0, 0.02, "INCONCLUSIVE"),
        (-0.001, 0.02, "INCONCLUSIVE"),
        (-0.02, 0.0001, "INCONCLUSIVE"),
        (-0.02, 0.0, "FAIL"),
        (0.0, 0.0, "FAIL"),
    ],
)
def test_a_challenger_that_must_be_superior_must_surely_be_better(
    low: float, high: float, status: str
) -> None:
    finding = one(ChampionGate(superior=True), differences={"roc_auc": figure(0.0, low, high)})
    assert finding.status == status
    assert finding.message.endswith("; it must be better")


def test_for_an_error_superior_is_surely_less() -> None:
    gate = ChampionGate(superior=True, metric="brier")
    assert one(gate, differences={"brier": figure(-0.01, -0.02, -0.001)}).status == "PASS"
    assert one(gate, differences={"brier": figure(0.01, 0.001, 0.02)}).status == "FAIL"
