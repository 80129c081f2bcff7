"""What the gRPC server takes at most."""

import contextlib
import queue
import socket
import threading
from collections.abc import Iterator
from typing import Any

import grpc
import pytest

from tests.serving.oip_grpc.live import PATIENCE, SERVICE, Live, ask, scores, serving, typed
from tests.small import SmallBundle

MIB = 1024 * 1024
CALLS = 256


@pytest.fixture(scope="module")
def narrow(bundle: SmallBundle) -> Iterator[Live]:
    """A server that takes little."""
    with serving(bundle.folder, bundle.digest, connections=4, read_seconds=0.5) as started:
        yield started


def memory(live: Live) -> float:
    """MiB that the server holds."""
    with open(f"/proc/{live.process.pid}/status") as status:  # noqa: PTH123
        (line,) = (line for line in status if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def test_a_message_above_the_limit_is_refused_and_one_below_is_read(grpc_live: Live) -> None:
    assert grpc_live.ask("ModelInfer", b"\0" * (2 * MIB)).code == "RESOURCE_EXHAUSTED"
    assert grpc_live.ask("ModelInfer", b"\xff" * (MIB - 1)).code == "INVALID_ARGUMENT"


def test_a_packed_message_counts_unpacked(grpc_live: Live, bundle: SmallBundle) -> None:
    held = memory(grpc_live)
    for _ in range(3):
        bomb = grpc_live.ask("ModelInfer", b"\0" * (100 * MIB), compression=grpc.Compression.Gzip)
        assert bomb.code == "RESOURCE_EXHAUSTED"
    assert memory(grpc_live) - held < 50
    packed = grpc_live.ask("ModelInfer", typed(bundle.rows), compression=grpc.Compression.Gzip)
    assert packed.code == "OK"


BEFORE = {
    "nothing": b"",
    "varint": b"\xa0\x06\x01",
    "fixed64": b"\xa1\x06" + b"\0" * 8,
    "fixed32": b"\xa5\x06" + b"\0" * 4,
    "group": b"\xa3\x06\xa0\x06\x01\xa4\x06",
}
TENSOR = b"\x2a\x14\x0a\x05%05x\x12\x04BOOL\x1a\x01\x01\x2a\x02\x08\0"
FLOODS = {
    "tensors": b"\x2a\x00" * (MIB // 2 - 16),
    "outputs": b"\x32\x00" * (MIB // 2 - 16),
    "raw": b"\x3a\x00" * (MIB // 2 - 16),
    "parameters": b"\x22\x00" * (MIB // 2 - 16),
    "unknown": b"\x7a\x00" * (MIB // 2 - 16),
    "tensors with parameters": b"\x0a\x01m" + b"\x2a\x02\x22\x00" * (MIB // 4 - 16),
    "sound tensors": b"\x0a\x01m" + b"".join(TENSOR % number for number in range(47_000)),
}


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("flood", FLOODS)
def test_a_flood_of_fields_is_refused_before_it_fills_memory(
    grpc_live: Live, before: str, flood: str
) -> None:
    held = memory(grpc_live)
    message = BEFORE[before] + FLOODS[flood]
    assert len(message) < MIB
    answer = grpc_live.ask("ModelInfer", message)
    assert answer.code == "INVALID_ARGUMENT"
    assert answer.json["error"] == "the message has more than 5000 fields: send one tensor a column"
    assert memory(grpc_live) - held < 20


@pytest.mark.parametrize("flood", FLOODS)
def test_a_flood_of_fields_within_a_tensor_is_refused_too(grpc_live: Live, flood: str) -> None:
    inner = FLOODS[flood].removeprefix(b"\x0a\x01m")[: MIB - 64]
    size = bytes([len(inner) & 127 | 128, len(inner) >> 7 & 127 | 128, len(inner) >> 14])
    answer = grpc_live.ask("ModelInfer", b"\x2a" + size + inner)
    assert answer.code == "INVALID_ARGUMENT"
    assert answer.json["error"] == "the tensors of the message have more than 20000 fields"


def test_more_tensors_than_a_contract_has_columns_are_refused_by_their_number(grpc_live: Live) -> None:
    message = b"\x0a\x01m" + b"".join(TENSOR % number for number in range(2501))
    answer = grpc_live.ask("ModelInfer", message)
    assert answer.code == "INVALID_ARGUMENT"
    assert answer.json["error"] == "2501 inputs; at most 2500 are taken at once here"


def test_columns_that_the_contract_does_not_have_are_told_once_where_they_are_very_many(
    grpc_live: Live, bundle: SmallBundle
) -> None:
    asked = typed(bundle.rows[:1] * 1000)
    for number in range(900):
        tensor = asked.inputs.add(name=f"x{number}", datatype="BOOL", shape=[1000])
        tensor.contents.bool_contents.extend([True] * 1000)
    answer = grpc_live.ask("ModelInfer", asked)
    assert answer.code == "INVALID_ARGUMENT"
    assert answer.json["total"] == 900
    assert answer.json["details"][1]["column"] == "x1"


def test_a_message_that_does_not_come_is_not_waited_for(narrow: Live) -> None:
    ended = threading.Event()

    def silent() -> Iterator[bytes]:
        ended.wait(PATIENCE)
        yield b""

    with narrow.channel() as channel:
        try:
            with pytest.raises(grpc.RpcError) as refused:
                channel.stream_unary(SERVICE + "ServerLive")(silent(), timeout=PATIENCE)
        finally:
            ended.set()
    assert refused.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    assert "was not there within 0.5 seconds" in refused.value.details()


def test_a_call_without_a_message_is_refused(narrow: Live) -> None:
    with narrow.channel() as channel, pytest.raises(grpc.RpcError) as refused:
        channel.stream_unary(SERVICE + "ServerLive")(iter(()), timeout=PATIENCE)
    assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert "there is no message" in refused.value.details()


def test_connections_above_the_cap_are_closed_and_those_below_go_on(narrow: Live) -> None:
    with contextlib.ExitStack() as stack:
        channels = [stack.enter_context(narrow.channel()) for _ in range(4)]
        assert [ask(channel, "ServerLive").code for channel in channels] == ["OK"] * 4
        with narrow.channel() as fifth:
            assert ask(fifth, "ServerLive").code == "UNAVAILABLE"
        assert [ask(channel, "ServerLive").code for channel in channels] == ["OK"] * 4
    settled(narrow)


def test_a_connection_that_says_nothing_is_closed(narrow: Live) -> None:
    with socket.create_connection(("127.0.0.1", narrow.port), timeout=PATIENCE) as silent:
        while silent.recv(1024):
            pass
    settled(narrow)


def settled(live: Live) -> None:
    """The server has taken note of closed connections: a new one is let in."""
    with live.channel() as channel:
        waiting = grpc.channel_ready_future(channel)
        waiting.result(PATIENCE)
        assert ask(channel, "ServerLive").code == "OK"


def test_http_1_is_not_answered_and_harms_nobody(grpc_live: Live) -> None:
    with socket.create_connection(("127.0.0.1", grpc_live.port), timeout=PATIENCE) as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        while plain.recv(1024):
            pass


def test_two_hundred_slow_callers_do_not_keep_others_waiting(grpc_live: Live, bundle: SmallBundle) -> None:
    ended = threading.Event()

    def silent() -> Iterator[bytes]:
        ended.wait(PATIENCE)
        yield b""

    with contextlib.ExitStack() as stack:
        channels = [stack.enter_context(grpc_live.channel()) for _ in range(4)]
        slow = [
            channel.stream_unary(SERVICE + "ServerLive").future(silent(), timeout=PATIENCE)
            for channel in channels
            for _ in range(50)
        ]
        for _ in range(20):
            assert scores(grpc_live.ask("ModelInfer", typed(bundle.rows[:1])))
        assert not all(call.done() for call in slow)
        ended.set()
        assert {call.exception() and call.exception().code() for call in slow} <= {
            None,
            grpc.StatusCode.DEADLINE_EXCEEDED,
        }


def test_calls_above_the_cap_are_refused_at_once_counted_and_below_it_answered_again(
    bundle: SmallBundle,
) -> None:
    with serving(bundle.folder, bundle.digest) as live:
        with half_open(live, connections=6, each=60) as calls:
            first = next(iter(as_done(calls)))
            assert first.exception().code() == grpc.StatusCode.RESOURCE_EXHAUSTED
            assert "256 calls are under way already" in first.exception().details()
        codes = [call.exception().code().name if call.exception() else "OK" for call in calls]
        assert set(codes) == {"OK", "RESOURCE_EXHAUSTED"}
        assert codes.count("OK") >= CALLS
        assert scores(live.ask("ModelInfer", typed(bundle.rows[:1])))
    seen = [code for method, code in live.seen if method == "ServerLive"]
    assert seen.count("RESOURCE_EXHAUSTED") == codes.count("RESOURCE_EXHAUSTED")


def test_a_few_connections_cannot_take_all_the_calls(grpc_live: Live, bundle: SmallBundle) -> None:
    with half_open(grpc_live, connections=3, each=100) as calls:
        answers = [grpc_live.ask("ModelInfer", typed(bundle.rows[:1])).code for _ in range(20)]
        assert not any(call.done() for call in calls)
    assert answers == ["OK"] * 20
    assert all(call.exception() is None for call in calls), "those that had to wait are answered, too"


@contextlib.contextmanager
def half_open(live: Live, connections: int, each: int) -> Iterator[list[Any]]:
    """Calls whose message comes only at the end, over some connections."""
    ended = threading.Event()

    def silent() -> Iterator[bytes]:
        ended.wait(PATIENCE)
        yield b""

    with contextlib.ExitStack() as stack:
        channels = [stack.enter_context(live.channel()) for _ in range(connections)]
        calls = [
            channel.stream_unary(SERVICE + "ServerLive").future(silent(), timeout=PATIENCE)
            for channel in channels
            for _ in range(each)
        ]
        for channel in channels:  # the server has taken as many calls of each connection as it takes
            grpc.channel_ready_future(channel).result(PATIENCE)
        try:
            yield calls
        finally:
            ended.set()
            for call in calls:
                call.exception(PATIENCE)


def as_done(calls: list[Any]) -> Iterator[Any]:
    """The calls as they end."""
    ended: queue.Queue[Any] = queue.Queue()
    for call in calls:
        call.add_done_callback(ended.put)
    while True:
        yield ended.get(timeout=PATIENCE)
