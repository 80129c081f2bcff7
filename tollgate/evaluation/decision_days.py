"""Which columns without the role time may hold the day on which each row was decided."""

import pyarrow as pa
import pyarrow.compute as pc

from tollgate.evaluation.exam import Exam
from tollgate.look.dates import ISO, other_date

SELDOM = 0.05  # the share of rows without a day, above which a column is not the day of a decision
YEARS = 30  # decisions on file are seldom of more years; days of birth are
ENDS = [0.05, 0.95]  # between which share of the rows the years are counted
FEW = 100


def decision_days(exam: Exam) -> tuple[str, ...]:
    """The columns of the contract with days that may be those of the decisions, whatever role and type they have.

    Not the time column; nor the day on which a label was known; nor a column with days in too few rows, with only one
    day, or with days of so many years that they are rather days of birth.
    """
    contract = exam.challenger.contract
    apart = (contract.only("time"), contract.target, exam.facts.get("population", {}).get("label_column"))
    return tuple(
        name for name in contract.columns if name not in apart and _may_be_decided(exam.table.column(name))
    )


def _may_be_decided(column: pa.ChunkedArray) -> bool:
    found = column.drop_null()
    if not len(found) or column.null_count > SELDOM * len(column):
        return False
    if pa.types.is_date(column.type):
        years = pc.year(found)
    elif pa.types.is_string(column.type) and _are_days(found):
        years = _written_years(found)
    else:
        return False
    low, high = pc.quantile(years, q=ENDS).to_pylist()
    return bool(pc.count_distinct(found).as_py() > 1 and high - low <= YEARS)


def _written_years(texts: pa.ChunkedArray) -> pa.Array:
    """The years in texts; all the same where some have none of four digits."""
    found = pc.extract_regex(texts, r"(?P<year>19\d{2}|20\d{2})").combine_chunks()
    return pa.array([0]) if found.null_count else found.field("year").cast(pa.int64())


def _are_days(texts: pa.ChunkedArray) -> bool:
    """Whether texts are days, as the contract wants them or written otherwise; most columns are told by a few rows."""
    return all(_all_days(pc.unique(some)) for some in (texts.slice(0, FEW), texts))


def _all_days(texts: pa.Array) -> bool:
    return bool(pc.all(pc.match_substring_regex(texts, ISO)).as_py()) or bool(other_date(texts))
