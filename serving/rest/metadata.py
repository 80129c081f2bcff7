"""What is told about the model: its metadata, and in TensorFlow Serving's form its status and its signature."""

from typing import Any

import msgspec

from serving.infer import PLATFORM
from serving.rest.call import Answer, Call
from serving.rest.v1_request import SIGNATURES

_TYPES = {"FP64": "DT_DOUBLE", "INT64": "DT_INT64", "BOOL": "DT_BOOL", "BYTES": "DT_STRING"}
Tensors = list[dict[str, Any]]


class ModelMetadata:
    """Status and metadata of one model.

    TensorFlow Serving counts versions: ours is the number that the first twelve digits of the bundle's digest are.
    """

    def __init__(self, name: str, version: str, inputs: Tensors, outputs: Tensors) -> None:
        number = str(int(version, 16))
        status = {
            "version": number,
            "state": "AVAILABLE",
            "status": {"error_code": "OK", "error_message": ""},
        }
        # KServe's V1 and TensorFlow Serving ask the same route: the answer holds what both look for.
        self._status = msgspec.json.encode({"name": name, "ready": True, "model_version_status": [status]})
        signature = {
            "inputs": _signature(inputs),
            "outputs": _signature(outputs),
            "method_name": "tensorflow/serving/predict",
        }
        self._signatures = msgspec.json.encode(
            {
                "model_spec": {"name": name, "signature_name": "", "version": number},
                "metadata": {"signature_def": {"signature_def": {SIGNATURES[1]: signature}}},
            }
        )
        # As gRPC's ModelMetadata has it; KServe's own answer names neither version nor platform.
        about = {"name": name, "versions": [version], "platform": PLATFORM}
        self._metadata = msgspec.json.encode(about | {"inputs": inputs, "outputs": outputs})

    def status(self, _: Call) -> Answer:
        """Which version is there, and that it is available."""
        return Answer(self._status)

    def signatures(self, _: Call) -> Answer:
        """What goes in and what comes out, as TensorFlow Serving tells it."""
        return Answer(self._signatures)

    def metadata(self, _: Call) -> Answer:
        """What goes in and what comes out, as the Open Inference Protocol tells it."""
        return Answer(self._metadata)


def _signature(tensors: Tensors) -> dict[str, Any]:
    return {
        tensor["name"]: {
            "dtype": _TYPES[tensor["datatype"]],
            "tensor_shape": {"dim": [{"size": "-1", "name": ""}], "unknown_rank": False},
            "name": tensor["name"],
        }
        for tensor in tensors
    }
