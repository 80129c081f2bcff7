"""The methods of the service, all but ModelInfer."""

import re

import grpc
import pytest
from google.protobuf.json_format import MessageToDict

from tests.serving.live import Live as RestLive
from tests.serving.oip_grpc.live import Live, ask, pb, serving
from tests.small import SmallBundle


def test_a_server_is_live_and_ready(grpc_live: Live) -> None:
    assert pb.ServerLiveResponse.FromString(grpc_live.ask("ServerLive").content).live
    assert pb.ServerReadyResponse.FromString(grpc_live.ask("ServerReady").content).ready


def test_the_server_tells_its_name_and_version(grpc_live: Live) -> None:
    found = pb.ServerMetadataResponse.FromString(grpc_live.ask("ServerMetadata").content)
    assert found.name == "tollgate"
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", found.version)


def test_the_model_tells_what_goes_in_and_what_comes_out(grpc_live: Live, bundle: SmallBundle) -> None:
    asked = pb.ModelMetadataRequest(name="m")
    found = pb.ModelMetadataResponse.FromString(grpc_live.ask("ModelMetadata", asked).content)
    assert (found.name, list(found.versions)) == ("m", [bundle.digest[:12]])
    assert [one.name for one in found.inputs] == list(bundle.contract.features)
    kinds = {one.name: (one.datatype, list(one.shape)) for one in found.inputs}
    assert kinds["income"] == ("FP64", [-1])
    assert kinds["purpose"] == ("BYTES", [-1])
    assert ("probability", "FP64") in [(one.name, one.datatype) for one in found.outputs]


@pytest.mark.parametrize("version", ["", None])
def test_a_model_is_ready_by_name_with_its_version_or_without(
    grpc_live: Live, bundle: SmallBundle, version: str | None
) -> None:
    asked = pb.ModelReadyRequest(name="m", version=bundle.digest[:12] if version is None else version)
    assert pb.ModelReadyResponse.FromString(grpc_live.ask("ModelReady", asked).content).ready


@pytest.mark.parametrize(
    ("method", "message", "words"),
    [
        ("ModelReady", pb.ModelReadyRequest(name="other"), "no model 'other'; there is 'm'"),
        ("ModelReady", pb.ModelReadyRequest(name="m", version="7"), "no version '7' of it"),
        ("ModelMetadata", pb.ModelMetadataRequest(), "no model ''"),
        ("ModelMetadata", pb.ModelMetadataRequest(name="m", version="x" * 500), "no version 'xxx"),
        ("ModelInfer", pb.ModelInferRequest(model_name="n" * 500), "no model 'nnn"),
        ("ModelInfer", pb.ModelInferRequest(model_name="m", model_version="2"), "no version '2'"),
    ],
)
def test_another_model_or_version_is_not_found(
    grpc_live: Live, method: str, message: object, words: str
) -> None:
    answer = grpc_live.ask(method, message)
    assert answer.code == "NOT_FOUND"
    assert words in answer.json["error"]
    assert len(answer.details) < 300


@pytest.mark.parametrize("method", ["RepositoryModelLoad", "RepositoryModelUnload"])
@pytest.mark.parametrize("message", [b"\x0a\x01m", b"", b"\xff"])
def test_the_model_is_neither_loaded_nor_unloaded(grpc_live: Live, method: str, message: bytes) -> None:
    answer = grpc_live.ask(method, message)
    assert answer.code == "UNIMPLEMENTED"
    assert "fixed" in answer.json["error"]


@pytest.mark.parametrize("method", ["ModelStreamInfer", "RepositoryIndex", "Nope", ""])
def test_there_are_no_other_methods(grpc_live: Live, method: str) -> None:
    answer = grpc_live.ask(method)
    assert answer.code == "UNIMPLEMENTED"
    assert "there is no such method; there are ServerLive, " in answer.json["error"]


@pytest.mark.parametrize(
    "method", ["ServerLive", "ServerReady", "ServerMetadata", "ModelReady", "ModelInfer"]
)
@pytest.mark.parametrize("message", [b"\xff\xff", b"\x0f", b"\x0a\xff", b"\x0a\x01\xff"])
def test_bytes_that_are_no_message_are_the_callers_fault(
    grpc_live: Live, method: str, message: bytes
) -> None:
    answer = grpc_live.ask(method, message)
    if answer.code == "OK":  # a field that an empty message does not have is one of a later version
        assert method in ("ServerLive", "ServerReady", "ServerMetadata")
        return
    assert answer.code == "INVALID_ARGUMENT"
    assert answer.json["error"].startswith("the message is no ")


def test_every_answer_names_bundle_and_request(grpc_live: Live, bundle: SmallBundle) -> None:
    for method, message in (("ServerLive", b""), ("ModelInfer", b"\xff"), ("RepositoryModelLoad", b"")):
        given = (("x-request-id", "order-7"),)
        answer = grpc_live.ask(method, message, metadata=given)
        assert answer.trailing == {"x-request-id": "order-7", "x-tollgate-bundle": bundle.digest}
    first, second = (grpc_live.ask("ServerLive").trailing["x-request-id"] for _ in range(2))
    assert first != second
    assert re.fullmatch(r"[\w.-]{1,64}", first)
    bad = grpc_live.ask("ServerLive", metadata=(("x-request-id", "a b"),)).trailing["x-request-id"]
    assert re.fullmatch(r"[\w.-]{1,64}", bad)


def test_each_call_is_noted_once_whatever_its_end(bundle: SmallBundle) -> None:
    with serving(bundle.folder, bundle.digest) as live:
        live.ask("ServerLive")
        live.ask("ModelInfer", b"\xff")
        live.ask("ModelInfer", b"\0" * (2 * 1024 * 1024))
        live.ask("RepositoryModelUnload")
        live.ask("Nope")
    assert live.seen == [
        ["ServerLive", "OK"],
        ["ModelInfer", "INVALID_ARGUMENT"],
        ["ModelInfer", "RESOURCE_EXHAUSTED"],
        ["RepositoryModelUnload", "UNIMPLEMENTED"],
        ["other", "UNIMPLEMENTED"],
    ]


def test_rest_tells_the_same_of_the_model(server: RestLive) -> None:
    with grpc.insecure_channel(f"127.0.0.1:{server.grpc_port}") as channel:
        answer = ask(channel, "ModelMetadata", pb.ModelMetadataRequest(name="m"))
    told = MessageToDict(pb.ModelMetadataResponse.FromString(answer.content))
    for tensor in (*told["inputs"], *told["outputs"]):
        tensor["shape"] = [
            int(size) for size in tensor["shape"]
        ]  # JSON of protobuf has such numbers as texts
    assert told["platform"] == "tollgate"
    assert told["versions"] == [server.digest[:12]]
    for path in ("/v2/models/m", f"/v2/models/m/versions/{server.digest[:12]}"):
        assert server.get(path).json == told
