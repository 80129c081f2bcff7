"""`tollgate simulate`: a loan book to try everything on."""

from pathlib import Path
from typing import Annotated

import typer


def simulate(
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.", metavar="FILE")] = Path(
        "loans.csv"
    ),
    rows: Annotated[int, typer.Option(min=1, max=10_000_000, help="How many applications.")] = 40_000,
    months: Annotated[int, typer.Option(min=1, max=600, help="Over how many months.")] = 60,
    seed: Annotated[int, typer.Option(min=0, help="The seed: the same seed, the same book.")] = 7,
    end: Annotated[
        str,
        typer.Option(help="A day in the month after the last; by default today.", metavar="YYYY-MM-DD"),
    ] = "",
) -> None:
    """Simulate a loan book, and beside it the true probability of each row."""
    import datetime as dt

    from tollgate.errors import ConfigError
    from tollgate.simulate import simulate as draw
    from tollgate.simulate import write_book

    try:
        day = dt.date.fromisoformat(end) if end else None
    except ValueError:
        raise ConfigError(f"--end {end!r} is no day; write it YYYY-MM-DD") from None
    if output.is_dir():
        raise ConfigError(f"--output {output}: is a folder; name a file in it")
    truth = write_book(draw(rows, months, seed, day), output)
    typer.echo(f"wrote {rows} applications to {output}, their true probabilities to {truth}")
