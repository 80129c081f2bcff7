from collections.abc import Iterator

import pytest
from threadpoolctl import threadpool_limits


@pytest.fixture(scope="package", autouse=True)
def _one_thread() -> Iterator[None]:
    """Small problems on one thread: more of them only wait for each other where a machine is busy."""
    with threadpool_limits(limits=1, user_api="openmp"):
        yield
