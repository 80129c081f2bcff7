"""Partial answers: the rows that keep the contract are scored, what is wrong with the others is said."""

from typing import Any

import pytest

from tests.serving.live import V1, V2, Live
from tests.serving.refused import refused
from tests.serving.rest.test_v2 import tensors
from tests.small import SmallBundle

PARTIAL = f"{V1}?partial=true"


def mixed(bundle: SmallBundle) -> list[Any]:
    good = bundle.rows
    return [good[0], good[1] | {"income": "much", "months": 0}, good[2], None, good[3]]


def test_the_rows_that_keep_the_contract_are_scored_and_the_others_explained(
    server: Live, bundle: SmallBundle
) -> None:
    answer = server.post(PARTIAL, {"instances": mixed(bundle)})
    assert answer.status == 200
    found = answer.json
    alone = server.post(V1, {"instances": [bundle.rows[row] for row in (0, 2, 3)]}).json["predictions"]
    assert (found["rows"], found["predictions"]) == ([0, 2, 4], alone)
    assert [(error["row"], error["column"]) for error in found["errors"]] == [
        (1, "income"),
        (1, "months"),
        (3, None),
    ]
    assert found["total"] == 3
    assert set(found) == {"rows", "predictions", "errors", "total"}


def test_where_all_is_well_there_are_no_errors(server: Live, bundle: SmallBundle) -> None:
    found = server.post(PARTIAL, {"instances": bundle.rows[:2]}).json
    assert found == {
        "rows": [0, 1],
        "predictions": server.post(V1, {"instances": bundle.rows[:2]}).json["predictions"],
        "errors": [],
        "total": 0,
    }


def test_where_every_row_is_bad_the_request_is(server: Live) -> None:
    body = refused(server, server.post(PARTIAL, {"instances": [None, {}]}))
    assert {detail["row"] for detail in body["details"]} == {0, 1}


def test_outputs_and_columns_are_taken_too(server: Live, bundle: SmallBundle) -> None:
    columns = {name: [row[name] for row in bundle.rows[:2]] for name in bundle.rows[0]}
    columns["grade"][0] = 9
    asked = {"inputs": columns, "parameters": {"outputs": ["probability", "decision"]}}
    found = server.post(PARTIAL, asked).json
    assert found["rows"] == [1]
    assert {name: len(values) for name, values in found["outputs"].items()} == {
        "probability": 1,
        "decision": 1,
    }


def test_an_unknown_column_with_a_name_that_utf_8_does_not_have_is_told(
    server: Live, bundle: SmallBundle
) -> None:
    found = server.post(PARTIAL, {"instances": [bundle.rows[0], bundle.rows[1] | {"\ud800": 1}]}).json
    assert [error["column"] for error in found["errors"]] == ["?"]


@pytest.mark.parametrize("value", ["yes", "", "TRUE", "1"])
def test_partial_is_true_or_false(server: Live, bundle: SmallBundle, value: str) -> None:
    body = {"instances": bundle.rows[:1]}
    assert server.post(f"{V1}?partial=false", body).json == server.post(V1, body).json
    assert "true or false" in refused(server, server.post(f"{V1}?partial={value}", body))["error"]


def test_too_many_rows_are_too_many_in_part_too(server: Live, bundle: SmallBundle) -> None:
    assert (
        "1001 rows" in refused(server, server.post(PARTIAL, {"instances": bundle.rows[:1] * 1001}))["error"]
    )


def test_v2_has_no_partial_answers(server: Live, bundle: SmallBundle) -> None:
    answer = server.post(f"{V2}?partial=true", {"inputs": tensors(bundle.rows[:1])})
    assert "V1" in refused(server, answer)["error"]
