"""LitServe with the pipeline."""

import sys
from pathlib import Path
from typing import Any

import joblib
import litserve
import pandas as pd
from fastapi import Request

FILE = Path(sys.argv[1]) / "pipeline" / "model.joblib"


class Pipeline(litserve.LitAPI):  # type: ignore[misc]
    """A pipeline of scikit-learn."""

    def setup(self, device: str) -> None:
        """Load the pipeline."""
        self.pipeline = joblib.load(FILE)

    def decode_request(self, request: Request) -> pd.DataFrame:
        """A frame of the rows."""
        return pd.DataFrame(request["instances"])

    def predict(self, frame: pd.DataFrame) -> Any:
        """Score rows."""
        return self.pipeline.predict_proba(frame)[:, 1]

    def encode_response(self, output: Any) -> dict[str, Any]:
        """The answer."""
        return {"predictions": output.tolist()}


if __name__ == "__main__":
    server = litserve.LitServer(Pipeline(), accelerator="cpu", devices=1, workers_per_device=1)
    server.run(
        host="127.0.0.1",
        port=int(sys.argv[2]),
        num_api_servers=1,
        generate_client_file=False,
        log_level="warning",
    )
