"""Compiled pipelines with changed steps, run by the real local runner."""

import contextlib
import os
import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from pipelines.compile import compile_workflow
from pipelines.config import load_workflow
from pipelines.local import Ran, run_local
from pipelines.run import new_run_id
from pipelines.settle import settle
from pipelines.stopping import Stop
from serving.targets import Target, open_target
from tests.pipelines.places import NAME, Place
from tollgate.canonical import sha256
from tollgate.outcome import Outcome
from tollgate.storage.folder import FolderStorage

INDENT = "    "
Code = Mapping[str, str]


@dataclass(frozen=True)
class Recorded:
    """A pipeline that once deployed, and what its slow steps gave then.

    Attributes:
        spec: The compiled pipeline.
        storage: What the run left, without what it published.
        given: By slow step, the code that gives again what it gave.
        digests: What the run made, by kind: snapshot, splits, validation, bundle, training.
        evidence: The evidence.
    """

    spec: str
    storage: Path
    given: Code
    digests: Mapping[str, str]
    evidence: Path


def record(place: Place, folder: Path) -> Recorded:
    """Take a place where one run was made, and deployed."""
    storage, evidence = folder / "storage", folder / "evidence.json"
    shutil.copytree(place.storage.root, storage, ignore=shutil.ignore_patterns("targets", "runs"))
    shutil.copy(place.latest_run / "evidence.json", evidence)
    kinds = {
        "snapshot": "snapshots",
        "splits": "splits",
        "validation": "validations",
        "bundle": "bundles",
        "training": "training",
    }
    measured = sha256(evidence.read_bytes())
    digests = {kind: next((storage / name).iterdir()).stem for kind, name in kinds.items()}
    given = {
        "ingest": f"return ({digests['snapshot']!r}, '0', '{{}}')",
        "validate": f"return ({digests['splits']!r}, {digests['validation']!r})",
        "train": f"return ({digests['bundle']!r}, {digests['training']!r})",
        "evaluate": f"import shutil\nshutil.copy({str(evidence)!r}, evidence.path)\nreturn {measured!r}",
    }
    return Recorded(compile_workflow(load_workflow(place.workflow)), storage, given, digests, evidence)


@dataclass(frozen=True)
class Played:
    """How a pipeline ended, and what is there now.

    Attributes:
        outcome: The outcome, settled.
        ran: What the runner said.
        done: The steps that came to their end.
    """

    outcome: Outcome
    ran: Ran
    done: tuple[str, ...]
    storage: FolderStorage
    target: Target

    @property
    def log(self) -> str:
        return self.storage.read(f"runs/{self.outcome.run}/log.txt").decode()


@dataclass(frozen=True)
class Case:
    """A way to play a recorded pipeline.

    Attributes:
        code: By step, what its function does first. A slow step without code gives what it gave; "" makes it real.
        arguments: Parameters of the pipeline besides those of every local run.
        policy: The content of the policy file.
    """

    code: Code
    arguments: Mapping[str, Any] = field(default_factory=dict)
    policy: str | None = None


def play(recorded: Recorded, folder: Path, case: Case, stop: Stop | None = None) -> Played:
    """Run a recorded pipeline in a storage of its own, new where the folder has none, where nothing is published."""
    storage = FolderStorage(folder / "storage")
    if not storage.root.exists():
        shutil.copytree(recorded.storage, storage.root)
    target = open_target("local", storage.root, NAME)
    given = {"source": "unused", "storage": str(storage.root), "target": "local", **case.arguments}
    policy = folder / "policy.yaml" if case.policy is not None else None
    if policy:
        policy.write_text(case.policy or "")
    run, done = new_run_id(), list[str]()

    def listen(told: dict[str, Any]) -> None:
        if told["state"] == "done":
            done.append(told["step"])

    spec = changed(recorded.spec, {**recorded.given, **case.code})
    ran = run_local(spec, given, run, storage.root / "runs" / run, policy, listen, stop or Stop())
    return Played(settle(storage, target, run, ran.failure), ran, tuple(done), storage, target)


@contextlib.contextmanager
def side_by_side(
    recorded: Recorded, folder: Path, cases: Mapping[str, Case]
) -> Iterator[Mapping[str, Future[Played]]]:
    """Play cases at the same time, as many as there are processors: most of the time is spent on starting Python."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield {name: pool.submit(play, recorded, folder / name, case) for name, case in cases.items()}


def changed(spec: str, code: Code) -> str:
    """A compiled pipeline in which the functions of some steps do something else first."""
    document = yaml.safe_load(spec)
    for step, lines in code.items():
        command = document["deploymentSpec"]["executors"][f"exec-{step}"]["container"]["command"]
        signature, docstring, body = command[-1].split('"""', 2)
        inserted = "".join(f"{INDENT}{line}\n" for line in lines.splitlines())
        command[-1] = f'{signature}"""{docstring}"""\n{inserted}{body.removeprefix(chr(10))}'
    return yaml.safe_dump(document, sort_keys=False)
