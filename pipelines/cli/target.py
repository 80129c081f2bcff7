"""`tollgate status` and `tollgate rollback`: what is live, and going back."""

import json
from typing import Annotated

import typer

from pipelines.cli.options import DEFAULT_WORKFLOW, AsJson, WorkflowFile


def status(workflow: WorkflowFile = DEFAULT_WORKFLOW, as_json: AsJson = False) -> None:
    """Show what is published, since when, and what was before."""
    from pipelines.config import load_workflow
    from pipelines.where import target_of

    loaded = load_workflow(workflow)
    target = target_of(workflow, loaded)
    pointer = target.current()
    history = target.history()
    if as_json:
        found = {
            "name": loaded.serving.name,
            "live": pointer.as_json() if pointer else None,
            "bundle_folder": str(target.bundle(pointer)) if pointer else None,
            "history": [entry.as_json() for entry in history],
        }
        typer.echo(json.dumps(found, indent=2))
        return
    if pointer is None:
        typer.echo(f"{loaded.serving.name}: nothing is published yet; next: tollgate run")
        return
    typer.echo(
        f"{loaded.serving.name}: generation {pointer.generation} is live, release {pointer.release[:12]}"
    )
    for entry in history:
        reason = f"  {entry.reason}" if entry.reason else ""
        typer.echo(
            f"  {entry.generation:>4}  {entry.at}  {entry.kind:<8}  release {entry.release[:12]}  "
            f"bundle {entry.bundle[:12]}{reason}"
        )


def rollback(
    workflow: WorkflowFile = DEFAULT_WORKFLOW,
    to: Annotated[
        str | None,
        typer.Option("--to", help="The release; by default the one live before.", metavar="DIGEST"),
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why, for the history.")] = "",
) -> None:
    """Make a release live again that was live before."""
    from pipelines.config import load_workflow
    from pipelines.where import target_of

    loaded = load_workflow(workflow)
    pointer = target_of(workflow, loaded).rollback(to, " ".join(reason.split()))
    typer.echo(
        f"{loaded.serving.name}: release {pointer.release[:12]} is live again, as generation {pointer.generation}; "
        "a server that runs must be started anew"
    )
