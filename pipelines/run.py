"""One local run of a workflow: compile, run, settle."""

import datetime as dt
import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from components.policy_file import policy_in
from pipelines.compile import compile_workflow
from pipelines.config import Workflow, load_workflow
from pipelines.local import Listener, run_local
from pipelines.settle import settle
from pipelines.stopping import Stop
from pipelines.where import policy_of, source_of, storage_of, target_of
from tollgate.errors import ConfigError, StorageError
from tollgate.evaluation.evidence import Evidence
from tollgate.outcome import Outcome
from tollgate.storage.folder import FolderStorage
from tollgate.verdict import Verdict

Found = TypeVar("Found", Verdict, Evidence)


@dataclass(frozen=True)
class Finished:
    """A run that has ended.

    Attributes:
        outcome: How.
        verdict: What the gates found; None where no verdict was reached.
        evidence: What was measured; None where nothing was.
        folder: The run's folder.
        validation: The report on the data; None where the rows could not even be read.
    """

    outcome: Outcome
    verdict: Verdict | None
    evidence: Evidence | None
    folder: Path
    validation: Path | None = None

    @property
    def report(self) -> Path:
        """Where the report lies; it is there where there is a verdict."""
        return self.folder / "report.html"


def run_workflow(
    path: Path, as_of: str, allow_deploy: bool, show_values: bool, listen: Listener, stop: Stop
) -> Finished:
    """Run a workflow's pipeline on this machine.

    Args:
        path: The workflow file.
        as_of: The day as of which rows are used, ISO; empty for today.
        allow_deploy: Whether a model that passes is published.
        show_values: Whether the report on the data may show values.
        listen: Hears what each step tells.
        stop: Ends the run early.

    Raises:
        ConfigError: The workflow, the policy or the day is not right.
    """
    workflow = load_workflow(path)
    _check_day(as_of, workflow)
    storage, target = storage_of(path, workflow), target_of(path, workflow)
    policy = _policy(path, source_of(path, workflow))
    run = new_run_id()
    arguments = {
        "source": source_of(path, workflow),
        "storage": str(storage.root),
        "target": "local",
        "allow_deploy": allow_deploy,
        "as_of": as_of,
        "show_values": show_values,
    }
    folder = storage.root / "runs" / run
    spec = compile_workflow(workflow)
    told: list[dict[str, Any]] = []

    def hear(what: dict[str, Any]) -> None:
        told.append(what)
        listen(what)

    with storage.writing(f"runs/{run}"):
        ran = run_local(spec, arguments, run, folder, policy, hear, stop)
    outcome = settle(storage, target, run, ran.failure)
    return Finished(outcome, *_found(storage, run), folder, _validation(storage, told))


def new_run_id() -> str:
    """An id that sorts by time and that no other run has."""
    return f"{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


def _check_day(as_of: str, workflow: Workflow) -> None:
    if not as_of:
        return
    label = workflow.data.label
    if workflow.data.contract.only("time") is None and not (label and label.known_at):
        raise ConfigError(
            "--as-of needs a day in each row: give a column the role time, or name one under data.label.known_at"
        )
    try:
        day = dt.date.fromisoformat(as_of)
    except ValueError:
        day = None
    if day is None or day.isoformat() != as_of:
        raise ConfigError(f"--as-of {as_of!r} is no day; write it YYYY-MM-DD")
    if day > dt.datetime.now(dt.UTC).date():
        raise ConfigError(
            f"--as-of {as_of} lies in the future: nobody knows yet which labels will be known then"
        )


def _policy(workflow: Path, source: str) -> Path | None:
    """The policy file of a workflow; it must be right, and allow the source."""
    path = policy_of(workflow)
    if path is None:
        return None
    if not policy_in(path).allows(source):
        raise ConfigError(f"{path}: `sources` does not allow {source}")
    return path


def _validation(storage: FolderStorage, told: list[dict[str, Any]]) -> Path | None:
    """Where the report on the data lies that the step validate told of."""
    names = [what.get("facts", {}).get("validation") for what in told if what["step"] == "validate"]
    paths = [storage.root / "validations" / name / "validation.html" for name in names if name]
    return next((path for path in paths if path.exists()), None)


def _found(storage: FolderStorage, run: str) -> tuple[Verdict | None, Evidence | None]:
    def read(name: str, kind: type[Found]) -> Found | None:
        try:
            return kind.read(json.loads(storage.read(f"runs/{run}/{name}")))
        except (StorageError, ValueError):  # it was never written, or a broken step wrote it
            return None

    return read("verdict.json", Verdict), read("evidence.json", Evidence)
