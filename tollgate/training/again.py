"""Training the same model again, with other seeds and on other rows: how much of it is chance?"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tollgate.errors import ModelError
from tollgate.training.part import Part
from tollgate.training.section import TrainSection

SEED, REFIT = "seed ", "refit "
KINDS = (SEED, REFIT)
SEEDS, REFITS = 2, 3
MOST_ROWS = 20_000
MOST_SEEDS = 2**31
Parts = Mapping[str, Part]
Fit = Callable[[TrainSection, Parts], bytes]


def again(section: TrainSection, parts: Parts, fit: Fit) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Graphs of the same model with two other seeds, and of three refits on bootstrap samples of the fit part.

    Each is fitted on at most 20,000 rows, and calibrated and given a threshold on the same rows as the challenger.
    What cannot be fitted is told, and stops nothing.

    Args:
        section: The settings of the training.
        parts: The parts fit, calibration and threshold.
        fit: Fits with the parameters that were found, and gives the graph.

    Returns:
        The graphs by name, and what there is to tell: `rows` that each was fitted on, `of` how many, whether another
        `seed` makes another model, and by name why some `failed`.
    """
    graphs, failed = {}, {}
    for name, other, rows in _variants(section, len(parts["fit"].events)):
        try:
            graphs[name] = fit(other, {**parts, "fit": parts["fit"].at(rows)})
        except ModelError as error:
            failed[name] = str(error)
    seeds = {name: graph for name, graph in graphs.items() if name.startswith(SEED)}
    matters = len(set(seeds.values())) > 1
    kept = {name: graph for name, graph in graphs.items() if matters or name not in seeds}
    fitted_on = min(MOST_ROWS, len(parts["fit"].events))
    told = {"rows": fitted_on, "of": len(parts["fit"].events), "seed": matters, "failed": failed}
    return kept, told


def _variants(section: TrainSection, count: int) -> Iterator[tuple[str, TrainSection, NDArray[np.intp]]]:
    """The name of each, its settings, and the rows of the fit part that it is fitted on."""
    draw = np.random.default_rng(section.seed)
    some = min(MOST_ROWS, count)
    sample = np.sort(draw.choice(count, some, replace=False))
    for number in range(1, SEEDS + 1):
        seed = (section.seed + number) % MOST_SEEDS
        yield f"{SEED}{seed}", section.model_copy(update={"seed": seed}), sample
    for number in range(1, REFITS + 1):
        yield f"{REFIT}{number}", section, np.sort(draw.integers(0, count, some))
