from collections.abc import Iterator

import pytest

from tests.serving.live import Live, serving
from tests.small import SmallBundle


@pytest.fixture(scope="session")
def live(bundle: SmallBundle) -> Iterator[Live]:
    """A server of the small bundle, one for all tests."""
    with serving(bundle.folder, bundle.digest) as started:
        yield started


@pytest.fixture
def server(live: Live) -> Iterator[Live]:
    """The server; whatever a test did to it, it must answer afterwards."""
    yield live
    assert live.get("/v2/health/ready").json == {"ready": True}
