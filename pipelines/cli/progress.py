"""Progress by step: a live line in a terminal, plain lines elsewhere."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from rich.console import Console
from rich.text import Text

Listener = Callable[[dict[str, Any]], None]


@contextlib.contextmanager
def progress(to_stderr: bool = False) -> Iterator[Listener]:
    """A listener that shows each step as it starts, ends or fails."""
    console = Console(stderr=to_stderr, highlight=False, soft_wrap=True)
    if not console.is_terminal:
        yield lambda told: _plain(console, told)
        return
    with console.status("starting") as status:

        def listen(told: dict[str, Any]) -> None:
            if told["state"] == "started":
                status.update(f"[bold]{told['step']}[/bold]")
            elif told["state"] == "progress":
                status.update(f"[bold]{told['step']}[/bold] {_how_far(told)}")
            else:
                _plain(console, told)

        yield listen


def _plain(console: Console, told: dict[str, Any]) -> None:
    step = f"{told['step']:<9}"
    if told["state"] == "progress" and (10 * told["done"]) % told["of"] < 10:  # about ten lines of it
        console.print(f"  {step} {_how_far(told)}")
    if told["state"] == "done":
        said = f" {step} {told['seconds']:6.1f} s  {_said(told.get('facts', {}))}"
        console.print(Text.assemble(("✓", "green"), said))
    elif told["state"] == "failed":
        console.print(Text.assemble(("✕", "red"), f" {step} failed"))


def _how_far(told: dict[str, Any]) -> str:
    return f"{told['what']} {told['done']} of {told['of']}"


def _said(facts: dict[str, Any]) -> str:
    """The plain facts of a step on one line; digests short."""
    said = []
    for name, value in facts.items():
        if isinstance(value, dict) and "rows" in value:
            value = value["rows"]
        if isinstance(value, float):
            value = f"{value:.4f}"
        if isinstance(value, str) and len(value) == 64:
            value = value[:12]
        if isinstance(value, (str, int)) and value != "":
            said.append(f"{name} {value}")
    return ", ".join(said)
