"""`tollgate run`: the whole pipeline on this machine."""

import json
from typing import Annotated

import typer

from pipelines.cli.options import DEFAULT_WORKFLOW, AsJson, WorkflowFile

LOOKS_BACK = "a run with --as-of looks back, so it publishes nothing"


def run(
    workflow: WorkflowFile = DEFAULT_WORKFLOW,
    as_of: Annotated[
        str,
        typer.Option(
            "--as-of", help="Use only rows whose label was known on this day.", metavar="YYYY-MM-DD"
        ),
    ] = "",
    deploy: Annotated[
        bool | None,
        typer.Option(
            "--allow-deploy/--no-deploy",
            help="Whether a model that passes is published; by default it is, unless --as-of is given.",
        ),
    ] = None,
    show_values: Annotated[
        bool,
        typer.Option(
            "--show-values",
            help="Show in the report on the data a few of the values that it is about; they may be personal.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Train, judge and publish: the compiled pipeline, run here.

    Exit status: 0 deployed, 1 failed, 2 wrong usage or configuration, 3 held by its gates, 4 conflict, 130 stopped
    by Ctrl-C.
    """
    from pipelines.stopping import stoppable
    from tollgate.outcome import EXIT_STATUS

    with stoppable() as stop:
        from pipelines.cli.progress import progress
        from pipelines.cli.verdict import show, stopped
        from pipelines.run import run_workflow

        with progress(to_stderr=as_json) as listen:
            asked = deploy if deploy is not None else not as_of
            finished = run_workflow(workflow, as_of, asked, show_values, listen, stop)
        if stop.signal is not None:
            typer.echo(f"tollgate: {stopped(finished.outcome)}", err=True)
        if as_json:
            report = str(finished.report) if finished.report.exists() else None
            validation = str(finished.validation) if finished.validation else None
            told = {**finished.outcome.as_json(), "report": report, "validation": validation}
            typer.echo(json.dumps(told, indent=2))
        elif stop.signal is None:
            show(finished, workflow)
            if as_of and deploy is None and finished.verdict and finished.verdict.decision == "deploy":
                typer.echo(f"{LOOKS_BACK}: add --allow-deploy to publish what passes")
    raise typer.Exit(stop.status or EXIT_STATUS[finished.outcome.outcome])
