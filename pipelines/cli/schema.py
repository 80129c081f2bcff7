"""`tollgate schema`: the JSON Schemas of workflow.yaml, for editors, and of evidence.json."""

import json
from typing import Annotated

import typer


def schema(
    reference: Annotated[
        bool, typer.Option("--reference", help="Print the reference page (Markdown) instead.")
    ] = False,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="Print the JSON Schema of evidence.json instead.")
    ] = False,
) -> None:
    """Print the JSON Schema of workflow.yaml."""
    if reference:
        from pipelines.reference import workflow_reference

        typer.echo(workflow_reference(), nl=False)
        return
    from pipelines.schema import evidence_schema, workflow_schema

    typer.echo(json.dumps(evidence_schema() if evidence else workflow_schema(), indent=2))
