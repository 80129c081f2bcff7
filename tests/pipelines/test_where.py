"""What a workflow names is relative to its file, wherever one stands."""

from pathlib import Path

import pytest

from pipelines.config import load_workflow
from pipelines.where import source_of, storage_of, target_of
from tests.pipelines.places import Place


@pytest.mark.parametrize(
    ("source", "resolved"),
    [("loans.csv", "{here}/loans.csv"), ("data/*.csv", "{here}/data/*.csv"), ("/data/x.csv", "/data/x.csv")],
)
def test_a_relative_source_is_relative_to_the_workflow(fresh: Place, source: str, resolved: str) -> None:
    fresh.change("source: loans.csv", f'source: "{source}"')
    found = source_of(fresh.workflow, load_workflow(fresh.workflow))
    assert found == resolved.format(here=fresh.folder.resolve())


@pytest.mark.parametrize(
    ("storage", "resolved"),
    [(".tollgate/", "{here}/.tollgate"), ("/data/kept", "/data/kept"), ("file:///data/kept", "/data/kept")],
)
def test_a_relative_storage_is_relative_to_the_workflow(fresh: Place, storage: str, resolved: str) -> None:
    fresh.change("storage: .tollgate/", f"storage: {storage}")
    found = storage_of(fresh.workflow, load_workflow(fresh.workflow)).root
    assert found == Path(resolved.format(here=fresh.folder.resolve()))


def test_a_relative_workflow_file_means_the_same(served: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(served.folder.parent)
    path = Path("served/workflow.yaml")
    assert target_of(path, load_workflow(path)).current() == served.target.current()
