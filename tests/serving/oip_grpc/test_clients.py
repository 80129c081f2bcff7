"""Clients that others wrote, as they are: KServe's and Triton's."""

import asyncio
import json
import subprocess
import sys
import warnings
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import grpc
import pytest

from serving.tensors import to_bytes
from tests.serving.oip_grpc.live import KINDS, PATIENCE, Live, scores, typed
from tests.small import SmallBundle


@pytest.fixture(scope="module")
def kserve() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import kserve
    return kserve


def tensors(kserve: Any, rows: list[dict[str, Any]], binary: bool) -> list[Any]:
    """The rows as KServe's tensors."""
    inputs = []
    for name in rows[0]:
        kind, _, absent = KINDS[name]
        values = [absent if row[name] is None else row[name] for row in rows]
        if binary:
            tensor = kserve.InferInput(name, [len(rows)], kind)
            tensor._raw_data = to_bytes(kind, values)
        else:
            data = [value.encode() if isinstance(value, str) else value for value in values]
            tensor = kserve.InferInput(name, [len(rows)], kind, data)
        inputs.append(tensor)
    return inputs


def with_client(kserve: Any, live: Live, act: Any) -> Any:
    async def run() -> Any:
        async with kserve.InferenceGRPCClient(f"127.0.0.1:{live.port}") as client:
            return await act(client)

    return asyncio.run(run())


@pytest.mark.parametrize("binary", [False, True])
def test_kserves_client_scores_rows_with_missing_values(
    grpc_live: Live, bundle: SmallBundle, kserve: Any, binary: bool
) -> None:
    rows = bundle.rows[:20]
    assert any(None in row.values() for row in rows)

    def act(client: Any) -> Coroutine[Any, Any, Any]:
        request = kserve.InferRequest("m", tensors(kserve, rows, binary), request_id="order-7")
        return client.infer(request)  # type: ignore[no-any-return]

    answer = with_client(kserve, grpc_live, act)
    assert (answer.id, answer.model_name, answer.model_version) == ("order-7", "m", bundle.digest[:12])
    expected = scores(grpc_live.ask("ModelInfer", typed(rows)))
    assert answer.outputs[0].name == "probability"
    assert answer.outputs[0].as_numpy().tolist() == expected


def test_kserves_client_asks_for_readiness(grpc_live: Live, kserve: Any) -> None:
    async def act(client: Any) -> tuple[bool, bool, bool]:
        return await client.is_server_live(), await client.is_server_ready(), await client.is_model_ready("m")

    assert with_client(kserve, grpc_live, act) == (True, True, True)


def test_kserves_client_is_told_what_is_wrong(grpc_live: Live, bundle: SmallBundle, kserve: Any) -> None:
    async def act(client: Any) -> Any:
        rows = [bundle.rows[0] | {"grade": 9}]
        with pytest.raises(grpc.RpcError) as refused:
            await client.infer(kserve.InferRequest("m", tensors(kserve, rows, False)))
        return refused.value

    error = with_client(kserve, grpc_live, act)
    assert error.code() == grpc.StatusCode.INVALID_ARGUMENT
    (detail,) = json.loads(error.details())["details"]
    assert (detail["row"], detail["column"], detail["rule"]) == (0, "grade", "category")


def test_tritons_client_scores_asks_and_is_told_what_is_wrong(grpc_live: Live, bundle: SmallBundle) -> None:
    """In a process of its own: its messages have the names of KServe's."""
    rows = bundle.rows[:20]
    script = Path(__file__).with_name("ask_triton.py")
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", str(script), str(grpc_live.port)],
        input=json.dumps({"rows": rows, "kinds": {name: kind for name, (kind, _, _) in KINDS.items()}}),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["ready"] == [True, True, True]
    assert told["metadata"] == ["m", [bundle.digest[:12]], len(bundle.contract.features)]
    expected = scores(grpc_live.ask("ModelInfer", typed(rows)))
    assert told["raw"] == told["asked"] == expected
    assert set(told["decisions"]) <= {"approve", "decline"}
    assert told["id"] == "order-7"
    assert told["status"] == "StatusCode.INVALID_ARGUMENT"
    assert [detail["column"] for detail in json.loads(told["error"])["details"]] == ["grade"]
    assert told["loaded"] == "StatusCode.UNIMPLEMENTED"
