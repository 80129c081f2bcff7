"""How much each feature sways a model: by how much the margin moves when the feature's values change places."""

import numpy as np

from tollgate.bundle.scorer import Scorer
from tollgate.evaluation.sampling_error import Floats

MOST, FEWEST = 10_000, 500
_ROWS_IN_ALL = 2_000_000


def sway(scorer: Scorer, encoded: Floats, seed: int) -> tuple[Floats, int]:
    """The mean move of the margin when one feature is shuffled among rows, as a share of that of all features.

    It is permutation importance (Breiman 2001; Fisher, Rudin, Dominici 2019) without outcomes: what counts here is how
    much a shift of the feature can shift the score.

    Args:
        scorer: The model's graph.
        encoded: Rows as the graph takes them, shape (rows, features).
        seed: The seed of sample and shuffles.

    Returns:
        The shares, shape (features,), which add up to 1, and the number of rows that they were measured on.
    """
    generator = np.random.default_rng(seed)
    rows, features = encoded.shape
    some = min(rows, int(np.clip(_ROWS_IN_ALL // features, FEWEST, MOST)))
    sample = encoded[np.sort(generator.choice(rows, some, replace=False))]
    margin = scorer.score(sample).margin
    moves = np.empty(features)
    for place in range(features):
        shuffled = sample.copy()
        shuffled[:, place] = generator.permutation(shuffled[:, place])
        moves[place] = np.abs(scorer.score(shuffled).margin - margin).mean()
    total = float(moves.sum())
    return (moves / total if total > 0 else np.full(features, 1 / features)), some
