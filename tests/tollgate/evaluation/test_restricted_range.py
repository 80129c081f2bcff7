"""Groups that are alike in what the model goes by are hard to order; that is no harm, and noise in their scores is."""

import numpy as np
import pyarrow as pa
import pytest

from tests.tollgate.evaluation.made import days, exam_of
from tests.tollgate.evaluation.models import bundle_of
from tests.tollgate.gates.evidence import evidence
from tollgate.bundle.bundle import Bundle
from tollgate.evaluation.metrics import Floats
from tollgate.evaluation.slices import measure_slices
from tollgate.gates.finding import Finding
from tollgate.gates.slices import SlicesGate

ROWS = 10_000
EXPLORING, DECLARED = SlicesGate(), SlicesGate(columns=("income", "grade"), explore=False)


@pytest.fixture(scope="module")
def challenger(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return bundle_of(tmp_path_factory.mktemp("challenger") / "bundle")


def said(challenger: Bundle, gate: SlicesGate, seed: int, noise: float = 0.0) -> dict[str, Finding]:
    """The score is the true probability, most of it by income; in that of grade b there may be noise."""
    draw = np.random.default_rng(seed)
    income, other = draw.standard_normal(ROWS), draw.standard_normal(ROWS)
    truth = -2.6 + 1.3 * income + 0.5 * other
    event = (draw.random(ROWS) < probability(truth)).astype(np.float64)
    grade = draw.choice(["a", "b"], ROWS)
    score = truth + noise * (grade == "b") * draw.standard_normal(ROWS)
    columns = {"grade": pa.array(grade), "income": pa.array(income), "issued": days(np.arange(ROWS) % 6)}
    made = exam_of(challenger, event, probability(score), **columns)
    return {one.subject: one for one in gate.findings(evidence(slices=measure_slices(made)))}


def probability(log_odds: Floats) -> Floats:
    return 1 / (1 + np.exp(-log_odds))


@pytest.mark.parametrize("gate", [EXPLORING, DECLARED], ids=["explored", "declared"])
def test_bands_of_a_feature_hold_no_model_that_says_the_truth(challenger: Bundle, gate: SlicesGate) -> None:
    found = [said(challenger, gate, seed) for seed in range(20)]
    assert "FAIL" not in {finding.status for book in found for finding in book.values()}
    if gate is EXPLORING:
        assert sum("warning" in book["explored"].message for book in found) <= 2


@pytest.mark.parametrize("seed", range(5))
def test_noise_in_the_scores_of_one_group_is_found_whether_it_is_declared_or_not(
    challenger: Bundle, seed: int
) -> None:
    explored = said(challenger, EXPLORING, seed, noise=2.0)["explored"]
    assert explored.status == "FAIL"
    assert "grade b AUC short of what its probabilities imply" in explored.message
    declared = said(challenger, DECLARED, seed, noise=2.0)
    assert declared["grade b auc"].status == "FAIL"
    assert declared["grade a auc"].status == "PASS"
