"""Training itself probes the graph where it would differ first; here it is checked that it does."""

import numpy as np
import pytest

from tests.tollgate.training.frames import frame
from tests.tollgate.training.twofold import MODELS, Case, hard_values
from tollgate.bundle.scorer import Floats
from tollgate.training.models import Model, find_model
from tollgate.training.twins import probes

COLUMNS = ["number that may miss", "wide category", "falling integer", "boolean", "integer category"]
BEYOND = 1e12


@pytest.fixture(scope="module", params=sorted(MODELS))
def probed(request: pytest.FixtureRequest) -> tuple[Case, Model, Floats]:
    """A case, its fitted model, and the probes."""
    case = Case(frame(COLUMNS, seed=51, rows=300), request.param, "none")
    kind = find_model(case.model)
    model = kind(case.problem.contract, kind.Parameters.read(case.parameters), 0)
    model.fit(case.problem.parts["fit"])
    return case, model, probes(case.problem.contract, case.problem.fresh, model.cuts())


def words(values: Floats) -> set[bytes]:
    return {value.tobytes() for value in np.where(np.isnan(values), np.nan, values)}


def test_every_threshold_both_its_neighbours_every_code_and_every_odd_value_is_probed(
    probed: tuple[Case, Model, Floats],
) -> None:
    case, model, rows = probed
    for place, values in hard_values(case, model).items():
        wanted = values[~(np.abs(values) > BEYOND)]  # how far out is as far as can be is for the code to say
        odd = np.array([2.2e-308])
        assert words(wanted) - words(odd) <= words(rows[:, place])


def test_there_are_thresholds_to_probe_where_the_model_jumps(probed: tuple[Case, Model, Floats]) -> None:
    case, model, _ = probed
    sizes = [len(values) for values in hard_values(case, model).values()]
    assert (min(sizes[0], sizes[2]) > 12) == (case.model != "logistic")


def test_a_probe_is_one_of_the_rows_with_one_feature_changed(probed: tuple[Case, Model, Floats]) -> None:
    case, _, rows = probed
    known = {tuple(map(str, row)) for row in case.problem.fresh.tolist()}
    for row in rows.tolist()[::7]:
        texts = tuple(map(str, row))
        changes = [sum(a != b for a, b in zip(texts, other, strict=True)) for other in known]
        assert min(changes) <= 1


def test_each_feature_is_probed_as_missing_and_far_out_of_range(probed: tuple[Case, Model, Floats]) -> None:
    _, _, rows = probed
    assert np.isnan(rows).any(axis=0).all()
    for number in (0, 2):
        assert np.nanmax(rows[:, number]) >= BEYOND
        assert np.nanmin(rows[:, number]) <= -BEYOND
