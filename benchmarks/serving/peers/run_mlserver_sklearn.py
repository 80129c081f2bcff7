"""MLServer with its scikit-learn runtime."""

import sys
from pathlib import Path

from mlserver_start import start

if __name__ == "__main__":
    file = Path(sys.argv[1]) / "pipeline" / "model.joblib"
    start("mlserver_sklearn.SKLearnModel", file)
