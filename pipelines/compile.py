"""Compiling a workflow to the one YAML that runs locally, in containers and on Kubeflow."""

import json
from collections.abc import Mapping
from typing import Any

import yaml
from google.protobuf import json_format

from components import IMAGE
from pipelines.config import Workflow
from pipelines.training import training
from tollgate.errors import ConfigError

MOST_BYTES = (
    100_000  # Linux starts no program with an argument above 128 KiB, and Kubeflow puts all of them into one
)


def compile_workflow(workflow: Workflow, image: str = IMAGE) -> str:
    """The compiled pipeline: a pure function of the code, the workflow and the image.

    Args:
        workflow: The workflow, whose sections become the defaults of the parameters.
        image: The image that every step runs in.

    Raises:
        ConfigError: A section is larger than a step can be given.
    """
    given = defaults(workflow)
    _refuse_large(given)
    pipeline: Any = training(workflow.name, f"Trains, judges and deploys {workflow.name}.", given, image)
    # Kubeflow's own writer begins with a comment that holds every default in an order that changes from run to run,
    # and in which a line break would end the comment.
    documents = [json_format.MessageToDict(pipeline.pipeline_spec)]
    if pipeline.platform_spec.platforms:
        documents.append(json_format.MessageToDict(pipeline.platform_spec))
    return str(yaml.safe_dump_all(documents, sort_keys=True))


def _refuse_large(given: Mapping[str, object]) -> None:
    for name, value in given.items():
        size = len(json.dumps(value).encode())
        if size > MOST_BYTES:
            raise ConfigError(
                f"the section {name} of the workflow comes to {size // 1000} kB as JSON, and a step can be "
                f"given {MOST_BYTES // 1000} kB: name fewer columns or categories, or give them shorter names"
            )


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
