"""Compiling a workflow to the one YAML that runs locally, in containers and on Kubeflow."""

from typing import Any

import yaml
from google.protobuf import json_format

from components import IMAGE
from pipelines.config import Workflow
from pipelines.training import training


def compile_workflow(workflow: Workflow, image: str = IMAGE) -> str:
    """The compiled pipeline: a pure function of the code, the workflow and the image.

    Args:
        workflow: The workflow, whose sections become the defaults of the parameters.
        image: The image that every step runs in.
    """
    pipeline: Any = training(
        workflow.name, f"Trains, judges and deploys {workflow.name}.", defaults(workflow), image
    )
    # Kubeflow's own writer begins with a comment that holds every default in an order that changes from run to run,
    # and in which a line break would end the comment.
    documents = [json_format.MessageToDict(pipeline.pipeline_spec)]
    if pipeline.platform_spec.platforms:
        documents.append(json_format.MessageToDict(pipeline.platform_spec))
    return str(yaml.safe_dump_all(documents, sort_keys=True))


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
