"""The pipeline saved by mlflow, and `mlflow models serve` in this process's place."""

import os
import shutil
import sys
from pathlib import Path

SAVE = (
    "import sys, joblib, mlflow.sklearn; mlflow.sklearn.save_model(joblib.load(sys.argv[1]), sys.argv[2], {})"
)
OPTIONS = (
    "pyfunc_predict_fn='predict_proba', serialization_format='cloudpickle', pip_requirements=['scikit-learn']"
)


def main() -> None:
    """Save the model where that was not done yet, and serve it."""
    folder, port = Path(sys.argv[1]), sys.argv[2]
    saved = folder / "mlflow"
    os.environ["PATH"] = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    os.chdir(folder)
    if not saved.exists():
        import subprocess

        script = SAVE.replace("{}", OPTIONS)
        half = folder / "mlflow.half"
        shutil.rmtree(half, ignore_errors=True)
        subprocess.run(
            [sys.executable, "-c", script, str(folder / "pipeline" / "model.joblib"), str(half)], check=True
        )
        half.rename(saved)
    command = [str(Path(sys.executable).parent / "mlflow"), "models", "serve", "-m", str(saved)]
    place = ["--host", "127.0.0.1", "--port", port, "--env-manager", "local", "--workers", "1"]
    os.execv(command[0], [*command, *place])  # noqa: S606


if __name__ == "__main__":
    main()
