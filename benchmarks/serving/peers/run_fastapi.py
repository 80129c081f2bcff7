"""FastAPI with the pipeline, as people write it."""

import sys
from pathlib import Path

import joblib
import pandas as pd
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel, create_model

FOLDER = Path(sys.argv[1])
pipeline = joblib.load(FOLDER / "pipeline" / "model.joblib")
kinds = {
    name: (str if name.startswith("category") else float | None, ...) for name in pipeline.feature_names_in_
}
Row = create_model("Row", **kinds)  # type: ignore[call-overload]
app = FastAPI()


class Request(BaseModel):
    """Rows to score."""

    instances: list[Row]  # type: ignore[valid-type]


@app.get("/ready")
def ready() -> dict[str, bool]:
    """Whether it is ready."""
    return {"ready": True}


@app.post("/predict")
def predict(request: Request) -> dict[str, list[float]]:
    """Score rows."""
    frame = pd.DataFrame([row.model_dump() for row in request.instances])  # type: ignore[attr-defined]
    return {"predictions": pipeline.predict_proba(frame)[:, 1].tolist()}


if __name__ == "__main__":
    uvicorn.run(
        app, host="127.0.0.1", port=int(sys.argv[2]), loop="uvloop", http="httptools", log_level="warning"
    )
