"""A simulated loan book: what a lender would have on file, and the truth that nobody has.

Applicants come from a Gaussian copula over a few latent factors (Nelsen 2006, section 2.3); the probability of
default is logistic in them with a bend and an interaction, so that no linear model gets all of it. On the default
book a logistic regression reaches a ROC AUC of about 0.76 on the last months, the truth itself about 0.79.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tollgate.storage.atomic import write_file

MATURES_AFTER = 12
LAST_DAY = 28
ACCEPTED = 0.75
Floats = NDArray[np.float64]

PURPOSES = ("car", "home", "education", "medical", "business", "other")
HOMES = ("rent", "own", "mortgage")
CHANNELS = ("branch", "web", "partner")
REGIONS = ("north", "south", "east", "west", "centre")


@dataclass(frozen=True)
class Book:
    """A loan book.

    Attributes:
        applications: What the lender has on file; the default is empty where nobody knows it (yet).
        truth: The true probability of default of each row, by loan_id.
    """

    applications: pd.DataFrame
    truth: pd.DataFrame


def simulate(rows: int = 40_000, months: int = 60, seed: int = 7, end: dt.date | None = None) -> Book:
    """Simulate a loan book; the same arguments give the same book.

    Args:
        rows: How many applications.
        months: Over how many months they come.
        seed: The seed.
        end: A day in the month after the last one, when the book was extracted; by default today.
    """
    draw = np.random.default_rng(seed)
    month = np.sort(draw.integers(0, months, rows))
    applicants = _applicants(draw, month)
    probability = _probability(draw, applicants, month, months)
    default = draw.random(rows) < probability
    accepted = _accepted(draw, applicants)
    filed = _filed(draw, applicants)
    known = accepted & (month < months - MATURES_AFTER)
    filed["loan_id"] = [f"L{number:07d}" for number in draw.permutation(rows) + 1]
    first = _first_month(months, end or dt.datetime.now(dt.UTC).date())
    day = draw.integers(1, LAST_DAY + 1, rows)
    filed["issued"] = _days(first + month, day)
    filed["outcome_known"] = pd.Series(_days(first + month + MATURES_AFTER, day)).where(known)
    filed["accepted"] = np.where(accepted, "true", "false")
    filed["default"] = pd.Series(default).astype("Int64").where(known)
    applications = filed.sort_values(["issued", "loan_id"], ignore_index=True)[COLUMNS]
    truth = pd.DataFrame({"loan_id": filed["loan_id"], "probability": np.round(probability, 6)})
    return Book(applications, truth.set_index("loan_id").loc[applications["loan_id"]].reset_index())


def write_book(book: Book, path: Path) -> Path:
    """Write a book as CSV and the truth beside it, where the pipeline never looks.

    Returns:
        The path of the truth.
    """
    truth = path.with_name(f"{path.name.removesuffix('.csv')}.truth.txt")
    write_file(path, book.applications.to_csv(index=False).encode())
    write_file(truth, book.truth.to_csv(index=False).encode())
    return truth


COLUMNS = [
    "loan_id",
    "issued",
    "accepted",
    "income",
    "loan_amount",
    "term_months",
    "interest_rate",
    "debt_to_income",
    "employment_years",
    "delinquencies_2y",
    "credit_lines",
    "utilization",
    "purpose",
    "home_ownership",
    "channel",
    "region",
    "age",
    "default",
    "outcome_known",
]


def _applicants(draw: np.random.Generator, month: NDArray[np.int64]) -> pd.DataFrame:
    """Whole and true, as no lender sees them: correlated through wealth, discipline and age."""
    rows = len(month)
    wealth, discipline, youth = draw.standard_normal((3, rows))

    def mixed(of_wealth: float, of_discipline: float, of_youth: float) -> Floats:
        own = np.sqrt(1 - of_wealth**2 - of_discipline**2 - of_youth**2)
        return np.asarray(
            of_wealth * wealth
            + of_discipline * discipline
            + of_youth * youth
            + own * draw.standard_normal(rows)
        )

    age = np.clip(np.round(44 - 12 * mixed(0.1, 0.0, 0.9)), 18, 85)
    income = np.round(np.exp(10.5 + 0.5 * mixed(0.8, 0.1, -0.3)), -2)
    amount = np.round(np.clip(income * np.exp(-1.2 + 0.6 * mixed(0.1, -0.2, 0.0)), 1_000, 150_000), -2)
    utilization = 1 / (1 + np.exp(-(-0.4 + 1.1 * mixed(-0.3, -0.5, 0.2))))
    return pd.DataFrame(
        {
            "income": income.astype(int),
            "loan_amount": amount.astype(int),
            "term_months": draw.choice([12, 24, 36, 48, 60], rows, p=[0.1, 0.2, 0.35, 0.15, 0.2]),
            "interest_rate": np.round(np.clip(9 + 3 * mixed(-0.2, -0.6, 0.1), 2, 30), 2),
            "debt_to_income": np.round(np.exp(-1.2 + 0.45 * mixed(-0.4, -0.4, 0.1)), 3),
            "employment_years": np.round(np.clip((age - 18) * _unit(mixed(0.2, 0.3, 0.0)) * 0.6, 0, 45), 1),
            "delinquencies_2y": draw.poisson(np.exp(-1.6 - 0.8 * discipline)),
            "credit_lines": 1 + draw.poisson(np.exp(1.4 + 0.25 * wealth)),
            "utilization": np.round(utilization, 3),
            "purpose": draw.choice(PURPOSES, rows, p=[0.3, 0.2, 0.1, 0.1, 0.1, 0.2]),
            "home_ownership": np.asarray(HOMES)[np.digitize(mixed(0.5, 0.0, -0.4), [-0.1, 0.6])],
            "channel": draw.choice(CHANNELS, rows, p=[0.4, 0.45, 0.15]),
            "region": draw.choice(REGIONS, rows),
            "age": age.astype(int),
        }
    )


def _probability(
    draw: np.random.Generator, who: pd.DataFrame, month: NDArray[np.int64], months: int
) -> Floats:
    """The true probability of default; age has no part of its own in it."""
    dti = who["debt_to_income"].to_numpy()
    use = who["utilization"].to_numpy()
    burden = who["loan_amount"].to_numpy() / who["income"].to_numpy()
    log_odds = (
        -3.1
        - 0.55 * (np.log(who["income"].to_numpy()) - 10.5)
        + 0.55 * np.log(dti / 0.3)
        + 0.45 * np.minimum(who["delinquencies_2y"].to_numpy(), 4)
        + 0.10 * (who["interest_rate"].to_numpy() - 9)
        + 0.5 * burden
        - 0.025 * who["employment_years"].to_numpy()
        + 1.2 * np.maximum(use - 0.6, 0)
        + 1.6 * (use > 0.5) * (dti > 0.4)
        + np.where(who["purpose"] == "business", 0.5, 0.0)
        + np.where(who["home_ownership"] == "rent", 0.2, 0.0)
        + np.where(who["channel"] == "partner", 0.3, 0.0)
    )
    shock = 0.05 * np.sin(2 * np.pi * np.arange(months) / 36) + 0.1 * draw.standard_normal(months)
    return np.asarray(1 / (1 + np.exp(-(log_odds + shock[month]))))


def _accepted(draw: np.random.Generator, who: pd.DataFrame) -> NDArray[np.bool_]:
    """What an older policy let through: it saw some of the risk, with noise."""
    seen = (
        -0.6 * np.log(who["income"].to_numpy())
        + 1.5 * who["debt_to_income"].to_numpy()
        + 0.5 * who["delinquencies_2y"].to_numpy()
        + 0.8 * draw.standard_normal(len(who))
    )
    return np.asarray(seen <= np.quantile(seen, ACCEPTED))


def _filed(draw: np.random.Generator, who: pd.DataFrame) -> pd.DataFrame:
    """What is on file: some values are missing, by chance or because they would not look good."""
    filed = who.copy()
    rows = len(who)
    filed.loc[draw.random(rows) < 0.04, "debt_to_income"] = np.nan
    filed.loc[draw.random(rows) < 0.03, "utilization"] = np.nan
    shy = 0.03 + 0.12 * (who["employment_years"].to_numpy() < 1)
    filed.loc[draw.random(rows) < shy, "employment_years"] = np.nan
    return filed


def _first_month(months: int, end: dt.date) -> int:
    """The first month of the book, counted from the year 0; the last is the one before `end`."""
    return end.year * 12 + end.month - 1 - months


def _days(month: NDArray[np.int64], day: NDArray[np.int64]) -> list[str]:
    """ISO dates; days go from the 1st to the 28th, so that every month is alike."""
    year, of_year = np.divmod(month, 12)
    return [f"{y:04d}-{m:02d}-{d:02d}" for y, m, d in zip(year, of_year + 1, day, strict=True)]


def _unit(normal: Floats) -> Floats:
    """A standard normal as a number between 0 and 1, by the logistic approximation (Bowling et al. 2009)."""
    return np.asarray(1 / (1 + np.exp(-1.702 * normal)))
