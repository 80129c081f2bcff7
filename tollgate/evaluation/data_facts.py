"""The part `data` of the evidence: how many rows there are, what is missing in them, and where they overlap."""

from collections.abc import Mapping

from tollgate.evaluation.figure import Figure
from tollgate.section import Section


class Rows(Section):
    """How many rows a part has, and how many of them with the event."""

    rows: int
    events: int


class FeatureFacts(Section):
    """What the holdout has of a feature.

    Attributes:
        fit: The share of rows of the fit part without a value.
        missing: The share of rows of the holdout without one; None where the contract allows none.
        rise: By how much the latter is above the former.
        unknown: The share of rows of the holdout whose category the fit part never had, or that is none of the
            contract's; None for what has no categories.
    """

    fit: float = 0.0
    missing: Figure | None = None
    rise: Figure | None = None
    unknown: Figure | None = None


class DataFacts(Section):
    """The part `data`.

    Attributes:
        splits: The digest of the split.
        validation: The digest of the validation report.
        record: The digest of the training record.
        parts: By part its rows and events, as validate counted them.
        fitted: Rows and events that train was given of the fit part.
        features: By feature, those alone that may miss or have categories.
        immature: The share of rows left out because nobody knew their label yet, of those with a decision.
        repeated: The share of rows of the holdout that stand in another part too, in all but the id.
    """

    splits: str
    validation: str
    record: str
    parts: Mapping[str, Rows]
    fitted: Rows
    features: Mapping[str, FeatureFacts]
    immature: Figure
    repeated: Figure
