"""A gRPC server of a bundle: python serve.py FOLDER DIGEST [LIMIT=VALUE ...]

Writes its port, and at its end, after SIGTERM, every call that it took note of.
"""

import asyncio
import json
import logging
import signal
import sys
import warnings
from pathlib import Path
from typing import Any

import uvloop
from prometheus_client import CollectorRegistry

from serving.infer import Infer
from serving.kserve_server import kserve_server
from serving.limits import Limits
from serving.metrics import Metrics
from serving.scoring import Scoring
from tollgate.bundle.bundle import Bundle


async def serve(bundle: Bundle, limits: Limits) -> None:
    kserve_server()
    from serving.oip_grpc import BundleService, grpc_server
    from serving.outputs import OUTPUTS
    from serving.predictor import datatype

    seen: list[tuple[str, str]] = []

    class Service(BundleService):
        def observe(self, method: str, code: str, seconds: float) -> None:
            super().observe(method, code, seconds)
            assert seconds >= 0
            seen.append((method, code))

    columns = {name: datatype(bundle.contract.columns[name]) for name in bundle.contract.features}
    inputs, outputs = (
        [{"name": name, "datatype": kind, "shape": [-1]} for name, kind in kinds.items()]
        for kinds in (columns, OUTPUTS)
    )
    metrics = Metrics(CollectorRegistry(), "m", bundle.digest, tuple(bundle.contract.columns))
    service = Service(Infer(Scoring(bundle, limits, metrics), "m"), inputs, outputs)
    server = grpc_server(service, limits)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    await stopped.wait()
    await server.stop(10)
    sys.stdout.write(json.dumps(seen))


def main(folder: str, digest: str, *settings: str) -> None:
    limits: dict[str, Any] = {name: json.loads(value) for name, value in (one.split("=") for one in settings)}
    logging.basicConfig()
    bundle = Bundle.load(Path(folder), digest)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(bundle, Limits(**limits)))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(*sys.argv[1:])
