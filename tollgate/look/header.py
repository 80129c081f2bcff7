"""Whether the first record of a text file names its columns."""

from tollgate.contract.columns import is_number
from tollgate.look.nulls import is_null_word

FEW = 20


def has_header(found: list[list[str]], target: str) -> bool:
    """Whether the first record names the columns: names the target, or is unlike the records under it.

    Args:
        found: The first records, at least one.
        target: The column that the user calls the target.
    """
    first, below = found[0], found[1:]
    if target in first:
        return True
    named = [cell for cell in first if cell.strip()]
    if len(named) < len(first) - 1 or any(is_number(cell) or is_null_word(cell) for cell in named):
        return False
    if not below:
        return True
    columns = [[record[place] for record in below if place < len(record)] for place in range(len(first))]
    if any(_of_numbers(column) for column in columns):
        return True
    return not any(
        cell in column for cell, column in zip(first, columns, strict=True) if len(set(column)) <= FEW
    )


def _of_numbers(column: list[str]) -> bool:
    told = [cell for cell in column if not is_null_word(cell)]
    numbers = sum(is_number(cell.strip().replace(",", ".")) for cell in told)
    return bool(told) and numbers >= 0.9 * len(told)
