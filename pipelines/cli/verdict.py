"""The end of a run in words: every finding, what changed, where the report is, what to type next."""

import os
import shlex
import shutil
import sys
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from pipelines.cli.options import DEFAULT_WORKFLOW
from pipelines.run import Finished
from tollgate.evaluation.evidence import Evidence
from tollgate.gates.finding import Finding
from tollgate.outcome import Outcome
from tollgate.verdict import Verdict
from tollgate.waived import Waived

COLOURS = {"PASS": "green", "FAIL": "red", "INCONCLUSIVE": "yellow"}
MOST_SUBJECTS = 5
TITLES = {"deployed": "green", "held": "yellow", "conflict": "yellow", "failed": "red"}


def show(finished: Finished, workflow: Path) -> None:
    """Print how the run of a workflow ended."""
    console = Console(highlight=False)
    if finished.verdict:
        console.print(_findings(finished.verdict))
    lines = [*finished.outcome.reasons, *_waivers(finished)]
    if finished.evidence and finished.outcome.outcome != "failed":
        lines.append(against_champion(finished.evidence))
        lines += drift_line(finished.evidence)
    if finished.outcome.outcome == "deployed" and finished.outcome.changed:
        lines.append(f"published as generation {finished.outcome.generation}")
    lines.append("")
    if finished.verdict and finished.report.exists():
        lines.append(f"report   {_short(finished.report)}")
    if finished.validation:
        lines.append(f"data     {_short(finished.validation)}")
    lines.append(f"log      {_short(finished.folder / 'log.txt')}")
    lines.append(f"next     {_next(finished, workflow)}")
    colour = TITLES[finished.outcome.outcome]
    title = f"[bold {colour}]{finished.outcome.outcome}[/bold {colour}]"
    console.print(Panel(Text("\n".join(lines)), title=title, title_align="left"))


def stopped(outcome: Outcome) -> str:
    """How a run ended that was asked to stop."""
    if outcome.outcome == "deployed":
        return f"stopped, but the model was published already, as generation {outcome.generation}"
    if outcome.outcome == "failed":
        return "stopped; nothing was published"
    return f"stopped, but the run had ended: {outcome.outcome}; nothing was published"


def against_champion(evidence: Evidence) -> str:
    """What changed against the model now served."""
    champion = evidence.champion
    if champion.state == "none":
        return "no champion yet: this is the first model here"
    if champion.state == "unreadable":
        return f"the champion could not be compared with: {champion.reason}"
    who = f"champion: generation {champion.generation}, bundle {(champion.bundle or '')[:12]}"
    if champion.bundle == evidence.bundle:
        return f"{who}; the challenger is the very same bundle"
    figure = evidence.differences.get("roc_auc")
    if figure is None:
        return f"{who}; there is no row to compare on{f': {champion.reason}' if champion.reason else ''}"
    if figure.value is None or figure.low is None or figure.high is None:
        return f"{who}; no difference can be told: {figure.reason}"
    return f"{who}; roc_auc changes by {figure.value:+.4f} [{figure.low:+.4f}, {figure.high:+.4f}]"


def drift_line(evidence: Evidence) -> list[str]:
    """How the contract differs from the champion's, on one line; none where it does not."""
    drift = evidence.drift
    if drift is None or not drift.changes:
        return []
    return [f"the contract differs from the champion's: {drift.summary}"]


def _findings(verdict: Verdict) -> Table:
    """Every finding; a gate whose many findings all pass is one line, for they stand in the report."""
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("finding", "gate", "in words"):
        table.add_column(heading, overflow="fold")
    waived = verdict.waived()
    for gate, numbered in groupby(enumerate(verdict.findings), key=lambda item: item[1].gate):
        found = list(numbered)
        if len(found) > 1 and all(finding.status == "PASS" for _, finding in found):
            table.add_row(*_all_pass(gate, [finding.subject for _, finding in found]))
            continue
        for at, finding in found:
            table.add_row(*_row(finding, waived.get(at)))
    return table


def _all_pass(gate: str, subjects: list[str]) -> tuple[Text, Text, Text]:
    different = list(dict.fromkeys(subjects))
    more = len(different) - MOST_SUBJECTS
    named = ", ".join(different[:MOST_SUBJECTS]) + (f" and {more} more" if more > 0 else "")
    return Text("PASS", style="bold green"), Text(gate), Text(f"all {len(subjects)} findings pass: {named}")


def _row(finding: Finding, waived: Waived | None) -> tuple[Text, Text, Text]:
    words = Text(finding.message)
    if waived and finding.status == "INCONCLUSIVE":
        words.append(f"\n{waived.said}", style="bold red")
    status = Text(finding.status, style=f"bold {COLOURS[finding.status]}")
    return status, Text(f"{finding.gate} {finding.subject}"), words


def _waivers(finished: Finished) -> list[str]:
    """What is to be said of waivers that let nothing through, and is not among the reasons already."""
    said = [one.said for one in finished.verdict.waivers if one.state == "unused"] if finished.verdict else []
    return [one for one in said if one not in finished.outcome.reasons]


def _next(finished: Finished, workflow: Path) -> str:
    command = {"deployed": "serve", "conflict": "run"}.get(finished.outcome.outcome)
    if command:
        named = "" if workflow == DEFAULT_WORKFLOW else f" --workflow {shlex.quote(str(workflow))}"
        return f"{_program()} {command}{named}"
    return "read the report" if finished.verdict else "mend the cause above, or read the log"


def _program() -> str:
    """This program as one can type it here."""
    found = shutil.which("tollgate")
    own = Path(sys.argv[0])
    return "tollgate" if found and own.exists() and own.samefile(found) else _short(own)


def _short(path: Path) -> str:
    """The path from here where that is shorter."""
    relative = os.path.relpath(path)
    return relative if len(relative) < len(str(path)) else str(path)
