import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.progress import MARK, heard, telling
from tollgate.errors import DataError


def told(text: str) -> list[dict[str, object]]:
    return [line for line in map(heard, text.splitlines()) if line is not None]


def test_a_step_tells_its_start_and_its_end_with_its_facts(capsys: pytest.CaptureFixture[str]) -> None:
    with telling("train") as facts:
        facts.update(model="logistic", threshold=0.25)
    start, end = told(capsys.readouterr().out)
    assert start == {"step": "train", "state": "started"}
    seconds = end.pop("seconds")
    assert isinstance(seconds, float)
    assert end == {"step": "train", "state": "done", "facts": {"model": "logistic", "threshold": 0.25}}


def test_a_mistake_of_the_user_ends_the_step_with_1_and_its_message(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as left, telling("ingest"):
        raise DataError("loans.csv: column age:\n3 values are no number (rows 1, 2, 3)")
    assert left.value.code == 1
    captured = capsys.readouterr()
    assert told(captured.out)[-1] == {
        "step": "ingest",
        "state": "failed",
        "kind": "DataError",
        "message": "loans.csv: column age:\n3 values are no number (rows 1, 2, 3)",
        "facts": {},
    }
    assert "Traceback" not in captured.out + captured.err


def test_what_a_step_could_tell_before_it_failed_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    def fail_late() -> None:
        with telling("validate") as facts:
            facts.update(validation="a" * 64)
            raise DataError("no")

    with pytest.raises(SystemExit):
        fail_late()
    assert told(capsys.readouterr().out)[-1]["facts"] == {"validation": "a" * 64}


def test_a_step_that_breaks_says_which_error_but_not_what_was_in_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(KeyError), telling("train"):
        raise KeyError("the value of a person")
    out = capsys.readouterr().out
    assert told(out)[-1]["message"] == "the step broke; the log has the traceback (KeyError)"
    assert "person" not in out


def test_a_step_that_is_stopped_says_nothing_more(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(KeyboardInterrupt), telling("train"):
        raise KeyboardInterrupt
    assert [line["state"] for line in told(capsys.readouterr().out)] == ["started"]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Loading KFP component",
        MARK,
        f"{MARK}nothing",
        f"{MARK}[1, 2]",
        f'{MARK}{{"step": "train"}}',
        f'{MARK}{{"state": "done"}}',
        f"{MARK}{'[' * 100_000}",
    ],
)
def test_other_lines_are_not_taken_for_what_a_step_tells(line: str) -> None:
    assert heard(line) is None


@given(st.text(), st.text(alphabet=st.characters(exclude_categories=["Cs"])))
@settings(deadline=None, max_examples=100, database=None)
def test_what_is_told_is_heard_on_one_line_whatever_stands_before_it(before: str, message: str) -> None:
    line = MARK + json.dumps({"step": "judge", "state": "failed", "message": message})
    assert len(line.splitlines()) == 1
    before = before.replace(MARK, "")
    assert heard(before + line) == {"step": "judge", "state": "failed", "message": message}
