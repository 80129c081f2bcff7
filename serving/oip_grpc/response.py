"""The answers of the gRPC side as messages."""

from collections.abc import Mapping, Sequence
from typing import Any

from kserve.protocol.grpc import grpc_predict_v2_pb2 as pb

from serving.infer import PLATFORM, Output
from serving.oip_grpc.service import InferenceService
from serving.tensors import to_bytes

_FIELDS = {"FP64": "fp64_contents", "BOOL": "bool_contents", "INT64": "int64_contents"}


def inferred(
    service: InferenceService, given: str, outputs: Sequence[Output], parameters: Mapping[str, Any], raw: bool
) -> bytes:
    """A ModelInferResponse.

    Args:
        service: The model.
        given: The request's id.
        outputs: The tensors.
        parameters: Texts that go with them.
        raw: Whether the tensors travel as raw bytes, which tritonclient reads alone, or typed.
    """
    answer = pb.ModelInferResponse(model_name=service.name, model_version=service.version, id=given)
    for output in outputs:
        tensor = answer.outputs.add(name=output.name, datatype=output.datatype, shape=output.shape)
        if raw:
            answer.raw_output_contents.append(to_bytes(output.datatype, output.values))
        elif output.datatype == "BYTES":
            tensor.contents.bytes_contents.extend((value or "").encode() for value in output.values)
        else:
            getattr(tensor.contents, _FIELDS[output.datatype]).extend(output.values)
    for name, value in parameters.items():
        answer.parameters[name].string_param = value
    content: bytes = answer.SerializeToString()
    return content


def metadata(service: InferenceService) -> bytes:
    """A ModelMetadataResponse."""
    answer = pb.ModelMetadataResponse(name=service.name, versions=[service.version], platform=PLATFORM)
    for tensors, into in ((service.inputs(), answer.inputs), (service.outputs(), answer.outputs)):
        for tensor in tensors:
            into.add(name=tensor["name"], datatype=tensor["datatype"], shape=tensor["shape"])
    content: bytes = answer.SerializeToString()
    return content
