"""A real server in a process of its own, and a plain client for it."""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

V1 = "/v1/models/m:predict"
V2 = "/v2/models/m/infer"
JSON = {"content-type": "application/json"}
PATIENCE = 60


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.content)


@dataclass(frozen=True)
class Live:
    """A server that runs.

    Attributes:
        process: Its process.
        port: Its port on 127.0.0.1.
        grpc_port: Its port of gRPC.
        greeting: The first line that it wrote.
        digest: The digest of the bundle that it serves.
    """

    process: subprocess.Popen[str]
    port: int
    grpc_port: int
    greeting: str
    digest: str

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] = JSON
    ) -> Answer:
        with self.connected() as connection:
            connection.request(method, path, body, dict(headers))
            return answer_of(connection)

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, value: Any) -> Answer:
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        return self.ask("POST", path, body)

    @contextlib.contextmanager
    def connected(self) -> Iterator[http.client.HTTPConnection]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            yield connection
        finally:
            connection.close()


def answer_of(connection: http.client.HTTPConnection) -> Answer:
    """The answer that a connection waits for."""
    response = connection.getresponse()
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, response.read())


def command(bundle: Path, *extra: str, script: str = "", name: str = "m") -> list[str]:
    """The command that serves a bundle on free ports; a script may stand in for `-m serving`."""
    start = ["-c", script] if script else ["-m", "serving"]
    place = [
        "--name",
        name,
        "--bundle",
        str(bundle),
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--grpc-port",
        "0",
    ]
    return [sys.executable, *start, *place, *extra]


def environment(digest: str | None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "TOLLGATE_BUNDLE"}
    return kept | ({"TOLLGATE_BUNDLE": digest} if digest is not None else {})


@contextlib.contextmanager
def serving(
    bundle: Path,
    digest: str,
    script: str = "",
    extra: Sequence[str] = (),
    errors: IO[str] | None = None,
    name: str = "m",
) -> Iterator[Live]:
    """A server, ended by SIGTERM when the test has not ended it; its exit status must be 0."""
    process = subprocess.Popen(
        command(bundle, *extra, script=script, name=name),
        env=environment(digest),
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    )
    assert process.stdout is not None
    try:
        greeting = process.stdout.readline().strip()
        assert greeting, f"the server did not start: status {process.wait(PATIENCE)}"
        second = process.stdout.readline().strip()
        port, grpc_port = (int(line.rpartition(":")[2]) for line in (greeting, second))
        yield Live(process, port, grpc_port, greeting, digest)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def refused_to_start(bundle: Path, digest: str | None, *extra: str) -> tuple[int, str]:
    """Start a server that must not start: its exit status, and what it said."""
    ran = subprocess.run(
        command(bundle, *extra),
        env=environment(digest),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ran.stdout == ""
    return ran.returncode, ran.stderr
