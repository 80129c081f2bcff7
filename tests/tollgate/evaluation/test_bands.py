import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from tests.small import small_bundle
from tests.tollgate.evaluation.examined import examine, scores_of
from tests.tollgate.evaluation.models import bundle_of, holdout
from tollgate.bundle.bundle import Bundle
from tollgate.data.validate import EVENT
from tollgate.evaluation.bands import difference, score_bands
from tollgate.evaluation.figure import Figure
from tollgate.training.points import points


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return bundle_of(tmp_path_factory.mktemp("bands") / "bundle")


def edges(bundle: Bundle) -> list[float]:
    found: list[float] = json.loads(bundle.files["reference.json"])["score"]["edges"]
    return found


def test_bands_are_cut_where_the_training_said_and_hold_every_row(bundle: Bundle) -> None:
    exam = examine(bundle, holdout(400))
    found = score_bands(exam).probability
    assert found.cut_by == "deciles of the calibration part, rounded"
    assert sum(band.rows for band in found.bands) == 400
    assert sum(band.events or 0 for band in found.bands) == exam.event.sum()
    first, second = edges(bundle)[:2]
    assert found.bands[0].name == f"below {first:g}"
    assert found.bands[1].name == f"{first:g} to below {second:g}"
    probability = exam.scored.scores.probability
    assert found.bands[1].rows == np.sum((first <= probability) & (probability < second))
    assert score_bands(exam).points is None


def test_bands_that_order_the_risk_have_no_break(bundle: Bundle) -> None:
    middles = [low + (high - low) / 2 for low, high in pairwise([0.0, *edges(bundle), 1.0])]
    event = np.concatenate([np.arange(100) < 5 * (at + 1) for at in range(len(middles))]).astype(float)
    table = holdout(len(event), **{EVENT: pa.array(event)})
    exam = examine(bundle, table, scores_of(np.repeat(middles, 100)))
    assert score_bands(exam).probability.breaks == ()


@pytest.mark.parametrize(("shares", "sure"), [((30, 25), False), ((60, 20), True)])
def test_a_band_with_fewer_events_than_the_one_below_is_a_break(
    bundle: Bundle, shares: tuple[int, int], sure: bool
) -> None:
    low, high = edges(bundle)[0] / 2, (1 + edges(bundle)[-1]) / 2
    event = np.concatenate([np.arange(100) < share for share in shares]).astype(float)
    table = holdout(200, **{EVENT: pa.array(event)})
    found = score_bands(examine(bundle, table, scores_of(np.repeat([low, high], 100)))).probability
    (broken,) = found.breaks
    assert (broken.lower, broken.higher) == (found.bands[0].name, found.bands[1].name)
    assert broken.fall.value == pytest.approx((shares[0] - shares[1]) / 100)
    assert broken.sure is sure


def test_where_training_saw_too_few_scores_the_holdout_cuts(tmp_path: Path, bundle: Bundle) -> None:
    reference = json.loads(bundle.files["reference.json"])
    reference["score"] |= {"edges": [0.5], "counts": [1, 1]}
    files = {**bundle.files, "reference.json": json.dumps(reference).encode()}
    poor = Bundle(bundle.digest, bundle.contract, bundle.checker, bundle.scorer, bundle.reasoner, files)
    found = score_bands(examine(poor, holdout(400))).probability
    assert found.cut_by == "deciles of the holdout, rounded"
    assert len(found.bands) == 10
    assert min(band.rows for band in found.bands) >= 20


def test_points_are_600_at_odds_of_50_to_1_and_20_more_double_them() -> None:
    np.testing.assert_allclose(points(-np.log([50.0, 100.0, 25.0])), [600, 620, 580])


def test_a_scorecard_has_bands_of_20_points_from_the_lowest_risk_on(tmp_path: Path) -> None:
    small = small_bundle(tmp_path / "bundle", model="scorecard")
    bundle = Bundle.load(small.folder, small.digest)
    rows, _ = bundle.check(small.rows * 20)
    draw = np.random.default_rng(1)
    scores = bundle.score(rows)
    margins = points(scores.margin)
    event = (draw.random(len(rows)) < scores.probability).astype(float)
    table = pa.table({EVENT: pa.array(event), "issued": pa.nulls(len(rows), pa.date32())})
    found = score_bands(examine(bundle, table, scores, facts={"training": {"scorecard": {}}})).points
    assert found is not None
    assert found.cut_by == "each 20 points"
    assert found.bands[0].name.startswith("above ")
    top = int(found.bands[0].name.removeprefix("above "))
    assert top % 20 == 0
    assert found.bands[0].rows == (margins > top).sum()
    between = {
        f"above {low} to {low + 20}": ((low < margins) & (margins <= low + 20)).sum() for low in range(top)
    }
    for band in found.bands[1:-1]:
        assert band.rows == between[band.name]
    assert sum(band.rows for band in found.bands) == len(rows)
    predicted = [band.predicted for band in found.bands if band.predicted is not None]
    assert predicted == sorted(predicted)


def test_a_difference_needs_both_shares() -> None:
    share = Figure(value=0.5, low=0.4, high=0.6)
    lacking = Figure(value=None, low=None, high=None, reason="fewer than 10 rows")
    assert difference(share, lacking).reason == difference(lacking, share).reason == "fewer than 10 rows"
    assert difference(share, share).value == 0
