"""The section on the model, as a reader's browser gets it."""

import re
from typing import Any

import pytest

from tests.tollgate.gates.evidence import evidence
from tests.tollgate.report.reader import Reader
from tests.tollgate.report.trained import CARD, SEARCH, TRAINING, trial
from tollgate.report import render


def page(**change: Any) -> str:
    return render(evidence(training={**TRAINING, **change}), None)


def text(**change: Any) -> str:
    return Reader(page(**change)).text


def rows_of(html: str, caption: str) -> list[str]:
    """The rows of the table with a caption, as a reader sees them."""
    (table,) = [part for part in re.findall(r"<table.*?</table>", html, re.DOTALL) if caption in part]
    return [Reader(row).text for row in re.findall(r"<tr.*?</tr>", table, re.DOTALL)][1:]


def test_the_parameters_and_the_calibration_are_named_with_their_values() -> None:
    assert "calibration isotonic bins 4 C 123,456 balanced yes prior none" in text()


def test_what_a_model_tells_of_itself_is_shown_on_a_line_each_and_cut_where_it_is_long() -> None:
    said = text(trees=143, shrinkage=0.03125, told=["x" * 300])
    assert "trees 143 shrinkage 0.03125 told xxx" in said
    assert "x" * 250 not in said


def test_what_has_parts_is_shown_without_brackets_and_quotes() -> None:
    said = text(decision={"approve_rate": 0.7}, layers=[64, 32], prior={})
    assert "decision approve_rate 0.7" in said
    assert "layers 64, 32 " in said
    assert "prior none" in said
    assert "{'" not in said


def test_what_stands_elsewhere_or_is_for_machines_is_not_repeated() -> None:
    said = text()
    for word in ("libraries", "relatives", "record", "f" * 64, "a" * 64):
        assert word not in said


def test_the_search_says_how_many_were_tried_which_was_chosen_and_by_which_rule() -> None:
    assert (
        "5 sets of parameters were tried, and compared on the latest 1234 rows of the fit part. "
        "Chosen is number 3: the least complex trial within one standard error."
    ) in text()
    assert "2 of them could not be fitted: it did not converge" in text()


def test_the_trials_stand_in_a_table_the_best_first_and_the_chosen_one_marked() -> None:
    html = page()
    assert rows_of(html, "Log loss with its standard error") == [
        "2 0.3800 ± 0.0120 25 0.03125 9",
        "✓ chosen 3 0.3850 ± 0.0110 12 123,456 4",
        "1 0.4000 ± 0.0100 10 default default",
    ]
    assert html.count('<tr class="chosen">') == 1


def test_a_parameter_that_all_trials_have_alike_has_no_column_of_its_own() -> None:
    trials = [trial(0.4, C=1.0, max_iter=25), trial(0.5, C=2.0, max_iter=25)]
    html = page(search={**SEARCH, "chosen": 0, "trials": trials})
    assert rows_of(html, "Log loss with its standard error") == [
        "✓ chosen 1 0.4000 ± 0.0100 10 1",
        "2 0.5000 ± 0.0100 10 2",
    ]


@pytest.mark.parametrize("chosen", [0, 29, 59])
def test_of_many_trials_the_30_best_are_shown_and_the_chosen_one_in_any_case(chosen: int) -> None:
    trials = [trial(0.5 + place / 1000, C=float(place)) for place in range(60)]
    html = page(search={**SEARCH, "chosen": chosen, "trials": trials})
    rows = rows_of(html, "Log loss with its standard error")
    assert len(rows) == 30
    (marked,) = [row for row in rows if row.startswith("✓")]
    assert marked.startswith(f"✓ chosen {chosen + 1} ")
    assert [int(row.split()[0]) for row in rows[:29] if row != marked][:3] == [
        n for n in (1, 2, 3, 4) if n != chosen + 1
    ][:3]
    assert "The 30 best, with the chosen one; all 60 are in the evidence." in Reader(html).text


def test_the_bars_of_the_trials_lie_where_their_losses_do() -> None:
    (table,) = [
        part for part in re.findall(r"<table.*?</table>", page(), re.DOTALL) if "standard error" in part
    ]
    bars = [
        (float(left), float(left) + float(width))
        for left, width in re.findall(r'<rect x="([\d.]+)" y="4" width="([\d.]+)"', table)
    ]
    # 0.368 to 0.392, 0.374 to 0.396, 0.39 to 0.41 on 200 pixels from 0.368 to 0.41
    expected = [(0, 114.3), (28.6, 133.3), (104.8, 200)]
    assert [pytest.approx(bar, abs=0.2) for bar in expected] == bars


def test_without_a_search_nothing_is_said_of_trials() -> None:
    trained = {name: value for name, value in TRAINING.items() if name != "search"}
    said = Reader(render(evidence(training=trained), None)).text
    assert "sets of parameters" not in said
    assert "The scorecard" in said


def test_a_number_stands_on_the_card_from_where_to_where_with_its_missing_values() -> None:
    assert rows_of(page(), "<caption>income</caption>") == [
        "to 1000 100 50.0 % +1.25 10.5",
        "1000 to 23,456 200 20.0 % +0.50 30.2",
        "above 23,456 400 5.0 % -0.75 55.0",
        "missing 50 10.0 % +0.10 33.3",
    ]


def test_edges_that_lie_close_are_written_with_the_digits_that_tell_them_apart() -> None:
    income = {**CARD["income"], "edges": [1.000001, 1.000002]}
    names = [row.rsplit(" ", 5)[0] for row in rows_of(page(scorecard={"income": income}), "income")]
    assert names == ["to 1.000001", "1.000001 to 1.000002", "above 1.000002", "missing"]


def test_a_category_stands_on_the_card_by_its_names_not_its_codes() -> None:
    html = page()
    assert rows_of(html, "<caption>purpose</caption>") == [
        "car 500 10.0 % -0.50 40.0",
        "boat 0 no rows +0.00 33.0",
        "any other 240 25.0 % +0.62 20.0",
        "missing 10 50.0 % +1.50 8.0",
    ]
    assert [row.split()[0] for row in rows_of(html, "<caption>home</caption>")] == ["false", "true"]


def test_a_date_stands_on_the_card_as_days() -> None:
    names = [row.rsplit(" ", 5)[0] for row in rows_of(page(), "<caption>since</caption>")]
    assert names == ["to 2020-01-01", "2020-01-01 to 2020-12-31", "above 2020-12-31"]


def test_the_features_come_by_how_much_they_move_the_points_and_those_left_out_are_named() -> None:
    captions = re.findall(r"<caption>(\w+)</caption>", page())
    assert captions == ["income", "purpose", "since", "home"]
    assert "Left out, since they would count against their own evidence or say nothing: channel." in text()


def test_the_fewest_and_the_most_points_are_said() -> None:
    assert "from 113 to 200: the higher, the lower the risk" in text()  # 112.7 and 200.2


@pytest.mark.parametrize(
    "change",
    [
        {"scorecard": "yes"},
        {"scorecard": {"income": {}}},
        {"scorecard": {"income": {**CARD["income"], "points": [1]}}},
        {"scorecard": {"home": {**CARD["home"], "names": ["false"]}}},
        {"scorecard": [1]},
        {"search": 3},
        {"search": {"trials": []}},
        {"search": {**SEARCH, "chosen": 3}},
        {"search": {**SEARCH, "chosen": 99}},
        {"search": {**SEARCH, "more": 1}},
        {"parameters": [1, 2]},
        {"parameters": None},
    ],
    ids=str,
)
def test_what_a_model_of_ones_own_tells_in_another_form_does_not_break_the_page(
    change: dict[str, Any],
) -> None:
    said = text(**change)
    assert "approves below a probability of 0.1234" in said
