"""Reuse of a holdout: how many challengers were measured on its rows."""

from typing import Annotated

from pydantic import Field

from tollgate.section import Section


class Reuse(Section):
    """How often a holdout was used to judge models for one target.

    Attributes:
        target: The target: its kind and its name.
        sketch: The digest of the sketch of this holdout.
        challengers: How many distinct bundles were measured on holdouts that share half of their rows or more with this
            one, this bundle counted, and those that were held.
        records: How many records of uses for this target there are, this one counted.
        most_shared: The greatest share of rows that this holdout has in common with one that another bundle was judged
            on; None where no other was judged.
        unreadable: Why the records cannot be counted; empty where they can.
    """

    target: str
    sketch: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    challengers: Annotated[int, Field(ge=1)] = 1
    records: int = 0
    most_shared: float | None = None
    unreadable: str = ""
