"""How well the features tell a protected group: what the model is not told, it may know all the same."""

import numpy as np
from threadpoolctl import threadpool_limits

from tollgate.evaluation.delong import auc
from tollgate.evaluation.figure import Figure
from tollgate.evaluation.sampling_error import Codes, Floats, standard_error

MOST_ROWS = 5000
FEWEST = 50  # rows of a group in the sample, or rows in which a feature is there: of fewer nothing is learnt
FOLDS = 3
TREES, LEAVES = 40, 8
NO_FEATURE = f"no feature is there in {FEWEST} of the rows that were drawn"


def sample(rows: int, seed: int) -> Codes:
    """Which rows are looked at: all, or a seeded draw of MOST_ROWS."""
    generator = np.random.default_rng(seed)
    return np.sort(generator.choice(rows, min(rows, MOST_ROWS), replace=False))


def told(encoded: Floats, place: Codes, groups: int, seed: int) -> list[Figure]:
    """How well a small gradient boosting of the features tells each group from all others, cross-validated.

    A feature that is missing in nearly all rows is left out. 0.5 says not at all; what it is for, and why no threshold
    is put to it: Prince, Schwarcz 2020, "Proxy discrimination", Iowa Law Review 105.

    Args:
        encoded: Rows as the graph takes them, shape (rows, features).
        place: The group of each row, from 0.
        groups: How many groups there are.
        seed: The seed of the folds.

    Returns:
        Of each group the area under the ROC curve.
    """
    counts = np.bincount(place, minlength=groups)
    enough = np.flatnonzero(counts >= FEWEST)
    few = Figure(
        value=None, low=None, high=None, reason=f"fewer than {FEWEST} rows of it, or of others, were drawn"
    )
    if len(enough) < 2:
        return [few] * groups
    kept = np.isin(place, enough)
    there = np.count_nonzero(~np.isnan(encoded[kept]), axis=0) >= FEWEST
    if not there.any():
        return [Figure(value=None, low=None, high=None, reason=NO_FEATURE)] * groups
    likely = _cross_validated(encoded[kept][:, there], place[kept], seed)
    found = [few] * groups
    for column, group in enumerate(enough):
        value, influence = auc((place[kept] == group).astype(np.float64), likely[:, column])
        found[group] = Figure.normal(value, standard_error(influence))
    return found


def _cross_validated(encoded: Floats, place: Codes, seed: int) -> Floats:
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    model = HistGradientBoostingClassifier(
        max_iter=TREES, max_leaf_nodes=LEAVES, early_stopping=False, random_state=seed
    )
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=seed)
    with threadpool_limits(limits=1):  # on a busy machine threads wait for each other longer than they work
        found = cross_val_predict(model, encoded, place, cv=folds, method="predict_proba")
    return np.asarray(found, dtype=np.float64)
