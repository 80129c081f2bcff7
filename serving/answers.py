"""How each output is made from encoded rows and what the graph says of them."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serving.outputs import PROBABILITY
from serving.refusal import RefusalError
from tollgate.bundle.bundle import Bundle
from tollgate.bundle.scorer import Scores
from tollgate.reasons.reasoner import Reasoner
from tollgate.reasons.wording import Reason

Floats = NDArray[np.float64]


def explanations(bundle: Bundle, rows: Floats, scores: Scores) -> list[dict[str, Any]]:
    """All that can be said of rows: every output, and what each feature contributes to the margin.

    Args:
        bundle: The bundle.
        rows: Encoded rows, shape (rows, features).
        scores: Their scores.

    Raises:
        RefusalError: 400: the model cannot be explained.
    """
    reasoner = _explaining(bundle)
    contributions = reasoner.contributions(rows)
    reasons = reasoner.reasons(rows, contributions)
    others = ["outlier"] if reasoner.finds_outliers else []
    wanted = (PROBABILITY, "decision", "margin", *others)
    answers = {name: MAKERS[name](bundle, rows, scores) for name in wanted}
    return [
        {
            **{name: values[row] for name, values in answers.items()},
            "base": reasoner.base,
            "contributions": dict(zip(bundle.contract.features, shares, strict=True)),
            "reasons": _as_json(reasons[row]),
        }
        for row, shares in enumerate(contributions.tolist())
    ]


def _probability(_: Bundle, __: Floats, scores: Scores) -> list[Any]:
    found: list[Any] = scores.probability.tolist()
    return found


def _decision(_: Bundle, __: Floats, scores: Scores) -> list[Any]:
    return ["approve" if approved else "decline" for approved in scores.approved.tolist()]


def _margin(_: Bundle, __: Floats, scores: Scores) -> list[Any]:
    found: list[Any] = scores.margin.tolist()
    return found


def _reasons(bundle: Bundle, rows: Floats, _: Scores) -> list[Any]:
    reasoner = _explaining(bundle)
    return [_as_json(reasons) for reasons in reasoner.reasons(rows, reasoner.contributions(rows))]


def _outlier(bundle: Bundle, rows: Floats, _: Scores) -> list[Any]:
    if not bundle.reasoner.finds_outliers:
        raise RefusalError(400, "this bundle flags no outliers: it was made before there were such flags")
    found: list[Any] = bundle.reasoner.outlier(rows).tolist()
    return found


MAKERS: dict[str, Callable[[Bundle, Floats, Scores], list[Any]]] = {
    PROBABILITY: _probability,
    "decision": _decision,
    "margin": _margin,
    "reasons": _reasons,
    "outlier": _outlier,
}


def _explaining(bundle: Bundle) -> Reasoner:
    if not bundle.reasoner.explains:
        raise RefusalError(400, "this model gives no reasons: it is of a kind that is not explained")
    return bundle.reasoner


def _as_json(reasons: Sequence[Reason]) -> list[dict[str, Any]]:
    return [reason._asdict() for reason in reasons]
