"""The steps: thin Kubeflow components around tollgate and serving."""

import functools

from kfp import dsl

from tollgate import __version__

IMAGE = f"tollgate/components-python:{__version__}"

step = functools.partial(dsl.component, base_image=IMAGE, install_kfp_package=False)
