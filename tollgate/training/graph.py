"""Building ONNX graphs by hand, in float64 throughout."""

from typing import Any

import numpy as np
import onnx
from numpy.typing import ArrayLike
from onnx import TensorProto, helper, numpy_helper

from tollgate.bundle.scorer import INPUT, OUTPUTS
from tollgate.errors import ModelError

OPSET = 21
ML_OPSET = 5
IR_VERSION = 10
_KINDS = (TensorProto.DOUBLE, TensorProto.DOUBLE, TensorProto.BOOL)


class GraphBuilder:
    """A graph in the making: every node and constant gets a name of its own."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def constant(self, value: ArrayLike, dtype: Any = np.float64) -> str:
        """Add a constant, float64 unless told otherwise, and give its name."""
        name = f"constant_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.asarray(value, dtype=dtype), name))
        return name

    def node(self, operator: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """Add a node with one output, and give the output's name."""
        name = output or f"{operator.lower()}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, inputs, [name], **attributes))
        return name

    def take(self, columns: ArrayLike) -> str:
        """Columns of the input by place, shape (rows, columns)."""
        return self.node("Gather", INPUT, self.constant(columns, np.int64), axis=1)

    def number(self, truth: str) -> str:
        """A boolean tensor as 0.0 and 1.0."""
        return self.node("Cast", truth, to=TensorProto.DOUBLE)

    def whole(self, numbers: str) -> str:
        """Whole numbers in float64 as places for Gather."""
        return self.node("Cast", numbers, to=TensorProto.INT64)

    def finish(self, features: int) -> bytes:
        """The graph's bytes, checked.

        Args:
            features: The number of features of a row.

        Raises:
            ModelError: The graph is not valid ONNX.
        """
        shape = [None, features]
        graph = helper.make_graph(
            self._nodes,
            "tollgate",
            [helper.make_tensor_value_info(INPUT, TensorProto.DOUBLE, shape)],
            [helper.make_tensor_value_info(n, kind, [None]) for n, kind in zip(OUTPUTS, _KINDS, strict=True)],
            self._constants,
        )
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", ML_OPSET)]
        model = helper.make_model(
            graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="tollgate"
        )
        try:
            onnx.checker.check_model(model, full_check=True)
        except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
            raise ModelError(f"the graph is not valid ONNX: {error}") from error
        return bytes(model.SerializeToString(deterministic=True))
