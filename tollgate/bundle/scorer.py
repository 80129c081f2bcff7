"""Scoring rows with the bundle's graph: one thread, float64 in and out."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tollgate.bundle.graph_check import check_graph
from tollgate.bundle.runtime import onnx_runtime
from tollgate.bundle.single import Score, SingleRow
from tollgate.errors import BundleError

INPUT = "features"
OUTPUTS = ("probability", "margin", "approved")
_TYPES = ("tensor(double)", "tensor(double)", "tensor(double)", "tensor(bool)")
_RANKS = (2, 1, 1, 1)
Floats = NDArray[np.float64]
AT_ONCE = 65_536  # rows: the runtime never gives back what it took for the largest lot


class Scores(NamedTuple):
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
            BundleError: The graph cannot be loaded, needs more than its bytes, or its inputs and outputs are others.
        """
        check_graph(graph)
        runtime = onnx_runtime()
        options = runtime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.add_session_config_entry(
            "session.load_model_format", "ONNX"
        )  # what was checked, and nothing else
        try:
            self._session = runtime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise BundleError(f"the graph cannot be loaded: {str(error)[:300]}") from error
        tensors = [*self._session.get_inputs(), *self._session.get_outputs()]
        found = [(item.name, item.type, len(item.shape)) for item in tensors]
        fits = found == list(zip((INPUT, *OUTPUTS), _TYPES, _RANKS, strict=True))
        if not fits or not isinstance(tensors[0].shape[1], int):
            raise BundleError(
                f"the graph must take {INPUT}, a float64 matrix, and give {', '.join(OUTPUTS)}, a value a row"
            )
        self.features: int = tensors[0].shape[1]
        self._single = SingleRow(self._session, INPUT, self.features, OUTPUTS)

    def score(self, rows: Floats) -> Scores:
        """Score encoded rows.

        Args:
            rows: Shape (rows, features), as the contract encodes them.

        Raises:
            BundleError: The graph breaks on these rows.
        """
        try:
            if len(rows) <= AT_ONCE:
                return Scores(*self._session.run(OUTPUTS, {INPUT: rows}))
            lots = [rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE)]
            found = [self._session.run(OUTPUTS, {INPUT: lot}) for lot in lots]
        except Exception as error:
            raise _broken(error) from error
        return Scores(*(np.concatenate(parts) for parts in zip(*found, strict=True)))

    def score_row(self, encode: Callable[[Any, Any], bool], rows: Any) -> Score | None:
        """Encode and score one row; see `SingleRow.score`.

        Raises:
            BundleError: The graph breaks on this row.
        """
        try:
            return self._single.score(encode, rows)
        except Exception as error:
            raise _broken(error) from error


def _broken(error: Exception) -> BundleError:
    return BundleError(f"the graph cannot score: {str(error)[:300]}")
