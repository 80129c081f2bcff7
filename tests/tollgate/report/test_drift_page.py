"""What report.html says of the contract and of the data."""

import json
from typing import Any

import pytest

from tests.tollgate.gates.evidence import evidence
from tests.tollgate.report.reader import HOSTILE, Reader
from tollgate.contract.drift import Change, Drift
from tollgate.data.validation import MainFacts
from tollgate.report import render

TITLE = "The contract against the champion's"
CHANGES = (
    Change(kind="added", column="months", was="", now="feature, integer"),
    Change(kind="tightened", column="income", was="min 0", now="min 5"),
    Change(kind="order", column=None, was="a, b", now="b, a"),
)
FACTS: dict[str, Any] = {
    "digest": "d" * 64,
    "warnings": 1,
    "notes": 2,
    "first": [
        {"level": "warning", "said": "column id: 3 rows repeat the id of another"},
        {"level": "note", "said": "column x: 4.0 % of the rows have no value"},
    ],
}


def facts(**change: Any) -> MainFacts:
    return MainFacts.model_validate_json(json.dumps(FACTS | change))


def text(**change: Any) -> str:
    return Reader(render(evidence(**change), None)).text


def test_every_change_of_the_contract_is_a_row() -> None:
    said = text(drift=Drift(version=1, state="compared", changes=CHANGES))
    assert f"{TITLE} 1 column added, 1 rule tightened, 1 order of the features changed." in said
    assert "column added months feature, integer" in said
    assert "rule tightened income min 0 min 5" in said
    assert "order of the features changed a, b b, a" in said


def test_contracts_that_are_the_same_are_said_to_be() -> None:
    assert "Both contracts are the same" in text(drift=Drift(version=1, state="compared"))


def test_a_champion_that_cannot_be_read_is_said_to_be_so() -> None:
    drift = Drift(version=1, state="unreadable", reason="it is torn")
    assert "The champion's contract could not be compared with: it is torn" in text(drift=drift)


@pytest.mark.parametrize("drift", [None, Drift(version=1, state="none")])
def test_without_a_champion_there_is_no_such_section(drift: Drift | None) -> None:
    assert TITLE not in text(drift=drift)


def test_the_main_facts_of_the_data_are_told_with_the_place_of_their_report() -> None:
    said = text(validation=facts())
    assert f"1 warning and 2 notes; the whole report lies in storage, in validations/{'d' * 64}/" in said
    assert "warning column id: 3 rows repeat the id of another" in said
    assert "The first 2 of them." in said
    assert "What was found in the data" not in text()


@pytest.mark.parametrize(
    "change",
    [
        {"drift": Drift(version=1, state="unreadable", reason=HOSTILE)},
        {
            "drift": Drift(
                version=1, state="compared", changes=(CHANGES[0].model_copy(update={"now": HOSTILE}),)
            )
        },
        {
            "drift": Drift(
                version=1, state="compared", changes=(Change(kind=HOSTILE, column=HOSTILE, was="", now=""),)
            )
        },
        {"validation": facts(digest=HOSTILE)},
        {"validation": facts(first=[{"level": HOSTILE, "said": HOSTILE}])},
    ],
)
def test_hostile_text_is_shown_and_never_obeyed(change: dict[str, Any]) -> None:
    page = render(evidence(**change), None)
    reader = Reader(page)
    assert HOSTILE[:12] in reader.text
    assert HOSTILE[:12] not in page
    assert "script" not in reader.tags
