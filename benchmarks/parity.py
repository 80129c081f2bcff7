"""How far graphs lie from scikit-learn, over many random trainings.

usage: python -m benchmarks.parity [--fits N] [--seed S]

Each training has one to six columns of any kind (numbers large, tiny, denormal, constant; dates; categories wide,
unseen, unknown; missing values), one of the three models and of the three calibrations. What is compared: rows that
were not seen, and such with one feature exactly at a threshold of the model or one unit in the last place beside it,
denormal, far out of range, missing, or of any code. Prints a Markdown table.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.tollgate.training.twofold import CALIBRATIONS, MODELS, compared, drawn
from tollgate.errors import ModelError
from tollgate.training.section import Method

ALLOWED = 1e-9
COLUMNS = "model", "calibration", "fits", "rows", "probability", "margin", "explained", "refused"


@dataclass
class Tally:
    """What was found for one model and calibration: rows compared, largest differences, refusals by reason."""

    fits: int = 0
    rows: int = 0
    worst: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    refused: Counter[str] = field(default_factory=Counter)

    def add(self, seed: int, model: str, calibration: Method) -> None:
        """Train once more."""
        try:
            apart = compared(drawn(seed, model, calibration))
        except ModelError as error:
            self.refused[reason(str(error))] += 1
            return
        self.fits += 1
        self.rows += apart.rows
        found = apart.probability, apart.margin, apart.explained
        self.worst = [max(pair) for pair in zip(self.worst, found, strict=True)]


def main() -> int:
    """Measure; 1 where graph and scikit-learn differ by more than is allowed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--fits", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    tallies = measured(chosen.fits, chosen.seed)
    for line in table(tallies):
        sys.stdout.write(line + "\n")
    return int(any(not max(tally.worst) <= ALLOWED for tally in tallies.values()))


def measured(fits: int, seed: int) -> dict[tuple[str, Method], Tally]:
    """Each model with each calibration in turn, until there are so many fits; a refused one is made up for."""
    tallies = {(model, calibration): Tally() for model in MODELS for calibration in CALIBRATIONS}
    done, number = 0, seed * 1_000_000
    while done < fits:
        model, calibration = list(tallies)[number % len(tallies)]
        before = tallies[model, calibration].fits
        tallies[model, calibration].add(number, model, calibration)
        done += tallies[model, calibration].fits - before
        number += 1
    return tallies


def table(tallies: dict[tuple[str, Method], Tally]) -> Iterator[str]:
    """The lines of the Markdown table, the sum last."""
    yield f"| {' | '.join(COLUMNS)} |"
    yield f"| {' | '.join('---' for _ in COLUMNS)} |"
    for (model, calibration), tally in tallies.items():
        yield _line(model, calibration, tally)
    everything = Tally()
    for tally in tallies.values():
        everything.fits += tally.fits
        everything.rows += tally.rows
        everything.worst = [max(pair) for pair in zip(everything.worst, tally.worst, strict=True)]
        everything.refused += tally.refused
    yield _line("all", "", everything)


def reason(message: str) -> str:
    """Why a training was refused, without its numbers."""
    return re.sub(r"\d[\d.e+-]*", "…", message.split(": ")[0])


def _line(model: str, calibration: str, tally: Tally) -> str:
    refused = "; ".join(f"{count} x {why}" for why, count in tally.refused.items()) or "0"
    numbers = [f"{worst:.1e}" for worst in tally.worst]
    return f"| {' | '.join([model, calibration, str(tally.fits), str(tally.rows), *numbers, refused])} |"


if __name__ == "__main__":
    sys.exit(main())
