"""Measuring the part `reasons` on declined rows of the holdout."""

from collections import Counter

import numpy as np

from tollgate.bundle.explain import read_explain
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.metrics import Floats
from tollgate.evaluation.reason_words import words_of
from tollgate.evaluation.reasons_facts import ReasonsFacts
from tollgate.evaluation.shares import drawn
from tollgate.reasons.wording import Reason

MOST_ROWS = 2000


def measure_reasons(exam: Exam) -> ReasonsFacts:
    """The part `reasons`, of at most 2,000 declined rows."""
    reasoner, contract = exam.challenger.reasoner, exam.challenger.contract
    if not reasoner.explains:
        return ReasonsFacts(explains=False)
    declined = np.flatnonzero(~exam.scored.scores.approved)
    looked = declined[drawn(len(declined), MOST_ROWS, exam.section.seed)]
    rows = exam.encoded[looked]
    contributions = reasoner.contributions(rows)
    margin = exam.scored.scores.margin[looked]
    apart = np.abs(reasoner.base + contributions.sum(axis=1) - margin) / np.maximum(1, np.abs(margin))
    reasons = reasoner.reasons(rows, contributions)
    return ReasonsFacts(
        explains=True,
        declined=len(declined),
        looked=len(looked),
        without=sum(not found for found in reasons),
        additivity=float(apart.max(initial=0.0)),
        contrary=_contrary(exam, rows, contributions, reasons),
        lacking=tuple(name for name in contract.features if contract.columns[name].lacking_texts),
    )


def _contrary(exam: Exam, rows: Floats, contributions: Floats, reasons: list[list[Reason]]) -> dict[str, int]:
    """By feature how many reasons contradict its value."""
    contract = exam.challenger.contract
    background = read_explain(exam.challenger.files["explain.json"]).background
    words = [
        words_of(name, contract.columns[name], background[:, place])
        for place, name in enumerate(contract.features)
    ]
    members: dict[str, list[int]] = {}
    for place, name in enumerate(contract.features):
        members.setdefault(contract.columns[name].reason_group or name, []).append(place)
    found: Counter[str] = Counter()
    for row, shares, given in zip(rows, contributions, reasons, strict=True):
        for reason in given:
            place = max(members[reason.name], key=shares.__getitem__)
            if words[place].contrary(reason.text, float(row[place])):
                found[contract.features[place]] += 1
    return dict(found)
