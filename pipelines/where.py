"""Where a workflow's data, storage and target are: what its file names is relative to the file."""

from pathlib import Path

from pipelines.config import Workflow
from serving.targets import Target, open_target
from tollgate.errors import ConfigError
from tollgate.storage.folder import FolderStorage, open_storage


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
