"""KServe's server without the rest of its package: its Kubernetes client and pandas, which no server needs.

`import kserve` also imports the client of its Kubernetes API, and its server imports pandas to name a type. Together
they are more than half of the memory of a server and of the time until it is ready. See docs/decisions/lean-server.md.
"""

import contextlib
import importlib.util
import sys
import warnings
from collections.abc import Iterator
from types import ModuleType
from typing import Any


def kserve_server() -> Any:
    """KServe's module `model_server`."""
    with (
        _own_arguments(),
        _package_alone("kserve"),
        _types_alone("pandas", "DataFrame"),
        warnings.catch_warnings(),
    ):
        # What KServe's own imports find deprecated is not the user's concern.
        warnings.simplefilter("ignore")
        from kserve import model_server
        from kserve.protocol.rest import server  # noqa: F401 - it is imported here, where pandas is not needed
    return model_server


@contextlib.contextmanager
def _own_arguments() -> Iterator[None]:
    """KServe reads the command line when it is imported: it must not see ours."""
    arguments, sys.argv = sys.argv, [sys.argv[0], "--configure_logging=false"]
    try:
        yield
    finally:
        sys.argv = arguments


@contextlib.contextmanager
def _package_alone(name: str) -> Iterator[None]:
    """A package whose modules can be imported, without what its `__init__` imports."""
    spec = importlib.util.find_spec(name)
    if name not in sys.modules and spec is not None:
        package = ModuleType(name)
        package.__spec__, package.__path__ = spec, list(spec.submodule_search_locations or ())
        sys.modules[name] = package
    yield


@contextlib.contextmanager
def _types_alone(name: str, *types: str) -> Iterator[None]:
    """A module that has nothing but some types, for as long as it is imported for their names alone."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = ModuleType(name)
    for kind in types:
        setattr(sys.modules[name], kind, type(kind, (), {}))
    try:
        yield
    finally:
        del sys.modules[name]
