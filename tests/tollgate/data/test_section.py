from typing import Any

import pytest
from pydantic import ValidationError

from tests.tollgate.data.small_data import COLUMNS, section
from tollgate.data.section import DataSection

REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"format": {"delimiter": ",,"}}, "at most 1 character"),
    ({"format": {"delimiter": "§"}}, "cannot separate values"),
    ({"format": {"delimiter": '"'}}, "cannot separate values"),
    ({"format": {"delimiter": "\n"}}, "cannot separate values"),
    ({"format": {"encoding": "utf-99"}}, "no text encoding named 'utf-99'"),
    ({"format": {"encoding": "base64"}}, "no text encoding named 'base64'"),
    ({"format": {"header": 1}}, "valid boolean"),
    ({"format": {"nulls": ["", "-1"]}}, "-1 is a number"),
    ({"format": {"nulls": ["", "2024-05-01"]}}, "2024-05-01 is a day: name it under `missing_values`"),
    ({"format": {"nulls": ["", "1.5.2024"]}}, "1.5.2024 is a day"),
    ({"format": {"nulls": ["", "home"]}}, "names 'home', which `format.nulls` says is a missing value"),
    ({"format": {"quote": "'"}}, "Extra inputs"),
    ({"label": {}}, "give one of `matures_after` and `known_at`"),
    ({"label": {"matures_after": "1 year", "known_at": "day"}}, "give one of"),
    ({"label": {"matures_after": "soon"}}, "'soon' is no period"),
    ({"label": {"known_at": "paid"}}, "names 'paid', which is no column"),
    ({"label": {"known_at": "amount"}}, "names 'amount', which must be of type date"),
    ({"selection": {"accepted": "taken"}}, "names 'taken', which is no column"),
    ({"selection": {"accepted": "amount"}}, "names 'amount', which must be of type boolean"),
    ({"selection": {}}, "accepted"),
    ({"columns": COLUMNS | {"x": {"type": "number", "known": "later"}}}, "names 'later', which is no column"),
    ({"columns": COLUMNS | {"x": {"type": "number", "known": "owner"}}}, "must be of type date"),
    ({"columns": {"default": COLUMNS["default"]}}, "at least 2 items"),
    ({"source": ""}, "at least 1 character"),
]


@pytest.mark.parametrize(("change", "reason"), REFUSED)
def test_settings_that_do_not_fit_are_refused_with_the_reason(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError) as refused:
        section(**change)
    assert reason in str(refused.value)


def test_a_label_that_matures_needs_a_decision_time() -> None:
    columns = {name: column for name, column in COLUMNS.items() if name != "day"}
    with pytest.raises(ValidationError, match="give a column the role time"):
        section(columns, label={"matures_after": "12 months"})


def test_the_decision_time_may_say_when_something_is_known() -> None:
    data = section(COLUMNS | {"score": {"type": "number", "known": "day"}}, label={"known_at": "day"})
    assert data.label is not None
    assert data.label.period is None


def test_a_section_survives_a_runner_that_sorts_keys() -> None:
    turned = dict(reversed(list(COLUMNS.items())))
    for data in (section(), section(turned)):
        written = data.as_json()
        again = DataSection.read({key: written[key] for key in sorted(written)})
        assert again == data
        assert list(again.columns) == list(data.columns)


def test_what_runners_do_to_numbers_changes_nothing() -> None:
    floats = COLUMNS | {
        "amount": {"type": "number", "min": 0.0},
        "default": {"role": "target", "positive": 1.0},
    }
    assert section(floats) == section()
    assert section(floats).digest() == section().digest()
