"""Applicants of the simulated loan book, and rows of values that are common one by one and do not go together."""

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.pipelines.places import REPOSITORY
from tollgate.contract import Contract, RowChecker
from tollgate.data.section import DataSection
from tollgate.simulate import simulate
from tollgate.yaml12 import read_yaml

Floats = NDArray[np.float64]
WORKFLOW: Path = REPOSITORY / "workflow.yaml"
COMMON = (0.01, 0.99)
# How income, loan over income, interest rate, debt to income and utilization hang on wealth, discipline and youth in
# tollgate/simulate.py.
LOADINGS = np.array(
    [[0.8, 0.1, -0.3], [0.1, -0.2, 0], [-0.2, -0.6, 0.1], [-0.4, -0.4, 0.1], [-0.3, -0.5, 0.2]]
)
ONE_IN_10000 = 25.74  # the squared distance that one in 10,000 exceeds, of five normal numbers


def loan_contract() -> Contract:
    return DataSection.read(read_yaml(WORKFLOW).value["data"]).contract


def applicants(contract: Contract, rows: int, seed: int, accepted: bool = True) -> Floats:
    """Encoded applicants; by default those that were accepted, of whom a model learns."""
    book = simulate(rows, 60, seed, dt.date(2026, 1, 1)).applications
    book = book[book["accepted"] == "true"] if accepted else book
    cells = book[list(contract.features)].astype(object)
    encoded, problems = RowChecker(contract).check(cells.where(cells.notna(), None).to_dict("records"))
    assert not problems
    return encoded


def unlikely_together(contract: Contract, real: Floats, draws: int, seed: int) -> Floats:
    """Rows whose values are drawn from different applicants, each between the 1 and the 99 % quantile of its feature.

    Kept are those that fewer than one in 10,000 applicants are as far out as, by how the book was made; nothing of
    that is known to the detector.
    """
    draw = np.random.default_rng(seed)
    made = np.column_stack([draw.choice(values, draws) for values in real.T])
    low, high = np.nanquantile(real, COMMON, axis=0)
    numbers = [not contract.columns[name].coded for name in contract.features]
    common = (((made >= low) & (made <= high)) | np.isnan(made))[:, numbers].all(axis=1)
    with np.errstate(invalid="ignore"):
        return np.asarray(made[common & (_distance(contract, made) > ONE_IN_10000)])


def loans_against_incomes(contract: Contract, real: Floats, seed: int) -> Floats:
    """Of the lowest 2 % of incomes with a loan of the largest 2 %, and the other way round; all else as it was."""
    draw = np.random.default_rng(seed)
    income, loan = (contract.features.index(name) for name in ("income", "loan_amount"))
    rows = []
    for sign in (1.0, -1.0):
        poor = real[sign * real[:, income] <= np.quantile(sign * real[:, income], 0.02)]
        loans = real[sign * real[:, loan] >= np.quantile(sign * real[:, loan], 0.98)][:, loan]
        planted = poor.copy()
        planted[:, loan] = draw.choice(loans, len(poor))
        rows.append(planted)
    return np.concatenate(rows)


def shuffled(real: Floats, seed: int) -> Floats:
    """Each feature shuffled by itself: most such rows are nothing unusual."""
    draw = np.random.default_rng(seed)
    return np.column_stack([draw.permutation(values) for values in real.T])


def _distance(contract: Contract, rows: Floats) -> Any:
    """The squared distance by the truth, of what five features were made of; NaN where one of them is missing."""
    named = dict(zip(contract.features, rows.T, strict=True))
    use = named["utilization"]
    made_of = np.column_stack(
        [
            (np.log(named["income"]) - 10.5) / 0.5,
            (np.log(named["loan_amount"] / named["income"]) + 1.2) / 0.6,
            (named["interest_rate"] - 9) / 3,
            (np.log(named["debt_to_income"]) + 1.2) / 0.45,
            (np.log(use / (1 - use)) + 0.4) / 1.1,
        ]
    )
    common = LOADINGS @ LOADINGS.T
    truth = common + np.diag(1 - np.diag(common))
    return np.einsum("ij,ij->i", made_of @ np.linalg.inv(truth), made_of)
