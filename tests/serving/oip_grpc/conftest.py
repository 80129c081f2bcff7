from collections.abc import Iterator

import pytest

from tests.serving.oip_grpc.live import Live, pb, serving
from tests.small import SmallBundle


@pytest.fixture(scope="module")
def alive(bundle: SmallBundle) -> Iterator[Live]:
    """A gRPC server of the small bundle."""
    with serving(bundle.folder, bundle.digest) as started:
        yield started


@pytest.fixture
def grpc_live(alive: Live) -> Iterator[Live]:
    """The server; whatever a test did to it, it must answer afterwards."""
    yield alive
    assert pb.ServerReadyResponse.FromString(alive.ask("ServerReady").content).ready
