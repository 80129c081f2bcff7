"""The commands, gathered; each imports what it needs only when it runs."""

import os
import sys
import traceback
from typing import Annotated

import typer

from pipelines.cli import compile as compile_command
from pipelines.cli import doctor, gates, init, run, schema, serve, simulate, target, verify
from tollgate import __version__
from tollgate.errors import TollgateError

app = typer.Typer(
    help="From raw rows to a live KServe endpoint, and only for models that pass their gates.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("init")(init.init)
app.command("run")(run.run)
app.command("serve")(serve.serve)
app.command("status")(target.status)
app.command("rollback")(target.rollback)
app.command("verify")(verify.verify)
app.command("simulate")(simulate.simulate)
app.command("compile")(compile_command.compile_pipeline)
app.command("gates")(gates.gates)
app.command("schema")(schema.schema)
app.command("doctor")(doctor.doctor)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"tollgate {__version__}")
        raise typer.Exit


@app.callback()
def options(
    debug: Annotated[
        bool, typer.Option("--debug", help="Show tracebacks; stands before the command.")
    ] = False,
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Take the options that stand before a command."""


def main() -> None:
    """Run the command line; a mistake ends in one clear message and the status that says whose it is."""
    debug = "--debug" in sys.argv[1:2]
    try:
        app()
    except TollgateError as error:
        sys.exit(_told(str(error), error.exit_status, debug))
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        sys.exit(_told(f"{where}{error.strerror or error}", 1, debug))


def _told(message: str, status: int, debug: bool) -> int:
    if debug:
        traceback.print_exc()
    plain = False if os.environ.get("NO_COLOR") else None
    typer.secho(f"tollgate: {message}", fg="red", err=True, color=plain)
    return status
