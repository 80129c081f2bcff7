"""The page on the data: every finding, where the rows went, and what stands twice."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import jinja2
from markupsafe import Markup

from tollgate.data.validation import Repeats, Validation
from tollgate.report.words import marked

BAR = 240
PARTS = ("fit", "calibration", "threshold", "holdout")  # in the order in which they are used
READ = "rows read"
# What ingest takes out of the rows that it reads, in its order.
TAKEN = (
    ("rejected", "rejected applicants, whose label nobody knows"),
    ("future", "decided after the day as of which the data is used"),
    ("immature", "label not yet known on that day"),
)
USED = "rows in the snapshot"
EMBARGOED = "used nowhere: label not known when the holdout starts"


@dataclass(frozen=True)
class Step:
    """A step on the way of the rows.

    Attributes:
        title: What it is.
        rows: How many rows are taken out, or there.
        taken: Whether they are taken out.
        left: Where the bar begins, in pixels.
        width: How wide it is.
        share: The share of the rows read, in words.
    """

    title: str
    rows: int
    taken: bool
    left: float
    width: float
    share: str


def render_validation(report: Validation) -> str:
    """The validation report as HTML: no script, nothing loaded from elsewhere, printable."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("tollgate.report"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    environment.filters.update(grouped=lambda number: f"{number:,}", marked=marked, sentence=_sentence)
    return environment.get_template("validation.html.jinja").render(
        report=report,
        errors=report.of_level("error"),
        headline=_headline(report),
        hidden=any(finding.rows for finding in report.findings),
        sections=[
            (title, found, Counter(one.rule for one in found).most_common())
            for title, found in (
                ("What stops the run", report.of_level("error")),
                ("What may be wrong", report.of_level("warning")),
            )
        ],
        notes=report.of_level("note"),
        coverage=_coverage(report),
        flow=_flow(report),
        repeats=[(_same(one), _counts(one.within, one.of), _counts(one.over)) for one in report.repeats],
        bar_width=BAR,
    )


def _sentence(text: str) -> Markup:
    """Such text, beginning with a capital unless it begins with code."""
    return marked(text[:1].upper() + text[1:])


def _headline(report: Validation) -> tuple[str, str]:
    errors, warnings, notes = (len(report.of_level(level)) for level in ("error", "warning", "note"))
    rest = f"{_many(warnings, 'warning')}, {_many(notes, 'note')}."
    if errors:
        return "The data cannot be used", f"{_many(errors, 'error')}, {rest} Nothing was trained."
    return "The data can be used", f"It keeps its contract. {rest[0].upper()}{rest[1:]}"


def _many(count: int, word: str) -> str:
    return f"{count or 'no'} {word}{'' if count == 1 else 's'}"


def _coverage(report: Validation) -> str:
    """Whom the labels cover, and what share of the rows read that is."""
    states = report.population.get("states", "all rows")
    read, rejected = (
        int(report.population.get(key, default)) for key, default in (("read", report.rows), ("rejected", 0))
    )
    said = f"The labels cover {states}."
    if rejected:
        accepted = read - rejected
        said += f" These are {_share(accepted, read)} of the {read:,} rows read; of the others nobody knows the label."
    return f"{said} {report.rows:,} rows are used, {_share(report.rows, read)} of those read."


def _flow(report: Validation) -> list[Step]:
    """What was read, what was taken out of it step by step, what is left, and its parts."""
    read = int(report.population.get("read", report.rows))
    steps, left = [_step(READ, read, 0, read, False)], read
    for key, title in TAKEN:
        rows = int(report.population.get(key, 0))
        left -= rows
        steps.append(_step(title, rows, left, read, True))
    steps.append(_step(USED, report.rows, 0, read, False))
    left = report.rows - report.embargoed
    if report.parts:
        steps.append(_step(EMBARGOED, report.embargoed, left, read, True))
    start = 0
    for name in (name for name in PARTS if name in report.parts):
        part = report.parts[name]
        days = f" ({part['since']} to {part['until']})" if part.get("since") else ""
        steps.append(_step(f"part {name}{days}, {part['events']:,} events", part["rows"], start, read, False))
        start += part["rows"]
    return steps


def _step(title: str, rows: int, start: int, read: int, taken: bool) -> Step:
    pixels = BAR / max(read, 1)
    return Step(title, rows, taken, round(start * pixels, 1), round(rows * pixels, 1), _share(rows, read))


def _share(rows: int, of: int) -> str:
    return f"{100 * rows / max(of, 1):.1f} %"


def _same(one: Repeats) -> str:
    whole = "the whole row, id apart"
    return whole if one.column is None else f"the {one.of}, column {one.column}"


def _counts(counts: Mapping[str, int], of: str = "") -> str:
    """Counts by part, those that are not 0."""
    if of == "group":
        return "as it should be"
    found = [f"{name} {count:,}" for name, count in counts.items() if count]
    return ", ".join(found) or "none"
