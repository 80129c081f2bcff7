import csv
from pathlib import Path

import pytest

from tests.pipelines.command import tollgate

WORDS = ("simulate", "--rows", "50", "--months", "20", "--end", "2025-06-15")


def test_a_book_and_its_truth_are_written_and_named(tmp_path: Path) -> None:
    ended = tollgate(tmp_path, *WORDS)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out == "wrote 50 applications to loans.csv, their true probabilities to loans.truth.txt\n"
    with (tmp_path / "loans.csv").open() as book, (tmp_path / "loans.truth.txt").open() as truth:
        applications, probabilities = list(csv.DictReader(book)), list(csv.DictReader(truth))
    assert len(applications) == 50
    assert [row["loan_id"] for row in applications] == [row["loan_id"] for row in probabilities]


def test_the_same_arguments_write_the_same_book_and_another_seed_another(tmp_path: Path) -> None:
    for name, seed in (("a.csv", "3"), ("b.csv", "3"), ("c.csv", "4")):
        assert tollgate(tmp_path, *WORDS, "--seed", seed, "-o", name).status == 0
    books = [(tmp_path / f"{name}.csv").read_bytes() for name in "abc"]
    assert books[0] == books[1]
    assert books[0] != books[2]


@pytest.mark.parametrize("end", ["yesterday", "2025-02-30"])
def test_an_end_that_is_no_day_is_refused(tmp_path: Path, end: str) -> None:
    ended = tollgate(tmp_path, "simulate", "--end", end)
    assert (ended.status, ended.err) == (2, f"tollgate: --end '{end}' is no day; write it YYYY-MM-DD\n")
    assert list(tmp_path.iterdir()) == []
