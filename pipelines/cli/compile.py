"""`tollgate compile`: the YAML that runs locally, in containers and on Kubeflow."""

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.options import DEFAULT_WORKFLOW, WorkflowFile


def compile_pipeline(
    workflow: WorkflowFile = DEFAULT_WORKFLOW,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Where to; standard output without it.", metavar="FILE"),
    ] = None,
    image: Annotated[str | None, typer.Option("--image", help="The image that every step runs in.")] = None,
) -> None:
    """Compile the workflow's pipeline."""
    from components import IMAGE
    from pipelines.compile import compile_workflow
    from pipelines.config import load_workflow

    compiled = compile_workflow(load_workflow(workflow), image or IMAGE)
    if output is None:
        typer.echo(compiled, nl=False)
    else:
        output.write_text(compiled)
        typer.echo(f"wrote {output}")
