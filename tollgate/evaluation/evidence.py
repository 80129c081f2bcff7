"""Evidence: everything measured about a challenger, in the form that gates read and committees keep."""

from collections.abc import Mapping
from typing import Any, Literal

from tollgate.contract.drift import Drift
from tollgate.data.validation import MainFacts
from tollgate.evaluation.calibration_section import Calibration
from tollgate.evaluation.comparison import Comparison
from tollgate.evaluation.cost_section import Errors
from tollgate.evaluation.data_facts import DataFacts
from tollgate.evaluation.fairness_section import Fairness
from tollgate.evaluation.figure import NOT_MEASURED, Figure, NotAssessed
from tollgate.evaluation.leakage_facts import LeakageFacts
from tollgate.evaluation.monotonic_facts import MonotonicFacts
from tollgate.evaluation.reasons_facts import ReasonsFacts
from tollgate.evaluation.reuse import Reuse
from tollgate.evaluation.robustness_facts import RobustnessFacts
from tollgate.evaluation.service_facts import ServiceFacts, ServiceTimings
from tollgate.evaluation.slices_section import Slices
from tollgate.evaluation.stability_section import Stability
from tollgate.evaluation.written.bands import Bands
from tollgate.evaluation.written.definition import Definition
from tollgate.evaluation.written.dependence import Dependences
from tollgate.evaluation.written.importance import Importance
from tollgate.evaluation.written.missing_values import MissingValues
from tollgate.evaluation.written.prior_shift import PriorShift
from tollgate.evaluation.written.segments import Segments
from tollgate.evaluation.written.spread import Spread
from tollgate.evaluation.written.swap_set import SwapSet
from tollgate.evaluation.written.vintages import Vintages
from tollgate.section import Section

FORMAT_VERSION: Literal[3] = 3
FEWEST_OF_A_CLASS = 100


class Champion(Section):
    """The model now served, as far as it could be found.

    Attributes:
        state: none (no pointer and no history), found, or unreadable.
        release: Its release digest; None without a champion.
        bundle: Its bundle digest; None without a champion.
        generation: The target's generation; 0 without a champion.
        reason: Why it is unreadable, or how many rows it could not score.
        settings: The section `gates` that it was judged by, as its verdict holds it; None where that cannot be read.
        settings_reason: Why that cannot be read.
        adverse_action: Whether it is served with the promise that declined applicants are told the reasons.
        definition: What the event is that it predicts, as its evidence has it; None where that does not say.
    """

    state: Literal["none", "found", "unreadable"]
    release: str | None = None
    bundle: str | None = None
    generation: int = 0
    reason: str = ""
    settings: Mapping[str, Any] | None = None
    settings_reason: str = ""
    adverse_action: bool = False
    definition: Definition | None = None


class Holdout(Section):
    """The rows that everything was measured on.

    Attributes:
        splits: The digest of the split.
        rows: How many.
        events: How many of them with the event.
        since: The first decision day; None without a time column.
        until: The last decision day.
    """

    splits: str
    rows: int
    events: int
    since: str | None = None
    until: str | None = None


class Timings(Section):
    """What is different each time that the same is measured; it stands outside of what names the evidence.

    Attributes:
        measured_at: When, UTC, ISO 8601.
        seconds: How long each measurement took, by name.
        service: How long the graph takes for a single row.
    """

    measured_at: str
    seconds: Mapping[str, float] = {}
    service: ServiceTimings | NotAssessed | None = None


class Evidence(Section):
    """Everything measured about a challenger.

    Attributes:
        version: The format of evidence.json; 1 had neither validation nor drift, 2 only the figures of whole holdouts.
        bundle: The challenger's bundle digest.
        holdout: The rows that everything was measured on.
        champion: The model now served.
        comparison: On which rows the champion was compared with.
        reuse: How often this holdout was used for this target.
        metrics: The challenger's metrics by name.
        compared_metrics: The challenger's on the rows of `comparison`, where these are not all; else empty.
        champion_metrics: The champion's, on the rows of `comparison`; empty without a champion.
        differences: Challenger minus champion, paired, on the rows of `comparison`; empty without a champion.
        yardstick_metrics: Those of a plain logistic model, trained on the very same parts.
        parity: Largest distance of graph and trained pipeline over the holdout, where train measured it.
        population: Whom the figures hold for: each exclusion with its rows, in order.
        training: What train recorded: rows of each part, threshold, approve rate, the trials of a search, the card of
            a scorecard; and `record`, the digest of that record.
        validation: The digest of the validation report, how many warnings and notes it has, and the first of them.
        drift: How the contract differs from the champion's.
        definition: What the event is, and when it is known.
        bands: How often the event happened in each band of scores.
        vintages: The rows by when they were decided on.
        segments: Calibration by the values of each column.
        swap_set: Whom a change from champion to challenger lets in and turns away.
        importance: How much each feature matters to the model.
        dependence: How the probability goes with each feature.
        missing_values: What it means that a value is missing.
        prior_shift: The figures where the event becomes rarer or more frequent.
        spread: How far the same model goes apart, trained with other seeds and on other rows.
        settings: The digest of the section `evaluate`.
        adverse_action: Whether `serving.adverse_action` promises that declined applicants are told the reasons.
        timings: What is different each time; None in older formats.
        data: How many rows there are, what is missing in them, and where they overlap.
        leakage: What looks as if a feature knew the outcome.
        monotonic: Whether the model keeps to the directions that the contract declares.
        reasons: Whether declined rows have reasons that are true.
        robustness: How far scores move when values do a little.
        service: How large the graph is; how fast stands in the timings.
        calibration: Probabilities beside what happened.
        stability: Whether rows and performance stay what they were.
        slices: Each group of rows against the others.
        fairness: What the decisions do to protected groups.
        errors: How often a decision is wrong in either way; what that costs, gates know.
    """

    version: Literal[1, 2, 3]
    bundle: str
    holdout: Holdout
    champion: Champion
    comparison: Comparison | NotAssessed = NOT_MEASURED
    reuse: Reuse | NotAssessed = NOT_MEASURED
    metrics: Mapping[str, Figure]
    compared_metrics: Mapping[str, Figure] = {}
    champion_metrics: Mapping[str, Figure] = {}
    differences: Mapping[str, Figure] = {}
    yardstick_metrics: Mapping[str, Figure] = {}
    parity: float | None = None
    population: Mapping[str, Any] = {}
    training: Mapping[str, Any] = {}
    validation: MainFacts = MainFacts()
    drift: Drift | None = None
    definition: Definition | NotAssessed = NOT_MEASURED
    bands: Bands | NotAssessed = NOT_MEASURED
    vintages: Vintages | NotAssessed = NOT_MEASURED
    segments: Segments | NotAssessed = NOT_MEASURED
    swap_set: SwapSet | NotAssessed = NOT_MEASURED
    importance: Importance | NotAssessed = NOT_MEASURED
    dependence: Dependences | NotAssessed = NOT_MEASURED
    missing_values: MissingValues | NotAssessed = NOT_MEASURED
    prior_shift: PriorShift | NotAssessed = NOT_MEASURED
    spread: Spread | NotAssessed = NOT_MEASURED
    settings: str
    adverse_action: bool = False
    timings: Timings | None = None
    data: DataFacts | NotAssessed = NOT_MEASURED
    leakage: LeakageFacts | NotAssessed = NOT_MEASURED
    monotonic: MonotonicFacts | NotAssessed = NOT_MEASURED
    reasons: ReasonsFacts | NotAssessed = NOT_MEASURED
    robustness: RobustnessFacts | NotAssessed = NOT_MEASURED
    service: ServiceFacts | NotAssessed = NOT_MEASURED
    calibration: Calibration | NotAssessed = NOT_MEASURED
    stability: Stability | NotAssessed = NOT_MEASURED
    slices: Slices | NotAssessed = NOT_MEASURED
    fairness: Fairness | NotAssessed = NOT_MEASURED
    errors: Errors | NotAssessed = NOT_MEASURED
