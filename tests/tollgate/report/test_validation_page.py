"""The page on the data as a reader's browser gets it."""

import re
from typing import Any

import pytest

from tests.tollgate.report.reader import HOSTILE, Reader
from tollgate.data.noticed import Files, Noticed
from tollgate.data.validation import Repeats, Validation
from tollgate.report.validation import render_validation

FILES = Files([("a.csv", 1), ("b.csv", 101)])
ERROR = Noticed(
    level="error",
    rule="minimum",
    column="income",
    said="2 rows break the rule minimum",
    rows=2,
    first=(FILES.place(7), FILES.place(102)),
    allowed="at least 0",
    advice="mend the rows, or set another `min`",
)
WARNING = Noticed(level="warning", rule="id_twice", column="loan_id", said="3 rows repeat the id of another")
NOTE = Noticed(
    level="note", rule="other", column="channel", said="4 rows are taken as other", values=("'fax'",)
)
PART = {"rows": 100, "events": 25, "since": "2024-01-01", "until": "2024-03-31"}
NAMES = ("fit", "calibration", "threshold", "holdout")
REPEATS = (
    Repeats(of="row", within={"fit": 0, "holdout": 1234}, over={"fit and holdout": 2}),
    Repeats(of="id", column="loan_id", within={"fit": 0, "holdout": 0}, over={"fit and holdout": 0}),
    Repeats(of="group", column="house", within={}, over={"fit and holdout": 3}),
)
POPULATION = {
    "read": 1000,
    "rejected": 250,
    "future": 50,
    "immature": 200,
    "used": 500,
    "states": "only rows with accepted true",
    "as_of": "2024-06-30",
}


def report(*findings: Noticed, **change: Any) -> Validation:
    values: dict[str, Any] = {
        "version": 2,
        "snapshot": "a" * 64,
        "sections": {"data": "d" * 64, "split": "e" * 64},
        "files": FILES.names,
        "population": POPULATION,
        "method": "time",
        "rows": 500,
        "parts": dict.fromkeys(NAMES, PART),
        "embargoed": 100,
        "repeats": REPEATS,
        "findings": findings,
    }
    return Validation(**values | change)


def text(*findings: Noticed, **change: Any) -> str:
    return Reader(render_validation(report(*findings, **change))).text


def test_data_with_an_error_is_said_not_to_be_usable() -> None:
    said = text(ERROR, WARNING, NOTE)
    assert "The data cannot be used 1 error, 1 warning, 1 note. Nothing was trained." in said


def test_data_that_keeps_its_contract_is_said_to_be_usable() -> None:
    assert "The data can be used It keeps its contract. No warnings, 2 notes." in text(NOTE, NOTE)


def test_a_finding_says_what_where_what_is_allowed_and_what_to_do() -> None:
    said = text(ERROR)
    assert "✕ errorincome minimum" in said
    assert "2 rows break the rule minimum. First: rows 7 of a.csv and 2 of b.csv." in said
    assert "Allowed: at least 0." in said
    assert "What to do: mend the rows, or set another min." in said
    assert "<code>min</code>" in render_validation(report(ERROR))


def test_values_are_shown_where_a_finding_has_them_and_the_page_says_so() -> None:
    assert "Values: 'fax'" in text(NOTE, shows_values=True)
    assert "This page shows values of rows" in text(NOTE, shows_values=True)
    assert "No value of a row stands on this page" in text(ERROR)


def test_many_findings_are_counted_by_their_rule() -> None:
    assert "What stops the run minimum 7, missing 2 ✕ error" in text(
        *[ERROR] * 7, *[ERROR.model_copy(update={"rule": "missing"})] * 2
    )
    assert "minimum 5" not in text(*[ERROR] * 5)


def bars(page: str) -> list[tuple[float, float]]:
    found = re.findall(r'<rect x="([\d.]+)" y="2" width="([\d.]+)"', page)
    return [(float(left), float(width)) for left, width in found]


def test_the_waterfall_names_each_exclusion_and_draws_where_it_falls() -> None:
    page = render_validation(report())
    rows = [Reader(row).text for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL)][1:11]
    assert [row.rsplit(" ", 1) for row in rows] == [
        ["rows read", "1,000"],
        ["rejected applicants, whose label nobody knows", "-250"],
        ["decided after the day as of which the data is used", "-50"],
        ["label not yet known on that day", "-200"],
        ["rows in the snapshot", "500"],
        ["used nowhere: label not known when the holdout starts", "-100"],
        *([f"part {name} (2024-01-01 to 2024-03-31), 25 events", "100"] for name in NAMES),
    ]
    # 1000 rows on 240 pixels
    assert bars(page) == [
        *((0, 240), (180, 60), (168, 12), (120, 48), (0, 120), (96, 24)),
        *((0, 24), (24, 24), (48, 24), (72, 24)),
    ]


def test_the_page_says_whom_the_labels_cover_and_what_share_that_is() -> None:
    said = text()
    assert "The labels cover only rows with accepted true. These are 75.0 % of the 1,000 rows read" in said
    assert "500 rows are used, 50.0 % of those read." in said
    assert "as known on 2024-06-30" in said
    everyone = text(population={"read": 500, "states": "all rows"})
    assert "The labels cover all rows. 500 rows are used, 100.0 % of those read." in everyone


def test_rows_that_could_not_be_parted_are_said_not_to_be() -> None:
    said = text(ERROR, parts={}, embargoed=0)
    assert "The rows could not be parted" in said
    assert "part fit" not in said
    assert "used nowhere" not in said


def test_duplicates_are_counted_by_part_and_none_is_said_too() -> None:
    said = text()
    assert "the whole row, id apart holdout 1,234 fit and holdout 2" in said
    assert "the id, column loan_id none none" in said
    assert "the group, column house as it should be fit and holdout 3" in said


def test_a_page_on_nothing_but_rows_can_be_made() -> None:
    bare = text(snapshot="", files=(), population={}, repeats=())
    assert "Snapshot unnamed · 500 rows" in bare


@pytest.mark.parametrize(
    ("findings", "change"),
    [
        ((ERROR.model_copy(update={"column": HOSTILE}),), {}),
        ((ERROR.model_copy(update={"said": HOSTILE}),), {}),
        ((ERROR.model_copy(update={"allowed": HOSTILE, "advice": HOSTILE}),), {}),
        ((ERROR.model_copy(update={"values": (HOSTILE,)}),), {"shows_values": True}),
        ((NOTE.model_copy(update={"values": (HOSTILE,), "advice": HOSTILE}),), {"shows_values": True}),
        ((NOTE.model_copy(update={"column": HOSTILE, "said": HOSTILE, "rule": HOSTILE}),), {}),
        ((ERROR.model_copy(update={"first": (Files([(HOSTILE, 1), ("b", 9)]).place(1),)}),), {}),
        ((), {"files": (HOSTILE,)}),
        ((), {"population": {"states": HOSTILE, "as_of": HOSTILE}}),
        ((), {"repeats": (Repeats(of="id", column=HOSTILE, within={}, over={}),)}),
        ((), {"parts": {"fit": {**PART, "since": HOSTILE}}}),
    ],
)
def test_hostile_text_is_shown_and_never_obeyed(
    findings: tuple[Noticed, ...], change: dict[str, Any]
) -> None:
    page = render_validation(report(*findings, **change))
    plain = Reader(render_validation(report(ERROR, WARNING, NOTE)))
    reader = Reader(page)
    assert reader.tags <= plain.tags
    assert {name for name, _ in reader.attributes} <= {name for name, _ in plain.attributes}
    assert HOSTILE[:12] in reader.text
    assert HOSTILE[:12] not in page


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    page = render_validation(report(ERROR, WARNING, NOTE))
    reader = Reader(page)
    assert "script" not in reader.tags
    assert not [name for name, _ in reader.attributes if name.startswith("on")]
    assert not {"src", "href", "xlink:href", "srcset", "action"} & {name for name, _ in reader.attributes}
    assert not re.search(r"https?:|//|url\(|@import|javascript:", page)
