"""Whatever table is given: a workflow that loads and that the data keeps to, or one message and the status 1 or 2."""

import datetime as dt
import tempfile
from pathlib import Path

import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from pipelines.config import load_workflow
from pipelines.first_workflow import place_workflow
from pipelines.where import source_of
from tollgate.contract.table import check_table
from tollgate.data.ingest import ingest
from tollgate.errors import TollgateError
from tollgate.look.draft import draft
from tollgate.look.write import workflow_text

pytestmark = pytest.mark.long

TODAY = dt.date(2026, 1, 1)
NASTY = st.text(max_size=12).filter(lambda text: "\0" not in text)
PLAIN = st.one_of(
    st.integers(-3, 12).map(str),
    st.integers().map(str),
    st.floats(allow_nan=True).map(str),
    st.dates(dt.date(2010, 1, 1), dt.date(2025, 1, 1)).map(str),
    st.dates().map(lambda day: day.strftime("%d.%m.%Y")),
    st.sampled_from(
        ["", " ", "?", "NA", "None", "true", "false", "a", "b", "01", "007", "1,5", "1.234,5", "1e5"]
    ),
)
AMOUNTS = st.floats(0, 1e6).map(lambda amount: f"{amount:.2f}")
KNOWN_NAMES = ["age", "id", "issued", "y", "no", "1", "", "__x", "purpose", "customer id", "sex", "a: b", "#"]
DELIMITERS = [",", ";", "\t", "|", " "]


@st.composite
def columns(draw: st.DrawFn, rows: int) -> list[str]:
    """The cells of one column: all alike, few different ones, or anything."""
    kinds = [PLAIN, NASTY, st.integers(0, 3).map(str), st.sampled_from(["x", "y y", 'q"']), AMOUNTS]
    cell = draw(st.sampled_from(kinds))
    few = draw(st.lists(cell, min_size=1, max_size=6))
    return draw(st.lists(st.sampled_from(few) if draw(st.booleans()) else cell, min_size=rows, max_size=rows))


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """The text of a table with a target: well made in every other case, else however it comes."""
    well = draw(st.booleans())
    rows = draw(st.integers(8, 60) if well else st.integers(0, 12))
    named = st.sampled_from(KNOWN_NAMES) if well else st.one_of(st.sampled_from(KNOWN_NAMES), NASTY)
    names = ["target", *draw(st.lists(named, min_size=1, max_size=5, unique=well or draw(st.booleans())))]
    outcome = st.sampled_from(draw(st.sampled_from([["0", "1"], ["no", "yes"], ["1", "2"], ["0", "1", ""]])))
    cells = [draw(st.lists(outcome, min_size=rows, max_size=rows)), *(draw(columns(rows)) for _ in names[1:])]
    delimiter = draw(st.sampled_from(DELIMITERS))
    quote = well or draw(st.booleans())
    records = [names, *zip(*cells, strict=True)]
    lines = [delimiter.join(_quoted(cell) if quote else cell for cell in record) for record in records]
    text = draw(st.sampled_from(["\n", "\r\n"])).join(lines) + draw(st.sampled_from(["", "\n"]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "latin-1", "utf-16"]))
    return text.encode(encoding, "replace")


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(tables(), st.sampled_from([None, "1", "no"]))
def test_any_table_gives_a_workflow_that_it_keeps_to_or_one_message(
    content: bytes, positive: str | None
) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "rows.csv").write_bytes(content)
        refusal = refused(folder, positive)
        event("refused" if refusal else "written")
        if refusal:
            assert refusal.exit_status in (1, 2)
            assert str(refusal).strip()
            assert [file.name for file in folder.iterdir()] == ["rows.csv"]
        else:
            keeps_to(folder)


def refused(folder: Path, positive: str | None) -> TollgateError | None:
    """Write a workflow as `tollgate init` does; why it could not be written."""
    source = str(folder / "rows.csv")
    try:
        found = draft(source, "target", positive, None)
        place_workflow(
            folder / "workflow.yaml", source, lambda relative: workflow_text(found, "rows", relative)
        )
    except TollgateError as error:
        return error
    return None


def keeps_to(folder: Path) -> None:
    """Check that ingest reads the rows, and that they keep to the contract; labels may be missing."""
    workflow = load_workflow(folder / "workflow.yaml")
    (folder / "snapshot").mkdir()
    source = source_of(folder / "workflow.yaml", workflow)
    assert ingest(workflow.data, source, TODAY, folder / "snapshot").population.used
    rows = pyarrow.parquet.read_table(folder / "snapshot")
    broken = check_table(rows, workflow.data.contract)
    assert [breach for breach in broken if breach.column != "target"] == []


def test_the_tables_are_such_that_many_are_written() -> None:
    """Else the property would hold for nothing."""
    written = []

    @settings(
        max_examples=60,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(tables())
    def count(content: bytes) -> None:
        with tempfile.TemporaryDirectory() as place:
            (Path(place) / "rows.csv").write_bytes(content)
            written.append(refused(Path(place), "1") is None)

    count()
    assert sum(written) >= 10
