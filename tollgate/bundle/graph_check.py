"""What a graph may be made of: operators of ONNX itself, and weights that lie in its own bytes."""

from collections.abc import Iterator

import onnx
from google.protobuf.message import DecodeError

from tollgate.errors import BundleError

DOMAINS = frozenset({"", "ai.onnx", "ai.onnx.ml"})
Graph = onnx.GraphProto | onnx.FunctionProto


def check_graph(content: bytes) -> None:
    """Refuse a graph that would run or read what is not in its bytes.

    Args:
        content: The content of model.onnx.

    Raises:
        BundleError: It is no ONNX, has operators of another domain than ONNX's own, or weights in another file.
    """
    try:
        model = onnx.load_model_from_string(content)
    except DecodeError as error:
        raise BundleError("the graph cannot be loaded: it is no ONNX") from error
    graphs = [found for top in (model.graph, *model.functions) for found in _nested(top)]
    domains = {item.domain for item in model.opset_import}
    domains.update(node.domain for graph in graphs for node in graph.node)
    others = sorted(domains - DOMAINS - {function.domain for function in model.functions})
    if others:
        raise BundleError(f"the graph has operators that are not ONNX's own: {', '.join(others)}")
    if any(tensor.external_data or tensor.data_location for graph in graphs for tensor in _tensors(graph)):
        raise BundleError("the graph has weights in another file")


def _nested(graph: Graph) -> Iterator[Graph]:
    """A graph and those inside of its nodes."""
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            for inner in (attribute.g, *attribute.graphs):
                if inner.node or inner.initializer or inner.sparse_initializer:
                    yield from _nested(inner)


def _tensors(graph: Graph) -> Iterator[onnx.TensorProto]:
    """Every tensor of a graph."""
    sparse: list[onnx.SparseTensorProto] = []
    if isinstance(graph, onnx.GraphProto):
        yield from graph.initializer
        sparse += graph.sparse_initializer
    for node in graph.node:
        for attribute in node.attribute:
            yield from (attribute.t, *attribute.tensors)
            sparse += [attribute.sparse_tensor, *attribute.sparse_tensors]
    for tensor in sparse:
        yield from (tensor.values, tensor.indices)
