"""The settings of the gates when the champion of the tests was judged."""

from typing import Any

SETTINGS: dict[str, Any] = {
    "metric": [{"name": "roc_auc", "at_least": 0.65, "at_most": None}],
    "champion": {"margin": 0.01, "metric": "roc_auc"},
    "max_age": 24,
    "waivers": [],
}
