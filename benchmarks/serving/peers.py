"""The servers that are measured: one line of the table each."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.serving import forms
from benchmarks.serving.forms import Form
from benchmarks.serving.problem import Problem

RUNNERS = Path(__file__).parent / "peers"
OURS = "tollgate"
HOST = "127.0.0.1"
# scikit-learn otherwise has a team of threads for each tree, which stalls as soon as another process wants a core
ONE_THREAD = {"OMP_NUM_THREADS": "1"}


@dataclass(frozen=True)
class Ports:
    """Free ports for a server: for REST, for gRPC, for whatever else it listens on."""

    rest: int
    grpc: int
    other: int


@dataclass(frozen=True)
class Peer:
    """A server.

    Attributes:
        environment: The name of its requirements in peers/; "" is the project's own environment.
        command: What starts it; the first word is found in its environment.
        path: Where rows are scored.
        ready: What answers 200 when it is ready.
        form: The form of its requests.
        packages: The packages whose versions the page names.
        variables: Environment variables that it needs.
        note: What the page says of it.
    """

    environment: str
    command: Callable[[Problem, Ports], list[str]]
    path: str
    ready: str
    form: Form
    packages: tuple[str, ...]
    variables: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


def _runner(script: str) -> Callable[[Problem, Ports], list[str]]:
    return lambda problem, ports: [
        "python",
        str(RUNNERS / script),
        str(problem.folder),
        str(ports.rest),
        str(ports.grpc),
        str(ports.other),
    ]


def serve_bundle(problem: Problem, digest: str, port: int, *extra: str) -> list[str]:
    """The command of our own server."""
    place = ["--name", "m", "--bundle", str(problem.folder / digest), "--host", HOST, "--port", str(port)]
    return [sys.executable, "-m", "serving", *place, *extra]


PEERS: dict[str, Peer] = {
    OURS: Peer(
        "",
        lambda problem, ports: serve_bundle(problem, problem.digest, ports.rest),
        "/v1/models/m:predict",
        "/v2/health/ready",
        forms.V1,
        ("kserve", "onnxruntime", "msgspec", "uvicorn", "uvloop"),
        note="`python -m serving`, checks, limits and metrics on, as a release runs it",
    ),
    "tollgate, by column": Peer(
        "",
        lambda problem, ports: serve_bundle(problem, problem.digest, ports.rest),
        "/v1/models/m:predict",
        "/v2/health/ready",
        forms.COLUMNS,
        ("kserve", "onnxruntime", "msgspec", "uvicorn", "uvloop"),
        note="the same",
    ),
    "raw ASGI": Peer(
        "raw",
        _runner("run_raw.py"),
        "/predict",
        "/ready",
        forms.V1,
        ("uvicorn", "uvloop", "httptools", "msgspec", "onnxruntime"),
        note="our graph behind a bare ASGI function: decodes with msgspec, scores, encodes; no checks, limits, metrics",
    ),
    "kserve sklearnserver": Peer(
        "kserve",
        _runner("run_kserve.py"),
        "/v1/models/m:predict",
        "/v2/health/ready",
        forms.FRAMES,
        ("kserve", "scikit-learn", "pandas"),
        {"PREDICT_PROBA": "true"},
        note="`sklearnserver` is not on PyPI: a model of our own that loads and calls the pipeline "
        "in the same way, on kserve's ModelServer with its defaults, its logging too",
    ),
    "kserve sklearnserver, one thread": Peer(
        "kserve",
        _runner("run_kserve.py"),
        "/v1/models/m:predict",
        "/v2/health/ready",
        forms.FRAMES,
        ("kserve", "scikit-learn", "pandas"),
        {"PREDICT_PROBA": "true", **ONE_THREAD},
        note="the same with one thread, as all that follow",
    ),
    "kserve sklearnserver, by column": Peer(
        "kserve",
        _runner("run_kserve.py"),
        "/v1/models/m:predict",
        "/v2/health/ready",
        forms.FRAME,
        ("kserve", "scikit-learn", "pandas"),
        {"PREDICT_PROBA": "true", **ONE_THREAD},
        note="the same, asked in the form that suits it best: it makes one DataFrame, and not one for each row",
    ),
    "MLServer sklearn": Peer(
        "mlserver",
        _runner("run_mlserver_sklearn.py"),
        "/v2/models/m/infer",
        "/v2/models/m/ready",
        forms.V2_FRAME,
        ("mlserver", "mlserver-sklearn", "scikit-learn"),
        ONE_THREAD,
        note="`mlserver start`, defaults but for ports; uvloop before 0.22, with a newer one its workers die",
    ),
    "MLServer onnx": Peer(
        "mlserver",
        _runner("run_mlserver_onnx.py"),
        "/v2/models/m/infer",
        "/v2/models/m/ready",
        forms.V2_MATRIX,
        ("mlserver", "onnxruntime"),
        note="a custom runtime over onnxruntime with our graph, which takes numbers (there is no `mlserver-onnx`)",
    ),
    "BentoML": Peer(
        "bentoml",
        _runner("run_bentoml.py"),
        "/predict",
        "/readyz",
        forms.V1,
        ("bentoml", "scikit-learn", "pandas"),
        {"BENTOML_DO_NOT_TRACK": "True", **ONE_THREAD},
        note="a service with one worker; pandas DataFrame, then the pipeline",
    ),
    "LitServe": Peer(
        "litserve",
        _runner("run_litserve.py"),
        "/predict",
        "/health",
        forms.V1,
        ("litserve", "scikit-learn", "pandas"),
        ONE_THREAD,
        note="one API server, one worker; pandas DataFrame, then the pipeline",
    ),
    "mlflow models serve": Peer(
        "mlflow",
        _runner("run_mlflow.py"),
        "/invocations",
        "/health",
        forms.SPLIT,
        ("mlflow", "scikit-learn", "pandas"),
        {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true", **ONE_THREAD},
        note="`--env-manager local --workers 1`, `predict_proba` of the pipeline saved without a signature",
    ),
    "FastAPI": Peer(
        "fastapi",
        _runner("run_fastapi.py"),
        "/predict",
        "/ready",
        forms.V1,
        ("fastapi", "uvicorn", "scikit-learn", "pandas"),
        ONE_THREAD,
        note="one uvicorn worker with uvloop and httptools; pydantic rows, pandas DataFrame, then the pipeline",
    ),
}
