"""Calibrations that fall, or rise so steeply that the last bit of a margin would show."""

from dataclasses import replace

import numpy as np
import pytest

from tests.tollgate.training.frames import Frame, frame
from tests.tollgate.training.scored import contract_of, part_of
from tollgate.bundle.scorer import Floats, Scorer
from tollgate.errors import ModelError
from tollgate.training.models import MODELS
from tollgate.training.section import TrainSection
from tollgate.training.train import Trained, train

STEEP = r"the calibration rises by .* for each unit of the margin, which is sure to .*leaks the target"


@pytest.fixture(autouse=True)
def _raw(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MODELS, "raw", "tests.tollgate.training.raw:Raw")


def trained(margin: Floats, events: Floats, calibration: str) -> Trained:
    """A training whose margins are chosen; the yardstick sees an unruly second feature besides."""
    draw = np.random.default_rng(0)
    part = part_of(np.c_[margin, draw.normal(size=len(margin))], events)
    contract = contract_of(margin={"type": "number"}, other={"type": "number"})
    settings = {"model": "raw", "calibration": calibration, "decision": {"threshold": 0.5}}
    parts = {"fit": part, "calibration": part, "threshold": part}
    return train(contract, TrainSection.read(settings), parts, part.rows[:10])


def two_levels(gap: float, base: float = 2.0) -> tuple[Floats, Floats]:
    """Rows at two margins that are a gap apart, with event rates of 0.3 and 0.7."""
    margin = np.repeat([base, base + gap], 2000)
    return margin, np.r_[np.arange(2000) < 600, np.arange(2000) < 1400].astype(np.float64)


def test_an_isotonic_step_between_margins_a_few_units_in_the_last_place_apart_is_refused() -> None:
    with pytest.raises(ModelError, match=STEEP):
        trained(*two_levels(8 * np.spacing(1e9), 1e9), "isotonic")


def test_an_isotonic_step_between_margins_well_apart_is_taken() -> None:
    margin, events = two_levels(0.01)
    found = Scorer(trained(margin, events, "isotonic").files["model.onnx"]).score(np.c_[margin, margin])
    np.testing.assert_allclose(found.probability, np.repeat([0.3, 0.7], 2000), atol=1e-9)


def test_a_single_row_far_away_does_not_make_the_others_unsure() -> None:
    margin, events = two_levels(0.01)
    margin[0] = -1e9  # exact to 1e-7, where the curve is flat
    found = Scorer(trained(margin, events, "isotonic").files["model.onnx"]).score(np.c_[margin, margin])
    assert found.probability[1:2000].tolist() == pytest.approx([599 / 1999] * 1999, abs=1e-3)


def test_classes_that_a_sliver_of_margin_separates_are_refused_with_sigmoid() -> None:
    margin, _ = two_levels(1e-6)
    with pytest.raises(ModelError, match=STEEP):
        trained(margin, (margin > 2).astype(np.float64), "sigmoid")


def test_classes_well_separated_are_taken() -> None:
    margin, _ = two_levels(0.01)
    found = trained(margin, (margin > 2).astype(np.float64), "sigmoid")
    assert found.facts["parity"]["worst"] <= 1e-9


@pytest.mark.parametrize("calibration", ["none", "sigmoid", "isotonic"])
@pytest.mark.parametrize("base", [-1e4, -2.0, 0.0, 2.0, 1e4])
def test_margins_far_from_0_are_calibrated_and_a_row_alone_scores_what_it_scores_among_others(
    calibration: str, base: float
) -> None:
    margin, events = two_levels(1.0, base)
    scorer = Scorer(trained(margin, events, calibration).files["model.onnx"])
    if calibration != "none":
        found = scorer.score(np.c_[margin, margin]).probability
        np.testing.assert_allclose(found, np.repeat([0.3, 0.7], 2000), atol=1e-3)
    rows = np.c_[base + np.linspace(-40, 40, 101), np.zeros(101)]
    together = scorer.score(rows).probability
    alone = [scorer.score(row[None]).probability[0] for row in rows]
    assert np.isfinite(together).all()
    assert np.array(alone).tobytes() == together.tobytes()


def against(calibration: str, seed: int = 3) -> tuple[Frame, Floats, Floats]:
    """A problem whose calibration part says the opposite of the fit part: probabilities and margins of fresh rows."""
    problem = frame(["number", "number"], seed=seed, rows=3000)
    part = problem.parts["calibration"]
    denied = replace(part, events=1 - part.events)
    opposed = replace(problem, parts={**problem.parts, "calibration": denied})
    scores = Scorer(opposed.train(calibration=calibration).files["model.onnx"]).score(problem.fresh)
    return opposed, scores.probability, scores.margin


@pytest.mark.parametrize("calibration", ["sigmoid", "isotonic"])
def test_a_probability_never_falls_while_the_margin_rises(calibration: str) -> None:
    opposed, probability, margin = against(calibration)
    rate = opposed.parts["calibration"].events.mean()
    assert np.ptp(margin) > 1
    np.testing.assert_allclose(probability, rate, atol=0.02)
    assert (np.diff(probability[np.argsort(margin)]) >= 0).all()


def test_too_few_rows_of_an_outcome_to_calibrate_on_are_refused_with_the_way_out() -> None:
    problem = frame(["number"], seed=5, rows=60)
    part = problem.parts["calibration"]
    one = replace(problem, parts={**problem.parts, "calibration": replace(part, events=np.eye(60)[0])})
    with pytest.raises(ModelError, match=r"at least 2 rows of each outcome.*1 events in 60 rows.*none"):
        one.train()
