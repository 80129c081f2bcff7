"""Which columns without the role time may hold the day on which each row was decided."""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tollgate.contract import Column
from tollgate.evaluation.exam import Exam
from tollgate.evaluation.metrics import Floats
from tollgate.look.dates import ISO, is_day, other_date

SELDOM = 0.05  # the share of rows without a day, above which a column is not the day of a decision
YEARS = 30  # decisions on file are seldom of more years; days of birth are
ENDS = [0.05, 0.95]  # between which share of the rows the years are counted
FEW = 100


def decision_days(exam: Exam) -> tuple[str, ...]:
    """The columns of the contract with days that may be those of the decisions, whatever role and type they have.

    Not the time column; nor the day on which a label was known; nor a column with days in too few rows, with only one
    day, or with days of so many years that they are rather days of birth. Rows have too few days only where the
    contract is not what takes them out.
    """
    contract = exam.challenger.contract
    apart = (contract.only("time"), contract.target, exam.facts.get("population", {}).get("label_column"))
    return tuple(
        name
        for name, column in contract.columns.items()
        if name not in apart and _may_be_decided(exam.table.column(name), column)
    )


def _may_be_decided(cells: pa.ChunkedArray, column: Column) -> bool:
    years = _years(cells.drop_null())
    if years is None:
        return False
    days = pc.count_distinct(cells, mode="only_valid").as_py()
    if cells.null_count > SELDOM * len(cells):
        taken = _taken_out(column, years)
        if not len(taken):
            return False
        days, years = days + len(taken), years if len(years) else taken
    low, high = np.quantile(years, ENDS) if len(years) else (0.0, 0.0)
    return bool(days > 1 and high - low <= YEARS)


def _taken_out(column: Column, years: Floats) -> Floats:
    """The years of days that stand for a missing one, where they are such years as those of the days that are left.

    What stands for no day, such as 1900-01-01 or 9999-12-31, lies far from them.
    """
    texts = [value for value in column.missing_values if isinstance(value, str)]
    days = [text for text in texts if is_day(text)]
    found = np.array([float(year[0]) if (year := re.search(r"\d{4}", day)) else 0.0 for day in days])
    if not len(years):
        return found
    low, high = np.quantile(years, ENDS)
    reach = max(1.0, high - low)
    return np.asarray(found[(found >= low - reach) & (found <= high + reach)])


def _years(cells: pa.ChunkedArray) -> Floats | None:
    """The year of each day; None where cells are not days. Where there are no cells, they may be."""
    if pa.types.is_date(cells.type):
        return np.asarray(pc.year(cells).to_numpy(), dtype=np.float64)
    if pa.types.is_string(cells.type) and (not len(cells) or _are_days(cells)):
        return _written_years(cells)
    return None


def _written_years(texts: pa.ChunkedArray) -> Floats:
    """The years in texts; all the same where some have none of four digits."""
    found = pc.extract_regex(texts, r"(?P<year>19\d{2}|20\d{2})").combine_chunks()
    if found.null_count:
        return np.zeros(len(texts))
    return np.asarray(found.field("year").cast(pa.int64()).to_numpy(), dtype=np.float64)


def _are_days(texts: pa.ChunkedArray) -> bool:
    """Whether texts are days, as the contract wants them or written otherwise; most columns are told by a few rows."""
    return all(_all_days(pc.unique(some)) for some in (texts.slice(0, FEW), texts))


def _all_days(texts: pa.Array) -> bool:
    return bool(pc.all(pc.match_substring_regex(texts, ISO)).as_py()) or bool(other_date(texts))
