from typing import Any

import pytest

from tests.serving.live import V1, V2, Answer, Live
from tests.serving.refused import refused
from tests.small import DATATYPES, SmallBundle
from tollgate.bundle.bundle import Bundle


def tensors(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"name": name, "shape": [len(rows)], "datatype": kind, "data": [row[name] for row in rows]}
        for name, kind in DATATYPES.items()
    ]


def changed(rows: list[dict[str, Any]], name: str, /, **changes: Any) -> list[dict[str, Any]]:
    return [tensor | changes if tensor["name"] == name else tensor for tensor in tensors(rows)]


def test_an_infer_request_gets_the_probability_of_each_row(server: Live, bundle: SmallBundle) -> None:
    loaded = Bundle.load(bundle.folder, bundle.digest)
    scores = loaded.score(loaded.check(bundle.rows)[0])
    count = len(bundle.rows)
    answer = server.post(V2, {"id": "call-1", "inputs": tensors(bundle.rows)})
    assert answer.status == 200
    probability = {"datatype": "FP64", "shape": [count], "data": scores.probability.tolist()}
    assert answer.json == {
        "id": "call-1",
        "model_name": "m",
        "model_version": bundle.digest[:12],
        "outputs": [{"name": "probability"} | probability],
    }


def outputs(answer: Answer) -> Any:
    assert answer.status == 200, answer.content
    return answer.json["outputs"]


def test_the_outputs_asked_for_come_in_the_order_asked_for(server: Live, bundle: SmallBundle) -> None:
    asked = [{"name": "margin"}, {"name": "probability", "parameters": {"binary_data": False}}]
    answer = server.post(V2, {"inputs": tensors(bundle.rows), "outputs": asked}).json
    margin, probability = answer["outputs"]
    assert (margin["name"], margin["datatype"], probability["name"]) == ("margin", "FP64", "probability")
    by_margin = sorted(range(len(bundle.rows)), key=lambda row: margin["data"][row])
    assert by_margin == sorted(range(len(bundle.rows)), key=lambda row: probability["data"][row])


def test_an_empty_list_of_outputs_is_as_good_as_none(server: Live, bundle: SmallBundle) -> None:
    body = {"inputs": tensors(bundle.rows[:3])}
    assert outputs(server.post(V2, body | {"outputs": []})) == outputs(server.post(V2, body))


def test_rows_below_the_threshold_that_the_bundle_was_trained_with_are_approved(
    server: Live, bundle: SmallBundle
) -> None:
    asked = {"inputs": tensors(bundle.rows), "outputs": [{"name": "probability"}, {"name": "decision"}]}
    probability, decision = outputs(server.post(V2, asked))
    assert decision["datatype"] == "BYTES"
    assert decision["data"] == ["approve" if score < 0.3 else "decline" for score in probability["data"]]
    assert len(set(decision["data"])) == 2


@pytest.mark.parametrize("data", ["flat", "nested"])
def test_a_tensor_may_be_one_column_wide(server: Live, bundle: SmallBundle, data: str) -> None:
    rows = bundle.rows[:4]
    wide = [
        tensor
        | {
            "shape": [4, 1],
            "data": [[value] for value in tensor["data"]] if data == "nested" else tensor["data"],
        }
        for tensor in tensors(rows)
    ]
    assert outputs(server.post(V2, {"inputs": wide})) == outputs(server.post(V2, {"inputs": tensors(rows)}))


def test_a_missing_value_is_null_or_an_empty_text_in_bytes(server: Live, bundle: SmallBundle) -> None:
    web, null, empty = (bundle.rows[0] | {"channel": value} for value in ("web", None, ""))
    first, second, third = server.post(V2, {"inputs": tensors([web, null, empty])}).json["outputs"][0]["data"]
    assert second == third != first
    assert server.post(V1, {"instances": [null]}).json["predictions"] == [second]


def test_an_empty_text_is_refused_where_no_value_may_be_missing(server: Live, bundle: SmallBundle) -> None:
    rows = [bundle.rows[0], bundle.rows[1] | {"purpose": ""}]
    (detail,) = refused(server, server.post(V2, {"inputs": tensors(rows)}))["details"]
    assert (detail["row"], detail["column"], detail["rule"]) == (1, "purpose", "missing")


def test_columns_that_are_no_features_may_come_along(server: Live, bundle: SmallBundle) -> None:
    inputs = tensors(bundle.rows[:2])
    id_column = {"name": "loan_id", "shape": [2], "datatype": "BYTES", "data": ["a", "b"]}
    with_id = server.post(V2, {"inputs": [*inputs, id_column]})
    assert outputs(with_id) == outputs(server.post(V2, {"inputs": inputs}))


@pytest.mark.parametrize("name", ["age", "loan_id", "issued"])
def test_what_may_come_along_is_not_looked_at_and_never_told(
    server: Live, bundle: SmallBundle, name: str
) -> None:
    inputs = tensors(bundle.rows[:1])
    along = {"name": name, "shape": [1], "datatype": "INT64", "data": ["SECRET"]}
    answer = server.post(V2, {"inputs": [*inputs, along]})
    assert outputs(answer) == outputs(server.post(V2, {"inputs": inputs}))
    longer = {**along, "data": ["SECRET", "SECRET"]}
    assert b"SECRET" not in server.post(V2, {"inputs": [*inputs, longer]}).content


@pytest.mark.parametrize(
    ("column", "kind", "value"),
    [
        ("income", "FP64", "5"),
        ("income", "FP64", True),
        ("income", "FP32", [1]),
        ("months", "INT64", 1.5),
        ("months", "UINT8", True),
        ("months", "INT8", 128),
        ("months", "UINT64", -1),
        ("income", "FP32", 1e39),
        ("income", "FP16", 65505.0),
        ("owner", "BOOL", 1),
        ("purpose", "BYTES", 1),
        ("purpose", "BYTES", {"a": 1}),
    ],
)
def test_a_value_of_another_datatype_than_declared_is_refused_by_row_and_column(
    server: Live, bundle: SmallBundle, column: str, kind: str, value: Any
) -> None:
    good = bundle.rows[0][column]
    inputs = changed(bundle.rows[:3], column, datatype=kind, data=[good, value, good])
    (detail,) = refused(server, server.post(V2, {"inputs": inputs}))["details"]
    assert (detail["row"], detail["column"], detail["rule"]) == (1, column, "type")
    assert kind in detail["message"]


@pytest.mark.parametrize(
    ("column", "changes", "rule"),
    [
        ("income", {"datatype": "BYTES", "data": ["5"]}, "type"),
        ("income", {"data": [-1]}, "minimum"),
        ("months", {"data": [None]}, "missing"),
        ("grade", {"datatype": "BYTES", "data": ["1"]}, "type"),
        ("purpose", {"data": ["boat"]}, "category"),
        ("income", {"name": "salary"}, "unknown_column"),
    ],
)
def test_a_tensor_is_held_to_the_contract_as_a_row_is(
    server: Live, bundle: SmallBundle, column: str, changes: dict[str, Any], rule: str
) -> None:
    body = refused(server, server.post(V2, {"inputs": changed(bundle.rows[:1], column, **changes)}))
    first = body["details"][0]
    assert (first["row"], first["column"], first["rule"]) == (0, changes.get("name", column), rule)


def test_a_missing_tensor_is_refused_by_name(server: Live, bundle: SmallBundle) -> None:
    inputs = [tensor for tensor in tensors(bundle.rows[:1]) if tensor["name"] != "since"]
    (detail,) = refused(server, server.post(V2, {"inputs": inputs}))["details"]
    assert (detail["column"], detail["rule"]) == ("since", "missing_column")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"shape": [3]}, "'income' needs the shape"),
        ({"shape": [1, 2]}, "'income' needs the shape"),
        ({"shape": [2, 1, 1]}, "'income' needs the shape"),
        ({"shape": [-1]}, "'income' needs the shape"),
        ({"shape": [2.0]}, "'income' needs the shape"),
        ({"shape": [True, True]}, "'income' needs the shape"),
        ({"shape": 2}, "'income' needs the shape"),
        ({"shape": None}, "'income' needs the shape"),
        ({"data": [[1, 2], [3, 4]]}, "row 0, column income"),
        ({"data": [[[1]], [[2]]]}, "row 0, column income"),
        ({"data": [1, [2]]}, "row 1, column income"),
        ({"data": {"0": 1}}, "the data of the input 'income' is no list"),
        ({"data": "12"}, "the data of the input 'income' is no list"),
        ({"data": None}, "the data of the input 'income' is no list"),
        ({"data": [1], "shape": [1]}, "differ in length"),
        ({"datatype": "FP128"}, "'income' has no known datatype"),
        ({"datatype": "fp64"}, "'income' has no known datatype"),
        ({"datatype": ["FP64"]}, "'income' has no known datatype"),
        ({"datatype": None}, "'income' has no known datatype"),
        ({"name": 5}, "an input is an object with name"),
        ({"name": "months"}, "'months' stands twice"),
        ({"contents": {}}, "unknown key 'contents'"),
        ({"name": "n" * 5000, "shape": []}, "'" + "n" * 64 + "'"),
    ],
)
def test_a_tensor_that_is_no_column_is_refused_by_name(
    server: Live, bundle: SmallBundle, changes: dict[str, Any], says: str
) -> None:
    error = refused(server, server.post(V2, {"inputs": changed(bundle.rows[:2], "income", **changes)}))[
        "error"
    ]
    assert says in error
    assert len(error) < 300


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, "`inputs` is missing"),
        ({"inputs": []}, "`inputs` is missing, empty"),
        ({"inputs": {}}, "no list"),
        ({"inputs": "income"}, "no list"),
        ({"inputs": [1]}, "an input is an object"),
        ({"inputs": [None]}, "an input is an object"),
        ({"inputs": [{}], "instances": []}, "unknown key 'instances'"),
        ({"inputs": [{"name": "income", "shape": [0], "datatype": "FP64", "data": []}]}, "no row to score"),
        ({"inputs": [{}], "outputs": "margin"}, "`outputs` is no list"),
        ({"inputs": [{}], "outputs": {}}, "`outputs` is no list"),
        ({"inputs": [{}], "outputs": [{"name": "score"}]}, "'score'; there are probability"),
        ({"inputs": [{}], "outputs": [{"name": ["margin"]}]}, "there is no output"),
        ({"inputs": [{}], "outputs": ["margin"]}, "an output is an object"),
        ({"inputs": [{}], "outputs": [{"name": "margin"}, {"name": "margin"}]}, "asked for twice"),
        ({"inputs": [{}], "outputs": [{"name": "margin", "data": 1}]}, "unknown key 'data'"),
        ({"inputs": [{}], "parameters": 7}, "no object"),
        ({"inputs": [{}], "model_name": "other"}, "`model_name` of the request is not 'm'"),
        ({"inputs": [{}], "model_name": None}, "`model_name` of the request is not 'm'"),
    ],
)
def test_what_is_no_v2_request_is_refused(server: Live, body: dict[str, Any], says: str) -> None:
    assert says in refused(server, server.post(V2, body))["error"]


def test_too_many_rows_are_refused(server: Live, bundle: SmallBundle) -> None:
    body = refused(server, server.post(V2, {"inputs": tensors(bundle.rows[:1] * 1001)}))
    assert "1001 rows" in body["error"]
