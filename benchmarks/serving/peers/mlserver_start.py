"""Writes MLServer's settings, and becomes `mlserver start`."""

import json
import os
import sys
from pathlib import Path


def start(implementation: str, model: Path) -> None:
    """Serve a model with MLServer's defaults, but for ports and the address."""
    root, rest, grpc, other = sys.argv[1:5]
    folder = Path(root) / implementation
    folder.mkdir(exist_ok=True)
    ports = {"http_port": int(rest), "grpc_port": int(grpc), "metrics_port": int(other)}
    (folder / "settings.json").write_text(json.dumps({"host": "127.0.0.1", **ports}))
    settings = {"name": "m", "implementation": implementation, "parameters": {"uri": str(model)}}
    (folder / "model-settings.json").write_text(json.dumps(settings))
    os.environ["PYTHONPATH"] = str(Path(__file__).parent)
    command = str(Path(sys.executable).parent / "mlserver")
    os.execv(command, [command, "start", str(folder)])  # noqa: S606
