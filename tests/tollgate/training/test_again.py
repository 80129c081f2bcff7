from collections.abc import Mapping

import numpy as np
import pytest

from tests.small import TRAIN, small_contract, small_training
from tollgate.bundle.scorer import Scorer
from tollgate.errors import ModelError
from tollgate.training.again import MOST_ROWS, again
from tollgate.training.part import Part
from tollgate.training.section import TrainSection

SECTION = TrainSection.read(TRAIN)


def parts(rows: int) -> dict[str, Part]:
    count = np.arange(float(rows))
    return {name: Part(count[:, None], count % 2, count) for name in ("fit", "calibration", "threshold")}


class Fit:
    """Stands for the training of a model; remembers what it was given."""

    def __init__(self, seeded: bool) -> None:
        self.seeded = seeded
        self.given: list[tuple[int, Mapping[str, Part]]] = []

    def __call__(self, section: TrainSection, found: Mapping[str, Part]) -> bytes:
        self.given.append((section.seed, found))
        return f"{section.seed if self.seeded else ''} {found['fit'].order.sum()}".encode()


def test_a_model_of_chance_is_trained_with_two_other_seeds_and_on_three_samples() -> None:
    fit = Fit(seeded=True)
    graphs, told = again(SECTION, parts(100), fit)
    assert list(graphs) == ["seed 8", "seed 9", "refit 1", "refit 2", "refit 3"]
    assert [seed for seed, _ in fit.given] == [8, 9, 7, 7, 7]
    assert told == {"rows": 100, "of": 100, "seed": True, "failed": {}}
    assert len(set(graphs.values())) == 5


def test_a_model_without_chance_has_no_other_seed_to_show() -> None:
    graphs, told = again(SECTION, parts(100), Fit(seeded=False))
    assert (list(graphs), told["seed"]) == (["refit 1", "refit 2", "refit 3"], False)


def test_seeds_take_every_row_once_and_refits_draw_with_replacement() -> None:
    fit = Fit(seeded=True)
    given = parts(500)
    again(SECTION, given, fit)
    drawn = [found["fit"].order for _, found in fit.given]
    for order in drawn[:2]:
        np.testing.assert_array_equal(order, given["fit"].order)
    for order in drawn[2:]:
        assert len(order) == 500
        assert 0.55 < len(np.unique(order)) / 500 < 0.70, "about 1 - 1/e of them are there"
        assert np.all(np.diff(order) >= 0), "in their order"
    for _, found in fit.given:
        assert found["calibration"] is given["calibration"]
        assert found["threshold"] is given["threshold"]


def test_of_many_rows_some_are_enough() -> None:
    fit = Fit(seeded=True)
    _, told = again(SECTION, parts(MOST_ROWS + 5000), fit)
    assert (told["rows"], told["of"]) == (20_000, 25_000)
    first, second = (found["fit"].order for _, found in fit.given[:2])
    np.testing.assert_array_equal(first, second, "so that they differ by the seed alone")
    assert len(np.unique(first)) == 20_000


def test_what_cannot_be_fitted_is_told_and_stops_nothing() -> None:
    def fit(section: TrainSection, found: Mapping[str, Part]) -> bytes:
        if section.seed == 7:
            raise ModelError("all rows of the fit part have the same outcome")
        return str(section.seed).encode()

    graphs, told = again(SECTION, parts(100), fit)
    assert list(graphs) == ["seed 8", "seed 9"]
    assert set(told["failed"]) == {"refit 1", "refit 2", "refit 3"}
    assert told["failed"]["refit 1"] == "all rows of the fit part have the same outcome"


@pytest.mark.parametrize("model", ["logistic", "gradient_boosting"])
def test_a_training_leaves_graphs_of_the_same_model_that_score_otherwise(model: str) -> None:
    trained = small_training(model=model)
    assert {"yardstick", "refit 1", "refit 2", "refit 3"} <= set(trained.relatives)
    rows = np.full((1, len(small_contract().features)), 1.0)
    margins = {
        Scorer(graph).score(rows).margin[0] for name, graph in trained.relatives.items() if "refit" in name
    }
    assert len(margins) == 3
    assert trained.facts["again"]["failed"] == {}
