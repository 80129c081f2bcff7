"""The part `reasons`, on bundles of the small problem."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.small import COLUMNS, small_contract, small_rows, small_training
from tollgate.bundle.bundle import Bundle
from tollgate.bundle.explain import read_explain
from tollgate.bundle.scorer import Floats
from tollgate.contract import Column, Contract
from tollgate.evaluation import reasons as module
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.metrics import Scored
from tollgate.evaluation.reasons import measure_reasons
from tollgate.evaluation.sampling import Sampling
from tollgate.reasons.reasoner import Reasoner
from tollgate.reasons.wording import Reason
from tollgate.storage.atomic import place_folder

MODELS = ("logistic", "scorecard", "gradient_boosting")


class Told(Exam):
    """An exam of encoded rows, without a table."""

    rows: Floats

    @property
    def encoded(self) -> Floats:  # what the table would give
        return self.rows


def exam_of(bundle: Bundle, count: int = 400) -> Exam:
    rows, problems = bundle.check(small_rows(count, 5))
    assert not problems
    scored = Scored(np.zeros(count), bundle.score(rows))
    told = Told(None, bundle, scored, Sampling(1000, seed=1))
    object.__setattr__(told, "rows", rows)
    return told


def bundle_of(folder: Path, contract: Contract | None = None, **settings: Any) -> Bundle:
    place_folder(folder, small_training(contract=contract, **settings).files)
    return Bundle.load(folder)


def grouped() -> Contract:
    """The small contract with texts for one feature, and two features that are one reason."""
    changed: dict[str, dict[str, Any]] = {
        "income": {**COLUMNS["income"], "reason": {"high": "much income", "low": "little income"}},
        "months": {**COLUMNS["months"], "reason_group": "the loan"},
        "purpose": {**COLUMNS["purpose"], "reason_group": "the loan"},
    }
    return Contract.of({name: Column.read(item) for name, item in {**COLUMNS, **changed}.items()})


@pytest.mark.parametrize("model", MODELS)
def test_an_honest_model_gives_true_reasons_to_every_row_that_it_declines(tmp_path: Path, model: str) -> None:
    bundle = bundle_of(tmp_path / "one", grouped(), model=model)
    exam = exam_of(bundle)
    found = measure_reasons(exam)
    assert found.explains
    assert found.declined == found.looked == int((~exam.scored.scores.approved).sum()) > 50
    assert (found.without, dict(found.contrary)) == (0, {})
    assert 0 < found.additivity <= 1e-9
    assert "income" not in found.lacking
    assert "months" in found.lacking


def test_of_many_declined_rows_some_are_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 30)
    found = measure_reasons(exam_of(bundle_of(tmp_path / "one")))
    assert found.looked == 30 < found.declined


class Lying(Reasoner):
    """Says the same of every row."""

    said: Sequence[Reason] = ()

    def reasons(self, rows: Floats, contributions: Floats) -> list[list[Reason]]:
        return [list(self.said)] * len(rows)


def lying(bundle: Bundle, *said: Reason) -> Bundle:
    reasoner = Lying(bundle.files["explain.json"], bundle.contract)
    reasoner.said = said
    return replace(bundle, reasoner=reasoner)


def test_rows_without_a_reason_and_words_that_are_not_true_are_counted(tmp_path: Path) -> None:
    bundle = bundle_of(tmp_path / "one", small_contract())
    silent = measure_reasons(exam_of(lying(bundle)))
    assert silent.without == silent.looked
    exam = exam_of(lying(bundle, Reason("income", 1.0, "income: high")))
    found = measure_reasons(exam)
    income = exam.encoded[~exam.scored.scores.approved, 0]
    assert found.without == 0
    lowest = read_explain(bundle.files["explain.json"]).background[:, 0].min()
    assert found.contrary == {"income": int((income <= lowest).sum())}
    assert found.contrary["income"] > 0


class Short(Reasoner):
    """Contributions that do not add up."""

    def contributions(self, rows: Floats) -> Floats:
        return super().contributions(rows) * 0.999


def test_contributions_that_do_not_add_up_are_measured(tmp_path: Path) -> None:
    bundle = bundle_of(tmp_path / "one")
    short = replace(bundle, reasoner=Short(bundle.files["explain.json"], bundle.contract))
    assert measure_reasons(exam_of(short)).additivity > 1e-5
