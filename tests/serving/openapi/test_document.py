"""The OpenAPI document against the server: its routes, examples that work, schemas that decide as the server does."""

import gzip
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from prometheus_client import CollectorRegistry

from serving.infer import Infer
from serving.limits import Limits
from serving.metrics import Metrics
from serving.outputs import OUTPUTS
from serving.rest.metadata import ModelMetadata
from serving.rest.routes import routes
from serving.scoring import Scoring
from tests.fuzz_serving.__main__ import fuzzed_bundle
from tests.serving.live import JSON, V1, V2, Answer, Live, serving
from tests.serving.small_model import one_feature
from tests.small import SmallBundle
from tollgate.bundle.bundle import Bundle

EXPLAIN = V1.replace("predict", "explain")


@pytest.fixture(scope="session")
def document(live: Live) -> dict[str, Any]:
    answer = live.get("/openapi.json")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    found: dict[str, Any] = answer.json
    return found


def validator(document: Mapping[str, Any], schema: dict[str, Any]) -> Any:
    """Of a schema in the document."""
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": document["components"]}
    return jsonschema_rs.validator_for(whole | schema, validate_formats=True)


def request_schema(document: Mapping[str, Any], path: str) -> Any:
    return validator(
        document, document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    )


def keeps(document: Mapping[str, Any], path: str, method: str, answer: Answer) -> None:
    """An answer is of a documented status and type, with the documented headers, and of its schema."""
    documented = document["paths"][path][method]["responses"][str(answer.status)]
    if "$ref" in documented:
        documented = document["components"]["responses"][documented["$ref"].rpartition("/")[2]]
    for name, header in documented["headers"].items():
        validator(document, header["schema"]).validate(answer.headers[name.lower()])
    kind = answer.headers["content-type"].partition(";")[0]
    if kind == "application/json":
        validator(document, documented["content"][kind]["schema"]).validate(answer.json)
    else:
        assert kind in documented["content"]


def examples(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Any, Any]]:
    """Each example: its path with a version that is there, its path in the document, what is sent and answered."""
    for path, methods in document["paths"].items():
        operation = methods.get("post", {"parameters": []})
        versions = next(
            (p["schema"]["enum"] for p in operation["parameters"] if p["name"] == "version"), [""]
        )
        for version in versions if "post" in methods else ():
            answered = operation["responses"]["200"]["content"]["application/json"]["examples"]
            for name, example in operation["requestBody"]["content"]["application/json"]["examples"].items():
                yield (
                    path.replace("{version}", version),
                    path,
                    example["value"],
                    answered.get(name, {}).get("value"),
                )


def test_the_document_names_the_routes_that_are_open_and_no_other(
    document: dict[str, Any], bundle: SmallBundle
) -> None:
    loaded = Bundle.load(bundle.folder, bundle.digest)
    metrics = Metrics(CollectorRegistry(), "m", bundle.digest, ())
    infer = Infer(Scoring(loaded, Limits(), metrics), "m")
    table = routes(infer, ModelMetadata("m", infer.version, [], []))
    open_routes = {(route.template.replace("{model}", "m"), route.method.lower()) for route in table.values()}
    assert {
        (path, method) for path, methods in document["paths"].items() for method in methods
    } == open_routes


def test_every_route_that_is_read_answers_as_documented(
    server: Live, document: dict[str, Any], bundle: SmallBundle
) -> None:
    for path, methods in document["paths"].items():
        for version in (bundle.digest[:12], str(int(bundle.digest[:12], 16))):
            if "get" in methods:
                answer = server.get(path.replace("{version}", version))
                assert answer.status == 200
                keeps(document, path, "get", answer)


def test_every_example_works_as_it_stands_and_gets_the_answer_beside_it(
    server: Live, document: dict[str, Any]
) -> None:
    found = list(examples(document))
    assert len({path for _, path, _, _ in found}) == 6
    for address, path, sent, answered in found:
        request_schema(document, path).validate(sent)
        answer = server.post(address, sent)
        assert answer.status == 200, answer.content
        keeps(document, path, "post", answer)
        assert answered is None or answer.json == near(answered)


@pytest.mark.parametrize("form", ["instances", "inputs"])
def test_an_explanation_keeps_its_schema(
    server: Live, document: dict[str, Any], bundle: SmallBundle, form: str
) -> None:
    columns = {name: [row[name] for row in bundle.rows] for name in bundle.rows[0]}
    answer = server.post(EXPLAIN, {form: bundle.rows if form == "instances" else columns})
    assert answer.status == 200
    keeps(document, EXPLAIN, "post", answer)


@pytest.mark.parametrize("outputs", [[], ["probability"], ["margin"], ["probability", "margin"]])
def test_explaining_takes_no_choice_of_outputs(
    server: Live, document: dict[str, Any], bundle: SmallBundle, outputs: list[str]
) -> None:
    body = {"instances": bundle.rows[:1], "parameters": {"outputs": outputs}}
    answer = server.post(EXPLAIN, body)
    assert request_schema(document, EXPLAIN).is_valid(body) == (answer.status == 200)
    keeps(document, EXPLAIN, "post", answer)


def near(value: Any) -> Any:
    """A value whose numbers may differ in the last digits, as between two machines."""
    if isinstance(value, dict):
        return {key: near(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [near(inner) for inner in value]
    return pytest.approx(value, abs=1e-9) if isinstance(value, float) else value


def test_an_example_may_be_packed(server: Live, document: dict[str, Any]) -> None:
    for address, _, sent, _ in examples(document):
        packed = gzip.compress(json.dumps(sent).encode())
        assert server.ask("POST", address, packed, JSON | {"content-encoding": "gzip"}).status == 200


ROW_CHANGES: list[tuple[str, Any]] = [
    ("income", 0),
    ("income", -0.5),
    ("income", 1_000_001),
    ("income", "5"),
    ("income", None),
    ("income", True),
    ("months", 1.0),
    ("months", 1.5),
    ("months", 121),
    ("months", False),
    ("utilization", None),
    ("utilization", -1),
    ("utilization", -1.0),
    ("utilization", 1e100),
    ("utilization", 1e101),
    ("utilization", [1]),
    ("owner", None),
    ("owner", 1),
    ("purpose", "home"),
    ("purpose", "boat"),
    ("purpose", ""),
    ("channel", None),
    ("channel", "boat"),
    ("channel", ""),
    ("channel", 5),
    ("grade", 3),
    ("grade", 3.0),
    ("grade", 4),
    ("grade", "3"),
    ("since", "2020-02-29"),
    ("since", "2021-02-29"),
    ("since", "0000-01-01"),
    ("since", "20200229"),
    ("since", "2020-02-29T00:00:00"),
    ("since", None),
    ("loan_id", {"any": "thing"}),
    ("issued", None),
    ("age", "old"),
    ("default", 1),
    ("colour", "red"),
]


@pytest.mark.parametrize(("column", "value"), ROW_CHANGES)
@pytest.mark.parametrize("form", ["object", "list", "column", "columns of lists"])
def test_a_row_keeps_the_schema_where_the_server_takes_it(
    server: Live, document: dict[str, Any], bundle: SmallBundle, form: str, column: str, value: Any
) -> None:
    row = bundle.rows[0] | {column: value}
    bodies: dict[str, Any] = {
        "object": {"instances": [bundle.rows[1], row]},
        "list": {"instances": [list(row.values())]},
        "column": {"inputs": {name: [cell] for name, cell in row.items()}},
        "columns of lists": {"inputs": {name: [[cell]] for name, cell in row.items()}},
    }
    answer = server.post(V1, bodies[form])
    assert request_schema(document, V1).is_valid(bodies[form]) == (answer.status == 200), answer.content
    keeps(document, V1, "post", answer)


V1_CHANGES: list[tuple[str, Any]] = [
    ("instances", []),
    ("instances", [[]]),
    ("instances", [5]),
    ("instances", None),
    ("inputs", {}),
    ("signature_name", "serving_default"),
    ("signature_name", ""),
    ("signature_name", None),
    ("signature_name", "other"),
    ("parameters", {}),
    ("parameters", None),
    ("parameters", {"outputs": []}),
    ("parameters", {"outputs": ["margin", "decision"]}),
    ("parameters", {"outputs": ["margin", "margin"]}),
    ("parameters", {"outputs": ["score"]}),
    ("parameters", {"outputs": "margin"}),
    ("parameters", {"output": ["margin"]}),
    ("version", 1),
]


@pytest.mark.parametrize(("key", "value"), V1_CHANGES)
def test_a_v1_body_keeps_the_schema_where_the_server_takes_it(
    server: Live, document: dict[str, Any], bundle: SmallBundle, key: str, value: Any
) -> None:
    body = {"instances": bundle.rows[:2], key: value}
    answer = server.post(V1, body)
    assert request_schema(document, V1).is_valid(body) == (answer.status == 200), answer.content
    keeps(document, V1, "post", answer)


@pytest.mark.parametrize("outputs", [*([name] for name in OUTPUTS), ["decision", "reasons", "outlier"]])
@pytest.mark.parametrize("form", ["instances", "inputs"])
def test_whatever_outputs_are_asked_for_the_answer_keeps_its_schema(
    server: Live, document: dict[str, Any], bundle: SmallBundle, form: str, outputs: list[str]
) -> None:
    columns = {name: [row[name] for row in bundle.rows] for name in bundle.rows[0]}
    v1 = {form: bundle.rows if form == "instances" else columns, "parameters": {"outputs": outputs}}
    answer = server.post(V1, v1)
    assert answer.status == 200
    keeps(document, V1, "post", answer)
    tensors = next(sent["inputs"] for _, path, sent, _ in examples(document) if path == V2)
    answer = server.post(V2, {"inputs": tensors, "outputs": [{"name": name} for name in outputs]})
    assert answer.status == 200
    keeps(document, V2, "post", answer)


@pytest.mark.parametrize("form", ["instances", "inputs"])
def test_a_partial_answer_keeps_its_schema(
    server: Live, document: dict[str, Any], bundle: SmallBundle, form: str
) -> None:
    rows = [bundle.rows[0], bundle.rows[1] | {"income": "a lot"}]
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    answer = server.post(f"{V1}?partial=true", {form: rows if form == "instances" else columns})
    assert answer.status == 200
    assert answer.json["rows"] == [0]
    keeps(document, V1, "post", answer)


TENSOR_CHANGES: list[dict[str, Any]] = [
    {},
    {"shape": [2, 1]},
    {"shape": [0]},
    {"shape": 2},
    {"shape": [2, 2]},
    {"shape": [2, 1], "data": [[1], [2]]},
    {"data": [1, None]},
    {"data": [-1, 2]},
    {"data": ["1", "2"]},
    {"data": None},
    {"datatype": "BYTES"},
    {"datatype": None},
    {"parameters": {"a": 1}},
    {"parameters": 5},
    {"contents": []},
    {"name": "salary"},
]


@pytest.mark.parametrize("change", TENSOR_CHANGES)
def test_a_tensor_keeps_the_schema_where_the_server_takes_it(
    server: Live, document: dict[str, Any], change: dict[str, Any]
) -> None:
    sent = next(sent for _, path, sent, _ in examples(document) if path == V2)
    first, *others = sent["inputs"]
    body = {"inputs": [first | change, *others]}
    answer = server.post(V2, body)
    assert request_schema(document, V2).is_valid(body) == (answer.status == 200), answer.content
    keeps(document, V2, "post", answer)


@pytest.mark.parametrize(
    "body", [{"instances": [1.5]}, {"instances": [[1.5], {"x": 1.5}]}, {"inputs": [1.5]}, {"inputs": [[1.5]]}]
)
def test_of_a_contract_with_one_feature_a_row_may_be_its_value(tmp_path: Path, body: dict[str, Any]) -> None:
    digest = one_feature(tmp_path / "b")
    with serving(tmp_path / "b", digest) as one:
        document = one.get("/openapi.json").json
        answer = one.post(V1, body)
        assert answer.status == 200
        request_schema(document, V1).validate(body)
        keeps(document, V1, "post", answer)


@pytest.mark.parametrize("months", [0, 120, 121, -(2**40), 2**53, 1.5, None, "12"])
@pytest.mark.parametrize("income", [1e99, 1.1e100])
def test_what_is_out_of_bounds_and_scored_all_the_same_keeps_the_schemas(
    watchful: Live, bundle: SmallBundle, months: Any, income: float
) -> None:
    document = watchful.get("/openapi.json").json
    body = {"instances": [bundle.rows[0] | {"months": months, "income": income}]}
    answer = watchful.post(V1, body)
    assert request_schema(document, V1).is_valid(body) == (answer.status == 200), answer.content
    assert ("warnings" in answer.json) == (answer.status == 200)
    keeps(document, V1, "post", answer)
    sent = next(sent for _, path, sent, _ in examples(document) if path == V2)
    values = {"months": [months, 1], "income": [income, 1.0]}
    tensors = [tensor | {"data": values.get(tensor["name"], tensor["data"])} for tensor in sent["inputs"]]
    answer = watchful.post(V2, {"inputs": tensors})
    assert request_schema(document, V2).is_valid({"inputs": tensors}) == (answer.status == 200)
    keeps(document, V2, "post", answer)


@pytest.fixture(scope="module")
def watchful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server whose contract scores months and incomes out of bounds, with warnings."""
    made = fuzzed_bundle(tmp_path_factory.mktemp("bundles") / "watchful", "logistic")
    with serving(made.folder, made.digest) as started:
        yield started


def test_a_tensor_that_travels_as_bytes_is_answered_in_a_documented_type(
    server: Live, document: dict[str, Any]
) -> None:
    sent = next(sent for _, path, sent, _ in examples(document) if path == V2)
    output = {"name": "probability", "parameters": {"binary_data": True}}
    answer = server.post(V2, sent | {"outputs": [output]})
    assert answer.headers["content-type"] == "application/octet-stream"
    keeps(document, V2, "post", answer)
