"""docs/grpc.md says what the server does."""

from pathlib import Path

import pytest

from serving.limits import Limits
from serving.oip_grpc.calls import CALLS
from serving.oip_grpc.server import LONGEST_LIFE, STREAMS
from serving.oip_grpc.status import LARGEST_TEXT
from tests.serving.oip_grpc.live import pb

PAGE = (Path(__file__).parents[3] / "docs" / "grpc.md").read_text(encoding="utf-8")
LIMITS = Limits()


@pytest.mark.parametrize(
    "words",
    [
        f"a message above {LIMITS.body // 2**20} MiB",
        f"more than {CALLS} calls at once",
        f"not whole within {LIMITS.read_seconds:g} seconds",
        f"more than {LIMITS.connections:,} connections",
        f"A connection has {STREAMS} calls at once",
        f"beyond a connection's {STREAMS}",
        f"closed after {LIMITS.idle_seconds:g} seconds without a call",
        {1800: "after half an hour at the latest"}[LONGEST_LIFE],
        f"the text has {LARGEST_TEXT // 1024} KiB at most",
    ],
)
def test_the_limits_on_the_page_are_those_of_the_server(words: str) -> None:
    assert words in PAGE.replace("\n", " ")


def test_every_method_is_on_the_page() -> None:
    methods = [method.name for method in pb.DESCRIPTOR.services_by_name["GRPCInferenceService"].methods]
    assert len(methods) == 8
    assert all(f"`{method}`" in PAGE for method in methods)
