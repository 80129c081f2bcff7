"""V2 over gRPC: requests for ghz, and the proof that a server scores them as the bundle does."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import grpc
import numpy as np
from google.protobuf import json_format
from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet
from kserve.protocol.grpc import grpc_predict_v2_pb2 as pb

from benchmarks.serving.forms import tensors
from benchmarks.serving.problem import SAME, Problem
from benchmarks.serving.requests import BODIES, Requests

HOST, METHOD = "127.0.0.1", "/inference.GRPCInferenceService/ModelInfer"


def ours_speaks_it() -> bool:
    """Whether our server has a port for gRPC yet."""
    ran = subprocess.run(
        [sys.executable, "-m", "serving", "--help"], capture_output=True, text=True, check=True
    )
    return "--grpc-port" in ran.stdout


class GrpcRequests:
    """The same rows as over REST, as messages."""

    def __init__(self, problem: Problem, requests: Requests) -> None:
        """Take the rows of a problem."""
        self._problem, self._requests = problem, requests

    def protoset(self) -> Path:
        """The service's description, for ghz."""
        described = FileDescriptorProto()
        pb.DESCRIPTOR.CopyToProto(described)
        file = self._problem.folder / "v2.protoset"
        file.write_bytes(FileDescriptorSet(file=[described]).SerializeToString())
        return file

    def message(self, kind: str, rows: int, number: int) -> Any:
        """One request; `pd` tells a server to make a frame of it."""
        asked = [self._problem.rows[place] for place in self._requests.places(rows, number)]
        message = pb.ModelInferRequest(model_name="m")
        if kind == "pd":
            message.parameters["content_type"].string_param = "pd"
        for tensor in tensors(asked):
            added = message.inputs.add(
                name=tensor["name"], shape=tensor["shape"], datatype=tensor["datatype"]
            )
            if tensor["datatype"] == "FP64":
                added.contents.fp64_contents.extend(tensor["data"])
            else:
                added.contents.bytes_contents.extend(value.encode() for value in tensor["data"])
        return message

    def file(self, kind: str, rows: int) -> Path:
        """The messages as a JSON list, for ghz."""
        file = self._problem.folder / f"{kind}-{rows}.messages"
        if not file.exists():
            messages = [self.message(kind, rows, number) for number in range(BODIES[rows])]
            dicts = [
                json_format.MessageToDict(message, preserving_proto_field_name=True) for message in messages
            ]
            file.write_text(json.dumps(dicts))
        return file

    def apart(self, port: int, kind: str) -> float:
        """The largest difference between a server's scores and the bundle's.

        Raises:
            RuntimeError: A call fails, or a score differs by more than 1e-9.
        """
        worst = 0.0
        with grpc.insecure_channel(f"{HOST}:{port}") as channel:
            call = channel.unary_unary(
                METHOD, pb.ModelInferRequest.SerializeToString, pb.ModelInferResponse.FromString
            )
            for rows, number in ((1, 0), (1, 1), (100, 0)):
                try:
                    answer = call(self.message(kind, rows, number), timeout=30, wait_for_ready=True)
                except grpc.RpcError as error:
                    raise RuntimeError(f"{error.code()}: {error.details()[:300]}") from error
                expected = self._problem.scores[self._requests.places(rows, number)]
                worst = max(worst, float(np.abs(_probabilities(answer, rows) - expected).max()))
        if not worst <= SAME:
            raise RuntimeError(f"it scores otherwise over gRPC: {worst:.1e} apart")
        return worst


def _probabilities(answer: Any, rows: int) -> Any:
    names = [output.name for output in answer.outputs]
    at = names.index("probability") if "probability" in names else 0
    raw = answer.raw_output_contents
    values = np.frombuffer(raw[at]) if raw else np.array(answer.outputs[at].contents.fp64_contents)
    return values.reshape(rows, -1)[:, -1]
