import json
from typing import Any

import pytest

from tests.serving.live import V1, Live
from tests.serving.refused import refused
from tests.small import SmallBundle
from tollgate.bundle.bundle import Bundle


def expected(bundle: SmallBundle, rows: list[Any]) -> list[float]:
    loaded = Bundle.load(bundle.folder, bundle.digest)
    encoded, problems = loaded.check(rows)
    assert not problems
    scores: list[float] = loaded.score(encoded).probability.tolist()
    return scores


def test_rows_as_objects_get_the_very_scores_that_the_bundle_gives(server: Live, bundle: SmallBundle) -> None:
    answer = server.post(V1, {"instances": bundle.rows})
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json == {"predictions": expected(bundle, bundle.rows)}


def test_rows_as_lists_in_the_contracts_order_get_the_same_scores(server: Live, bundle: SmallBundle) -> None:
    lists = [[row[name] for name in bundle.contract.features] for row in bundle.rows]
    answer = server.post(V1, {"instances": lists})
    assert answer.json == {"predictions": expected(bundle, bundle.rows)}


def test_the_order_of_keys_and_the_other_rows_of_a_request_do_not_matter(
    server: Live, bundle: SmallBundle
) -> None:
    together = server.post(V1, {"instances": bundle.rows}).json["predictions"]
    alone = [
        server.post(V1, {"instances": [dict(reversed(row.items()))]}).json["predictions"][0]
        for row in bundle.rows[:5]
    ]
    assert alone == together[:5]


def test_the_golden_requests_score_as_the_trained_pipeline_did(server: Live, bundle: SmallBundle) -> None:
    cases = json.loads((bundle.folder / "golden.json").read_bytes())["cases"]
    answer = server.post(V1, {"instances": [case["request"] for case in cases]})
    assert answer.json["predictions"] == pytest.approx([case["pipeline"] for case in cases], abs=1e-9)


def test_a_missing_value_may_be_null_or_its_sentinel(server: Live, bundle: SmallBundle) -> None:
    known, null, sentinel = (bundle.rows[0] | {"utilization": value} for value in (0.9, None, -1))
    first, second, third = server.post(V1, {"instances": [known, null, sentinel]}).json["predictions"]
    assert second == third != first


def test_columns_that_are_no_features_may_come_along_and_change_nothing(
    server: Live, bundle: SmallBundle
) -> None:
    row = bundle.rows[0]
    companions = {"loan_id": "L-1", "issued": "2020-01-01", "age": 99}
    first, second = server.post(V1, {"instances": [row, row | companions]}).json["predictions"]
    assert first == second


def test_as_many_rows_as_are_allowed_are_scored(server: Live, bundle: SmallBundle) -> None:
    answer = server.post(V1, {"instances": bundle.rows[:1] * 1000})
    assert len(answer.json["predictions"]) == 1000


def test_one_row_too_many_is_refused(server: Live, bundle: SmallBundle) -> None:
    body = refused(server, server.post(V1, {"instances": bundle.rows[:1] * 1001}))
    assert "1001 rows" in body["error"]
    assert "1000" in body["error"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, "`instances` is missing"),
        ({"instances": {}}, "no list"),
        ({"instances": None}, "no list"),
        ({"instances": []}, "empty"),
        ({"instances": [[]], "inputs": []}, "'inputs'"),
        ({"instances": [[]], "x" * 5000: 1}, "x" * 64 + "'"),
    ],
)
def test_what_is_no_v1_request_is_refused_with_the_form_of_one(
    server: Live, body: dict[str, Any], says: str
) -> None:
    error = refused(server, server.post(V1, body))["error"]
    assert says in error
    assert len(error) < 300
