"""The cases: a file of the corpus, mutated by its number, and what reads it."""

import datetime as dt
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet

from pipelines.config import load_workflow
from tests.fuzz.mutate import mutated
from tests.tollgate.data.small_data import COLUMNS
from tollgate.data.ingest import PART, ingest
from tollgate.data.section import DataSection
from tollgate.data.split_section import SplitSection
from tollgate.data.validate import validate
from tollgate.errors import ConfigError, DataError, TollgateError

FOUND = "found-"
CORPUS = Path(__file__).parent / "corpus"
AS_OF = dt.date(2024, 6, 1)
SPLIT = SplitSection.read({"method": "random", "holdout": 0.3, "calibration": 0.4, "salt": "a"})
FORMS: tuple[dict[str, Any], ...] = (
    {},
    {"delimiter": ";"},
    {"header": False},
    {"encoding": "latin-1"},
    {"encoding": "utf-16"},
    {"nulls": ["", "NA"]},
)
FORM_OF = {"semicolon": 1, "no_header": 2, "latin": 3}


def sections() -> list[DataSection]:
    """The section `data` in each form."""
    more = {"limits": {"rows": 5_000, "columns": 200, "megabytes": 1}}
    return [
        DataSection.read({"source": "a.csv", "columns": COLUMNS, "format": form} | more) for form in FORMS
    ]


SECTIONS = sections()


def kept(ending: str) -> list[Path]:
    """The files of the corpus, the findings of earlier runs among them."""
    return sorted(CORPUS.glob(f"*{ending}"))


@cache
def material(ending: str) -> tuple[tuple[bytes, int], ...]:
    """What is mutated, each with the form that reads it: the corpus without findings, so that a case stays the same."""
    files = [path for path in kept(ending) if not path.name.startswith(FOUND)]
    return tuple((path.read_bytes(), FORM_OF.get(path.stem, 0)) for path in files)


def case(seed: int, number: int) -> tuple[str, bytes, int]:
    """A case by its number: the ending of its file, its content, and which form reads it."""
    draw = Random(f"{seed}:{number}")  # noqa: S311 - no secret
    ending = ".csv" if number % 2 else ".yaml"
    files = material(ending)
    content, form = draw.choice(files)
    if draw.random() < 0.1:
        form = draw.randrange(len(FORMS))
    return ending, mutated(draw, content, [other for other, _ in files]), form


def read_case(ending: str, content: bytes, form: int, folder: Path) -> str | None:
    """Read a case as the command line does.

    Returns:
        Why it was refused; None where it was not.

    Raises:
        Exception: Anything else than a refusal is a finding.
    """
    file = folder / f"case{ending}"
    file.write_bytes(content)
    read: Callable[[], object] = (
        (lambda: load_workflow(file)) if ending == ".yaml" else (lambda: _ingested(file, form, folder))
    )
    wanted: type[TollgateError] = ConfigError if ending == ".yaml" else DataError
    try:
        read()
    except wanted as error:
        text = str(error)
        assert text.strip(), "a refusal without a word"
        return text
    return None


def _ingested(file: Path, form: int, folder: Path) -> None:
    out = folder / "out"
    out.mkdir()
    try:
        ingest(SECTIONS[form], str(file), AS_OF, out)
        validate(pyarrow.parquet.read_table(out / PART), SECTIONS[form], SPLIT)
    finally:
        shutil.rmtree(out)
