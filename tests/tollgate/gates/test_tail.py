import pytest
from scipy.stats import norm, t

from tollgate.gates.tail import above


@pytest.mark.parametrize("degrees", [1, 2, 3, 4, 5, 6, 11, 24, 47, 1000])
@pytest.mark.parametrize("errors", [-3.0, 0.0, 0.7, 2.0, 5.0, 20.0])
def test_it_is_the_tail_of_students_t(errors: float, degrees: int) -> None:
    assert above(errors, degrees) == pytest.approx(t.sf(errors, degrees), rel=1e-9, abs=1e-14)


@pytest.mark.parametrize("degrees", [None, 1001])
def test_of_very_many_degrees_it_is_the_normal_one(degrees: int | None) -> None:
    assert above(1.5, degrees) == pytest.approx(norm.sf(1.5), rel=1e-9)


def test_the_table_of_the_handbook() -> None:
    """Abramowitz, Stegun 1964, table 26.10: of 5 degrees 2.571 is passed either way in 5 of 100 cases."""
    assert 2 * above(2.571, 5) == pytest.approx(0.05, abs=5e-5)
