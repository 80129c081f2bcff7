"""The model now served answers as before while runs of bad input fail beside it, and after."""

import json
import subprocess
import urllib.request
from collections.abc import Iterator

import pytest

from pipelines.config import load_workflow
from tests.pipelines.bad_input import DATA, Bad, attempt, check_refused
from tests.pipelines.command import TOLLGATE, environment
from tests.pipelines.hard_times import requests
from tests.pipelines.places import NAME, FirstRun, Place

pytestmark = pytest.mark.long

PATIENCE = 60


@pytest.fixture
def address(served: Place) -> Iterator[str]:
    with subprocess.Popen(
        [TOLLGATE, "serve", "--port", "0", "--grpc-port", "0"],
        cwd=served.folder,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        yield server.stdout.readline().rpartition(" ")[2].strip()
        server.terminate()
    assert server.returncode == 0


def test_bad_input_does_not_disturb_what_is_served(first_run: FirstRun, served: Place, address: str) -> None:
    rows = requests(served, load_workflow(served.workflow).data.contract, 5)

    def answer() -> bytes:
        body = json.dumps({"instances": rows}).encode()
        request = urllib.request.Request(f"{address}/v1/models/{NAME}:predict", body)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answered:
            return bytes(answered.read())

    before = answer()
    assert len(json.loads(before)["predictions"]) == len(rows)
    bad = Bad(
        lambda folder: (folder / DATA).write_bytes(b"loan_id,issued\n\0\n"), ("line 2: holds a NUL byte",)
    )
    check_refused(first_run.place, bad, attempt(served.folder, "bad", bad))
    assert answer() == before
