"""Requests that nobody meant to send: all that were found, and some more, over every route of KServe too."""

import asyncio
from pathlib import Path

import pytest

from tests.fuzz_serving.__main__ import fuzzed_bundle, open_paths, sent_all
from tests.fuzz_serving.cases import Cases
from tests.fuzz_serving.found import FOUND, kept
from tests.fuzz_serving.messages import Message, Messages
from tests.fuzz_serving.over_grpc import OverGrpc
from tests.fuzz_serving.over_rest import OverRest, asked
from tests.fuzz_serving.seeds import JSON_LENGTH, as_bytes, seeds
from tests.fuzz_serving.walk import Walked, walked
from tests.serving.live import JSON, Live, serving
from tests.serving.refused import refused
from tests.small import SmallBundle

SEED, BODIES = 5, 4000
LOADING = "/v2/repository/models/{model_name}/"


@pytest.fixture(scope="module")
def routes() -> Walked:
    return walked()


def test_the_routes_that_we_know_of_are_among_those_that_are_walked(routes: Walked) -> None:
    paths = {path for path, _ in routes}
    assert {
        "/metrics",
        "/v2/models/{model_name}/versions/{model_version}/infer",
    } <= paths  # of included routers
    assert {LOADING + "load", LOADING + "unload"} <= paths
    assert "/openapi.json" in paths  # hidden from KServe's own document
    assert len(paths) >= 19


def test_every_route_of_kserve_is_open_in_our_table_or_refused(
    server: Live, routes: Walked, bundle: SmallBundle
) -> None:
    """Another version of kserve with a new route cannot open it."""
    good = as_bytes({"instances": bundle.rows[:1]})
    for template, methods in routes:
        path = template.replace("{model_name}", "m").replace("{model_version}", bundle.digest[:12])
        listed = path in open_paths(server)
        for method in ("GET", "POST", "PUT", "DELETE", "PATCH"):
            answer = server.ask(method, path, good if method == "POST" else None)
            if listed and method in methods:
                assert answer.status in (200, 400)
            else:
                refused(server, answer, 405 if listed else 404)


def test_a_model_cannot_be_loaded_or_unloaded(server: Live) -> None:
    for action in ("load", "unload"):
        refused(server, server.post(LOADING.replace("{model_name}", "m") + action, {}), 404)


@pytest.mark.parametrize("path", kept(), ids=lambda path: path.name)
def test_a_request_that_was_found_is_answered(server: Live, bundle: SmallBundle, path: Path) -> None:
    sent = path.read_bytes()
    if path.suffix == ".grpc":
        grpc = OverGrpc(server.grpc_port, server.digest, Messages(bundle), lambda *_: None)
        assert asyncio.run(grpc.alone(Message(path.name.split(".")[1], sent))) is None
    else:
        rest = OverRest(server.port, server.digest, Cases([], [], []), lambda *_: None)
        assert asked(sent)[0]
        assert asyncio.run(rest.alone(0, sent)) is None


def test_what_is_mutated_over_grpc_is_in_order(server: Live, bundle: SmallBundle) -> None:
    messages = Messages(bundle)
    grpc = OverGrpc(server.grpc_port, server.digest, messages, lambda *_: None)
    for seed in messages.seeds:
        assert asyncio.run(grpc.alone(Message("ModelInfer", seed.SerializeToString()))) is None
    assert grpc.counts == {"OK": len(messages.seeds)}


def test_some_were_found() -> None:
    assert kept()
    assert FOUND.is_dir()


def test_what_is_mutated_is_itself_in_order(server: Live, bundle: SmallBundle) -> None:
    """Else the mutations would be refused for what was wrong before."""
    for seed in seeds(bundle):
        body = as_bytes(seed.body)
        length = {JSON_LENGTH: str(len(body))} if seed.tail else {}
        answer = server.ask("POST", seed.path, body + seed.tail, JSON | length)
        assert answer.status == 200, answer.content


def test_a_slice_of_the_fuzzer_finds_nothing(tmp_path: Path) -> None:
    bundle = fuzzed_bundle(tmp_path / "bundle", "logistic")
    with serving(bundle.folder, bundle.digest) as live:
        assert sent_all(live, bundle, SEED, range(BODIES), "rest") == 0
        assert sent_all(live, bundle, SEED, range(BODIES // 4), "grpc") == 0


BREAKING = """
import sys
from serving.rest.v2 import V2
def fail(*_):
    raise ZeroDivisionError
V2.infer = fail
from serving.__main__ import main
sys.exit(main())
"""


def test_the_fuzzer_finds_a_server_that_fails(
    tmp_path: Path, bundle: SmallBundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.fuzz_serving.found.FOUND", tmp_path)
    with serving(bundle.folder, bundle.digest, BREAKING) as live:
        assert sent_all(live, bundle, SEED, range(100)) > 3
    assert list(tmp_path.iterdir())
