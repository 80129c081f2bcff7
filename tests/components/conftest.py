from pathlib import Path

import pytest

from components.notified import WEBHOOK
from components.policy_file import POLICY_FILE
from serving.targets.target import TARGET_FOLDER
from tests.components.judgement import Judgement, judged
from tests.small import SmallBundle
from tollgate.storage.folder import FolderStorage


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The steps read these; what a developer has set must not matter."""
    for name in (POLICY_FILE, TARGET_FOLDER, WEBHOOK):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "storage")


@pytest.fixture
def judgement(storage: FolderStorage, bundle: SmallBundle) -> Judgement:
    """A verdict that lets the small bundle through; nothing is served yet."""
    return judged(storage, bundle)
