"""`tollgate init`: a first workflow.yaml for data that nobody has described yet."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.options import DEFAULT_WORKFLOW, AsJson

if TYPE_CHECKING:
    from tollgate.look.draft import Draft

MOST_SHOWN = 30


def init(
    source: Annotated[
        str, typer.Argument(help="A file, folder or glob of CSV (also .gz) or Parquet.", metavar="FILE")
    ],
    target: Annotated[
        str, typer.Option("--target", help="The column that is to be predicted.", metavar="COLUMN")
    ],
    positive: Annotated[
        str | None,
        typer.Option("--positive", help="The value of the target that is the event.", metavar="VALUE"),
    ] = None,
    names: Annotated[
        Path | None,
        typer.Option(
            "--names", help="The column names of a file without a header: one a line.", metavar="FILE"
        ),
    ] = None,
    name: Annotated[
        str, typer.Option("--name", help="The problem's name; by default after the file.", metavar="NAME")
    ] = "",
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The workflow to write.", metavar="FILE")
    ] = DEFAULT_WORKFLOW,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    as_json: AsJson = False,
) -> None:
    """Look at a sample of your data, write a commented workflow.yaml, and name what looks wrong.

    Exit status: 0 written, 1 the data cannot be used, 2 wrong usage, such as a target that is not there.
    """
    from pipelines.first_workflow import names_of, place_workflow, problem_name, refuse_output
    from tollgate.look.draft import draft
    from tollgate.look.write import workflow_text

    refuse_output(output, force)
    called = problem_name(name, source)
    found = draft(source, target, positive, names_of(names))
    place_workflow(output, source, lambda relative: workflow_text(found, called, relative))
    if as_json:
        typer.echo(json.dumps(_as_json(found, output), indent=2))
    else:
        _show(found, output)


def _as_json(found: "Draft", output: Path) -> dict[str, object]:
    return {
        "workflow": str(output),
        "rows": found.rows,
        "whole": found.whole,
        "columns": {plan.name: plan.role for plan in found.plans},
        "findings": [finding.as_json() for finding in found.findings],
    }


def _show(found: "Draft", output: Path) -> None:
    from tollgate.look.write import looked

    features = sum(plan.role == "feature" for plan in found.plans)
    typer.echo(f"wrote {output}: {looked(found)}, {len(found.plans)} columns, {features} of them features")
    if found.findings:
        things = "one thing" if len(found.findings) == 1 else f"{len(found.findings)} things"
        typer.echo(f"{things} to look at:")
    for finding in found.findings[:MOST_SHOWN]:
        where = f"{finding.column}: " if finding.column is not None else ""
        line = f"  {finding.kind}: {where}{finding.message}"
        typer.echo("".join(letter if letter.isprintable() else "?" for letter in line))
    if len(found.findings) > MOST_SHOWN:
        typer.echo(f"  and {len(found.findings) - MOST_SHOWN} more, which stand in {output}")
    option = "" if output == DEFAULT_WORKFLOW else f" --workflow {output}"
    typer.echo(f"next: read {output}, then `tollgate run{option}`")
