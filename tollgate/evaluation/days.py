"""Whether the days of the holdout lie after those that the model learned from."""

import datetime as dt

import pyarrow.compute as pc

from tollgate.evaluation.exam import Exam


def overlap(exam: Exam) -> float | None:
    """The share of the holdout's rows whose day is not after the last day of the other parts.

    A row without a day counts as one of them. None where there is no time column, or the parts' days are not known.
    """
    time = exam.challenger.contract.only("time")
    parts = exam.facts.get("population", {}).get("parts", {})
    others = [part for name, part in parts.items() if name != "holdout"]
    if time is None or not others or not all("until" in part for part in others):
        return None
    last = max(dt.date.fromisoformat(part["until"]) for part in others)
    seen = pc.less_equal(exam.table.column(time), last).fill_null(True)
    return float(pc.mean(seen).as_py())
