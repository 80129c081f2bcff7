"""MLServer with a runtime over onnxruntime."""

import sys
from pathlib import Path

from mlserver_start import start

if __name__ == "__main__":
    start("mlserver_graph.Graph", Path(sys.argv[1]) / "model.onnx")
