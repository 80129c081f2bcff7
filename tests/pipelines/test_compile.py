"""The compiled pipeline: one text for one workflow, the same everywhere, with what the design asks of it."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.compile import compile_workflow
from pipelines.config import Workflow, load_workflow
from pipelines.names import STEPS
from tests.pipelines.command import tollgate
from tests.pipelines.places import REPOSITORY
from tests.pipelines.test_training import CACHED, executors, tasks
from tollgate.errors import ConfigError

HERE = Path(__file__).parent
GOLDEN = HERE / "pipeline.yaml"
RENEW = "renew it: .venv/bin/tollgate compile -w tests/pipelines/golden_workflow.yaml -o tests/pipelines/pipeline.yaml"
OTHER_IMAGE = "registry.example/tollgate-python@sha256:" + "1" * 64


@pytest.fixture(scope="module")
def workflow() -> Workflow:
    return load_workflow(HERE / "golden_workflow.yaml")


@pytest.fixture(scope="module")
def compiled(workflow: Workflow) -> str:
    return compile_workflow(workflow)


@pytest.fixture(scope="module")
def spec(compiled: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(compiled)
    return loaded


def test_the_pipeline_is_the_golden_one_byte_for_byte(tmp_path: Path) -> None:
    shutil.copy(HERE / "golden_workflow.yaml", tmp_path / "workflow.yaml")
    ended = tollgate(tmp_path, "compile", PYTHONHASHSEED="1")
    assert ended.status == 0
    assert ended.out == GOLDEN.read_text(), f"not {GOLDEN.name} any more; if that is meant, {RENEW}"


def test_it_goes_to_a_file_where_one_is_named_and_is_the_same_in_another_process(tmp_path: Path) -> None:
    shutil.copy(HERE / "golden_workflow.yaml", tmp_path / "workflow.yaml")
    ended = tollgate(tmp_path, "compile", "-o", "out.yaml", PYTHONHASHSEED="2")
    assert (ended.status, ended.out) == (0, "wrote out.yaml\n")
    assert (tmp_path / "out.yaml").read_text() == GOLDEN.read_text()


def test_the_compiled_pipeline_does_not_depend_on_where_the_workflow_lies(compiled: str) -> None:
    assert str(HERE) not in compiled


def test_an_output_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    shutil.copy(HERE / "golden_workflow.yaml", tmp_path / "workflow.yaml")
    ended = tollgate(tmp_path, "compile", "-o", "nowhere/out.yaml")
    assert (ended.status, ended.out) == (1, "")
    assert "nowhere/out.yaml" in ended.err
    assert ended.err.count("\n") == 1


def test_the_image_can_be_another_one_and_is_part_of_what_cached_steps_are_asked(workflow: Workflow) -> None:
    spec = yaml.safe_load(compile_workflow(workflow, OTHER_IMAGE))
    assert {container["image"] for container in executors(spec).values()} == {OTHER_IMAGE}
    for step in CACHED:
        given = tasks(spec)[step]["inputs"]["parameters"]["image"]
        assert given == {"runtimeValue": {"constant": OTHER_IMAGE}}


def test_no_step_installs_anything_or_carries_an_environment(compiled: str, spec: dict[str, Any]) -> None:
    assert "pip install" not in compiled
    assert [step for step, container in executors(spec).items() if "env" in container] == []


def test_no_variable_of_the_environment_is_compiled_in(
    workflow: Workflow, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TOLLGATE_WEBHOOK", "TOLLGATE_POLICY", "AWS_SECRET_ACCESS_KEY", "HOME", "USER"):
        monkeypatch.setenv(name, "/a-secret-of-the-environment")
    assert "a-secret-of-the-environment" not in compile_workflow(workflow)


def test_a_line_break_in_a_setting_stays_inside_it(workflow: Workflow) -> None:
    source = "loans.csv\ncomponents: {}\nroot: {}"
    odd = workflow.model_copy(update={"data": workflow.data.model_copy(update={"source": source})})
    spec = yaml.safe_load(compile_workflow(odd))
    assert spec["root"]["inputDefinitions"]["parameters"]["source"]["defaultValue"] == source


def test_the_sections_are_the_defaults_of_the_parameters(spec: dict[str, Any], workflow: Workflow) -> None:
    parameters = spec["root"]["inputDefinitions"]["parameters"]
    defaults = {name: given["defaultValue"] for name, given in parameters.items()}
    assert set(defaults) == {
        *("source", "storage", "data", "split", "train", "evaluate", "gates", "serving"),
        *("target", "allow_deploy", "as_of", "show_values"),
    }
    assert (defaults["source"], defaults["storage"], defaults["target"]) == (
        "loans.csv",
        ".tollgate/",
        "kserve",
    )
    assert (defaults["allow_deploy"], defaults["as_of"], defaults["show_values"]) == (True, "", False)
    assert defaults["gates"] == {
        "metric": [{"name": "roc_auc", "at_least": 0.65}],
        "champion": {"margin": 0.01},
    }
    assert defaults["train"] == {"model": "logistic", "seed": 7, "decision": {"approve_rate": 0.7}}
    assert [column["name"] for column in defaults["data"]["columns"]] == list(workflow.data.columns)
    assert all(given.get("isOptional") for given in parameters.values())


def test_a_storage_default_is_there_when_the_workflow_names_none(spec: dict[str, Any]) -> None:
    assert "storage" not in yaml.safe_load((HERE / "golden_workflow.yaml").read_text())
    assert spec["root"]["inputDefinitions"]["parameters"]["storage"]["defaultValue"] == ".tollgate/"


@pytest.mark.parametrize("step", STEPS)
def test_a_workflow_named_like_a_step_is_refused(step: str, tmp_path: Path) -> None:
    path = tmp_path / "workflow.yaml"
    text = (HERE / "golden_workflow.yaml").read_text()
    path.write_text(text.replace("name: credit-default\ndata", f"name: {step}\ndata"))
    with pytest.raises(
        ConfigError, match=f"line 2: name: .*{step!r}, which is the name of a step; choose another"
    ):
        load_workflow(path)


@pytest.mark.parametrize(
    "path", sorted(REPOSITORY.glob("examples/*/workflow.yaml")), ids=lambda path: path.parent.name
)
def test_the_examples_compile(path: Path) -> None:
    assert yaml.safe_load(compile_workflow(load_workflow(path)))["pipelineInfo"]["name"]
