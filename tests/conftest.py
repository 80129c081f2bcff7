import os

import pytest
from hypothesis import settings

from tests.small import SmallBundle, small_bundle, small_contract
from tollgate.contract import Contract

# A busy machine is no failure of an example; CI tries the same ones each time, as hypothesis has it.
settings.register_profile(
    "patient", settings.get_profile("ci" if os.environ.get("CI") else "default"), deadline=None
)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def contract() -> Contract:
    """A small contract with every type of column."""
    return small_contract()


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> SmallBundle:
    """A small trained bundle in a folder; copy the folder before changing anything in it."""
    return small_bundle(tmp_path_factory.mktemp("bundles") / "one")


@pytest.fixture(scope="session")
def other_bundle(tmp_path_factory: pytest.TempPathFactory) -> SmallBundle:
    """Another bundle of the same contract."""
    return small_bundle(tmp_path_factory.mktemp("bundles") / "two", seed=2)
