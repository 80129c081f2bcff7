"""What a training recorded, with a search and a card: made up, so that each figure is seen at its place."""

from typing import Any

# By bin, the missing values last: each number is of its own, so that a wrong place shows.
CARD: dict[str, dict[str, Any]] = {
    "income": {
        "type": "number",
        "edges": [1000.5, 23456.0],
        "rows": [100, 200, 400, 50],
        "events": [50, 40, 20, 5],
        "weight": [1.25, 0.5, -0.75, 0.1],
        "points": [10.5, 30.25, 55.0, 33.3],
    },
    "home": {
        "type": "boolean",
        "names": ["false", "true"],
        "edges": [0.5],
        "rows": [300, 450, 0],
        "events": [60, 55, 0],
        "weight": [0.25, -0.125, 0],
        "points": [31.0, 36.0, 33.5],
    },
    "purpose": {
        "type": "category",
        "names": ["car", "boat", "any other"],
        "edges": [0.5, 1.5],
        "rows": [500, 0, 240, 10],
        "events": [50, 0, 60, 5],
        "weight": [-0.5, 0, 0.625, 1.5],
        "points": [40.0, 33.0, 20.0, 8.0],
    },
    "since": {
        "type": "date",
        "edges": [18262.0, 18627.5],
        "rows": [250, 250, 250, 0],
        "events": [30, 40, 45, 0],
        "weight": [-0.2, 0.05, 0.15, 0],
        "points": [36.0, 32.0, 30.0, 33.0],
    },
    "channel": {
        "type": "number",
        "edges": [],
        "rows": [750, 0],
        "events": [115, 0],
        "weight": [0, 0],
        "points": [33.2, 33.2],
    },
}


def trial(loss: float, complexity: float = 10.0, error: float = 0.01, **parameters: Any) -> dict[str, Any]:
    return {
        "parameters": parameters,
        "log_loss": loss,
        "standard_error": error,
        "complexity": complexity,
    }


SEARCH: dict[str, Any] = {
    "rule": "the least complex trial within one standard error",
    "chosen": 2,
    "rows": 1234,
    "trials": [
        trial(0.4),
        trial(0.38, 25, 0.012, C=0.03125, bins=9),
        trial(0.385, 12, 0.011, C=123456.0, bins=4),
        {"parameters": {"C": 1e9}, "failure": "it did not converge"},
        {"parameters": {"C": 2e9}, "failure": "it did not converge"},
    ],
}
TRAINING: dict[str, Any] = {
    "model": "scorecard",
    "parameters": {"bins": 4, "C": 123456.0, "balanced": True, "prior": None},
    "calibration": "isotonic",
    "threshold": 0.1234,
    "approve_rate": 0.7,
    "rows": {"fit": 750},
    "events": {"fit": 115},
    "parity": {"rows": 1500, "probes": 10, "worst": 2.5e-16},
    "relatives": {"yardstick": "a" * 64},
    "record": "f" * 64,
    "libraries": {"numpy": "2.0"},
    "search": SEARCH,
    "scorecard": CARD,
}
