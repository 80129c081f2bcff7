"""The V1 protocol, and TensorFlow Serving's: instances in, predictions out; `:predict` and `:explain`."""

from collections.abc import Sequence
from typing import Any

import msgspec

from serving.outputs import DEFAULT
from serving.refusal import RefusalError, as_details, broken_contract
from serving.rest.call import Answer, Call, as_json, partial
from serving.rest.v1_request import Asked, V1Reader
from serving.scoring import Checked, Scoring

_encode = msgspec.json.Encoder().encode
KEYS = {"row": "predictions", "column": "outputs"}


class V1:
    """Answers V1 requests for one bundle."""

    def __init__(self, scoring: Scoring) -> None:
        self._scoring = scoring
        self._reader = V1Reader(scoring.bundle.checker, scoring.limits.max_rows)

    def predict(self, call: Call) -> Answer:
        """`:predict`.

        Raises:
            RefusalError: The request is no V1 request, or its rows break the contract.
        """
        if call.query and partial(call.query):
            return self._partial(self._reader.read(call.body))
        asked = self._reader.usual(call.body)
        answer = self._usual(asked) if asked is not None else None
        if answer is not None:
            return answer
        asked = self._reader.read(call.body)
        return self._answered(asked, self._scoring.check(asked.rows, self._most(asked.outputs)))

    def explain(self, call: Call) -> Answer:
        """`:explain`.

        Raises:
            RefusalError: The request is no V1 request, or its rows break the contract.
        """
        if call.query and partial(call.query):
            raise RefusalError(400, "there are partial answers to `:predict` alone")
        asked = self._reader.read(call.body)
        if asked.outputs != DEFAULT:
            raise RefusalError(400, "`:explain` gives all that there is; leave `outputs` out")
        checked = self._scoring.check(asked.rows, self._scoring.limits.max_explained)
        return Answer(_encode({"explanations": self._scoring.explanations(checked.rows)} | _warned(checked)))

    def _usual(self, asked: Asked) -> Answer | None:
        """The answer to rows in the contract's types; None where they have to be read again."""
        if asked.outputs == DEFAULT:
            found = self._scoring.probabilities(asked.rows)
            return None if found is None else Answer(b'{"predictions":%b}' % _encode(found))
        if len(asked.rows) > self._most(asked.outputs):
            return None
        rows = self._scoring.encoded(asked.rows)
        return None if rows is None else self._answered(asked, Checked(rows, []))

    def _answered(self, asked: Asked, checked: Checked) -> Answer:
        answers = self._scoring.answers(checked.rows, asked.outputs)
        return Answer(_encode({KEYS[asked.form]: _values(asked, answers)} | _warned(checked)))

    def _partial(self, asked: Asked) -> Answer:
        """Score the rows that keep the contract, and say what is wrong with the others."""
        most = self._most(asked.outputs)
        if len(asked.rows) > most:
            raise RefusalError(400, f"{len(asked.rows)} rows; at most {most} are taken at once here")
        sound, checked, problems = self._scoring.part(asked.rows)
        if not sound:
            raise broken_contract(problems)
        self._scoring.metrics.refused(problems)
        answers = self._scoring.answers(checked.rows, asked.outputs)
        answer = {"rows": sound, KEYS[asked.form]: _values(asked, answers)}
        answer |= {"errors": as_details(problems), "total": len(problems)}
        return Answer(as_json(answer | _warned(checked)))

    def _most(self, outputs: Sequence[str]) -> int:
        limits = self._scoring.limits
        return limits.max_explained if "reasons" in outputs else limits.max_rows


def _values(asked: Asked, answers: dict[str, list[Any]]) -> Any:
    """One output as it is; several by name, for each row or, where the request came by column, for all."""
    if len(answers) == 1:
        return next(iter(answers.values()))
    if asked.form == "column":
        return answers
    return [dict(zip(answers, row, strict=True)) for row in zip(*answers.values(), strict=True)]


def _warned(checked: Checked) -> dict[str, Any]:
    return {"warnings": as_details(checked.warnings)} if checked.warnings else {}
