import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli import doctor
from pipelines.cli.app import app
from tests.pipelines.command import tollgate

PACKAGES = ("kfp", "kserve", "scikit-learn", "pandas", "onnxruntime", "pyarrow")


@pytest.fixture
def taken_port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        monkeypatch.setattr(doctor, "PORT", port)
        yield port


def test_the_status_is_1_only_where_something_needs_mending(tmp_path: Path) -> None:
    ended = tollgate(tmp_path, "doctor", "--json")
    checks = {check["name"]: check for check in json.loads(ended.out)}
    assert ended.status == (0 if all(check["right"] for check in checks.values()) else 1)
    assert {"Python", "disk", "port 8080", "PYTHONPATH", *PACKAGES} == set(checks)
    assert all(checks[name]["right"] for name in ("Python", *PACKAGES))


def test_a_port_in_use_is_told_with_its_fix_and_exits_1(taken_port: int) -> None:
    ended = CliRunner().invoke(app, ["doctor"])
    assert ended.exit_code == 1
    assert f"MEND  port {taken_port}" in ended.output
    assert "fix: end what listens there, or: tollgate serve --port 0" in ended.output


def test_a_folder_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "serving").mkdir()
    ended = tollgate(tmp_path, "doctor", PYTHONPATH=str(tmp_path / "elsewhere"))
    assert ended.status == 1
    assert "MEND  PYTHONPATH    serving" in ended.out
    assert "take this folder out of PYTHONPATH" in ended.out
