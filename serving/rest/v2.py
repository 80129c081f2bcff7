"""The V2 protocol (Open Inference Protocol) over REST: one tensor a column in, named outputs out."""

from typing import Any

import msgspec

from serving.infer import Infer
from serving.refusal import RefusalError
from serving.request_id import request_id
from serving.rest.call import Answer, Call, partial
from serving.rest.v2_request import V2Reader

_encode = msgspec.json.Encoder().encode


class V2:
    """Answers V2 requests for one bundle."""

    def __init__(self, infer: Infer) -> None:
        self._infer = infer
        self._reader = V2Reader(infer.scoring.limits.max_rows)

    def infer(self, call: Call) -> Answer:
        """`infer`.

        Raises:
            RefusalError: The request is no V2 request, or its rows break the contract.
        """
        if call.query and partial(call.query):
            raise RefusalError(400, "there are partial answers in V1 alone")
        asked = self._reader.read(call.body)
        found = request_id(asked.id) if asked.id is not None else call.id
        tensors, parameters = self._infer.infer(asked.columns, asked.outputs)
        answer: dict[str, Any] = {
            "model_name": self._infer.name,
            "model_version": self._infer.version,
            "id": found,
            "outputs": [
                {
                    "name": tensor.name,
                    "datatype": tensor.datatype,
                    "shape": tensor.shape,
                    "data": tensor.values,
                }
                for tensor in tensors
            ],
        }
        if parameters:
            answer["parameters"] = parameters
        return Answer(_encode(answer), id=found)
