"""`tollgate gates`: what every gate asks, its options, what it cannot see, its source, and what the policy says."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.options import DEFAULT_WORKFLOW, AsJson, WorkflowFile

if TYPE_CHECKING:
    from pipelines.gates_described import DescribedGate, DescribedOption
    from tollgate.policy import Policy


def gates(
    workflow: WorkflowFile = DEFAULT_WORKFLOW,
    as_json: AsJson = False,
    reference: Annotated[
        bool, typer.Option("--reference", help="Print the reference page (Markdown) instead.")
    ] = False,
) -> None:
    """Show every gate: question, options, bounds, what it cannot see, its source; under the policy in force."""
    if reference:
        from pipelines.gates_reference import gates_reference

        typer.echo(gates_reference(), nl=False)
        return
    from pipelines.gates_described import described_gates, described_section, loosened_waivable

    policy = _in_force(workflow)
    found, own = described_gates(policy), described_section(policy)
    if as_json:
        told = {
            "gates": [one.as_json() for one in found],
            "all": [vars(option) for option in own],
            "loosened_waivable": loosened_waivable(policy),
            "longest_waiver": policy.longest_waiver,
        }
        typer.echo(json.dumps(told, indent=2))
        return
    _show(found, own)


def _in_force(workflow: Path) -> "Policy":
    """The policy that a run of this workflow would be held against."""
    from components.policy_file import policy_in
    from pipelines.where import policy_of
    from tollgate.policy import Policy

    path = policy_of(workflow)
    return Policy() if path is None else policy_in(path)


def _show(found: "list[DescribedGate]", own: "list[DescribedOption]") -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for gate in found:
        console.print(Text.assemble((gate.name, "bold"), f"   {_standing(gate)}"))
        console.print(Text(f"  {gate.question}"))
        console.print(Text(f"  cannot see: {gate.blind}", style="dim"))
        console.print(Text(f"  arithmetic: {gate.source}", style="dim"))
        console.print(_table(gate.options))
    console.print(Text("all gates", style="bold"))
    console.print(_table(tuple(own)))


def _standing(gate: "DescribedGate") -> str:
    said = [gate.runs]
    said += ["may stand several times"] if gate.several else []
    waived = "waivable" if gate.waivable else "not waivable under this policy"
    return " · ".join([*said, "never waivable" if gate.never else waived])


def _table(options: "tuple[DescribedOption, ...]") -> object:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    from tollgate.gates.option import written

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in ("option", "type", "default", "bound", "looser", "policy", "meaning"):
        table.add_column(heading, overflow="fold")
    for one in options:
        limit = "" if one.limit is None else written(one.limit)
        cells = (one.name, one.type, one.default, one.bound, one.looser, limit, one.meaning)
        table.add_row(*(Text(cell) for cell in cells))
    return Padding(table, (0, 0, 1, 2))
