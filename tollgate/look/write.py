"""The workflow.yaml of a draft, with the comments that a person would write."""

import math
from typing import Any

from tollgate.data.section import Format
from tollgate.look.draft import Draft
from tollgate.look.plan import Plan, percent
from tollgate.look.words import is_later_day
from tollgate.look.yaml_text import comment_lines, entry, flow, scalar

HEAD = """\
# Written by `tollgate init`, which looked at {looked}. Read it before you trust it: comments say what
# looked odd. `known: unconfirmed` means that nobody has said yet when the value is known: write `known: before` where
# that is before the decision, else `role: ignore`. docs/workflow.md explains every key.
"""
BY_TIME = "The latest decisions are held out, as the model will meet them: later ones than it has seen."
TOO_SHORT = "Drawn at random, for the history is too short, or has too few outcomes, to be parted by time."
NO_TIME = "Drawn at random, for no column says clearly when a row was decided."
GATES = """\
# Every gate must PASS: its whole 95 % interval on the good side of the limit. 0.65 is a beginning: raise it.
gates:
  metric:
    - {name: roc_auc, at_least: 0.65}
  champion: {margin: 0.01} # the most that a new model may lose against the one now served
"""
MOST_NAMED = 3
SMALLEST_RATE, LARGEST_RATE = 0.05, 0.95


def workflow_text(draft: Draft, name: str, source: str) -> str:
    """The text of a workflow.yaml.

    Args:
        draft: What it says.
        name: The name of the problem.
        source: The source of the rows, relative to the file.
    """
    lines = HEAD.format(looked=looked(draft)).splitlines()
    lines += ["version: 1", f"name: {scalar(name)}", ""]
    lines += _data(draft, source)
    lines += ["", *comment_lines(_why_parted(draft), 0), f"split: {flow(draft.split)}", ""]
    lines += [
        *_train(draft),
        "",
        *GATES.splitlines(),
        "",
        f"serving: {{name: {scalar(name[:40].rstrip('-'))}}}",
    ]
    return "\n".join(lines) + "\n"


def looked(draft: Draft) -> str:
    """At which rows was looked."""
    return f"all {draft.rows} rows" if draft.whole else f"{draft.rows} of the rows"


def _data(draft: Draft, source: str) -> list[str]:
    lines = ["data:", f"  source: {scalar(source)}"]
    about = [
        finding for finding in draft.findings if finding.column is None or _is_lost(draft, finding.column)
    ]
    for finding in about:
        lines += comment_lines(
            f"{finding.column}: {finding.message}" if finding.column else finding.message, 2
        )
    if draft.form:
        lines.append(f"  format: {flow(_format(draft.form))}")
    for key, value in draft.labels.items():
        lines.append(f"  {key}: {flow(value)}")
    lines.append("  columns:")
    for plan in draft.plans:
        lines += entry(plan.name, plan.settings, 4, _comment(draft, plan))
    return lines


def _why_parted(draft: Draft) -> str:
    if draft.split["method"] == "time":
        return BY_TIME
    if any(plan.role == "time" for plan in draft.plans):
        return TOO_SHORT
    spare = [plan.name for plan in draft.plans if plan.role == "ignore" and _may_be_the_day(plan)]
    if not spare:
        return NO_TIME
    return (
        f"{NO_TIME} If {' or '.join(spare[:MOST_NAMED])} does: write a day as YYYY-MM-DD in every row, and say "
        "role: time; then the latest decisions can be held out."
    )


def _may_be_the_day(plan: Plan) -> bool:
    return not is_later_day(plan.name) and any(finding.kind == "date" for finding in plan.findings)


def _is_lost(draft: Draft, column: str) -> bool:
    """Whether a finding is about a column that stands nowhere in the file."""
    return all(plan.name != column for plan in draft.plans)


def _comment(draft: Draft, plan: Plan) -> str:
    told = [finding.message for finding in draft.findings if finding.column == plan.name]
    if plan.role == "target":
        told.insert(0, f"the event, in {percent(draft.rate)} of the rows")
    return "; ".join(told)


def _format(form: Format) -> dict[str, Any]:
    settings = {
        "delimiter": form.delimiter,
        "header": form.header,
        "encoding": form.encoding,
        "nulls": form.nulls,
    }
    return settings | ({"decimal": form.decimal} if form.decimal != "." else {})


def _train(draft: Draft) -> list[str]:
    rate = min(LARGEST_RATE, max(SMALLEST_RATE, math.floor((1 - draft.rate) * 100) / 100))
    calibration = f"  calibration: {draft.calibration}"
    if draft.calibration == "none":
        calibration += " # so few rows calibrate nothing better than the regression itself"
    return [
        "train:",
        "  model: logistic # or scorecard, or gradient_boosting; see docs/models.md",
        calibration,
        "  seed: 7",
        f"  decision: {{approve_rate: {rate:g}}} # as many as have no event; or a threshold, or the cost of mistakes",
    ]
