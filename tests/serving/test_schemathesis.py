"""A short slice of schemathesis: see tests/schemathesis_run."""

from pathlib import Path

from tests.schemathesis_run.__main__ import run
from tests.serving.live import Live


def test_the_server_keeps_its_document(server: Live, tmp_path: Path) -> None:
    told, report = run(server.port, 1, tmp_path, "--phases", "examples,fuzzing", "--max-examples", "15")
    assert report["exit_code"] == 0, told
    assert report["complete"]
    assert report["operations"]["tested"] == report["operations"]["total"] == 22
    assert report["test_cases"]["generated"] > 300
    assert not report["errors"]
