"""The validation report: all findings at once, read back as written, and never a value that was not asked for."""

import datetime as dt
import json
from typing import Any

import pytest

from tests.tollgate.data.small_data import section
from tests.tollgate.data.test_validate import COLUMNS, RANDOM, SIZE, TIME, rows, validated
from tollgate.canonical import canonical_json
from tollgate.data.noticed import Noticed
from tollgate.data.split_section import SplitSection
from tollgate.data.validate import Source, validate
from tollgate.data.validation import Validation
from tollgate.errors import DataError
from tollgate.report.validation import render_validation

PLANT = "SECRET-7391"
PLANT_NUMBER = -73915.5
PLANT_DAY = dt.date(2022, 7, 23)
# A value in every column that breaks a rule, or repeats; the day breaks none, and lies inside of the range.
PLANTED: dict[str, Any] = {
    "id": [PLANT, PLANT],
    "day": [PLANT_DAY, PLANT_DAY],
    "x": [PLANT_NUMBER, PLANT_NUMBER],
    "colour": [PLANT, PLANT],
    "y": [PLANT, PLANT],
}
SECRETS = ("SECRET", "7391", "2022-07-23")


def report_of(show_values: bool = False, **changed: Any) -> Validation:
    source = Source("5" * 64, {"read": 500, "used": SIZE}, (("a.csv", 1), ("b.csv", 3)))
    return validate(rows(**changed), section(COLUMNS), SplitSection.read(RANDOM), source, show_values).report


def test_every_finding_is_there_at_once_the_errors_first() -> None:
    report = report_of(
        x=[1.0, -1.0], colour=["green"], y=["bad", None, "ugly", "worse"], id=["same", "same", None]
    )
    found = [(finding.level, finding.rule, finding.column) for finding in report.findings]
    assert found == [
        ("error", "missing", "id"),
        ("error", "minimum", "x"),
        ("error", "category", "colour"),
        ("error", "missing", "y"),
        ("error", "two_values", "y"),
        ("warning", "id_twice", "id"),
    ]


def test_parts_without_use_are_told_together_with_broken_rules() -> None:
    days = [dt.date(2022, 1, 1)] * (SIZE - 1) + [dt.date(2023, 6, 1)]
    found = validated(rows(x=[-1.0], day=days), TIME)
    assert [finding.rule for finding in found.report.of_level("error")] == ["minimum", "events", "events"]
    assert found.report.parts["holdout"]["rows"] == 1


def test_rows_that_cannot_be_parted_are_told_together_with_broken_rules() -> None:
    report = validated(rows(x=[-1.0], day=[dt.date(2022, 1, 1)] * SIZE), TIME).report
    errors = report.of_level("error")
    assert [finding.rule for finding in errors] == ["minimum", "split"]
    assert "no label of an earlier row was known yet" in errors[1].said
    assert report.parts == {}
    assert {name for one in report.repeats for name in one.within} == {"snapshot"}


def test_a_time_without_any_day_is_told() -> None:
    errors = validated(rows(day=[None] * SIZE), TIME).report.of_level("error")
    assert [(finding.rule, finding.column) for finding in errors] == [("missing", "day")]


def test_the_report_reads_back_as_it_was_written() -> None:
    report = report_of(show_values=True, x=[-1.0], y=["bad", None])
    written = json.loads(canonical_json(report.as_json()))
    assert written["version"] == 2
    assert Validation.read(written) == report


@pytest.mark.parametrize("change", [{"version": 1}, {"more": 1}, {"findings": [{"level": "fatal"}]}])
def test_a_report_of_another_form_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        Validation.read(report_of().as_json() | change)


def test_rows_are_named_with_the_file_that_they_lie_in() -> None:
    (finding,) = report_of(x=[1.0, -1.0, 1.0, -1.0]).of_level("error")
    assert finding.where == "rows 2 of a.csv and 2 of b.csv"


def test_a_message_names_twenty_errors_and_the_report() -> None:
    errors = tuple(Noticed(level="error", rule="missing", column=f"c{n}", said="no") for n in range(30))
    with pytest.raises(DataError) as refused:
        report_of().model_copy(update={"findings": errors}).refuse("the/validation.html")
    lines = str(refused.value).splitlines()
    assert lines[0] == "the data breaks the contract:"
    assert lines[1:21] == [f"column c{n}: no" for n in range(20)]
    assert lines[21:] == ["and 10 more", "All of it is in the/validation.html"]


def test_without_an_error_nothing_is_refused() -> None:
    report_of().refuse("")


def test_no_value_of_a_row_is_told_unless_asked_for() -> None:
    report = report_of(**PLANTED)
    assert {finding.column for finding in report.of_level("error")} == {"x", "colour", "y"}
    with pytest.raises(DataError) as refused:
        report.refuse("validation.html")
    for text in (canonical_json(report.as_json()).decode(), render_validation(report), str(refused.value)):
        assert not [secret for secret in SECRETS if secret in text]


def test_where_asked_for_a_few_distinct_values_are_shown_but_not_in_a_message() -> None:
    report = report_of(show_values=True, **PLANTED)
    values = {finding.column: finding.values for finding in report.findings if finding.column}
    assert values == dict.fromkeys(("id", "colour", "y"), (f"'{PLANT}'",)) | {"x": (str(PLANT_NUMBER),)}
    assert f"&#39;{PLANT}&#39;" in render_validation(report)
    with pytest.raises(DataError) as refused:
        report.refuse("")
    assert PLANT not in str(refused.value)


def test_values_are_few_distinct_and_cut() -> None:
    colours = ["long" * 50, "long" * 50, *(f"colour {number}" for number in range(20))]
    (finding,) = report_of(show_values=True, colour=colours).of_level("error")
    assert len(finding.values) == 5
    assert finding.values[1] == "'colour 0'"
    assert len(finding.values[0]) == 64
    assert finding.values[0].endswith("…")
