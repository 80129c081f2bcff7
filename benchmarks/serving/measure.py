"""The measurement: every server is started and proved, then rounds in which each gets its turn."""

import statistics
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.serving.environment import Environment
from benchmarks.serving.forms import REASONS, V1
from benchmarks.serving.grpc_requests import GrpcRequests, ours_speaks_it
from benchmarks.serving.load import Load, ghz, wrk
from benchmarks.serving.peers import OURS, PEERS, Ports, serve_bundle
from benchmarks.serving.problem import Problem
from benchmarks.serving.process import Server, free_port
from benchmarks.serving.requests import Requests

CELLS = [(rows, connections) for rows in (1, 100) for connections in (1, 8, 32)]
SKLEARNSERVER = "kserve sklearnserver"
GRPC_PEERS = (OURS, SKLEARNSERVER, f"{SKLEARNSERVER}, one thread")
Turn = Callable[[], Load]


@dataclass(frozen=True)
class Plan:
    """How long it is measured."""

    rounds: int
    seconds: float
    starts: int


@dataclass
class Running:
    """A server that runs, its ports, and what was seen of it."""

    server: Server
    ports: Ports
    grpc: bool


class Bench:
    """All servers over one problem.

    Attributes:
        found: What was measured, as JSON values.
    """

    def __init__(self, problem: Problem, plan: Plan) -> None:
        """Take the problem and the plan; nothing is started."""
        self._problem, self._plan = problem, plan
        self._requests = Requests(problem)
        self._messages = GrpcRequests(problem, self._requests)
        self._running: dict[str, Running] = {}
        self.found: dict[str, Any] = {
            **{name: {} for name in ("versions", "ready", "memory", "apart", "absent")},
            "trees": problem.trees,
            "plan": asdict(plan),
            "runs": [],
        }

    def start(self, name: str) -> None:
        """Start a peer as often as planned, and prove its scores; one that cannot be is named with the reason."""
        peer = PEERS[name]
        environment = Environment(peer.environment)
        said = environment.install()
        try:
            if said:
                raise RuntimeError(f"pip: {said}")
            self.found["versions"][name] = environment.versions(peer.packages)
            self._start(name).server.stop()  # not timed: files are read from the disk for the first time
            for turn in range(self._plan.starts):
                running = self._start(name)
                self.found["ready"].setdefault(name, []).append(running.server.seconds)
                if turn < self._plan.starts - 1:
                    running.server.stop()
            self._running[name] = running
            self.found["apart"][name] = self._requests.apart(running.server.port, peer.path, peer.form)
        except RuntimeError as error:
            self.found["absent"][name] = str(error)
            _say(f"{name}: absent: {error}")
            if name in self._running:
                self._running.pop(name).server.stop()
            return
        _say(f"{name}: ready in {statistics.median(self.found['ready'][name]):.2f} s")

    def rounds(self) -> None:
        """Each server in turn, round after round."""
        turns = {**self._rest(), **self._grpc()}
        for number in range(self._plan.rounds):
            _say(f"round {number + 1} of {self._plan.rounds}")
            self._round(number, turns)
        for name, running in self._running.items():
            self.found["memory"][name] = running.server.memory()

    def reasons(self) -> None:
        """The rate with reasons beside the plain one, of a logistic bundle and of trees."""
        turns: dict[tuple[str, str, int, int], Turn] = {}
        servers = []
        for kind, digest in (("logistic", self._problem.logistic), ("trees", self._problem.digest)):
            port = free_port()
            peer, command = PEERS[OURS], serve_bundle(self._problem, digest, port, "--grpc-port", "0")
            log = self._problem.folder / f"{kind}.log"
            servers.append(Server(command, port, peer.ready, {"TOLLGATE_BUNDLE": digest}, log))
            for form, what in ((V1, "plain"), (REASONS, "reasons")):
                file = self._requests.file(form, 1, what)
                key = (f"{kind} {what}", "rest", 1, 8)
                turns[key] = _turn(wrk, port, peer.path, file, 8, self._plan.seconds)
        if wrk(port, peer.path, self._requests.file(REASONS, 1, "reasons"), 1, 1).rate:
            for number in range(self._plan.rounds):
                self._round(number, turns)
        else:
            self.found["absent"]["reasons"] = "not there yet: the server refuses to give reasons"
            _say("reasons: not there yet")
        for server in servers:
            server.stop()

    def stop(self) -> None:
        """Stop all servers."""
        for running in self._running.values():
            running.server.stop()

    def _round(self, number: int, turns: dict[tuple[str, str, int, int], Turn]) -> None:
        for (name, protocol, rows, connections), act in turns.items():
            cell = {"peer": name, "protocol": protocol, "rows": rows, "connections": connections}
            try:
                load = asdict(act())
            except RuntimeError as error:
                _say(f"{name}: {error}")
                load = asdict(Load(0, 0, 0, 0, 1))
            self.found["runs"].append({**cell, "round": number, **load})

    def _start(self, name: str) -> Running:
        peer, ports = PEERS[name], Ports(free_port(), free_port(), free_port())
        command = peer.command(self._problem, ports)
        speaks = name in GRPC_PEERS and (name != OURS or ours_speaks_it())
        if name == OURS and speaks:
            command += ["--grpc-port", str(ports.grpc)]
        if command[0] == "python":
            command[0] = str(Environment(peer.environment).folder / "python")
        log = Path(self._problem.folder) / f"{name.replace(' ', '-')}.log"
        variables = {**peer.variables, "TOLLGATE_BUNDLE": self._problem.digest}
        return Running(Server(command, ports.rest, peer.ready, variables, log), ports, speaks)

    def _rest(self) -> dict[tuple[str, str, int, int], Turn]:
        turns: dict[tuple[str, str, int, int], Turn] = {}
        for rows, connections in CELLS:
            for name, running in self._running.items():
                peer = PEERS[name]
                file = self._requests.file(peer.form, rows, name)
                place = (running.server.port, peer.path, file)
                turns[name, "rest", rows, connections] = _turn(wrk, *place, connections, self._plan.seconds)
        return turns

    def _grpc(self) -> dict[tuple[str, str, int, int], Turn]:
        turns: dict[tuple[str, str, int, int], Turn] = {}
        for rows, connections in CELLS:
            for name in GRPC_PEERS:
                if (running := self._running.get(name)) is None:
                    continue
                if not running.grpc:
                    self.found["absent"][f"{name} gRPC"] = "not there yet: it has no --grpc-port"
                    continue
                kind = "own" if name == OURS else "pd"
                try:
                    self._messages.apart(running.ports.grpc, kind)
                except RuntimeError as error:
                    self.found["absent"][f"{name} gRPC"] = str(error)
                    continue
                place = (running.ports.grpc, self._messages.protoset(), self._messages.file(kind, rows))
                turns[name, "grpc", rows, connections] = _turn(ghz, *place, connections, self._plan.seconds)
        return turns


def _turn(act: Callable[..., Load], *arguments: Any) -> Turn:
    return lambda: act(*arguments)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
