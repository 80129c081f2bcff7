"""What validation says of data that keeps its contract."""

from typing import Any

import pytest

from tests.tollgate.data.small_data import section
from tests.tollgate.data.test_validate import COLUMNS, RANDOM, SIZE, TIME, rows, validated
from tollgate.data.noticed import Noticed
from tollgate.data.selection import looks_like_selection
from tollgate.data.split_section import SplitSection
from tollgate.data.validate import Source, validate
from tollgate.data.validation import Validation

LENIENT = COLUMNS | {
    "x": {"type": "number", "missing": "allowed"},
    "colour": {"type": "category", "values": ["red", "blue"], "unknown": "other"},
}


def found(rule: str, table: Any, columns: dict[str, Any] = COLUMNS, **more: Any) -> list[Noticed]:
    report = validate(table, section(columns), SplitSection.read(RANDOM), **more).report
    assert report.of_level("error") == ()
    return [finding for finding in report.findings if finding.rule == rule]


def told(population: dict[str, Any], columns: dict[str, Any] = COLUMNS, **data: Any) -> list[Noticed]:
    return list(report_on(columns, rows(), Source(population=population), **data).findings)


def report_on(columns: dict[str, Any], table: Any, source: Source, **data: Any) -> Validation:
    return validate(table, section(columns, **data), SplitSection.read(RANDOM), source).report


def test_data_with_nothing_to_say_of_has_no_finding() -> None:
    assert validated(rows()).report.findings == ()


@pytest.mark.parametrize(("events", "warned"), [(SIZE // 2, False), (SIZE // 2 + 1, True)])
def test_an_event_that_is_the_usual_outcome_is_warned_of(events: int, warned: bool) -> None:
    outcome = ["bad"] * events + ["good"] * (SIZE - events)
    findings = found("event_rate", rows(y=outcome))
    assert [(finding.level, finding.column) for finding in findings] == [("warning", "y")] * warned
    assert all("the good are declined" in finding.advice for finding in findings)


def test_missing_values_that_are_allowed_are_told_with_their_share() -> None:
    (finding,) = found("missing_allowed", rows(x=[1.0, None, None, None, None]), LENIENT)
    assert (finding.level, finding.column, finding.rows) == ("note", "x", 4)
    assert [place.row for place in finding.first] == [2, 3, 4, 5]
    assert finding.said == "1.0 % of the rows have no value"
    (few,) = found("missing_allowed", rows(x=[None]), LENIENT)
    assert few.said == "0.2 % of the rows have no value"


def test_a_column_without_any_value_is_a_warning() -> None:
    (finding,) = found("missing_allowed", rows(x=[None] * SIZE), LENIENT)
    assert (finding.level, finding.rows) == ("warning", SIZE)
    assert "nothing to learn from" in finding.advice


def test_categories_that_are_taken_as_other_are_counted_and_shown_only_where_asked() -> None:
    table = rows(colour=["green", "red", "green", "pink"])
    (finding,) = found("other", table, LENIENT)
    assert (finding.level, finding.rows, finding.values) == ("note", 3, ())
    assert finding.said.startswith("3 rows are of 2 categories that the contract does not name")
    (shown,) = found("other", table, LENIENT, show_values=True)
    assert shown.values == ("'green'", "'pink'")


@pytest.mark.parametrize(("policy", "scored"), [("warn", "as they are"), ("clip", "as the bound")])
def test_values_out_of_bounds_that_are_scored_are_warned_of(policy: str, scored: str) -> None:
    columns = COLUMNS | {"x": {"type": "number", "min": 10, "out_of_bounds": policy}}
    found = validated(rows(), columns=columns)
    (finding,) = found.report.of_level("warning")
    assert (finding.rule, finding.column, finding.rows) == ("minimum", "x", 10)
    assert finding.said == f"10 rows break the rule minimum; they are scored {scored}"
    assert finding.allowed == "at least 10"
    assert found.digest
    one = validated(rows(), columns=COLUMNS | {"x": columns["x"] | {"min": 1}}).report.of_level("warning")[0]
    assert one.said == f"1 row breaks the rule minimum; it is scored {scored.replace('they are', 'it is')}"


def test_columns_that_were_dropped_are_counted_and_the_first_named() -> None:
    (finding,) = told({"dropped_columns": ["a", "b"], "dropped": 12})
    assert (finding.level, finding.rule) == ("note", "dropped")
    assert finding.said == "12 columns of the source are not read: a, b ..."
    (one,) = told({"dropped_columns": ["a"], "dropped": 1})
    assert one.said == "1 column of the source is not read: a"


def test_a_column_that_looks_as_if_it_said_who_was_accepted_is_warned_of_unless_selection_is_stated() -> None:
    columns = COLUMNS | {"approved": {"role": "ignore", "type": "boolean", "missing": "allowed"}}
    names = ["Aprovado"]
    table = rows().append_column("approved", [[True] * SIZE])
    source = Source(population={"dropped_columns": names, "dropped": 1})

    def warned(**data: Any) -> list[str | None]:
        report = report_on(columns, table, source, **data)
        return [finding.column for finding in report.of_level("warning")]

    assert warned() == ["approved", "Aprovado"]
    advice = [finding.advice for finding in report_on(columns, table, source).of_level("warning")]
    assert ["name it under data.columns" in one for one in advice] == [False, True]
    assert warned(selection={"accepted": "approved"}) == []


@pytest.mark.parametrize(
    ("name", "looks"),
    [
        *(
            (name, True)
            for name in ("accepted", "is_approved", "FUNDED", "Aceito", "aprobada", "approval_status")
        ),
        *((name, False) for name in ("approved_amount", "acceptance", "underfunded", "y", "grant")),
    ],
)
def test_which_names_look_like_a_selection(name: str, looks: bool) -> None:
    assert looks_like_selection(section(COLUMNS).contract, [name]) == ([name] if looks else [])


def test_the_target_is_never_taken_for_a_selection() -> None:
    columns = {"x": {"type": "number"}, "approved": {"role": "target", "positive": "no"}}
    assert looks_like_selection(section(columns).contract, []) == []


def copied(count: int, fresh_ids: bool) -> Any:
    """The rows, the last of which repeat the first."""
    values = rows().to_pydict()
    changed = {
        name: [*some[: SIZE - count], *some[:count]]
        for name, some in values.items()
        if name != "__row__" and not (name == "id" and fresh_ids)
    }
    return rows(**changed)


def test_rows_that_stand_twice_are_warned_of_with_their_parts() -> None:
    findings = validated(copied(40, fresh_ids=True)).report.findings
    assert {finding.rule for finding in findings} <= {"row_twice", "row_in_two_parts"}
    assert sum(finding.rows or 0 for finding in findings) == 40
    assert {finding.level for finding in findings} == {"warning"}
    assert {place.row for finding in findings for place in finding.first} <= {*range(361, 401), *range(1, 41)}


def test_where_rows_cannot_be_parted_duplicates_are_counted_in_the_snapshot() -> None:
    table = copied(40, fresh_ids=True)
    found = validated(table.set_column(4, "y", [["bad"] * SIZE])).report
    (twice,) = [finding for finding in found.findings if finding.rule == "row_twice"]
    assert twice.said == "40 rows repeat another in all but the id within the snapshot"


def test_an_id_that_stands_twice_is_warned_of() -> None:
    findings = validated(copied(10, fresh_ids=False)).report.findings
    twice = [finding for finding in findings if finding.rule == "id_twice"]
    assert sum(finding.rows or 0 for finding in twice) == 10
    assert {finding.column for finding in twice} == {"id"}
    assert "id_in_two_parts" not in {finding.rule for finding in findings}, (
        "equal ids are drawn into one part"
    )


def test_with_a_split_by_time_a_group_in_two_parts_is_counted_and_said() -> None:
    columns = COLUMNS | {"house": {"role": "group"}}
    table = rows().append_column("house", [[f"H{number % 97}" for number in range(SIZE)]])
    report = validated(table, TIME, columns).report
    (one,) = [one for one in report.repeats if one.of == "group"]
    assert one.over["fit and holdout"] == report.parts["holdout"]["rows"]
    said = [finding for finding in report.findings if finding.rule == "group_in_two_parts"]
    assert len(said) == 5, "calibration and threshold are drawn by group"
    assert "keeps them together" in said[0].advice
    assert validated(table, RANDOM, columns).report.findings == ()
