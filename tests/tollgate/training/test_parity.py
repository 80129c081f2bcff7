"""The graph against scikit-learn, on rows that training has never seen."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.parity import ALLOWED, measured, reason, table
from tests.tollgate.training.frames import frame
from tests.tollgate.training.kinds import KINDS
from tests.tollgate.training.twofold import MODELS, Apart, Case, compared, drawn
from tollgate.bundle.scorer import Scorer
from tollgate.training.section import Method

pytestmark = pytest.mark.long

models = st.sampled_from(sorted(MODELS))
seeds = st.integers(0, 2**32 - 1)
quick: tuple[Method, ...] = ("none", "sigmoid")


def agree(apart: Apart) -> None:
    assert apart.rows > 60
    assert apart.probability <= 1e-9
    assert apart.margin <= 1e-9
    assert apart.explained <= 1e-9


@settings(max_examples=25, deadline=None, database=None)
@given(seeds, models, st.sampled_from(quick))
def test_graph_pipeline_and_explainer_agree_on_any_problem(
    seed: int, model: str, calibration: Method
) -> None:
    agree(compared(drawn(seed, model, calibration)))


@settings(max_examples=5, deadline=None, database=None)
@given(seeds, models)
def test_they_agree_after_isotonic_calibration_too(seed: int, model: str) -> None:
    agree(compared(drawn(seed, model, "isotonic")))


@pytest.mark.parametrize("model", sorted(MODELS))
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_they_agree_on_a_column_alone(kind: str, model: str) -> None:
    agree(compared(Case(frame([kind], seed=3, rows=60), model, "sigmoid")))


def test_a_short_run_of_the_benchmark_fits_every_model_with_every_calibration() -> None:
    tallies = measured(9, seed=1)
    assert [tally.fits for tally in tallies.values()] == [1] * 9
    assert all(max(tally.worst) <= ALLOWED for tally in tallies.values())
    lines = list(table(tallies))
    assert len(lines) == 2 + 9 + 1
    assert lines[-1].startswith(f"| all |  | 9 | {sum(tally.rows for tally in tallies.values())} | ")


def test_the_benchmark_counts_refusals_by_reason_whatever_their_numbers() -> None:
    assert reason("it needs 1000 events, and has 12: a reason") == reason(
        "it needs 1000 events, and has 34: more"
    )


@pytest.mark.parametrize("model", sorted(MODELS))
def test_a_row_scores_the_same_alone_and_among_others(model: str) -> None:
    problem = frame(["number", "date", "open category", "boolean that may miss"], seed=7)
    files = problem.train(model=model, parameters=MODELS[model]).files
    scorer = Scorer(files["model.onnx"])
    together = scorer.score(problem.fresh).probability
    alone = np.concatenate([scorer.score(row[None]).probability for row in problem.fresh])
    np.testing.assert_allclose(alone, together, rtol=0, atol=1e-12)
