"""1,000 paired bootstraps of the metrics beside a loop over scikit-learn, and on 1,000,000 rows.

usage: python -m benchmarks.bootstrap [--rounds N] [--without-large]

Rounds are interleaved, medians quoted. scikit-learn is timed on some of the draws, and its time a draw is quoted for
1,000. Each figure of memory is that of a process of its own. Prints Markdown.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import time

import numpy as np
from sklearn import metrics as sk

from tollgate.bundle.scorer import Floats, Scores
from tollgate.evaluation.bootstrap import resample
from tollgate.evaluation.evaluate import Blocks, evaluate
from tollgate.evaluation.metrics import DESCRIPTIVE, METRICS, Scored
from tollgate.evaluation.sampling import Sampling

EIGHT = {name: (METRICS | DESCRIPTIVE)[name] for name in (*METRICS, "observed_to_expected")}
DRAWS, LOOPED = 1000, 10
ROWS, MANY = 30_000, 1_000_000
NOISE = (0.5, 0.6, 1.0)  # of the challenger, the champion and the yardstick


def main() -> int:
    """Measure, and print the table."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--without-large", action="store_true")
    options.add_argument("--measure", choices=SIZES, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.measure:
        sys.stdout.write("{:.1f} {:.1f} {:.0f}\n".format(*SIZES[asked.measure]()))
        return 0
    ours, theirs = rounds(asked.rounds)
    lines = [
        (f"ours, {ROWS:,} rows, 2 models, 8 metrics, {DRAWS:,} draws", f"{ours:.2f} s"),
        ("scikit-learn, the same in a loop", f"{theirs:.0f} s"),
        ("ratio", f"{theirs / ours:.0f}"),
        *lines_of("usual", f"evaluate, {ROWS:,} rows, 3 models, groups and months"),
    ]
    if not asked.without_large:
        lines += lines_of("large", f"evaluate, {MANY:,} rows, 3 models, months")
    sys.stdout.write("| what | figure |\n| --- | --- |\n")
    for what, figure in lines:
        sys.stdout.write(f"| {what} | {figure} |\n")
    return 0


def models(rows: int, count: int) -> list[Scored]:
    """The same rows, 10 % of them with the event, scored by models of which each is a little worse."""
    draw = np.random.default_rng(1)
    truth: Floats = draw.normal(size=rows)
    event = (draw.random(rows) < 1 / (1 + np.exp(2.6 - truth))).astype(np.float64)
    margins = [truth + noise * draw.normal(size=rows) for noise in NOISE[:count]]
    probabilities = [1 / (1 + np.exp(2.6 - margin)) for margin in margins]
    return [
        Scored(event, Scores(probability, margin, probability < 0.15))
        for probability, margin in zip(probabilities, margins, strict=True)
    ]


def rounds(count: int) -> tuple[float, float]:
    """Seconds of ours and of the loop for all draws, medians of interleaved rounds."""
    ours, theirs = [], []
    for number in range(count):
        start = time.perf_counter()
        resample(models(ROWS, 2), EIGHT, DRAWS, number)
        ours.append(time.perf_counter() - start)
        start = time.perf_counter()
        loop(models(ROWS, 2), LOOPED, number)
        theirs.append((time.perf_counter() - start) * DRAWS / LOOPED)
    return statistics.median(ours), statistics.median(theirs)


def loop(scored: list[Scored], draws: int, seed: int) -> list[list[float]]:
    """The eight metrics of each model by scikit-learn, draw by draw."""
    generator, rows = np.random.default_rng(seed), len(scored[0].event)
    found = []
    for _ in range(draws):
        drawn = generator.integers(0, rows, rows)
        found += [by_scikit_learn(model, drawn) for model in scored]
    return found


def by_scikit_learn(model: Scored, drawn: np.ndarray) -> list[float]:
    """The eight metrics of one model on one draw."""
    event, margin = model.event[drawn], model.scores.margin[drawn]
    probability, declined = model.scores.probability[drawn], model.declined[drawn]
    flagged, caught, _ = sk.roc_curve(event, margin)
    return [
        sk.roc_auc_score(event, margin),
        sk.average_precision_score(event, margin),
        float(np.abs(caught - flagged).max()),
        sk.brier_score_loss(event, probability),
        sk.log_loss(event, probability),
        sk.precision_score(event, declined),
        sk.recall_score(event, declined),
        float(event.mean() / probability.mean()),
    ]


def lines_of(size: str, what: str) -> list[tuple[str, str]]:
    """Time and memory of a process of its own."""
    command = [sys.executable, "-m", "benchmarks.bootstrap", "--measure", size]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, worked, memory = done.stdout.split()
    return [
        (what, f"{seconds} s"),
        ("processor time of it", f"{worked} s"),
        ("memory of that process at its highest", f"{memory} MB"),
    ]


def usual() -> tuple[float, float, float]:
    """Seconds, of the processor too, and megabytes on as many rows as the simulated book has, four to a group."""
    groups = np.random.default_rng(2).integers(0, ROWS // 4, ROWS)
    return evaluated(ROWS, Blocks(groups, np.arange(ROWS) * 6 // ROWS))


def large() -> tuple[float, float, float]:
    """Seconds, of the processor too, and megabytes on very many rows."""
    return evaluated(MANY, Blocks(months=np.arange(MANY) * 12 // MANY))


def evaluated(rows: int, blocks: Blocks) -> tuple[float, float, float]:
    """Seconds of the metrics of three models with their intervals, those of the processor, and megabytes at most."""
    challenger, champion, yardstick = models(rows, 3)
    start, worked = time.perf_counter(), time.process_time()
    evaluate(challenger, champion, Sampling(DRAWS, seed=0), yardstick, blocks)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return time.perf_counter() - start, time.process_time() - worked, most


SIZES = {"usual": usual, "large": large}

if __name__ == "__main__":
    sys.exit(main())
