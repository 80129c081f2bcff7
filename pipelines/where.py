"""Where a workflow's data, storage, target and policy are: what its file names is relative to the file."""

import os
from pathlib import Path

from components.policy_file import POLICY_FILE, policy_named
from pipelines.config import Workflow
from serving.targets import Target, open_target
from tollgate.errors import ConfigError
from tollgate.storage.folder import FolderStorage, open_storage

POLICY = "policy.yaml"


def source_of(path: Path, workflow: Workflow) -> str:
    """The source of a workflow's rows: a path, or a pattern of paths.

    Raises:
        ConfigError: It is a URI.
    """
    if "://" in workflow.data.source:
        raise ConfigError(f"data.source {workflow.data.source!r}: only files can be read, named by a path")
    return str(path.resolve().parent / Path(workflow.data.source).expanduser())


def storage_of(path: Path, workflow: Workflow) -> FolderStorage:
    """The storage of a workflow."""
    opened = open_storage(workflow.storage)
    return FolderStorage(path.resolve().parent / opened.root)


def target_of(path: Path, workflow: Workflow) -> Target:
    """The local target of a workflow."""
    return open_target("local", storage_of(path, workflow).root, workflow.serving.name)


def policy_of(path: Path) -> Path | None:
    """The policy file of a workflow: the one that the environment names, or the one beside it.

    Whoever may write the workflow may write the file beside it too, so that it never stands in for the environment's.
    Nor is it passed over in silence, as it may be the stricter one.

    Raises:
        ConfigError: There are both, or the one is not there that the environment names, or that a link leads to.
    """
    named, beside = policy_named(), path.resolve().parent / POLICY
    if not os.path.lexists(beside):
        return named
    if named is not None and not (beside.exists() and beside.samefile(named)):
        raise ConfigError(
            f"{beside}: there is a policy beside the workflow, and {POLICY_FILE} names another, {named}: that one "
            "holds. Move the file away, or unset the variable if it is yours to set"
        )
    if not beside.exists():
        raise ConfigError(
            f"{beside}: cannot be read, as it is a link that leads nowhere: mend it, or remove it"
        )
    return beside
