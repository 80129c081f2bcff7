"""A number in few digits, as messages and pages show it."""

NEXT_TO_NOTHING = 1e-300  # nothing that is measured or set is meant to be so small: what is left is rounding


def short(value: float, digits: int = 6) -> str:
    """A number with the digits that matter; 0 for what is no more than the rounding of a float."""
    return "0" if abs(value) < NEXT_TO_NOTHING else f"{value:.{digits}g}"
