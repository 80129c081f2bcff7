"""Whether a run is asked to deploy: by default it is, unless it looks back at an earlier day."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import pipelines.run
from pipelines.cli.app import app
from pipelines.run import Finished
from tollgate.outcome import Outcome

DAY = "2025-01-31"


@pytest.mark.parametrize(
    ("words", "as_of", "asked"),
    [
        ([], "", True),
        (["--no-deploy"], "", False),
        (["--allow-deploy"], "", True),
        (["--as-of", DAY], DAY, False),
        (["--as-of", DAY, "--allow-deploy"], DAY, True),
        (["--as-of", DAY, "--no-deploy"], DAY, False),
    ],
)
def test_a_run_is_asked_to_deploy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], as_of: str, asked: bool
) -> None:
    given = []

    def run_workflow(path: Path, as_of: str, allow_deploy: bool, *_: Any) -> Finished:
        given.append((as_of, allow_deploy))
        return Finished(Outcome(run="one", outcome="held", at=""), None, None, tmp_path)

    monkeypatch.setattr(pipelines.run, "run_workflow", run_workflow)
    assert CliRunner().invoke(app, ["run", *words]).exit_code == 3
    assert given == [(as_of, asked)]
