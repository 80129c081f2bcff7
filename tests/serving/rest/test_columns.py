"""TensorFlow Serving's REST form: rows by column, one value a row where there is one feature, status and metadata."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.serving.live import V1, Live, serving
from tests.serving.refused import refused
from tests.serving.small_model import one_feature
from tests.small import SmallBundle


def columns(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in rows[0]}


def predictions(server: Live, rows: list[dict[str, Any]]) -> Any:
    return server.post(V1, {"instances": rows}).json["predictions"]


def test_columns_get_the_scores_that_rows_get(server: Live, bundle: SmallBundle) -> None:
    answer = server.post(V1, {"inputs": columns(bundle.rows), "signature_name": "serving_default"})
    assert answer.json == {"outputs": predictions(server, bundle.rows)}


def test_a_column_may_hold_lists_of_one_value(server: Live, bundle: SmallBundle) -> None:
    rows = bundle.rows[:3]
    nested = {name: [[value] for value in values] for name, values in columns(rows).items()}
    assert server.post(V1, {"inputs": nested}).json == {"outputs": predictions(server, rows)}


def test_several_outputs_come_by_row_or_by_column_as_the_request_came(
    server: Live, bundle: SmallBundle
) -> None:
    rows = bundle.rows[:3]
    asked = {"parameters": {"outputs": ["probability", "decision", "margin"]}}
    by_row = server.post(V1, {"instances": rows} | asked).json["predictions"]
    by_column = server.post(V1, {"inputs": columns(rows)} | asked).json["outputs"]
    assert [row["probability"] for row in by_row] == predictions(server, rows)
    assert by_column == columns(by_row)
    assert {row["decision"] for row in by_row} <= {"approve", "decline"}


def test_one_output_is_given_as_it_is(server: Live, bundle: SmallBundle) -> None:
    answer = server.post(V1, {"instances": bundle.rows[:3], "parameters": {"outputs": ["decision"]}}).json
    assert answer["predictions"] == [
        "approve" if score < 0.3 else "decline" for score in predictions(server, bundle.rows[:3])
    ]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"inputs": []}, "no object of columns"),
        ({"inputs": {}}, "no object of columns"),
        ({"inputs": {"income": 1}}, "'income' of `inputs` is no list"),
        ({"inputs": {"income": []}}, "no row to score"),
        ({"inputs": {"income": [1, 2], "months": [1]}}, "'months' has 1 values, 'income' has 2"),
        ({"inputs": {"income": [1] * 1001}}, "1001 rows"),
        ({"inputs": {"income": [1]}, "signature_name": "other"}, "signature_name"),
        ({"inputs": {"income": [1]}, "signature_name": 3}, "signature_name"),
        ({"inputs": {"income": [1]}, "parameters": []}, "`parameters`"),
        ({"inputs": {"income": [1]}, "parameters": {"output": []}}, "`parameters`"),
        ({"inputs": {"income": [1]}, "parameters": {"outputs": "margin"}}, "`outputs` is no list"),
        ({"inputs": {"income": [1]}, "parameters": {"outputs": ["score"]}}, "'score'; there are probability"),
        ({"inputs": {"income": [1]}, "parameters": {"outputs": [["margin"]]}}, "there is no output"),
    ],
)
def test_what_is_no_request_by_column_is_refused(server: Live, body: dict[str, Any], says: str) -> None:
    assert says in refused(server, server.post(V1, body))["error"]


def test_a_wrong_value_in_a_column_is_refused_by_row_and_column(server: Live, bundle: SmallBundle) -> None:
    wrong = columns(bundle.rows[:3])
    wrong["months"][2] = "many"
    (detail,) = refused(server, server.post(V1, {"inputs": wrong}))["details"]
    assert (detail["row"], detail["column"], detail["rule"]) == (2, "months", "type")


def test_the_status_is_what_tensorflow_serving_and_kserve_tell(server: Live) -> None:
    version = str(int(server.digest[:12], 16))
    state = {"version": version, "state": "AVAILABLE", "status": {"error_code": "OK", "error_message": ""}}
    expected = {"name": "m", "ready": True, "model_version_status": [state]}
    for spelled in ("", f"/versions/{version}", f"/versions/{server.digest[:12]}"):
        assert server.get(f"/v1/models/m{spelled}").json == expected


def test_the_metadata_name_inputs_and_outputs_of_the_signature(server: Live, bundle: SmallBundle) -> None:
    found = server.get("/v1/models/m/metadata").json
    assert found["model_spec"]["name"] == "m"
    signature = found["metadata"]["signature_def"]["signature_def"]["serving_default"]
    assert list(signature["inputs"]) == list(bundle.contract.features)
    assert signature["inputs"]["months"]["dtype"] == "DT_INT64"
    assert signature["outputs"]["probability"]["dtype"] == "DT_DOUBLE"


def test_a_version_may_stand_in_the_path_and_another_one_is_not_there(
    server: Live, bundle: SmallBundle
) -> None:
    version = server.digest[:12]
    body = {"instances": bundle.rows[:1]}
    expected = server.post(V1, body).json
    for spelled in (version, str(int(version, 16))):
        assert server.post(f"/v1/models/m/versions/{spelled}:predict", body).json == expected
        assert server.get(f"/v2/models/m/versions/{spelled}/ready").status == 200
        assert server.get(f"/v2/models/m/versions/{spelled}").json == server.get("/v2/models/m").json
    refused(server, server.post("/v1/models/m/versions/1:predict", body), 404)


@pytest.fixture(scope="module")
def half_plus_three(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder: Path = tmp_path_factory.mktemp("one") / "bundle"
    with serving(folder, one_feature(folder)) as started:
        yield started


def test_with_one_feature_a_row_is_its_value(half_plus_three: Live) -> None:
    by_row = half_plus_three.post(V1, {"instances": [1.0, 2.0, 5.0]}).json["predictions"]
    assert by_row == half_plus_three.post(V1, {"instances": [[1.0], {"x": 2.0}, [5.0]]}).json["predictions"]
    assert half_plus_three.post(V1, {"inputs": [1.0, 2.0, 5.0]}).json == {"outputs": by_row}
    assert half_plus_three.post(V1, {"inputs": {"x": [1.0, 2.0, 5.0]}}).json == {"outputs": by_row}
    assert len(set(by_row)) == 3
