"""onnxruntime, kept from calling home."""

import os
from types import ModuleType


def onnx_runtime() -> ModuleType:
    """The onnxruntime module, imported with its telemetry off.

    Since 1.32 it writes a device id and an event database into the home folder as soon as its library is loaded,
    unless the environment forbids it before that.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    found: ModuleType = onnxruntime
    return found
