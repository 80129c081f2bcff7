"""The wiring of the pipeline, as the compiled one shows it: groups, conditions, caching, and who is given what."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from components import IMAGE
from pipelines.names import STEPS

CACHED = {"validate", "train"}


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    """The golden pipeline; that it is what the code compiles to is another test's matter."""
    loaded: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "pipeline.yaml").read_text())
    return loaded


def executors(spec: dict[str, Any]) -> dict[str, Any]:
    return {
        name.removeprefix("exec-"): executor["container"]
        for name, executor in spec["deploymentSpec"]["executors"].items()
    }


def groups(spec: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The tasks of each group by the group's name; the pipeline's own under its name."""
    found = {spec["pipelineInfo"]["name"]: spec["root"]["dag"]["tasks"]}
    for tasks in list(found.values()) + [
        c["dag"]["tasks"] for c in spec["components"].values() if "dag" in c
    ]:
        for task in tasks.values():
            component = spec["components"][task["componentRef"]["name"]]
            if "dag" in component:
                found[task["taskInfo"]["name"]] = component["dag"]["tasks"]
    return found


def tasks(spec: dict[str, Any]) -> dict[str, Any]:
    return {name: task for group in groups(spec).values() for name, task in group.items() if name in STEPS}


def test_every_step_is_there_once_and_runs_in_our_image(spec: dict[str, Any]) -> None:
    assert sorted(executors(spec)) == sorted(STEPS)
    assert {container["image"] for container in executors(spec).values()} == {IMAGE}


def test_only_validate_and_train_are_cached(spec: dict[str, Any]) -> None:
    cached = {step for step, task in tasks(spec).items() if task["cachingOptions"].get("enableCache")}
    assert cached == CACHED


def test_a_cached_step_is_asked_neither_for_the_run_nor_for_an_artifact(spec: dict[str, Any]) -> None:
    for step in CACHED:
        inputs = tasks(spec)[step]["inputs"]
        assert "artifacts" not in inputs
        assert "epoch" in inputs["parameters"]
        assert "{{$." not in json.dumps(inputs)


def test_no_task_is_tried_again_by_kubeflow(spec: dict[str, Any]) -> None:
    assert [step for step, task in tasks(spec).items() if "retryPolicy" in task] == []


def test_groups_have_names_and_lie_flat(spec: dict[str, Any]) -> None:
    inside = {name: set(group) for name, group in groups(spec).items()}
    assert inside["credit-default"] == {"exit-handler-1", "notify"}
    assert set(STEPS[:5]) < inside["training"]
    assert inside["passed"] == {"deploy"}
    assert inside["stopped"] == {"hold"}


def test_notify_runs_however_the_training_ended(spec: dict[str, Any]) -> None:
    notify = tasks(spec)["notify"]
    assert notify["triggerPolicy"] == {"strategy": "ALL_UPSTREAM_TASKS_COMPLETED"}
    assert notify["dependentTasks"] == ["exit-handler-1"]
    final = notify["inputs"]["parameters"]["status"]
    assert final == {"taskFinalStatus": {"producerTask": "exit-handler-1"}}


def test_every_condition_is_on_the_answer_of_judge_and_has_both_branches(spec: dict[str, Any]) -> None:
    conditions = sorted(
        task["triggerPolicy"]["condition"]
        for group in groups(spec).values()
        for task in group.values()
        if "condition" in task.get("triggerPolicy", {})
    )
    asked = "inputs.parameter_values['pipelinechannel--judge-Output'] == 'deploy'"
    assert conditions == sorted([asked, f"!({asked})"])


def test_deploy_gets_exactly_what_was_judged(spec: dict[str, Any]) -> None:
    inputs = tasks(spec)["deploy"]["inputs"]
    assert inputs["artifacts"] == {
        "verdict": {"componentInputArtifact": "pipelinechannel--judge-verdict"},
        "evidence": {"componentInputArtifact": "pipelinechannel--evaluate-evidence"},
    }
    assert inputs["parameters"]["bundle"] == {"componentInputParameter": "pipelinechannel--train-bundle"}
    assert inputs["parameters"]["measured"] == {"componentInputParameter": "pipelinechannel--evaluate-Output"}
    assert inputs["parameters"]["gates"] == {"componentInputParameter": "pipelinechannel--gates"}
