"""`tollgate init` then `tollgate run` on real data, where it lies beside the project (or where TOLLGATE_DATA says)."""

import os
from pathlib import Path

import pytest

from tests.pipelines.command import tollgate
from tests.pipelines.places import REPOSITORY

pytestmark = pytest.mark.long

DATA = Path(os.environ.get("TOLLGATE_DATA", REPOSITORY.parent / "shared" / "data"))
GERMAN = (
    "checking_status duration credit_history purpose credit_amount savings_status employment installment_rate "
    "personal_status other_parties residence_since property age other_plans housing existing_credits job dependents "
    "telephone foreign_worker class"
)
PROBLEMS = {
    "taiwan": ("taiwan/taiwan.csv", "--target", "default.payment.next.month"),
    "bank_marketing": ("bank_marketing/bank-full.csv", "--target", "y"),
    "german": ("german/german.data", "--target", "class", "--names", "names.txt", "--positive", "2"),
    "uci_credit_approval": ("uci_credit_approval/crx.data", "--target", "A16", "--names", "names.txt"),
}
PROTECTED = {
    "taiwan": {"SEX", "MARRIAGE", "AGE"},
    "bank_marketing": {"age", "marital"},
    "german": {"age", "personal_status", "foreign_worker"},
    "uci_credit_approval": set(),
}


@pytest.mark.parametrize("problem", PROBLEMS)
def test_init_then_run_needs_no_edit_by_hand(tmp_path: Path, problem: str) -> None:
    file, *words = PROBLEMS[problem]
    if not (DATA / file).exists():
        pytest.skip(f"{DATA.name}/{file} is not beside the project; TOLLGATE_DATA names its folder")
    names = GERMAN.split() if problem == "german" else [f"A{place}" for place in range(1, 17)]
    (tmp_path / "names.txt").write_text("\n".join(names))
    written = tollgate(tmp_path, "init", str(DATA / file), *words)
    assert (written.status, written.err) == (0, "")
    told = {line.split(": ")[1] for line in written.out.splitlines() if "protected-looking: " in line}
    assert told == PROTECTED[problem]
    ended = tollgate(tmp_path, "run")
    assert ended.status in (0, 3), ended.err
    assert "metric roc_auc" in ended.out
