"""Whatever is sent as a message is answered or refused: never the server's fault."""

from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from serving.datatypes import DATATYPES
from tests.serving.oip_grpc.live import Live, ask, pb, typed
from tests.small import SmallBundle, small_rows
from tollgate.contract import Contract

METHODS = (
    *("ServerLive", "ServerReady", "ModelReady", "ServerMetadata", "ModelMetadata", "ModelInfer"),
    *("RepositoryModelLoad", "RepositoryModelUnload"),
)
FAULTLESS = {"OK", "INVALID_ARGUMENT", "NOT_FOUND", "UNIMPLEMENTED"}
VALID = typed(small_rows(3)).SerializeToString()
MANY = settings(
    max_examples=150,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def channel(grpc_live: Live) -> Iterator[grpc.Channel]:
    with grpc_live.channel() as opened:
        yield opened


@MANY
@given(st.sampled_from(METHODS), st.binary(max_size=200))
@example("ModelInfer", b"\x2a\x00")
@example("ModelInfer", b"\x2b" * 5000)  # groups, one within the other
def test_any_bytes_to_any_method(channel: grpc.Channel, method: str, message: bytes) -> None:
    assert ask(channel, method, message).code in FAULTLESS


@MANY
@given(st.data())
def test_a_request_with_bytes_changed_left_out_or_put_in(channel: grpc.Channel, data: st.DataObject) -> None:
    message = bytearray(VALID)
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(message)))
        end = data.draw(st.integers(start, min(start + 3, len(message))))
        message[start:end] = data.draw(st.binary(max_size=4))
    assert ask(channel, "ModelInfer", bytes(message)).code in FAULTLESS


@st.composite
def contents(draw: st.DrawFn) -> Any:
    found = pb.InferTensorContents()
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "bool_contents": st.booleans(),
        "int_contents": st.integers(-(2**31), 2**31 - 1),
        "int64_contents": st.integers(-(2**63), 2**63 - 1),
        "uint_contents": st.integers(0, 2**32 - 1),
        "uint64_contents": st.integers(0, 2**64 - 1),
        "fp32_contents": st.floats(width=32),
        "fp64_contents": st.floats(),
        "bytes_contents": st.binary(max_size=8)
        | st.sampled_from([b"car", b"home", b"web", b"2020-01-01", b""]),
    }
    for field in draw(st.lists(st.sampled_from(sorted(kinds)), max_size=2)):
        getattr(found, field).extend(draw(st.lists(kinds[field], max_size=3)))
    return found


@st.composite
def requests(draw: st.DrawFn) -> Any:
    """Requests of the right form with anything in them."""
    asked = pb.ModelInferRequest(model_name="m", id=draw(st.text(max_size=3)))
    names = st.sampled_from(FEATURES) | st.text(max_size=4)
    for name in draw(st.lists(names, max_size=9)) or FEATURES:
        asked.inputs.add(
            name=name,
            datatype=draw(st.sampled_from(DATATYPES) | st.text(max_size=4)),
            shape=draw(st.lists(st.integers(-1, 3) | st.integers(-(2**63), 2**63 - 1), max_size=3)),
            contents=draw(contents()),
        )
    asked.raw_input_contents.extend(draw(st.just([]) | st.lists(st.binary(max_size=24), max_size=9)))
    for name in draw(
        st.lists(st.sampled_from(["probability", "margin", "decision"]) | st.text(max_size=3), max_size=2)
    ):
        asked.outputs.add(name=name)
    return asked


@st.composite
def nearly(draw: st.DrawFn) -> Any:
    """A good request, of which one tensor has anything in it."""
    asked = pb.ModelInferRequest.FromString(VALID)
    tensor = draw(st.sampled_from(list(asked.inputs)))
    changed = draw(st.sampled_from(["datatype", "shape", "contents", "values"]))
    if changed == "datatype":
        tensor.datatype = draw(st.sampled_from(DATATYPES))
    elif changed == "shape":
        tensor.shape[:] = draw(st.lists(st.integers(-1, 4), max_size=3))
    elif changed == "contents":
        tensor.contents.CopyFrom(draw(contents()))
    else:
        tensor.datatype = "FP64"
        tensor.contents.Clear()
        tensor.contents.fp64_contents.extend(draw(st.lists(st.floats(), min_size=3, max_size=3)))
    return asked


FEATURES: tuple[str, ...] = tuple(small_rows(1)[0])


@MANY
@given(requests() | nearly())
def test_any_request_is_answered_or_refused_with_its_reason(channel: grpc.Channel, asked: Any) -> None:
    answer = ask(channel, "ModelInfer", asked)
    assert answer.code in FAULTLESS
    if answer.code != "OK":
        assert set(answer.json) == {"error", "details", "total"}


def test_the_features_are_those_of_the_contract(bundle: SmallBundle, contract: Contract) -> None:
    assert contract.features == FEATURES == bundle.contract.features
