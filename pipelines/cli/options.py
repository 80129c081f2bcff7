"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

WorkflowFile = Annotated[
    Path, typer.Option("--workflow", "-w", help="The workflow file.", metavar="FILE", show_default=True)
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a machine to read.")]
DEFAULT_WORKFLOW = Path("workflow.yaml")
