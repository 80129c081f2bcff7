import csv
from pathlib import Path

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


def test_another_seed_writes_another_book_to_the_file_that_is_named(tmp_path: Path) -> None:
    assert tollgate(tmp_path, *WORDS).status == 0
    ended = tollgate(tmp_path, *WORDS, "--seed", "8", "-o", "other.csv")
    assert ended.out == "wrote 50 applications to other.csv, their true probabilities to other.truth.txt\n"
    assert (tmp_path / "loans.csv").read_bytes() != (tmp_path / "other.csv").read_bytes()


def test_an_end_that_is_no_day_is_refused(tmp_path: Path) -> None:
    ended = tollgate(tmp_path, "simulate", "--end", "2025-02-30")
    assert (ended.status, ended.err) == (2, "tollgate: --end '2025-02-30' is no day; write it YYYY-MM-DD\n")
    assert list(tmp_path.iterdir()) == []
