"""A whole `tollgate run` beside one plain scikit-learn script that ends with the same figures.

usage: python -m benchmarks.whole_run [--rows N] [--rounds N]

Both run as commands of their own, turn and turn about, over the same file. Prints Markdown.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

from benchmarks.loans import COLUMNS, write_loans

MODELS = ("logistic", "gradient_boosting")
VERDICTS = (0, 3)


def main() -> int:
    """Measure both models, and print the table."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--rows", type=int, default=150_000)
    options.add_argument("--rounds", type=int, default=3)
    asked = options.parse_args()
    sys.stdout.write("| model | tollgate run, s | plain script, s | ratio |\n| --- | --- | --- | --- |\n")
    with tempfile.TemporaryDirectory() as folder:
        write_loans(Path(folder) / "loans.csv", asked.rows)
        for model in MODELS:
            sys.stdout.write(measured(Path(folder), model, asked.rounds))
            sys.stdout.flush()
    return 0


def measured(folder: Path, model: str, rounds: int) -> str:
    """A line of the table."""
    ours, plain = [], []
    for number in range(rounds):
        place = folder / f"{model}-{number}"  # nothing of an earlier run is there to be used again
        place.mkdir()
        (place / "workflow.yaml").write_text(yaml.safe_dump(workflow(model), sort_keys=False))
        ours.append(timed([str(Path(sys.executable).parent / "tollgate"), "run"], place, VERDICTS))
        plain.append(
            timed([sys.executable, "-m", "benchmarks.plain", str(folder / "loans.csv"), model], Path(), (0,))
        )
    one, other = statistics.median(ours), statistics.median(plain)
    return f"| {model} | {one:.1f} | {other:.1f} | {one / other:.2f} |\n"


def timed(command: list[str], folder: Path, allowed: tuple[int, ...]) -> float:
    """The seconds that a command takes."""
    start = time.perf_counter()
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if ended.returncode not in allowed:
        raise SystemExit(f"{' '.join(command)}: {ended.returncode}\n{ended.stdout}{ended.stderr}")
    return time.perf_counter() - start


def workflow(model: str) -> dict[str, object]:
    """The workflow of the loan book."""
    return {
        "version": 1,
        "name": "loans",
        "data": {"source": "../loans.csv", "columns": COLUMNS},
        "split": {"method": "random", "holdout": 0.2, "calibration": 0.2, "salt": "a1"},
        "train": {"model": model, "calibration": "sigmoid", "seed": 7, "decision": {"approve_rate": 0.7}},
        "evaluate": {"bootstraps": 1000},
        "gates": {"metric": [{"name": "roc_auc", "at_least": 0.6}], "champion": {"margin": 0.01}},
        "serving": {"name": "loans"},
        "storage": ".tollgate/",
    }


if __name__ == "__main__":
    sys.exit(main())
