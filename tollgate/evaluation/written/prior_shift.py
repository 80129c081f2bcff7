"""Prior shift, as the evidence holds it."""

from tollgate.evaluation.figure import Figure
from tollgate.section import Section


class Shift(Section):
    """The figures at another event rate.

    Attributes:
        factor: By what the event rate is multiplied.
        event_rate: The rate that this makes.
        observed_expected: Events to the sum of probabilities.
        brier: The mean squared distance of probability and outcome.
        approve_rate: The share approved at the model's threshold.
        approved_event_rate: The share of events among them.
    """

    factor: float
    event_rate: float
    observed_expected: Figure
    brier: Figure
    approve_rate: Figure
    approved_event_rate: Figure


class PriorShift(Section):
    """What a model that is left as it is would do where the event becomes rarer or more frequent.

    Attributes:
        shifts: As measured, then each factor that leaves room for both classes.
    """

    shifts: tuple[Shift, ...]
