"""Cox's recalibration: what line through the log odds would have been right."""

from typing import Any

import numpy as np

from tollgate.evaluation.sampling_error import Floats

STEPS = 50
CLOSE = 1e-10


def recalibrate(event: Floats, probability: Floats) -> tuple[Floats, Floats] | None:
    """Intercept and slope of a logistic regression of the event on the log odds (Cox 1958, Biometrika 45, 562-565).

    A calibrated model has intercept 0 and slope 1; a slope below 1 says that its probabilities are too extreme. Both
    are found by Newton's method.

    Args:
        event: 1.0 where the event happened, else 0.0; shape (rows,).
        probability: What the model says, inside (0, 1); shape (rows,).

    Returns:
        The two values, and each row's influence on both, shape (rows, 2), from which the standard error is the sandwich
        of Huber (1967); None where there is no finite answer, as with one outcome, one probability, or outcomes that
        the probability parts without error.
    """
    log_odds = np.log(probability) - np.log1p(-probability)
    design = np.column_stack([np.ones(len(event)), log_odds])
    line = np.array([0.0, 1.0])
    for _ in range(STEPS):
        said = 1 / (1 + np.exp(-np.clip(design @ line, -700, 700)))
        information = (design * (said * (1 - said))[:, None]).T @ design
        if not _solvable(information):
            return None
        step = np.linalg.solve(information, design.T @ (event - said))
        line = line + step
        if float(np.abs(step).max()) < CLOSE:
            scores = design * (event - said)[:, None]
            return line, len(event) * np.linalg.solve(information, scores.T).T
    return None


def _solvable(information: Any) -> bool:
    return bool(np.isfinite(information).all() and np.linalg.cond(information) < 1e12)
