"""The command line: `tollgate`."""

from pipelines.cli.app import main

__all__ = ["main"]
