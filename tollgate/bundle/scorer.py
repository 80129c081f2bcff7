"""Scoring rows with the bundle's graph: one thread, float64 in and out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tollgate.bundle.runtime import onnx_runtime
from tollgate.errors import BundleError

INPUT = "features"
OUTPUTS = ("probability", "margin", "approved")
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Scores:
    """What the graph says of rows.

    Attributes:
        probability: Calibrated probability of the event, shape (rows,).
        margin: The raw score before calibration, which orders rows, shape (rows,).
        approved: Whether the probability lies below the decision threshold, shape (rows,).
    """

    probability: Floats
    margin: Floats
    approved: NDArray[np.bool_]


class Scorer:
    """The graph of a bundle, loaded.

    Attributes:
        features: The number of features of a row.
    """

    def __init__(self, graph: bytes) -> None:
        """Load the graph.

        Args:
            graph: The content of model.onnx.

        Raises:
            BundleError: The graph cannot be loaded, or its inputs and outputs are others.
        """
        runtime = onnx_runtime()
        options = runtime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = runtime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise BundleError(f"the graph cannot be loaded: {str(error)[:300]}") from error
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        if [item.name for item in inputs] != [INPUT] or tuple(item.name for item in outputs) != OUTPUTS:
            raise BundleError(f"the graph must take {INPUT} and give {', '.join(OUTPUTS)}")
        self.features: int = inputs[0].shape[1]

    def score(self, rows: Floats) -> Scores:
        """Score encoded rows.

        Args:
            rows: Shape (rows, features), as the contract encodes them.
        """
        probability, margin, approved = self._session.run(OUTPUTS, {INPUT: rows})
        return Scores(probability, margin, approved)
