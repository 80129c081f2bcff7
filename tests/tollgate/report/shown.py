"""Evidence with every part that a page shows: made up, so that each figure is seen at its place."""

from typing import Any

from tests.tollgate.gates.evidence import compared, evidence, figure
from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.written.bands import Bands, Break, Scale
from tollgate.evaluation.written.cell import Cell
from tollgate.evaluation.written.definition import Definition
from tollgate.evaluation.written.dependence import Dependence, Dependences
from tollgate.evaluation.written.importance import FeatureImportance, Importance
from tollgate.evaluation.written.missing_values import Missing, MissingValues
from tollgate.evaluation.written.prior_shift import PriorShift, Shift
from tollgate.evaluation.written.segments import Segment, Segments
from tollgate.evaluation.written.spread import Again, Spread
from tollgate.evaluation.written.swap_set import Swap, SwapSet
from tollgate.evaluation.written.vintages import Span, Vintages

# Compared on 700 of the 1,000 rows.
A_PART: dict[str, Any] = {
    "comparison": compared(
        evidence().holdout, seen_by_champion=300, rows=700, events=200, scored_rows=700, scored_events=200
    ),
    "compared_metrics": {"roc_auc": figure(0.68, 0.65, 0.71)},
    "champion_metrics": {"roc_auc": figure(0.67, 0.64, 0.7)},
    "differences": {"roc_auc": figure(0.01, -0.01, 0.03)},
}
HUNDRED = figure(None, reason="fewer than 100 of a class")
FEW = figure(None, reason="fewer than 10 rows")


def cell(name: str, rows: int = 1200, rate: float = 0.1, predicted: float = 0.08) -> Cell:
    if rows < 10:
        return Cell(name=name, rows=rows, events=None, rate=FEW, predicted=None, observed_expected=FEW)
    return Cell(
        name=name,
        rows=rows,
        events=round(rows * rate),
        rate=figure(rate, rate - 0.02, rate + 0.03),
        predicted=predicted,
        observed_expected=figure(rate / predicted, 0.9, 1.6),
    )


def again(name: str, roc_auc: float | None) -> Again:
    return Again(
        name=name,
        roc_auc=roc_auc,
        brier=0.071,
        approve_rate=0.7,
        score_difference=0.0123,
        decided_otherwise=0.045,
    )


def bands(name: str = "below 0.05") -> Bands:
    other = "0.05 and more"
    broken = Break(lower=name, higher=other, fall=figure(0.026, -0.009, 0.062), sure=False)
    scale = Scale(
        cut_by="deciles of the calibration part, rounded",
        bands=(cell(name), cell(other, rate=0.074)),
        breaks=(broken,),
    )
    points = Scale(cut_by="each 20 points", bands=(cell("above 600"), cell("to 600", rows=9)), breaks=())
    return Bands(probability=scale, points=points)


def dependence(feature: str = "income", value: str = "car") -> Dependences:
    number = Dependence(
        feature=feature,
        ordered=True,
        at=("10", "200", "3,000", "missing"),
        mean=(0.3, 0.2, 0.1, 0.25),
        low=(0.2, 0.1, 0.05, 0.2),
        high=(0.5, 0.4, 0.2, 0.3),
        span=0.2,
    )
    coded = Dependence(
        feature="purpose",
        ordered=False,
        at=(value, "boat"),
        mean=(0.12, 0.14),
        low=(0.1, 0.1),
        high=(0.2, 0.2),
        span=0.02,
    )
    return Dependences(rows=400, features=(number, coded), left_out=3)


def importance(feature: str = "income") -> Importance:
    first = FeatureImportance(feature=feature, shapley=0.4, share=0.8, auc_loss=figure(0.055, 0.037, 0.073))
    second = FeatureImportance(feature="purpose", shapley=0.1, share=0.2, auc_loss=HUNDRED)
    return Importance(
        explained_rows=1000, permuted_rows=5000, repeats=3, features=(first, second), left_out=7
    )


def segments(column: str = "age", name: str = "up to 25") -> Segments:
    protected = Segment(column=column, protected=True, cells=(cell(name), cell("over 25", rows=4)))
    plain = Segment(column="income", protected=False, cells=(cell("up to 20,000"),))
    return Segments(segments=(plain, protected), left_out=0)


def swap_set() -> SwapSet:
    own = Swap(
        challenger_approves=0.69,
        champion_approves=0.71,
        cells=(cell("approved by both"), cell("only by the challenger", rate=0.09)),
        swapped=figure(-0.03, -0.06, 0.01),
    )
    nobody = own.model_copy(update={"swapped": figure(None, reason="nobody is swapped")})
    return SwapSet(rows=5000, own=own, equal=nobody)


def shown(**change: Any) -> Evidence:
    """Evidence with all parts, but for what is changed."""
    span = Span(
        since="2024-01",
        until="2024-03",
        rows=2000,
        events=150,
        roc_auc=figure(0.782, 0.732, 0.832),
        observed_expected=figure(1.21, 1.02, 1.43),
    )
    missing = Missing(
        feature="debt",
        share=0.043,
        missing=cell("missing", rate=0.2),
        present=cell("present", rate=0.09),
        missing_auc=HUNDRED,
        present_auc=figure(0.768, 0.735, 0.8),
    )
    shift = Shift(
        factor=1.5,
        event_rate=0.139,
        observed_expected=figure(1.59, 1.45, 1.75),
        brier=figure(0.101, 0.091, 0.112),
        approve_rate=figure(0.674, 0.657, 0.692),
        approved_event_rate=figure(0.068, 0.055, 0.081),
    )
    parts: dict[str, Any] = {
        "definition": Definition(
            target="default",
            positive="1",
            known="12 months after the decision",
            as_of="2024-05-01",
            covers="all rows",
        ),
        "bands": bands(),
        "vintages": Vintages(step="month", vintages=(cell("2024-01"),), spans=(span,)),
        "segments": segments(),
        "swap_set": swap_set(),
        "importance": importance(),
        "dependence": dependence(),
        "missing_values": MissingValues(features=(missing,), complete=3),
        "prior_shift": PriorShift(shifts=(shift,)),
        "spread": Spread(
            rows=5000,
            fitted_on=20_000,
            of=70_000,
            challenger=again("challenger", 0.764),
            models=(again("refit 1", None),),
            seed=False,
            failed={"refit 2": "all rows have the same outcome"},
        ),
    }
    return evidence(**parts | change)
