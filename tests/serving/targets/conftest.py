from pathlib import Path

import pytest

from serving.targets.local import LocalTarget


@pytest.fixture
def target(tmp_path: Path) -> LocalTarget:
    """A target where nothing was published yet."""
    return LocalTarget(tmp_path / "targets" / "credit")
