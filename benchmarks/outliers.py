"""What the outlier flag finds on the simulated loan book, and what it flags wrongly; several books, none seen before.

usage: python -m benchmarks.outliers [BOOKS]

Parameters come from 30,000 applications of one book and the limit from 6,000 of another; every figure is the least and
the most over further books.
"""

import sys
import time
from typing import Any

import numpy as np

from tests.tollgate.reasons import planted
from tollgate.reasons.outliers import OutlierDetector
from tollgate.training.outliers import outlier_parameters

FEW = 500


def main() -> int:
    """Print a table."""
    books = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    contract = planted.loan_contract()
    fitted, held_back = planted.applicants(contract, 30_000, 7), planted.applicants(contract, 6_000, 8)
    written = outlier_parameters(contract, fitted, held_back)
    detector = OutlierDetector(written or {}, len(contract.features))
    found: dict[str, list[tuple[int, float]]] = {}
    for seed in range(101, 101 + books):
        for name, rows in kinds(contract, seed).items():
            found.setdefault(name, []).append((len(rows), float(detector.flags(rows).mean())))
    sys.stdout.write("| rows | how many a book | flagged, % |\n| --- | ---: | ---: |\n")
    for name, all_of in found.items():
        shares = [100 * share for _, share in all_of]
        count = int(np.mean([count for count, _ in all_of]))
        sys.stdout.write(f"| {name} | {count} | {min(shares):.1f} to {max(shares):.1f} |\n")
    row = fitted[~np.isnan(fitted).any(axis=1)][:1]
    sys.stdout.write(f"\none row: {median_time(detector, row):.1f} us\n")
    return 0


def kinds(contract: Any, seed: int) -> dict[str, Any]:
    """The rows that are flagged or not, by what they are."""
    fresh = planted.applicants(contract, 20_000, seed)
    far = fresh[:FEW].copy()
    far[:, contract.features.index("income")] *= 1000
    return {
        "accepted applicants of another book": fresh,
        "all applicants of it, declined ones too": planted.applicants(contract, 20_000, seed, accepted=False),
        "values of different applicants, 1 in 10,000 together": planted.unlikely_together(
            contract, fresh, 300_000, seed
        ),
        "lowest incomes with largest loans, and the other way round": planted.loans_against_incomes(
            contract, fresh, seed
        ),
        "an income 1,000 times as large": far,
        "each feature shuffled, likely or not": planted.shuffled(fresh, seed),
    }


def median_time(detector: OutlierDetector, row: Any) -> float:
    """Microseconds for one row."""
    times = []
    for _ in range(15):
        start = time.perf_counter()
        for _ in range(FEW):
            detector.flags(row)
        times.append((time.perf_counter() - start) / FEW * 1e6)
    return float(np.median(times))


if __name__ == "__main__":
    sys.exit(main())
