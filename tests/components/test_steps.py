"""The steps as components: thin functions that hand on what the modules beside them do."""

import dataclasses
import inspect
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from components import IMAGE
from components.deploy import deploy
from components.evaluate import evaluate
from components.hold import hold
from components.ingest import ingest
from components.judge import judge
from components.notify import notify
from components.train import train
from components.validate import validate
from pipelines.names import STEPS
from tests.components.judgement import GATES, RUN, SERVING, Judgement
from tollgate.outcome import Outcome, outcome_key

ALL = (ingest, validate, train, evaluate, judge, deploy, hold, notify)


def artifact(path: Path, content: bytes = b"") -> SimpleNamespace:
    path.write_bytes(content)
    return SimpleNamespace(path=str(path))


@pytest.fixture
def artifacts(judgement: Judgement, tmp_path: Path) -> dict[str, SimpleNamespace]:
    return {
        "evidence": artifact(tmp_path / "evidence.json", judgement.evidence),
        "verdict": artifact(tmp_path / "verdict.json", judgement.verdict),
        "report": artifact(tmp_path / "report.html"),
    }


def made(judgement: Judgement) -> tuple[str, ...]:
    """The digests that earlier steps hand on."""
    return dataclasses.astuple(judgement.lineage)[:-1]


def outcome_of(judgement: Judgement) -> Outcome:
    return Outcome.model_validate_json(judgement.storage.read(outcome_key(RUN)))


def test_there_is_a_component_for_every_step_in_our_image() -> None:
    assert [component.name for component in ALL] == list(STEPS)
    assert {component.component_spec.implementation.container.image for component in ALL} == {IMAGE}


@pytest.mark.parametrize("component", ALL, ids=lambda component: component.name)
def test_a_component_is_thin_and_says_what_it_does(component: Any) -> None:
    source = inspect.getsource(component.python_func)
    assert len(source.splitlines()) < 45
    assert component.description
    assert f'telling("{component.name}")' in source


@pytest.mark.parametrize("module", ["judged", "deployed", "held", "notified"])
def test_a_step_that_handles_no_rows_loads_no_libraries_for_rows(module: str) -> None:
    code = f"import sys, components.{module}; print({{'pandas', 'sklearn', 'pyarrow', 'kfp'}} & {{*sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


@pytest.mark.parametrize(("allowed", "answer"), [(True, "deploy"), (False, "hold")])
def test_judge_answers_deploy_only_where_deploying_is_allowed(
    judgement: Judgement, artifacts: dict[str, SimpleNamespace], allowed: bool, answer: str
) -> None:
    storage = str(judgement.storage.root)
    assert (
        judge.python_func(
            artifacts["evidence"],
            *made(judgement),
            GATES,
            SERVING,
            storage,
            "local",
            RUN,
            allowed,
            artifacts["verdict"],
            artifacts["report"],
        )
        == answer
    )
    verdict = json.loads(Path(artifacts["verdict"].path).read_bytes())
    assert verdict["decision"] == "deploy"
    assert Path(artifacts["verdict"].path).read_bytes() == judgement.storage.read(f"runs/{RUN}/verdict.json")
    assert "<html" in Path(artifacts["report"].path).read_text()


def test_judge_answers_hold_where_a_gate_stops_the_model(
    judgement: Judgement, artifacts: dict[str, SimpleNamespace]
) -> None:
    strict = {**GATES, "metric": [{"name": "roc_auc", "at_least": 0.99}]}
    place = (SERVING, str(judgement.storage.root), "local")
    given = (artifacts["evidence"], *made(judgement), strict, *place, RUN, True)
    assert judge.python_func(*given, artifacts["verdict"], artifacts["report"]) == "hold"


def test_deploy_publishes_and_writes_the_outcome(
    judgement: Judgement, artifacts: dict[str, SimpleNamespace]
) -> None:
    given = (*made(judgement), GATES, SERVING, str(judgement.storage.root), "local", RUN)
    deploy.python_func(artifacts["verdict"], artifacts["evidence"], *given)
    live = judgement.target.current()
    assert live is not None
    assert (outcome_of(judgement).outcome, outcome_of(judgement).release) == ("deployed", live.release)


def test_hold_writes_the_outcome_and_publishes_nothing(
    judgement: Judgement, artifacts: dict[str, SimpleNamespace]
) -> None:
    hold.python_func(artifacts["verdict"], str(judgement.storage.root), RUN)
    assert outcome_of(judgement).outcome == "held"
    assert judgement.target.current() is None


def test_a_mistake_of_the_user_ends_a_step_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = {"columns": {"x": {"type": "number"}, "y": {"role": "target", "positive": 1}}}
    split = {"method": "random", "holdout": 0.2, "salt": "a"}
    with pytest.raises(SystemExit) as left:
        ingest.python_func(str(tmp_path / "nowhere.csv"), data, split, str(tmp_path / "storage"), "")
    assert left.value.code == 1
    told = capsys.readouterr()
    assert "nowhere.csv: no such file" in told.out
    assert "Traceback" not in told.out + told.err
