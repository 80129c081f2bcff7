"""`tollgate schema`: the JSON Schema of workflow.yaml, for editors."""

import json
from typing import Annotated

import typer


def schema(
    reference: Annotated[
        bool, typer.Option("--reference", help="Print the reference page (Markdown) instead.")
    ] = False,
) -> None:
    """Print the JSON Schema of workflow.yaml."""
    if reference:
        from pipelines.reference import workflow_reference

        typer.echo(workflow_reference(), nl=False)
        return
    from pipelines.schema import workflow_schema

    typer.echo(json.dumps(workflow_schema(), indent=2))
