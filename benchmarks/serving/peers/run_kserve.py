"""What KServe's sklearnserver does, on KServe's own server with its defaults.

Like it: joblib loads the file; the request becomes what KServe's `get_predict_input` makes of it; PREDICT_PROBA=true
chooses `predict_proba`.
"""

import os
import sys
from pathlib import Path
from typing import Any

import joblib

folder, rest, grpc = sys.argv[1:4]
sys.argv[1:] = ["--model_name", "m", "--http_port", rest, "--grpc_port", grpc]

import kserve  # noqa: E402 - it reads the command line when it is imported
from kserve.utils.utils import get_predict_input, get_predict_response  # noqa: E402


class Pipeline(kserve.Model):  # type: ignore[misc]  # kserve has no types
    """A pipeline of scikit-learn."""

    def __init__(self, name: str, file: Path) -> None:
        super().__init__(name)
        self._file = file

    def load(self) -> bool:
        """Load the pipeline."""
        pipeline = joblib.load(self._file)
        proba = os.environ.get("PREDICT_PROBA") == "true"
        self._call = pipeline.predict_proba if proba else pipeline.predict
        self.ready = True
        return True

    def predict(self, payload: Any, headers: Any = None) -> Any:
        """Score a request."""
        return get_predict_response(payload, self._call(get_predict_input(payload)), self.name)


if __name__ == "__main__":
    kserve.logging.configure_logging()
    model = Pipeline("m", Path(folder) / "pipeline" / "model.joblib")
    model.load()
    kserve.ModelServer().start([model])
