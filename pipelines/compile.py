"""Compiling a workflow to the one YAML that runs locally, in containers and on Kubeflow."""

import tempfile
from pathlib import Path

from kfp import compiler

from components import IMAGE
from pipelines.config import Workflow
from pipelines.training import training


def compile_workflow(workflow: Workflow, image: str = IMAGE) -> str:
    """The compiled pipeline: a pure function of the code, the workflow and the image.

    Args:
        workflow: The workflow, whose sections become the defaults of the parameters.
        image: The image that every step runs in.
    """
    pipeline = training(
        workflow.name, f"Trains, judges and deploys {workflow.name}.", defaults(workflow), image
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pipeline.yaml"
        compiler.Compiler().compile(pipeline, str(path))
        return path.read_text()


def defaults(workflow: Workflow) -> dict[str, object]:
    """The default of each of the pipeline's parameters that comes from the workflow."""
    sections = workflow.as_json()
    data = {key: value for key, value in workflow.data.as_json().items() if key != "source"}
    named = ("split", "train", "evaluate", "gates", "serving")
    return {
        "source": workflow.data.source,
        "storage": workflow.storage,
        "data": data,
        **{name: sections.get(name, {}) for name in named},
    }
