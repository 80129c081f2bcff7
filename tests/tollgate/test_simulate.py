import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from tollgate.data.ingest import PART, ingest
from tollgate.data.section import DataSection
from tollgate.simulate import Book, simulate, write_book
from tollgate.yaml12 import read_yaml

END = dt.date(2026, 3, 15)
WORKFLOW = Path(__file__).parents[2] / "workflow.yaml"


@pytest.fixture(scope="module")
def book() -> Book:
    return simulate(30_000, 60, 7, END)


def written(folder: Path, seed: int) -> tuple[bytes, bytes]:
    folder.mkdir()
    truth = write_book(simulate(500, 24, seed, END), folder / "loans.csv")
    return (folder / "loans.csv").read_bytes(), truth.read_bytes()


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    one, again, other = written(tmp_path / "1", 3), written(tmp_path / "2", 3), written(tmp_path / "3", 4)
    assert one == again
    assert one[0] != other[0]
    assert one[1] != other[1]


def test_the_truth_is_a_file_of_its_own_with_each_loan_once(tmp_path: Path) -> None:
    book = simulate(500, 24, 3, END)
    path = write_book(book, tmp_path / "loans.csv")
    assert path == tmp_path / "loans.truth.txt"
    truth, loans = pd.read_csv(path), pd.read_csv(tmp_path / "loans.csv")
    assert list(truth.columns) == ["loan_id", "probability"]
    assert truth["loan_id"].is_unique
    assert truth["loan_id"].tolist() == loans["loan_id"].tolist()
    assert truth["probability"].between(0, 1).all()
    assert "probability" not in loans.columns
    for column in loans.select_dtypes("number"):
        assert abs(loans[column].corr(truth["probability"])) < 0.9, column


def test_decisions_fill_the_months_before_the_end(book: Book) -> None:
    months = book.applications["issued"].str[:7]
    assert months.min() == "2021-03"
    assert months.max() == "2026-02"
    assert months.nunique() == 60
    assert book.applications["issued"].is_monotonic_increasing


def test_a_label_is_known_twelve_months_later_and_only_for_accepted_loans(book: Book) -> None:
    loans = book.applications
    accepted = loans["accepted"] == "true"
    issued = pd.to_datetime(loans["issued"])
    matured = issued + pd.DateOffset(months=12)
    known = accepted & (matured < pd.Timestamp(2026, 3, 1))
    assert loans["default"].notna().eq(known).all()
    assert loans["outcome_known"].notna().eq(known).all()
    assert loans.loc[known, "outcome_known"].eq(matured[known].dt.strftime("%Y-%m-%d")).all()
    assert 0.5 < known.mean() < 0.7


def test_the_book_has_defaults_rejections_and_gaps_as_a_lender_knows_them(book: Book) -> None:
    loans = book.applications
    accepted = loans["accepted"] == "true"
    assert 0.05 < loans["default"].dropna().astype(float).mean() < 0.3
    assert 0.7 < accepted.mean() < 0.8
    probability = book.truth["probability"]
    assert probability[~accepted].mean() > 1.3 * probability[accepted].mean()
    missing = loans.isna().mean()
    for column in ("debt_to_income", "utilization", "employment_years"):
        assert 0.01 < missing[column] < 0.15
    gaps = {"debt_to_income", "utilization", "employment_years", "default", "outcome_known"}
    assert set(missing.index[missing > 0]) == gaps


def test_features_are_correlated(book: Book) -> None:
    loans = book.applications
    for one, other, low, high in [
        ("income", "loan_amount", 0.3, 0.95),
        ("age", "employment_years", 0.3, 0.95),
        ("interest_rate", "utilization", 0.1, 0.95),
        ("debt_to_income", "income", -0.95, -0.1),
    ]:
        assert low < loans[one].corr(loans[other], method="spearman") < high, (one, other)


def test_months_differ_by_more_than_chance(book: Book) -> None:
    probability = np.clip(book.truth["probability"].to_numpy(), 1e-6, 1 - 1e-6)
    log_odds = np.log(probability / (1 - probability))
    month = book.applications["issued"].str[:7].to_numpy()
    of_months = [log_odds[month == one] for one in np.unique(month)]
    by_chance = np.median([one.std() / np.sqrt(len(one)) for one in of_months])
    assert np.std([one.mean() for one in of_months]) > 2 * by_chance


def test_the_truth_tells_defaults_from_the_rest(book: Book) -> None:
    known = book.applications["default"].notna()
    defaults = book.applications["default"][known].astype(int)
    truth = book.truth["probability"][known]
    assert roc_auc_score(defaults, truth) > 0.75
    assert abs(defaults.mean() - truth.mean()) < 0.01


def test_the_book_keeps_the_contract_of_the_workflow_that_comes_with_it(book: Book, tmp_path: Path) -> None:
    section = DataSection.read(read_yaml(WORKFLOW).value["data"])
    write_book(book, tmp_path / "loans.csv")
    found = ingest(section, str(tmp_path / "loans.csv"), END, tmp_path)
    assert found.population.read == 30_000
    assert found.population.used == book.applications["default"].notna().sum()
    assert found.population.dropped_columns == []
    assert (tmp_path / PART).is_file()
