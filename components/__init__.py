"""The steps: thin Kubeflow components around tollgate and serving."""

from collections.abc import Callable
from typing import Any

from tollgate import __version__

IMAGE = f"tollgate/components-python:{__version__}"


def step(function: Callable[..., Any]) -> Any:
    """Make a function a component that runs in our image and installs nothing."""
    from kfp import dsl  # inside a running step kfp has no compiler to import

    return dsl.component(function, base_image=IMAGE, install_kfp_package=False)
