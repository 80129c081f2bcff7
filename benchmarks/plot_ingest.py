"""The table of benchmarks/ingest.md as a plot, with what it says of 50 million rows.

usage: python -m benchmarks.plot_ingest benchmarks/ingest.md benchmarks/ingest.svg

Needs matplotlib, which nothing else here does: pip install matplotlib.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

FAR = 50_000_000
MILLION = 1e6
PANELS = (("seconds", (2, 3)), ("peak of memory, MB", (5, 6)))
NAMES = ("ours", "pyarrow's copy")


def main() -> int:
    """Draw the plot."""
    source, target = (Path(name) for name in sys.argv[1:])
    cells = [
        line.strip("| ").split(" | ")
        for line in source.read_text().splitlines()
        if line[:3].strip("| ").isdigit()
    ]
    table = np.array([[float(cell.replace(",", "")) for cell in line] for line in cells])
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    for axes, (title, columns) in zip(figure.subplots(1, 2), PANELS, strict=True):
        for name, column in zip(NAMES, columns, strict=True):
            draw(axes, name, table[:, 0], table[:, column])
        axes.set(title=title, xlabel="million rows", ylim=(0, None))
        axes.legend()
    figure.savefig(target, metadata={"Date": None})
    return 0


def draw(axes: Any, name: str, rows: Any, values: Any) -> None:
    """What was measured as points, and the straight line through them out to 50 million rows."""
    slope, start = np.polyfit(rows, values, 1)
    far = start + slope * FAR
    (line,) = axes.plot(
        rows / MILLION, values, "o", label=f"{name}: {far:.0f} at {FAR / MILLION:.0f} million"
    )
    axes.plot([0, FAR / MILLION], [start, far], "--", color=line.get_color())


if __name__ == "__main__":
    sys.exit(main())
