"""A server in a process of its own: started, waited for, weighed, stopped."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

HOST = "127.0.0.1"
PATIENCE, POLITE, EVERY = 90.0, 6.0, 0.01


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        found: int = probe.getsockname()[1]
        return found


class Server:
    """A server that runs.

    Attributes:
        port: Where it answers REST.
        seconds: From its start to the first 200 of its ready path.
        process: Its process.
    """

    def __init__(
        self, command: list[str], port: int, ready: str, variables: Mapping[str, str], log: Path
    ) -> None:
        """Start a server, and wait until it is ready.

        Raises:
            RuntimeError: It ended, or was not ready in time; with the end of what it wrote.
        """
        self.port, self._log = port, log
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        start = time.perf_counter()
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                command,
                env={**kept, "MLSERVER_METRICS_DIR": str(log.parent), **variables},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        while not answers(port, ready):
            if self.process.poll() is not None or time.perf_counter() - start > PATIENCE:
                self.stop()
                raise RuntimeError(f"not ready: {log.read_text(errors='replace')[-600:]}")
            time.sleep(EVERY)
        self.seconds = time.perf_counter() - start

    def memory(self) -> float:
        """The resident memory of all its processes, in MB."""
        return sum(resident(number) for number in family(self.process.pid))

    def stop(self) -> int:
        """End it: politely, then all that is left of it."""
        members = family(self.process.pid)
        self.process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(POLITE)
        for number in {*members, *family(self.process.pid)}:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        return self.process.wait()


def answers(port: int, path: str) -> bool:
    """Whether a GET is answered with 200."""
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def family(first: int) -> set[int]:
    """The live processes of a session that a process began, and their descendants."""
    parents: dict[int, int] = {}
    members: set[int] = set()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        with contextlib.suppress(OSError):
            state, parent, _, session = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
            if state != "Z":
                parents[int(entry.name)] = int(parent)
                if int(session) == first:
                    members.add(int(entry.name))
    while more := {child for child, parent in parents.items() if parent in members} - members:
        members |= more
    return members


def resident(number: int) -> float:
    """VmRSS of a process, in MB."""
    with contextlib.suppress(OSError, StopIteration):
        status = Path(f"/proc/{number}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024
    return 0.0
