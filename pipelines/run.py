"""One local run of a workflow: compile, run, settle."""

import datetime as dt
import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.compile import compile_workflow
from pipelines.config import Workflow, load_workflow, resolve_source
from pipelines.local import Listener, run_local
from pipelines.settle import settle
from serving.targets import Target, open_target
from tollgate.errors import ConfigError
from tollgate.evaluation.evidence import Evidence
from tollgate.outcome import Outcome
from tollgate.storage.folder import FolderStorage, open_storage
from tollgate.verdict import Verdict

POLICY = "policy.yaml"


@dataclass(frozen=True)
class Finished:
    """A run that has ended.

    Attributes:
        outcome: How.
        verdict: What the gates found; None where no verdict was reached.
        evidence: What was measured; None where nothing was.
        folder: The run's folder.
        report: The report; it is there where there is a verdict.
    """

    outcome: Outcome
    verdict: Verdict | None
    evidence: Evidence | None
    folder: Path

    @property
    def report(self) -> Path:
        """Where the report lies."""
        return self.folder / "report.html"


def storage_of(path: Path, workflow: Workflow) -> FolderStorage:
    """The storage of a workflow; a relative path is relative to the workflow's file."""
    opened = open_storage(workflow.storage)
    return FolderStorage(path.resolve().parent / opened.root)


def target_of(path: Path, workflow: Workflow) -> Target:
    """The local target of a workflow."""
    return open_target("local", storage_of(path, workflow).root, workflow.serving.name)


def run_workflow(path: Path, as_of: str, allow_deploy: bool, listen: Listener) -> Finished:
    """Run a workflow's pipeline on this machine.

    Args:
        path: The workflow file.
        as_of: The day as of which rows are used, ISO; empty for today.
        allow_deploy: Whether a model that passes is published.
        listen: Hears what each step tells.

    Raises:
        ConfigError: The workflow, the policy or the day is not right.
    """
    workflow = load_workflow(path)
    _check_day(as_of)
    storage, target = storage_of(path, workflow), target_of(path, workflow)
    policy = path.resolve().parent / POLICY
    run = new_run_id()
    arguments = {
        "source": resolve_source(path, workflow.data.source),
        "storage": str(storage.root),
        "target": "local",
        "allow_deploy": allow_deploy,
        "as_of": as_of,
    }
    folder = storage.root / "runs" / run
    try:
        ran = run_local(
            compile_workflow(workflow), arguments, run, folder, policy if policy.exists() else None, listen
        )
    except KeyboardInterrupt:
        settle(storage, target, run, {"step": "run", "message": "stopped by the user"})
        raise
    outcome = settle(storage, target, run, ran.failure)
    return Finished(outcome, *_found(storage, run), folder)


def new_run_id() -> str:
    """An id that sorts by time and that no other run has."""
    return f"{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


def _check_day(as_of: str) -> None:
    try:
        if as_of:
            dt.date.fromisoformat(as_of)
    except ValueError:
        raise ConfigError(f"--as-of {as_of!r} is no day; write it YYYY-MM-DD") from None


def _found(storage: FolderStorage, run: str) -> tuple[Verdict | None, Evidence | None]:
    def read(name: str) -> Any:
        key = f"runs/{run}/{name}"
        return json.loads(storage.read(key)) if storage.exists(key) else None

    verdict, evidence = read("verdict.json"), read("evidence.json")
    return (
        None if verdict is None else Verdict.read(verdict),
        None if evidence is None else Evidence.read(evidence),
    )
