"""A small graph that is always the same: what the time of any other is measured by."""

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from tollgate.bundle.scorer import INPUT, OUTPUTS

FEATURES = 16
OPSET, IR_VERSION = 21, 10  # pinned: another graph would be another unit
_KINDS = (TensorProto.DOUBLE, TensorProto.DOUBLE, TensorProto.BOOL)


def reference_graph() -> bytes:
    """A linear score of 16 features and its decision: three operators.

    Changing it changes what every limit on the time ratio means.
    """
    weights = (np.arange(FEATURES, dtype=np.float64) - FEATURES / 2) / FEATURES
    probability, margin, approved = OUTPUTS
    nodes = [
        helper.make_node("MatMul", [INPUT, "weights"], [margin]),
        helper.make_node("Sigmoid", [margin], [probability]),
        helper.make_node("Less", [probability, "threshold"], [approved]),
    ]
    graph = helper.make_graph(
        nodes,
        "reference",
        [helper.make_tensor_value_info(INPUT, TensorProto.DOUBLE, [None, FEATURES])],
        [
            helper.make_tensor_value_info(name, kind, [None])
            for name, kind in zip(OUTPUTS, _KINDS, strict=True)
        ],
        [numpy_helper.from_array(weights, "weights"), numpy_helper.from_array(np.array(0.5), "threshold")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    return bytes(model.SerializeToString(deterministic=True))
