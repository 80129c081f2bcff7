"""One row in process: contract and graph against the scikit-learn pipeline that they came from.

usage: python benchmarks/single_row.py

Gradient boosting, 20 features, 5 of them categories. Rounds are interleaved, medians quoted; prints Markdown.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from tollgate.bundle.bundle import Bundle
from tollgate.contract import Column, Contract
from tollgate.storage.atomic import place_folder
from tollgate.training.part import Part
from tollgate.training.section import TrainSection
from tollgate.training.train import Trained, train

Floats = NDArray[np.float64]
ROWS, NUMBERS, CATEGORIES, CODES = 20_000, 15, 5, 8
ROUNDS, TURNS, SLOW_TURNS = 15, 2000, 20
# learns too slowly to stop before all 300 trees are there
LARGE = {"max_iter": 300, "max_leaf_nodes": 31, "learning_rate": 0.01}


def main() -> int:
    """Measure, and print the table."""
    contract, rows, events = problem()
    usual, large = trained(contract, rows, events, {}), trained(contract, rows, events, LARGE)
    table = [
        *single_row(contract, usual, rows, events),
        *loading(usual, "as trained"),
        *loading(large, "large"),
    ]
    sys.stdout.write("| what | figure |\n| --- | --- |\n")
    for what, figure in table:
        sys.stdout.write(f"| {what} | {figure} |\n")
    return 0


def problem() -> tuple[Contract, Floats, Floats]:
    """A contract of 20 features, and rows with a signal that trees find."""
    numbers = {f"number_{at}": {"type": "number", "missing": "allowed"} for at in range(NUMBERS)}
    values = [f"value_{code}" for code in range(CODES)]
    categories = {f"category_{at}": {"type": "category", "values": values} for at in range(CATEGORIES)}
    columns: dict[str, dict[str, Any]] = {
        **numbers,
        **categories,
        "target": {"role": "target", "positive": 1},
    }
    contract = Contract.of({name: Column.read(settings) for name, settings in columns.items()})
    random = np.random.default_rng(0)
    rows = np.c_[random.normal(size=(ROWS, NUMBERS)), random.integers(0, CODES, (ROWS, CATEGORIES))]
    signal = rows[:, 0] + np.sin(3 * rows[:, 1]) + (rows[:, NUMBERS] > CODES / 2) + rows[:, 2] * rows[:, 3]
    return contract, rows, (random.random(ROWS) < 1 / (1 + np.exp(1 - signal))).astype(np.float64)


def trained(contract: Contract, rows: Floats, events: Floats, parameters: dict[str, Any]) -> Trained:
    """A bundle of gradient boosting."""
    order = np.random.default_rng(1).random(len(rows))
    edges = {"fit": (0.0, 0.6), "calibration": (0.6, 0.75), "threshold": (0.75, 0.9)}
    parts = {
        name: Part(rows[mask], events[mask], order[mask])
        for name, (low, high) in edges.items()
        for mask in [(order >= low) & (order < high)]
    }
    settings = {
        "model": "gradient_boosting",
        "parameters": parameters,
        "seed": 1,
        "decision": {"threshold": 0.5},
    }
    return train(contract, TrainSection.read(settings), parts, rows[order >= 0.9])


def single_row(contract: Contract, bundle: Trained, rows: Floats, events: Floats) -> list[tuple[str, str]]:
    """Microseconds for one row."""
    loaded = _loaded(bundle)
    names = contract.features
    row = {name: float(rows[0, at]) for at, name in enumerate(names[:NUMBERS])}
    row |= {name: f"value_{int(rows[0, NUMBERS + at])}" for at, name in enumerate(names[NUMBERS:])}
    encoded, _ = loaded.check([row])
    places = list(range(NUMBERS, NUMBERS + CATEGORIES))
    plain = HistGradientBoostingClassifier(categorical_features=places, max_iter=bundle.facts["trees"])
    plain.fit(rows, events)
    found = rounds(
        {
            "both": (lambda: loaded.score_row(row), TURNS),
            "encode": (lambda: loaded.check([row]), TURNS),
            "graph": (lambda: loaded.scorer.score_row(_copied, encoded), TURNS),
            "plain": (lambda: plain.predict_proba(encoded), SLOW_TURNS),
        }
    )
    return [
        ("trees", str(bundle.facts["trees"])),
        ("contract and encoding, one row", f"{found['encode']:.1f} us"),
        ("graph, one row", f"{found['graph']:.1f} us"),
        ("both", f"{found['both']:.1f} us"),
        ("scikit-learn's predict_proba, the same row, encoded", f"{found['plain']:.0f} us"),
        ("ratio", f"{found['plain'] / found['both']:.0f}"),
    ]


def loading(bundle: Trained, name: str) -> list[tuple[str, str]]:
    """Milliseconds to read, verify and load a bundle, and how large its graph is."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / bundle.digest
        place_folder(path, bundle.files)
        found = rounds({"load": (lambda: Bundle.load(path, bundle.digest), 1)})
    size = len(bundle.files["model.onnx"]) / 1e6
    return [
        (
            f"load and verify the bundle, {name} ({bundle.facts['trees']} trees)",
            f"{found['load'] / 1e3:.0f} ms",
        ),
        (f"its graph, {name}", f"{size:.2f} MB"),
    ]


def rounds(what: dict[str, tuple[Callable[[], Any], int]]) -> dict[str, float]:
    """The median over interleaved rounds of the microseconds that each thing takes."""
    taken: dict[str, list[float]] = {name: [] for name in what}
    for _ in range(ROUNDS):
        for name, (act, turns) in what.items():
            start = time.perf_counter()
            for _ in range(turns):
                act()
            taken[name].append((time.perf_counter() - start) / turns * 1e6)
    return {name: statistics.median(times) for name, times in taken.items()}


def _copied(row: Floats, into: Floats) -> bool:
    into[:] = row
    return True


def _loaded(bundle: Trained) -> Bundle:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / bundle.digest
        place_folder(path, bundle.files)
        return Bundle.load(path, bundle.digest)


if __name__ == "__main__":
    sys.exit(main())
