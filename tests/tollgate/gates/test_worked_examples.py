"""Each gate's arithmetic is that of its `source`, on examples that can be followed by hand.

Those that stand beside the function itself are not repeated here: tests/tollgate/evaluation holds DeLong's areas,
Newcombe's tables, the population stability index, Hosmer and Lemeshow's statistic, Conover's quantile, bounds of a tree
and moves by noise; beside this file are Holm's steps, Katz's interval and Elkan's cost matrix.
"""

import math
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import chi2

from tests.tollgate.evaluation.made import exam_of, scores_of
from tests.tollgate.evaluation.models import COLUMNS, bundle_of
from tests.tollgate.gates.evidence import NO_CHAMPION, data, evidence, few, leakage
from tests.tollgate.gates.good_fairness import group, protected, rates
from tollgate.bundle.bundle import Bundle
from tollgate.evaluation.alone import alone
from tollgate.evaluation.calibration import measure_calibration
from tollgate.evaluation.cost_section import Errors
from tollgate.evaluation.data_facts import FeatureFacts
from tollgate.evaluation.evaluate import evaluate
from tollgate.evaluation.fairness_section import Fairness
from tollgate.evaluation.metrics import Scored
from tollgate.evaluation.sampling import Sampling
from tollgate.evaluation.shares import share_of
from tollgate.evaluation.stability import measure_stability
from tollgate.gates.calibration import CalibrationGate
from tollgate.gates.champion import ChampionGate
from tollgate.gates.cost import CostGate
from tollgate.gates.data import DataGate
from tollgate.gates.fairness import FairnessGate
from tollgate.gates.finding import Finding, Status
from tollgate.gates.gate import Gate
from tollgate.gates.leakage import LeakageGate
from tollgate.gates.metric import MetricGate
from tollgate.gates.stability import StabilityGate

DRAWN = Sampling(bootstraps=4000, seed=1)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """A bundle for its contract: a number and four categories of two values."""
    categories = {f"c{at}": {"type": "category", "values": ["a", "b"]} for at in range(4)}
    columns: dict[str, dict[str, Any]] = {"income": COLUMNS["income"], **categories}
    return bundle_of(tmp_path_factory.mktemp("bundle") / "bundle", columns | {"outcome": COLUMNS["outcome"]})


def findings(gate: Gate, **change: Any) -> dict[str, Finding]:
    return {finding.subject: finding for finding in gate.findings(evidence(**change))}


def ends(finding: Finding) -> tuple[float, float]:
    assert finding.harm is not None
    return finding.harm.low, finding.harm.high


@pytest.mark.parametrize(("limit", "status"), [(0.37, "PASS"), (0.3, "INCONCLUSIVE"), (0.25, "FAIL")])
def test_data_judges_a_share_by_the_interval_of_wilson(limit: float, status: Status) -> None:
    """Newcombe 1998, table I, method 3: 81 of 263 is 0.2553 to 0.3662."""
    missing = FeatureFacts(fit=0.3, missing=share_of(np.arange(263) < 81))
    found = findings(DataGate(missing=limit), data=data(few(300, 700), features={"income": missing}))
    assert found["income"].status == status
    assert ends(found["income"]) == pytest.approx((0.2553, 0.3662), abs=5e-5)


@pytest.mark.parametrize(("limit", "alarmed"), [(15.1, True), (15.2, False)])
def test_leakage_bounds_a_pure_value_as_clopper_and_pearson(limit: float, alarmed: bool) -> None:
    """Clopper, Pearson 1934: of n events in n rows the share is at least p with p^n = tail.

    p^80 = 0.000005 has p = exp(-12.2061 / 80) = 0.85849, odds of 6.0668. Of all 1,680 rows 480 have the event, odds of
    0.4; so the value's odds are at least 6.0668 / 0.4 = 15.167 times those.
    """
    event = np.r_[np.ones(80), np.tile([1.0, 0.0, 0.0, 0.0], 400)]
    values = np.r_[np.zeros(80), np.ones(1600)]
    one = alone(values, True, event, np.arange(1680) % 2 == 0, None)
    said = LeakageGate(pure=limit).findings(evidence(leakage=leakage(alone={"code": one})))
    pure = [finding for finding in said if "has events alone" in finding.message]
    assert [finding.status for finding in pure] == (["INCONCLUSIVE"] if alarmed else [])
    assert one.pure is not None
    assert one.pure.odds == pytest.approx(15.167, abs=5e-4)


@pytest.mark.parametrize(("at_least", "status"), [(0.25, "PASS"), (0.26, "INCONCLUSIVE"), (0.76, "FAIL")])
def test_metric_judges_by_the_percentiles_of_the_bootstrap(at_least: float, status: Status) -> None:
    """Efron 1979: of 16 events of which 8 are declined, draws of 16 have a recall of K / 16, K binomial (16, 1/2).

    K is at most 3 in (1 + 16 + 120 + 560) / 65536 = 1.06 % of the draws and at most 4 in 2517 / 65536 = 3.84 %, so that
    2.5 % of them end within 4 / 16, and by symmetry 97.5 % within 12 / 16.
    """
    rows = Scored(np.ones(16), scores_of(np.repeat([0.2, 0.8], 8)))
    measured = evaluate(rows, None, DRAWN)["metrics"]
    (found,) = findings(MetricGate(name="recall", at_least=at_least), metrics=measured).values()
    assert found.status == status
    assert ends(found) == (-0.75, -0.25)


@pytest.mark.parametrize(
    ("loses", "wins", "low", "high", "status"),
    [
        (0.008, 0.008, -0.004, 0.004, "PASS"),
        (0.04, 0.04, -0.02, 0.02, "INCONCLUSIVE"),
        (0.08, 0.01, 0.0125, 0.0575, "FAIL"),
    ],
)
def test_champion_holds_a_paired_interval_against_the_margin(
    loses: float, wins: float, low: float, high: float, status: Status
) -> None:
    """Efron 1979, and ICH E9, 3.3.2: no worse is whose whole interval lies within the margin, here 0.005.

    Of 16 rows the challenger's squared error is larger by `loses` in 8, and smaller by `wins` in the others. A draw has
    K of the former, with 2.5 and 97.5 % at 4 and 12 as above: the difference is (K loses - (16 - K) wins) / 16, from
    loses / 4 - 3 wins / 4 to 3 loses / 4 - wins / 4.
    """
    ours = np.sqrt(np.repeat([0.2 + loses, 0.2], 8))
    theirs = np.sqrt(np.repeat([0.2, 0.2 + wins], 8))
    both = [Scored(np.zeros(16), scores_of(probability)) for probability in (ours, theirs)]
    measured = evaluate(both[0], both[1], DRAWN)["differences"]
    (found,) = findings(ChampionGate(metric="brier", margin=0.005), differences=measured).values()
    assert found.status == status
    assert ends(found) == pytest.approx((low, high), abs=1e-12)


def test_calibration_is_a_line_through_two_points_by_hand(bundle: Bundle) -> None:
    """90 rows of 0.2 with 30 events, and 90 of 0.8 with 60.

    Observed/expected: 90 / (18 + 72) = 1. Each row moves its logarithm by 2 (event - probability), whose squares sum to
    4 x 2 x (30 x 0.64 + 60 x 0.04) = 172.8: the error is sqrt(172.8 x 180 / 179) / 180 = 0.07323.

    Slope (Cox 1958): the line meets both points, log odds of -ln 2 at -ln 4 and ln 2 at ln 4, so it is 1/2. The points
    have variances of 1 / (90 x 1/3 x 2/3) = 1/20: the error is sqrt(0.1 x 180 / 179) / (2 ln 4) = 0.11437.

    Hosmer, Lemeshow 1980: 12^2 / (90 x 0.2 x 0.8) twice is 20, with p = exp(-20 / 2) of two degrees. The expected
    calibration error is (12 + 12) / 180.
    """
    event = np.r_[np.ones(30), np.zeros(60), np.ones(60), np.zeros(30)]
    measured = measure_calibration(exam_of(bundle, event, np.repeat([0.2, 0.8], 90)))
    found = findings(CalibrationGate(), calibration=measured)
    assert ends(found["observed_to_expected"]) == pytest.approx((-1.96 * 0.07323, 1.96 * 0.07323), abs=1e-5)
    slope = [math.log(0.5 + sign * 1.96 * 0.11437) for sign in (-1, 1)]
    assert ends(found["slope"]) == pytest.approx(slope, abs=5e-5)
    assert found["bins"].figures["statistic"] == pytest.approx(20)
    assert found["bins"].figures["p_value"] == pytest.approx(math.exp(-10))
    assert measured.expected_error.error.value == pytest.approx(24 / 180)
    assert [found[name].status for name in ("observed_to_expected", "slope")] == ["PASS", "INCONCLUSIVE"]


def test_stability_names_features_by_the_steps_of_benjamini_and_hochberg(bundle: Bundle) -> None:
    """Benjamini, Hochberg 1995: found are those up to the last of m p-values in order with p(i) <= i / m x 0.05.

    Here the second, 0.0271, and the third, 0.0336, are above 0.02 and 0.03, and found all the same: the fourth, 0.0383,
    is not above 0.04. The rate of each is the least 5 p(j) / j from it on: 5 x 0.0383 / 4 = 0.0479 for all three.
    """
    place, shares = np.arange(1000) / 1000, {"c0": 0.595, "c1": 0.655, "c2": 0.65, "c3": 0.43}
    columns = {name: pa.array(np.where(place < share, "a", "b")) for name, share in shares.items()}
    income, event = pa.array(np.linspace(1, 100, 1000)), np.tile([0.0, 1.0], 500)
    measured = measure_stability(exam_of(bundle, event, np.full(1000, 0.4), income=income, **columns))
    p_values = {
        name: float(chi2.sf(one.index / one.by_chance * (one.bins - 1), one.bins - 1))
        for name, one in measured.features.items()
    }
    order = sorted(p_values, key=p_values.__getitem__)
    assert order == ["c2", "c0", "c1", "c3", "income"]
    assert [p_values[name] for name in order[1:4]] == pytest.approx([0.0271, 0.0336, 0.0383], abs=5e-5)
    rates_found = [measured.features[name].q_value for name in order]
    assert rates_found[0] == pytest.approx(5 * p_values["c2"])
    assert rates_found[1:4] == pytest.approx([0.0479] * 3, abs=5e-5)
    assert rates_found[4] == pytest.approx(p_values["income"])
    message = findings(StabilityGate(), stability=measured)["features"].message
    assert "moved by more than chance: " in message
    assert [name for name in order if f"{name} " in message] == order[:4]


def test_fairness_finds_the_group_of_the_questions_and_answers() -> None:
    """Questions and Answers on the Uniform Guidelines, 44 FR 11996 (1979), on 29 CFR 1607.4 D.

    Of rates of 60, 45, 48 and 51 % the ratios to the highest are 75, 80 and 85 %: below four fifths is the first alone.
    """
    names = ("White", "American Indian", "Hispanic", "Black")
    column = protected(
        groups=tuple(group(name, 1000) for name in names),
        approval=rates(0.6, 0.45, 0.48, 0.51),
        opportunity=rates(0.6, 0.6, 0.6, 0.6),
    )
    measured = Fairness(columns={"origin": column}, told_on=1000)
    told = findings(FairnessGate(policy="report"), fairness=measured)["origin"]
    assert told.figures["highest"] == "White"
    assert told.figures["below"] == ["American Indian"]
    for ratio in ("0.75", "0.80", "0.85"):
        assert f"({ratio} [" in told.message


@pytest.mark.parametrize(
    ("rate", "cheaper", "base"),
    [(1 / 6 - 0.01, "approving", 5 / 6 - 0.05), (1 / 6 + 0.01, "declining", 5 / 6 - 0.01)],
)
def test_cost_turns_from_approving_to_declining_where_elkan_does(
    rate: float, cheaper: str, base: float
) -> None:
    """Elkan 2001, section 2: both decisions cost as much at p = c10 / (c10 + c01), without cost where they are right.

    A declined non-event costs 1 and an approved event 5: p is 1 / 6, where approving costs 5 / 6 a row, and declining
    1 - 1 / 6. Below it all approved cost 5 p, above it all declined cost 1 - p. Decisions of 0.02 and 0.1 cost 0.2.
    """
    errors = Errors(alone=rates(0.02, 0.1, rate, error=1e-4), paired=None)
    gate = CostGate(false_negative=5, false_positive=1)
    (found,) = findings(gate, errors=errors, champion=NO_CHAMPION, differences={}).values()
    assert found.figures[cheaper] == pytest.approx(base)
    assert found.figures["cost"] == pytest.approx(0.2)
    assert found.figures["value"] == pytest.approx(0.2 / base - 1)
