import pytest

from tests.tollgate.evaluation.models import scored
from tollgate.evaluation import measures
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.figure import Figure, NotAssessed
from tollgate.evaluation.measures import assess
from tollgate.evaluation.sampling import Sampling

EXAM = Exam(None, None, scored(1), Sampling(1000, seed=0))  # type: ignore[arg-type]  # only passed on


def share(exam: Exam) -> Figure:
    value = float(exam.event.mean())
    return Figure(value=value, low=value, high=value)


def broken(exam: Exam) -> Figure:
    raise ZeroDivisionError("of " + "no rows" * 100)


def test_each_part_stands_under_its_name_with_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures, "MEASURES", {"share": share})
    parts, seconds = assess(EXAM)
    assert parts == {"share": share(EXAM)}
    assert seconds["share"] >= 0


def test_a_measurement_that_breaks_says_so_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures, "MEASURES", {"one": broken, "two": share})
    parts, _ = assess(EXAM)
    found = parts["one"]
    assert isinstance(found, NotAssessed)
    assert found.broken
    assert found.not_assessed.startswith("the measurement broke: ZeroDivisionError: of no rows")
    assert len(found.not_assessed) < 300
    assert parts["two"] == share(EXAM)
