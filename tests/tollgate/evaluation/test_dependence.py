from typing import Any

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.inspection import partial_dependence

from tests.tollgate.evaluation.examined import examine, wide_bundle, wide_table
from tollgate.bundle.bundle import Bundle
from tollgate.evaluation.dependence import POINTS, dependence
from tollgate.evaluation.written.dependence import Dependence


class AsScikitLearn(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A bundle as scikit-learn takes it."""

    def __init__(self, bundle: Any = None) -> None:
        self.bundle = bundle
        self.classes_ = np.array([0, 1])

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def fit(self, rows: Any, events: Any) -> "AsScikitLearn":
        return self

    def predict_proba(self, rows: Any) -> Any:
        probability = self.bundle.score(np.asarray(rows)).probability
        return np.column_stack([1 - probability, probability])


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return wide_bundle(tmp_path_factory.mktemp("dependence"))


def of(bundle: Bundle, feature: str, rows: int = 300) -> Dependence:
    found = dependence(examine(bundle, wide_table(rows)))
    assert found.rows == min(rows, 400)
    return next(one for one in found.features if one.feature == feature)


def test_means_are_those_of_scikit_learn_on_the_same_grid(bundle: Bundle) -> None:
    exam = examine(bundle, wide_table(300))
    found = of(bundle, "income")
    place = bundle.contract.features.index("income")
    grid = np.array([float(at) for at in found.at])
    theirs = partial_dependence(
        AsScikitLearn(bundle),
        exam.encoded,
        [place],
        custom_values={place: grid},
        response_method="predict_proba",
        method="brute",
        kind="both",
    )
    np.testing.assert_allclose(found.mean, theirs["average"][0], rtol=1e-5)
    low, high = np.quantile(theirs["individual"][0], [0.1, 0.9], axis=0)
    np.testing.assert_allclose(found.low, low, rtol=1e-5)
    np.testing.assert_allclose(found.high, high, rtol=1e-5)


def test_the_feature_that_moves_the_probability_most_comes_first(bundle: Bundle) -> None:
    found = dependence(examine(bundle, wide_table(300)))
    assert found.features[0].feature == "income"
    spans = [one.span for one in found.features]
    assert spans == sorted(spans, reverse=True)
    assert spans[0] == pytest.approx(max(found.features[0].mean) - min(found.features[0].mean), abs=1e-5)


def test_values_are_rounded_so_that_none_is_a_persons(bundle: Bundle) -> None:
    found = of(bundle, "income")
    assert len(found.at) <= POINTS
    assert all(len(at.replace(".", "").lstrip("0")) <= 2 for at in found.at)
    assert found.ordered


def test_categories_booleans_days_and_missing_values_have_their_names(bundle: Bundle) -> None:
    assert of(bundle, "grade").at == ("a", "b", "any other")
    assert not of(bundle, "grade").ordered
    assert of(bundle, "owner").at == ("false", "true")
    assert of(bundle, "debt").at[-1] == "missing"
    assert all(at.startswith("1970-") for at in of(bundle, "since").at)
    assert "missing" not in of(bundle, "income").at


def test_a_sample_stands_for_many_rows_and_is_drawn_alike_each_time(bundle: Bundle) -> None:
    assert of(bundle, "income", 2000) == of(bundle, "income", 2000)
