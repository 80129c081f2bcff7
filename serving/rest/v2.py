"""The V2 protocol (Open Inference Protocol) over REST: one tensor a column in, named outputs out."""

from serving.infer import Infer
from serving.refusal import RefusalError
from serving.request_id import request_id
from serving.rest.call import Answer, Call, partial
from serving.rest.v2_binary import write
from serving.rest.v2_request import V2Reader


class V2:
    """Answers V2 requests for one bundle."""

    def __init__(self, infer: Infer) -> None:
        self._infer = infer
        self._reader = V2Reader(
            infer.name, infer.scoring.limits.max_rows, infer.scoring.bundle.checker.companions
        )

    def infer(self, call: Call) -> Answer:
        """`infer`.

        Raises:
            RefusalError: The request is no V2 request, or its rows break the contract.
        """
        if call.query and partial(call.query):
            raise RefusalError(400, "there are partial answers in V1 alone")
        asked = self._reader.read(call.body, call.headers)
        given = request_id(asked.id) if asked.id is not None else call.id
        tensors, parameters = self._infer.infer(asked.columns, asked.outputs)
        answer = {"model_name": self._infer.name, "model_version": self._infer.version, "id": given}
        return write(
            answer | ({"parameters": parameters} if parameters else {}), tensors, asked.binary, given
        )
