"""A workflow.yaml that is a bomb, damaged, or too much: status 2 before anything is run, in little memory and time."""

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pipelines.bad_input import check_untouched
from tests.pipelines.command import Ended, tollgate
from tests.pipelines.places import FirstRun, Place

pytestmark = pytest.mark.long

MEGABYTE = 1024 * 1024
MOST_MEMORY = 400 * MEGABYTE
MEASURED = """
import os, resource, subprocess, sys
status = subprocess.call(sys.argv[1:])
with open(os.environ["PEAK"], "w") as file:
    file.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024))
sys.exit(status)
"""
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
COLUMN = "    x{}: {{type: number}}\n"


def appended(text: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(path.read_text() + text)


def replaced(old: str, new: str) -> Callable[[Path], object]:
    def change(path: Path) -> None:
        text = path.read_text()
        assert text.count(old) == 1
        path.write_text(text.replace(old, new))

    return change


def circle(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


def values(count: int) -> str:
    return f"values: [{', '.join(f'value{place}' for place in range(count))}]"


PURPOSES = "values: [car, home, education, medical, business, other]"
CASES: dict[str, tuple[Callable[[Path], object], str]] = {
    "aliases": (lambda path: path.write_text(BOMB), "line 1: anchors and aliases (& and *) are not allowed"),
    "merge": (appended("\nextra: {<<: {a: 1}}\n"), "merge keys (<<) are not allowed: write the keys out"),
    "deep": (appended("\ndeep: " + "[" * 5000), "nested too deeply"),
    "twice": (replaced("train:", "name: other\n\ntrain:"), "the key 'name' stands twice, first in line 4"),
    "tab": (
        replaced("  model: logistic", "\tmodel: logistic"),
        "a tab stands where spaces belong: use spaces",
    ),
    "tag": (appended("\nx: !!python/object/apply:os.system [ls]\n"), "tags (!) are not allowed"),
    "huge": (
        lambda path: os.truncate(path, 100 * MEGABYTE),
        "the file is larger than 1024 KiB; a configuration is not",
    ),
    "nul": (appended("\nx: \0\n"), "the character U+0000 is not allowed"),
    "latin": (
        lambda path: path.write_bytes(path.read_bytes() + "x: é".encode("latin-1")),
        "the file is not UTF-8",
    ),
    "empty": (lambda path: path.write_text(""), "the file is empty"),
    "columns": (
        replaced("    region: {role: ignore}\n", "".join(COLUMN.format(place) for place in range(10_000))),
        "data: 10018 columns; at most 2000 are supported",
    ),
    "blank": (replaced("    region: ", '    " ": '), "a column cannot be named ' '"),
    "categories": (replaced(PURPOSES, values(10_000)), "purpose"),
    "link": (
        circle,
        "cannot be read (Too many levels of symbolic links)",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_workflow_that_is_wrong_is_refused_in_one_message_and_little_memory(
    first_run: FirstRun, served: Place, name: str, tmp_path: Path
) -> None:
    change, says = CASES[name]
    change(served.workflow)
    runs = sorted((served.storage.root / "runs").iterdir())
    peak = tmp_path / "peak"
    ended: Ended = tollgate(served.folder, "run", before=(sys.executable, "-c", MEASURED), PEAK=str(peak))
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith("tollgate: workflow.yaml")
    assert says in ended.err
    assert "Traceback" not in ended.err
    assert len(ended.err) < 2_000
    assert int(peak.read_text()) < MOST_MEMORY
    assert sorted((served.storage.root / "runs").iterdir()) == runs
    check_untouched(first_run.place, served.folder)


def test_a_workflow_that_no_step_can_be_given_is_refused_before_anything_is_run(served: Place) -> None:
    column = f"{'x' * 80}{{}}: {{{{type: number}}}}"
    replaced(
        "    region: ", "".join(f"    {column.format(place)}\n" for place in range(1000)) + "    region: "
    )(served.workflow)
    runs = sorted((served.storage.root / "runs").iterdir())
    ended = tollgate(served.folder, "run")
    assert (ended.status, ended.out) == (2, "")
    assert re.fullmatch(
        r"tollgate: the section data of the workflow comes to \d+ kB as JSON, and a step can be given "
        r"100 kB: name fewer columns or categories, or give them shorter names\n",
        ended.err,
    )
    assert sorted((served.storage.root / "runs").iterdir()) == runs
