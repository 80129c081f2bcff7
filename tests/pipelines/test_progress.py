"""How far a step has come, told on plain lines where there is no terminal."""

import re

import pytest

from pipelines.cli.progress import progress


def told(capsys: pytest.CaptureFixture[str], of: int) -> list[int]:
    """The numbers on the lines that are printed while so many trials are done."""
    with progress() as listen:
        listen({"step": "train", "state": "started"})
        for done in range(1, of + 1):
            listen({"step": "train", "state": "progress", "what": "trials", "done": done, "of": of})
    lines = capsys.readouterr().out.splitlines()
    found = [re.fullmatch(rf"  train     trials (\d+) of {of}", line) for line in lines]
    assert all(found), lines
    return [int(line[1]) for line in found if line]


@pytest.mark.parametrize("of", [2, 4, 10])
def test_each_of_a_few_trials_has_a_line(capsys: pytest.CaptureFixture[str], of: int) -> None:
    assert told(capsys, of) == list(range(1, of + 1))


@pytest.mark.parametrize("of", [11, 25, 30, 97, 1000])
def test_many_trials_have_about_ten_lines_the_last_one_among_them(
    capsys: pytest.CaptureFixture[str], of: int
) -> None:
    lines = told(capsys, of)
    assert 9 <= len(lines) <= 11
    assert lines[-1] == of
    assert max(later - earlier for earlier, later in zip([0, *lines], lines, strict=False)) <= of / 10 + 1
