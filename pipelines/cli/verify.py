"""`tollgate verify`: is a bundle what its digest says, and does it score as it did?"""

import json
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.options import AsJson


def verify(
    bundle: Annotated[Path, typer.Argument(help="The bundle's folder.", metavar="BUNDLE")],
    expect: Annotated[
        str | None,
        typer.Option(
            "--expect",
            help="The digest that it must have; by default the folder's name, where that is a digest.",
            metavar="DIGEST",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Verify a bundle: its exact files, every sha256, contract and graph, explanations, golden requests."""
    from tollgate.bundle.verify import verify_bundle

    found = verify_bundle(bundle, expect)
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    typer.echo(
        f"bundle {found['digest']} is whole: {found['features']} features, {found['golden']} golden requests"
    )
    typer.echo(f"its golden requests score as they did, to {found['worst']:.1g}")
