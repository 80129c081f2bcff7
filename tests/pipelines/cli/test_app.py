"""The command line itself: help, version, wrong usage, tracebacks and colours."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pipelines.command import TOLLGATE, environment, tollgate
from tests.pipelines.places import Place, crowd
from tollgate import __version__

COMMANDS = ("run", "serve", "status", "rollback", "simulate", "compile", "gates", "schema", "doctor")
HEAVY = ("pandas", "sklearn", "numpy", "kfp", "kserve", "onnxruntime", "pyarrow")
COLOUR = re.compile(r"\x1b\[(?:\d+;)*(?:3[0-8]|9[0-7])(?:;\d+)*m")


def in_a_terminal(folder: Path, *words: str, **extra: str) -> tuple[int, str]:
    """What a command writes to a terminal, and its exit status."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [TOLLGATE, *words],
        cwd=folder,
        env=environment(TERM="xterm", **extra),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        written = b""
        while chunk := _read(ours):
            written += chunk
    os.close(ours)
    return process.returncode, written.decode()


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # Linux says so when the other end is closed
        return b""


def test_the_version_is_told_without_a_command(tmp_path: Path) -> None:
    ended = tollgate(tmp_path, "--version")
    assert (ended.status, ended.out, ended.err) == (0, f"tollgate {__version__}\n", "")


def test_the_help_of_every_command_is_given_and_loads_nothing_heavy(tmp_path: Path) -> None:
    code = f"""
import sys
from pipelines.cli import main
for words in ([], *([command] for command in {COMMANDS})):
    sys.argv = ["tollgate", *words, "--help"]
    try:
        main()
    except SystemExit as left:
        print("left", left.code)
print("loaded", *(name for name in {HEAVY} if name in sys.modules))
"""
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line.strip() for line in ended.stdout.splitlines()]
    for command in COMMANDS:
        assert f"Usage: tollgate {command} [OPTIONS]" in lines
    assert lines.count("left 0") == 1 + len(COMMANDS)
    assert lines[-1] == "loaded"


def test_the_help_names_every_command(tmp_path: Path) -> None:
    ended = tollgate(tmp_path, "-h")
    assert ended.status == 0
    assert [command for command in COMMANDS if f"│ {command} " not in ended.out] == []


@pytest.mark.parametrize(
    "words", [("deploy",), ("run", "--force"), ("rollback", "--to"), ("simulate", "--rows", "0")]
)
def test_wrong_usage_exits_2_without_a_traceback(tmp_path: Path, words: tuple[str, ...]) -> None:
    ended = tollgate(tmp_path, *words)
    assert (ended.status, ended.out) == (2, "")
    assert "╭─ Error ─" in ended.err
    assert "Traceback" not in ended.err


def test_a_traceback_is_shown_only_when_asked_for(tmp_path: Path) -> None:
    message = "tollgate: workflow.yaml: no such file\n"
    plain, debug = tollgate(tmp_path, "status"), tollgate(tmp_path, "--debug", "status")
    assert (plain.status, debug.status) == (2, 2)
    assert plain.err == message
    assert debug.err.startswith("Traceback (most recent call last):")
    assert debug.err.endswith(message)


def test_a_file_that_cannot_be_read_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "workflow.yaml").mkdir()
    ended = tollgate(tmp_path, "status")
    assert (ended.status, ended.err) == (2, "tollgate: workflow.yaml: is a folder, not a file\n")


@pytest.mark.parametrize("words", [("--version",), ("schema",), ("status",), ("compile",)])
def test_a_users_own_modules_are_not_in_the_way(book: Place, tmp_path: Path, words: tuple[str, ...]) -> None:
    crowd(tmp_path)
    (tmp_path / "workflow.yaml").write_text(book.workflow.read_text())
    ended = tollgate(tmp_path, *words)
    assert (ended.status, ended.err) == (0, "")


def test_a_mistake_is_red_in_a_terminal_unless_colours_are_unwanted(tmp_path: Path) -> None:
    status, coloured = in_a_terminal(tmp_path, "status")
    assert status == 2
    assert COLOUR.search(coloured)
    status, plain = in_a_terminal(tmp_path, "status", NO_COLOR="1")
    assert status == 2
    assert "no such file" in plain
    assert not COLOUR.search(plain)


def test_a_run_in_a_terminal_shows_the_step_under_way_and_respects_no_color(fresh: Place) -> None:
    (fresh.folder / "loans.csv").write_text("nothing,of,use\n1,2,3\n")
    status, written = in_a_terminal(fresh.folder, "run", NO_COLOR="1")
    assert status == 1
    assert "\x1b[?25l" in written, "no live line was drawn"
    assert "starting" in written
    assert "✕ ingest" in written
    assert "╭─ failed ─" in re.sub(r"\x1b\[\d*m", "", written)
    assert not COLOUR.search(written)
