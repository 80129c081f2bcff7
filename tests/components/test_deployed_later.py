"""A model trained as of an earlier day never replaces a champion that was trained as of a later one."""

import json
from pathlib import Path

import pytest

from tests.components.let_through import Judged, judged_in
from tests.components.parted import parted


def known(problem_folder: Path, first: str, second: str) -> tuple[Judged, Judged]:
    """A champion as of the first day that was published, and a challenger as of the second that was judged."""
    problem = parted(problem_folder, "random", ["day"])
    champion = judged_in(problem, json.dumps({"as_of": first}))
    assert champion.publish("one").outcome == "deployed"
    return champion, judged_in(problem, json.dumps({"as_of": second}), seed=5, decision={"approve_rate": 0.4})


def test_an_older_model_is_held_with_both_days(tmp_path: Path) -> None:
    champion, older = known(tmp_path / "problem", "2025-06-01", "2025-05-31")
    live = champion.target.current()
    outcome = older.publish("two")
    assert outcome.outcome == "held"
    assert outcome.reasons == (
        "the champion was trained as of 2025-06-01, and this model as of 2025-05-31: an older one never replaces it",
    )
    assert champion.target.current() == live


@pytest.mark.parametrize("day", ["2025-06-01", "2025-06-02"])
def test_a_model_of_the_same_or_a_later_day_is_published(tmp_path: Path, day: str) -> None:
    _, later = known(tmp_path / "problem", "2025-06-01", day)
    assert later.publish("two").outcome == "deployed"
