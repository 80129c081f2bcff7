"""What Prometheus is told of calls."""

import grpc

from tests.serving.live import Live, serving
from tests.serving.oip_grpc.live import ask, typed
from tests.serving.rest.test_metrics import samples, value
from tests.small import SmallBundle


def test_calls_and_refusals_are_counted_as_over_rest(bundle: SmallBundle) -> None:
    with serving(bundle.folder, bundle.digest) as own:
        call(own, bundle, {})
        call(own, bundle, {"grade": 9})
        call(own, bundle, {"grade": 9, "income": -1.0})
        call(own, bundle, {}, method="Secret")
        found = samples(own)

    def calls(route: str, status: str) -> float:
        return value(found, "tollgate_requests_total", protocol="grpc", route=route, status=status)

    assert [calls("ModelInfer", "OK"), calls("ModelInfer", "INVALID_ARGUMENT")] == [1, 2]
    assert calls("other", "UNIMPLEMENTED") == 1
    assert value(found, "tollgate_refusals_total", column="grade", rule="category") == 2
    assert value(found, "tollgate_refusals_total", column="income", rule="minimum") == 1


def call(live: Live, bundle: SmallBundle, changed: dict[str, object], method: str = "ModelInfer") -> None:
    with grpc.insecure_channel(f"127.0.0.1:{live.grpc_port}") as channel:
        ask(channel, method, typed([bundle.rows[0] | changed]))
