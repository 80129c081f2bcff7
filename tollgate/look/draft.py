"""A first description of data that nobody has described yet."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tollgate.contract import Column
from tollgate.data.decimal_comma import with_points
from tollgate.data.parse import parse_table
from tollgate.data.section import DataSection, Format
from tollgate.errors import DataError
from tollgate.look.column import look_at
from tollgate.look.columns import plan_column
from tollgate.look.decimals import comma_columns, point_columns, read_with_commas
from tollgate.look.finding import Finding
from tollgate.look.label import Labels, labels_of
from tollgate.look.overall import of_rows, of_strongest
from tollgate.look.parting import at_random, by_time, calibration_events
from tollgate.look.plan import Plan, Table
from tollgate.look.roles import settled
from tollgate.look.sample import Sample, take_sample
from tollgate.look.target import event_of, events_of, find_target

FEWEST_TO_CALIBRATE = 50
SAMPLED = (
    "too large to be looked at as a whole, and what comes first may not be like the rest: values may be missing "
    "everywhere, and categories not seen are read as other; tighten that once you know better"
)


@dataclass(frozen=True)
class Draft:
    """What workflow.yaml will say, and what to tell about it.

    Attributes:
        rows: How many rows were looked at.
        whole: Whether these are all.
        form: How CSV is written; None for Parquet.
        plans: The columns in order, the target among them.
        labels: The keys `label` and `selection`, where the target is not known everywhere.
        split: The section `split`.
        calibration: How scores become probabilities.
        rate: The share of the event.
        findings: Everything noticed, about the file first, then column by column.
    """

    rows: int
    whole: bool
    form: Format | None
    plans: list[Plan]
    labels: dict[str, Any]
    split: dict[str, Any]
    calibration: str
    rate: float
    findings: list[Finding]


def draft(source: str, target: str, positive: str | None, names: tuple[str, ...] | None) -> Draft:
    """Look at a sample of a source, and say what it seems to be.

    Args:
        source: A file, folder or glob, as `data.source` may be.
        target: The column that is to be predicted.
        positive: Its value that is the event, where that is not clear by itself.
        names: The columns of text files without a header, where they are given.

    Raises:
        DataError: The data cannot be read, or cannot be used.
        ConfigError: The target, its event or the names do not fit the data.
    """
    sample = take_sample(source, target, names)
    left_out = {finding.column: finding.message for finding in sample.findings if finding.kind == "left out"}
    find_target(sample.rows.column_names, target, left_out)
    form, read, told = _decimals(sample)
    looks = {name: look_at(name, read.column(name)) for name in read.column_names}
    event = event_of(looks[target], positive, sample.whole)
    events = events_of(looks[target], event)
    table = Table(read.num_rows, sample.whole, events)
    plans = settled(
        [_target(target, event) if name == target else plan_column(looks[name], table) for name in looks],
        looks,
    )
    time = next((plan.name for plan in plans if plan.role == "time"), None)
    labels = labels_of(looks[target], looks, time)
    plans = [labels.plans.get(plan.name, plan) for plan in plans]
    if not any(plan.role == "feature" for plan in plans):
        raise DataError(f"{source}: no column is left to predict from: {_fates(plans)}")
    parsed = _parsed(sample.rows, form, plans, labels)
    split = _split(parsed, form, plans, labels, events)
    few = calibration_events(events[~np.isnan(events)]) < FEWEST_TO_CALIBRATE
    findings = [
        *([] if sample.whole else [Finding("sample", None, SAMPLED)]),
        *sample.findings,
        *told,
        *of_rows(parsed, plans, looks[target], event),
        *of_strongest(plans, looks, events),
        *labels.findings,
        *(finding for plan in plans for finding in plan.findings),
    ]
    return Draft(
        rows=read.num_rows,
        whole=sample.whole,
        form=form,
        plans=plans,
        labels=labels.settings,
        split=split,
        calibration="none" if few else "sigmoid",
        rate=float(np.nanmean(events)),
        findings=findings,
    )


def _decimals(sample: Sample) -> tuple[Format | None, pa.Table, list[Finding]]:
    """The format with the decimal mark, the rows with points, and what to tell."""
    form = sample.form
    if form is None:
        return None, sample.rows, []
    commas = comma_columns(sample.rows, form.delimiter)
    if not commas:
        return form, sample.rows, []
    points = point_columns(sample.rows)
    if points:
        message = (
            f"a decimal comma, but {', '.join(points[:3])} {'has' if len(points) == 1 else 'have'} a decimal point: "
            "write one of them throughout"
        )
        return form, sample.rows, [Finding("decimal comma", name, message) for name in commas]
    message = f"{', '.join(commas[:3])}{' ...' if len(commas) > 3 else ''}: read with a decimal comma"
    told = Finding("decimal comma", None, message)
    return form.model_copy(update={"decimal": ","}), read_with_commas(sample.rows), [told]


def _target(name: str, event: str) -> Plan:
    plain = event.lstrip("-").isdecimal() and event.isascii() and str(int(event)) == event
    return Plan(name, {"role": "target", "positive": int(event) if plain else event})


def _section(form: Format | None, plans: list[Plan], labels: Labels) -> DataSection:
    columns = {plan.name: Column.read(plan.settings) for plan in plans}
    return DataSection.read(
        {
            "source": "looked at",
            "format": form.as_json() if form else {},
            "columns": {name: column.as_json() for name, column in columns.items()},
            **labels.settings,
        }
    )


def _parsed(rows: pa.Table, form: Format | None, plans: list[Plan], labels: Labels) -> pa.Table:
    """The rows in the contract's types, as ingest will make them."""
    contract = _section(form, plans, labels).contract
    if form and form.decimal == ",":
        rows = with_points(rows, contract)
    return parse_table(rows, contract, 1)[0]


def _split(
    parsed: pa.Table, form: Format | None, plans: list[Plan], labels: Labels, events: NDArray[np.float64]
) -> dict[str, Any]:
    known = ~np.isnan(events)
    data = _section(form, plans, labels)
    timed = by_time(parsed.filter(pa.array(known)), data, events[known])
    return timed or at_random(events[known])


def _fates(plans: list[Plan]) -> str:
    told = [f"{plan.name} ({plan.findings[0].kind})" for plan in plans if plan.findings]
    return ", ".join(told[:10]) + (" ..." if len(told) > 10 else "") or "there is only the target"
