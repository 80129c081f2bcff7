"""A runtime for MLServer: a graph in onnxruntime."""

import os
from typing import Any

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceRequest, InferenceResponse


class Graph(MLModel):  # type: ignore[misc]
    """Scores the one input of a graph."""

    async def load(self) -> bool:
        """Load the graph."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        file = self.settings.parameters.uri
        self._session: Any = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        """Score a request."""
        rows = NumpyCodec.decode_input(payload.inputs[0])
        (scores,) = self._session.run(["probability"], {"features": rows})
        output = NumpyCodec.encode_output("probability", scores)
        return InferenceResponse(model_name=self.name, outputs=[output])
