import pytest

from tollgate.gates.holm import adjusted


def test_p_values_are_adjusted_as_by_hand() -> None:
    """Of four the smallest counts four times, the next three times: 0.005 x 4, 0.01 x 3, 0.03 x 2, then never less."""
    assert adjusted([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_none_is_above_one_and_of_none_there_is_none() -> None:
    assert adjusted([0.6, 0.9]) == [1.0, 1.0]
    assert adjusted([]) == []
