"""BentoML with the pipeline: writes a service beside the model, and becomes `bentoml serve`."""

import os
import sys
from pathlib import Path

SERVICE = """
from pathlib import Path
from typing import Any

import bentoml
import joblib
import pandas as pd


@bentoml.service(workers=1)
class Pipeline:
    def __init__(self) -> None:
        self.pipeline = joblib.load(Path(__file__).parent.parent / "pipeline" / "model.joblib")

    @bentoml.api
    def predict(self, instances: list[dict[str, Any]]) -> dict[str, list[float]]:
        return {"predictions": self.pipeline.predict_proba(pd.DataFrame(instances))[:, 1].tolist()}
"""


def main() -> None:
    """Write the service, and serve it."""
    folder, port = Path(sys.argv[1]) / "bentoml", sys.argv[2]
    folder.mkdir(exist_ok=True)
    (folder / "service.py").write_text(SERVICE)
    os.environ["BENTOML_HOME"] = str(folder / "home")
    command = [str(Path(sys.executable).parent / "bentoml"), "serve", "service:Pipeline"]
    os.chdir(folder)
    os.execv(command[0], [*command, "--host", "127.0.0.1", "--port", port])  # noqa: S606


if __name__ == "__main__":
    main()
