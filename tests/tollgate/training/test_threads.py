"""The same bytes on one thread and on four: the number of a machine's cores must not show in a bundle."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

TRAININGS = """
import json, os
import numpy as np
from threadpoolctl import threadpool_info
from tests.tollgate.training.frames import frame
from tests.tollgate.training.scored import contract_of, fitted, graph_of, part_of
from tests.tollgate.training.twofold import MODELS
from tollgate.canonical import sha256

def many_rows():
    "Enough rows that boosting really uses more than one thread."
    draw = np.random.default_rng(0)
    rows = draw.normal(size=(41_000, 6))
    events = draw.random(len(rows)) < 1 / (1 + np.exp(-rows[:, 0] - rows[:, 1] * rows[:, 2]))
    contract = contract_of(**{f"x{place}": {"type": "number"} for place in range(6)})
    return sha256(graph_of(fitted("gradient_boosting", contract, part_of(rows, events), max_iter=8), 6))

if __name__ == "__main__":
    problem = frame(["number", "number that may miss", "wide category", "date"], seed=71, rows=400)
    found = {"boosting of many rows": many_rows()}
    os.environ["LOKY_MAX_CPU_COUNT"] = "1"  # that workers change nothing is tested elsewhere
    for model, parameters in MODELS.items():
        for search in (None, {"trials": 3}):
            trained = problem.train(model=model, parameters=parameters, search=search)
            found[f"{model}, search {search}"] = trained.digest, sha256(trained.relatives["yardstick"]), trained.facts
    threads = [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "openmp"]
    print(json.dumps([max(threads), found]))
"""


def trained_on(threads: int, seed: str) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "OMP_NUM_THREADS": str(threads),
        "OPENBLAS_NUM_THREADS": str(threads),
        "PYTHONHASHSEED": seed,
        "PYTHONPATH": str(Path(__file__).parents[3]),  # `make test` sets PYTHONSAFEPATH
    }
    return subprocess.Popen(
        [sys.executable, "-c", TRAININGS], env=environment, stdout=subprocess.PIPE, text=True
    )


@pytest.fixture(scope="module")
def both() -> list[tuple[int, dict[str, object]]]:
    """What was trained on one thread, and on four, in processes of their own."""
    started = [trained_on(1, "1"), trained_on(4, "5")]
    return [json.loads(process.communicate()[0]) for process in started]


def test_every_model_with_and_without_search_is_the_same_on_one_thread_and_on_four(
    both: list[tuple[int, dict[str, object]]],
) -> None:
    (one, first), (four, second) = both
    assert (one, four) == (1, 4), "the processes really had that many"
    assert len(first) == 7
    assert first == second
