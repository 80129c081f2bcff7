"""A gRPC server in a process of its own, and what asks it."""

import contextlib
import json
import signal
import subprocess
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc

PATIENCE = 60
SERVICE = "/inference.GRPCInferenceService/"


def _messages() -> Any:
    """KServe's messages. Its server reads the command line as it is imported, and finds much deprecated."""
    arguments, sys.argv = sys.argv, sys.argv[:1]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from kserve.protocol.grpc import grpc_predict_v2_pb2
    finally:
        sys.argv = arguments
    return grpc_predict_v2_pb2


pb = _messages()


@dataclass(frozen=True)
class Answer:
    """How a call ended.

    Attributes:
        code: The name of its status.
        details: The text of its status.
        content: The answer's bytes, where there is one.
        trailing: What came behind it.
    """

    code: str
    details: str
    content: bytes
    trailing: Mapping[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.details)


@dataclass
class Live:
    """A server that runs.

    Attributes:
        process: Its process.
        port: Its port on 127.0.0.1.
        seen: The calls that it took note of, once it has ended.
        ending: Whether it was told to end.
    """

    process: subprocess.Popen[str]
    port: int
    seen: list[list[str]] = field(default_factory=list)
    ending: bool = False

    def end(self) -> None:
        """Send SIGTERM, once."""
        if not self.ending:
            self.ending = True
            self.process.send_signal(signal.SIGTERM)

    @contextlib.contextmanager
    def channel(self, **options: Any) -> Iterator[grpc.Channel]:
        """A connection of its own."""
        own = {"grpc.use_local_subchannel_pool": 1, "grpc.max_send_message_length": -1, **options}
        with grpc.insecure_channel(f"127.0.0.1:{self.port}", options=list(own.items())) as channel:
            yield channel

    def ask(self, method: str, message: Any = b"", **settings: Any) -> Answer:
        """Send one message, as it is or as bytes that are none."""
        with self.channel() as channel:
            return ask(channel, method, message, **settings)


def ask(channel: grpc.Channel, method: str, message: Any = b"", **settings: Any) -> Answer:
    content = message if isinstance(message, bytes) else message.SerializeToString()
    call = channel.unary_unary(SERVICE + method)
    try:
        found, done = call.with_call(content, **{"timeout": PATIENCE, **settings})
    except grpc.RpcError as error:
        done, found = error, b""
    trailing = {key: str(value) for key, value in done.trailing_metadata() or ()}
    return Answer(done.code().name, done.details() or "", found, trailing)


@contextlib.contextmanager
def serving(bundle: Path, digest: str, **limits: float) -> Iterator[Live]:
    """A server, ended by SIGTERM; its exit status must be 0, and it must have written no error."""
    settings = [f"{name}={json.dumps(value)}" for name, value in limits.items()]
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("serve.py")), str(bundle), digest, *settings],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        first = process.stdout.readline()
        assert first, process.communicate(timeout=PATIENCE)[1]
        live = Live(process, int(first))
        yield live
        live.end()
        written, errors = process.communicate(timeout=PATIENCE)
        assert (process.returncode, errors) == (0, ""), errors or process.returncode
        live.seen = json.loads(written)
    finally:
        process.kill()
        process.wait()


def typed(rows: Sequence[Mapping[str, Any]], **request: Any) -> Any:
    """A request of typed tensors."""
    asked = pb.ModelInferRequest(model_name="m", **request)
    for name in rows[0]:
        kind, contents, absent = KINDS[name]
        values = [absent if row[name] is None else row[name] for row in rows]
        tensor = asked.inputs.add(name=name, datatype=kind, shape=[len(rows)])
        getattr(tensor.contents, contents).extend(
            value.encode() if isinstance(value, str) else value for value in values
        )
    return asked


KINDS: dict[str, tuple[str, str, Any]] = {
    "income": ("FP64", "fp64_contents", float("nan")),
    "months": ("INT64", "int64_contents", None),
    "utilization": ("FP64", "fp64_contents", float("nan")),
    "owner": ("BOOL", "bool_contents", None),
    "purpose": ("BYTES", "bytes_contents", ""),
    "channel": ("BYTES", "bytes_contents", ""),
    "grade": ("INT64", "int64_contents", None),
    "since": ("BYTES", "bytes_contents", ""),
}


def scores(answer: Answer) -> list[float]:
    """The probabilities of an answer of typed tensors."""
    assert answer.code == "OK", answer
    found = pb.ModelInferResponse.FromString(answer.content)
    return list(found.outputs[0].contents.fp64_contents)
