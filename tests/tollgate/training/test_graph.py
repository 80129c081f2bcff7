import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from onnx import TensorProto

from tests.tollgate.training.frames import Frame, frames
from tollgate.errors import ModelError
from tollgate.training.graph import GraphBuilder

pytestmark = pytest.mark.long

LESS_THAN_DOUBLE = {TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.BFLOAT16}


@settings(max_examples=25, deadline=None, database=None)
@given(frames())
def test_every_graph_is_valid_pinned_and_float64_throughout(problem: Frame) -> None:
    model = onnx.load_from_string(problem.train().files["model.onnx"])
    onnx.checker.check_model(model, full_check=True)
    assert {item.domain: item.version for item in model.opset_import} == {"": 21, "ai.onnx.ml": 5}
    assert model.ir_version == 10
    graph = onnx.shape_inference.infer_shapes(model, strict_mode=True).graph
    kinds = [tensor.data_type for tensor in graph.initializer]
    kinds += [item.type.tensor_type.elem_type for item in (*graph.input, *graph.output, *graph.value_info)]
    assert kinds
    assert not LESS_THAN_DOUBLE & set(kinds)
    assert {node.domain for node in graph.node} <= {"", "ai.onnx.ml"}


def test_a_graph_says_what_it_takes_and_gives() -> None:
    model = onnx.load_from_string(smallest().finish(3))
    takes, gives = model.graph.input, model.graph.output
    assert [(item.name, item.type.tensor_type.elem_type) for item in takes] == [
        ("features", TensorProto.DOUBLE)
    ]
    assert [size.dim_value for size in takes[0].type.tensor_type.shape.dim] == [0, 3]
    assert [(item.name, item.type.tensor_type.elem_type) for item in gives] == [
        ("probability", TensorProto.DOUBLE),
        ("margin", TensorProto.DOUBLE),
        ("approved", TensorProto.BOOL),
    ]


def test_the_same_graph_is_the_same_bytes() -> None:
    assert smallest().finish(2) == smallest().finish(2)


def test_constants_keep_every_bit() -> None:
    builder = smallest()
    builder.constant([np.nextafter(0.1, 1), -0.0, np.nan, 1e-308])
    stored = onnx.load_from_string(builder.finish(1)).graph.initializer[-1]
    expected = np.array([np.nextafter(0.1, 1), -0.0, np.nan, 1e-308])
    assert onnx.numpy_helper.to_array(stored).tobytes() == expected.tobytes()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda builder: builder.node("NoSuchOperator", "margin"),
        lambda builder: builder.node("Add", "margin", "nowhere"),
        lambda builder: builder.node("Add", "margin", builder.constant(1, np.int64)),
    ],
    ids=["an unknown operator", "an input that nothing gives", "two types in one sum"],
)
def test_a_graph_that_is_not_valid_is_refused(spoil: object) -> None:
    builder = smallest()
    assert callable(spoil)
    spoil(builder)
    with pytest.raises(ModelError, match="the graph is not valid ONNX"):
        builder.finish(1)


def test_a_graph_without_its_outputs_is_refused() -> None:
    with pytest.raises(ModelError, match="the graph is not valid ONNX"):
        GraphBuilder().finish(1)


def smallest() -> GraphBuilder:
    """A graph whose margin is its first feature."""
    builder = GraphBuilder()
    first = builder.take([0])
    margin = builder.node("Squeeze", first, builder.constant([1], np.int64), output="margin")
    probability = builder.node("Sigmoid", margin, output="probability")
    builder.node("Less", probability, builder.constant(0.5), output="approved")
    return builder
