"""What a graph may be made of: operators of ONNX itself, and weights that lie in its own bytes."""

from collections.abc import Iterator

import onnx
from google.protobuf.message import DecodeError

from tollgate.errors import BundleError

DOMAINS = frozenset({"", "ai.onnx", "ai.onnx.ml"})


def check_graph(content: bytes) -> None:
    """Refuse a graph that would run or read what is not in its bytes.

    Args:
        content: The content of model.onnx.

    Raises:
        BundleError: It is no ONNX, has operators of another domain than ONNX's own, weights in another file, or more
            than one plain graph: local functions may be named as another domain's operators are.
    """
    try:
        model = onnx.load_model_from_string(content)
    except DecodeError as error:
        raise BundleError("the graph cannot be loaded: it is no ONNX") from error
    if model.functions or model.training_info or not model.graph.node:
        raise BundleError(
            "the graph cannot be loaded: it has functions of its own, a training, or no operator at all"
        )
    graphs = list(_nested(model.graph))
    domains = {item.domain for item in model.opset_import}
    domains.update(node.domain for graph in graphs for node in graph.node)
    others = sorted(domains - DOMAINS)
    if others:
        raise BundleError(f"the graph has operators that are not ONNX's own: {', '.join(others)}")
    if any(tensor.external_data or tensor.data_location for graph in graphs for tensor in _tensors(graph)):
        raise BundleError("the graph has weights in another file")


def _nested(graph: onnx.GraphProto) -> Iterator[onnx.GraphProto]:
    """A graph and those inside of its nodes."""
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            for inner in (attribute.g, *attribute.graphs):
                if inner.node or inner.initializer or inner.sparse_initializer:
                    yield from _nested(inner)


def _tensors(graph: onnx.GraphProto) -> Iterator[onnx.TensorProto]:
    """Every tensor of a graph."""
    yield from graph.initializer
    sparse: list[onnx.SparseTensorProto] = [*graph.sparse_initializer]
    for node in graph.node:
        for attribute in node.attribute:
            yield from (attribute.t, *attribute.tensors)
            sparse += [attribute.sparse_tensor, *attribute.sparse_tensors]
    for tensor in sparse:
        yield from (tensor.values, tensor.indices)
