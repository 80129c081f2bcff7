"""The rates as a plot.

usage: python plot.py results.json serving.svg

Runs in an environment of its own that has matplotlib; __main__.py sees to that.
"""

import json
import statistics
import sys
from pathlib import Path
from typing import Any

from matplotlib import rcParams
from matplotlib.figure import Figure

CONNECTIONS = 8
PANELS = ((1, "one row a request"), (100, "100 rows a request"))


def main() -> int:
    """Draw the plot."""
    source, target = (Path(name) for name in sys.argv[1:])
    rcParams["svg.hashsalt"] = "serving"  # the same figures make the same file
    runs = json.loads(source.read_text())["runs"]
    figure = Figure(figsize=(11, 4.2), layout="constrained")
    for axes, (rows, title) in zip(figure.subplots(1, 2), PANELS, strict=True):
        draw(axes, rates(runs, rows))
        axes.set(title=f"{title}, {CONNECTIONS} connections", xlabel="requests a second (log)")
    figure.savefig(target, metadata={"Date": None})
    return 0


def rates(runs: list[dict[str, Any]], rows: int) -> dict[str, float]:
    """The median rate of each server, the highest first."""
    found: dict[str, list[float]] = {}
    for run in runs:
        if run["protocol"] == "rest" and run["rows"] == rows and run["connections"] == CONNECTIONS:
            found.setdefault(run["peer"], []).append(run["rate"])
    medians = {name: statistics.median(values) for name, values in found.items()}
    plain = {name: rate for name, rate in medians.items() if not name.endswith((" plain", " reasons"))}
    return dict(sorted(plain.items(), key=lambda item: -item[1]))


def draw(axes: Any, found: dict[str, float]) -> None:
    """A bar for each server."""
    colours = ["C1" if name == "tollgate" else "C0" for name in found]
    axes.set_xscale("log")
    bars = axes.barh(list(found), [max(rate, 0.1) for rate in found.values()], color=colours)
    axes.bar_label(bars, [f"{rate:,.0f}" for rate in found.values()], padding=3, fontsize=8)
    axes.invert_yaxis()
    axes.set_xlim(1, max(found.values(), default=1) * 6)


if __name__ == "__main__":
    sys.exit(main())
