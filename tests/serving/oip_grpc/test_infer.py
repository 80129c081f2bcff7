"""ModelInfer: typed and raw tensors, what is missing, and what is refused."""

import re
from typing import Any

import numpy as np
import pytest

from serving.tensors import to_bytes
from tests.serving.oip_grpc.live import KINDS, Live, pb, scores, typed
from tests.small import SmallBundle
from tollgate.bundle.bundle import Bundle


def raw(rows: list[dict[str, Any]], **request: Any) -> Any:
    """A request of raw tensors."""
    asked = pb.ModelInferRequest(model_name="m", **request)
    for name in rows[0]:
        kind = KINDS[name][0]
        asked.inputs.add(name=name, datatype=kind, shape=[len(rows), 1])
        asked.raw_input_contents.append(to_bytes(kind, [row[name] for row in rows]))
    return asked


@pytest.fixture(scope="module")
def expected(bundle: SmallBundle) -> list[float]:
    """The probabilities of the small rows in process."""
    loaded = Bundle.load(bundle.folder, bundle.digest)
    encoded, _ = loaded.check(list(bundle.rows))
    found: list[float] = loaded.score(encoded).probability.tolist()
    return found


def test_typed_rows_score_as_in_process_to_the_last_bit(
    grpc_live: Live, bundle: SmallBundle, expected: list[float]
) -> None:
    assert any(row["utilization"] is None for row in bundle.rows)
    assert any(row["channel"] is None for row in bundle.rows)
    assert scores(grpc_live.ask("ModelInfer", typed(bundle.rows))) == expected
    for row, score in zip(bundle.rows[:12], expected, strict=False):
        assert scores(grpc_live.ask("ModelInfer", typed([row]))) == [score]


def test_raw_rows_score_alike_and_are_answered_raw(
    grpc_live: Live, bundle: SmallBundle, expected: list[float]
) -> None:
    for rows, wanted in ((bundle.rows, expected), (bundle.rows[3:4], expected[3:4])):
        answer = pb.ModelInferResponse.FromString(grpc_live.ask("ModelInfer", raw(rows)).content)
        (output,), (content,) = answer.outputs, answer.raw_output_contents
        assert not output.HasField("contents")
        assert np.frombuffer(content, "<f8").tolist() == wanted


@pytest.mark.parametrize("form", [typed, raw])
def test_outputs_that_were_asked_for_come_in_their_order(
    grpc_live: Live, bundle: SmallBundle, form: Any
) -> None:
    asked = form(bundle.rows[:2], id="abc")
    for name in ("decision", "probability", "margin"):
        asked.outputs.add(name=name)
    answer = pb.ModelInferResponse.FromString(grpc_live.ask("ModelInfer", asked).content)
    assert (answer.model_name, answer.model_version, answer.id) == ("m", bundle.digest[:12], "abc")
    found = [(one.name, one.datatype, list(one.shape)) for one in answer.outputs]
    assert found == [
        ("decision", "BYTES", [2]),
        ("probability", "FP64", [2]),
        ("margin", "FP64", [2]),
    ]
    texts = answer.raw_output_contents[0] if form is raw else answer.outputs[0].contents.bytes_contents[0]
    assert b"approve" in texts or b"decline" in texts


@pytest.mark.parametrize(
    ("sent", "header", "expected"),
    [
        ("order-7", None, "order-7"),
        ("", "head.1", "head.1"),
        ("order-7", "head.1", "order-7"),
        ("a b", "h", None),
    ],
)
def test_the_id_of_a_request_comes_back_in_the_answer_and_behind_it(
    grpc_live: Live, bundle: SmallBundle, sent: str, header: str | None, expected: str | None
) -> None:
    metadata = () if header is None else (("x-request-id", header),)
    answer = grpc_live.ask("ModelInfer", typed(bundle.rows[:1], id=sent), metadata=metadata)
    found = pb.ModelInferResponse.FromString(answer.content).id
    assert answer.trailing["x-request-id"] == found
    assert (
        found == expected
        if expected
        else re.fullmatch(r"[\w.-]{1,64}", found) and found not in (sent, header)
    )
    broken = grpc_live.ask("ModelInfer", typed([bundle.rows[0] | {"grade": 9}], id=sent), metadata=metadata)
    assert broken.code == "INVALID_ARGUMENT"
    assert broken.trailing["x-request-id"] == expected or not expected


def test_rows_that_break_the_contract_are_told_by_row_and_column(
    grpc_live: Live, bundle: SmallBundle
) -> None:
    rows = [bundle.rows[0], bundle.rows[1] | {"income": -1.0}, bundle.rows[2] | {"purpose": "boat"}]
    for form in (typed, raw):
        answer = grpc_live.ask("ModelInfer", form(rows))
        assert answer.code == "INVALID_ARGUMENT"
        told = [(one["row"], one["column"], one["rule"], one["value"]) for one in answer.json["details"]]
        assert told == [(1, "income", "minimum", "-1.0"), (2, "purpose", "category", "'boat'")]
        assert answer.json["total"] == 2


def test_what_is_missing_where_the_contract_refuses_that_is_told(
    grpc_live: Live, bundle: SmallBundle
) -> None:
    rows = [bundle.rows[0] | {"income": None, "purpose": None}]
    for form in (typed, raw):
        told = grpc_live.ask("ModelInfer", form(rows)).json["details"]
        assert [(one["column"], one["rule"]) for one in told] == [
            ("income", "missing"),
            ("purpose", "missing"),
        ]


def changed(rows: list[dict[str, Any]], act: Any) -> Any:
    asked = typed(rows)
    act(asked)
    return asked


def no_inputs(asked: Any) -> None:
    del asked.inputs[:]


def twice(asked: Any) -> None:
    asked.inputs.append(asked.inputs[0])


def unknown(asked: Any) -> None:
    asked.inputs[0].name = "x" * 200


def wrong_field(asked: Any) -> None:
    asked.inputs[0].contents.Clear()
    asked.inputs[0].contents.fp32_contents.append(1)


def two_fields(asked: Any) -> None:
    asked.inputs[0].contents.int_contents.append(1)


def no_values(asked: Any) -> None:
    asked.inputs[0].ClearField("contents")


def too_wide(asked: Any) -> None:
    asked.inputs[0].shape[:] = [1, 2]


def negative(asked: Any) -> None:
    asked.inputs[0].shape[:] = [-1]


def huge(asked: Any) -> None:
    asked.inputs[0].shape[:] = [2**63 - 1, 2**63 - 1]


def too_long(asked: Any) -> None:
    asked.inputs[0].shape[:] = [2]
    asked.inputs[0].contents.fp64_contents.append(1)


def none(asked: Any) -> None:
    for tensor in asked.inputs:
        tensor.shape[:] = [0]
        tensor.ClearField("contents")


def narrow(asked: Any) -> None:
    tensor = next(tensor for tensor in asked.inputs if tensor.name == "months")
    tensor.datatype = "INT8"
    tensor.contents.Clear()
    tensor.contents.int_contents.append(300)


def halves(asked: Any) -> None:
    asked.inputs[0].datatype = "FP16"


def kindless(asked: Any) -> None:
    asked.inputs[0].datatype = "BF16"


def no_text(asked: Any) -> None:
    tensor = next(tensor for tensor in asked.inputs if tensor.name == "purpose")
    tensor.contents.bytes_contents[0] = b"\xff"


def raw_and_typed(asked: Any) -> None:
    asked.raw_input_contents.extend([b""] * len(asked.inputs))


def one_raw(asked: Any) -> None:
    asked.raw_input_contents.append(b"")


def no_output(asked: Any) -> None:
    asked.outputs.add(name="weights")


def output_twice(asked: Any) -> None:
    for _ in range(2):
        asked.outputs.add(name="margin")


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (no_inputs, "there are no inputs"),
        (twice, "the input 'income' stands twice"),
        (unknown, "the rows break the contract"),
        (wrong_field, "its values stand in fp64_contents; found 1 in fp32_contents"),
        (two_fields, "found 1 in int_contents, 1 in fp64_contents"),
        (no_values, "declared FP64 with 1 rows: its values stand in fp64_contents; found none"),
        (too_wide, "the input 'income' needs the shape [rows] or [rows, 1]"),
        (negative, "needs the shape"),
        (huge, "needs the shape"),
        (too_long, "the inputs differ in length: 'months' has 1 values, 'income' has 2"),
        (none, "the inputs are empty: there is no row to score"),
        (narrow, "the input is declared INT8"),
        (halves, "FP16 has no typed contents; send raw_input_contents"),
        (kindless, "no known datatype; there are BOOL"),
        (no_text, "the input 'purpose' holds a text that is not UTF-8"),
        (raw_and_typed, "both typed and raw contents"),
        (one_raw, "8 inputs, but 1 raw input contents"),
        (no_output, "there is no output 'weights'; there are probability"),
        (output_twice, "an output is asked for twice"),
    ],
)
def test_a_request_out_of_form_is_refused_in_words(
    grpc_live: Live, bundle: SmallBundle, act: Any, words: str
) -> None:
    answer = grpc_live.ask("ModelInfer", changed(bundle.rows[:1], act))
    assert answer.code == "INVALID_ARGUMENT", answer
    assert words in answer.json["error"]
    assert "x" * 65 not in answer.details


def test_what_may_come_along_is_not_looked_at(grpc_live: Live, bundle: SmallBundle) -> None:
    def along(asked: Any) -> None:
        asked.inputs.add(name="age", datatype="INT8", shape=[1]).contents.int_contents.append(300)

    answer = grpc_live.ask("ModelInfer", changed(bundle.rows[:1], along))
    assert answer.code == "OK", answer


def test_too_many_rows_are_refused(grpc_live: Live, bundle: SmallBundle) -> None:
    answer = grpc_live.ask("ModelInfer", typed([bundle.rows[0]] * 1001))
    assert answer.code == "INVALID_ARGUMENT"
    assert "1001 rows; at most 1000" in answer.json["error"]
    assert grpc_live.ask("ModelInfer", raw([bundle.rows[0]] * 1000)).code == "OK"


def test_many_details_are_cut_to_what_clients_take(grpc_live: Live, bundle: SmallBundle) -> None:
    rows = [bundle.rows[0] | {"purpose": "€" * 100}] * 200
    answer = grpc_live.ask("ModelInfer", typed(rows))
    assert answer.code == "INVALID_ARGUMENT"
    assert answer.json["total"] == 200
    assert 0 < len(answer.json["details"]) < 100
