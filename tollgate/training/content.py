"""The content of a bundle's files, all but the manifest."""

import json
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tollgate.bundle.explain import prove_explained, write_explain
from tollgate.bundle.golden import write_golden
from tollgate.bundle.golden_requests import golden_requests
from tollgate.contract import Contract, RowChecker
from tollgate.errors import BundleError, ModelError
from tollgate.training.background import background_rows
from tollgate.training.models import Model
from tollgate.training.outliers import outlier_parameters
from tollgate.training.part import Part
from tollgate.training.reference import reference_profile, typical_values
from tollgate.training.twins import Twins

Floats = NDArray[np.float64]
PROVED_ON = 1000  # rows of the calibration part, besides the background and the golden requests


def bundle_files(
    contract: Contract,
    parts: Mapping[str, Part],
    graph: bytes,
    twins: Twins,
    model: Model,
    threshold: float,
    seed: int,
) -> dict[str, bytes]:
    """The files of a bundle by name.

    Raises:
        ModelError: What the model says for explanations does not add up to its margin.
    """
    requests = golden_requests(contract, typical_values(contract, parts["fit"].rows))
    golden, problems = RowChecker(contract).check(requests)
    if problems:
        raise ModelError(f"a golden request breaks the contract: {problems[0].column}: {problems[0].message}")
    held_back = twins.scorer.score(parts["calibration"].rows)
    background = background_rows(contract, parts, twins.scorer.score, seed)
    some = parts["calibration"].rows[:PROVED_ON]
    try:
        outlier = outlier_parameters(contract, parts["fit"].rows, parts["calibration"].rows)
        explained = write_explain(model.explain(), contract.features, background, outlier)
        prove_explained(explained, contract.features, np.concatenate([golden, some]), twins.scorer)
    except BundleError as error:
        raise ModelError(str(error)) from error
    except (ValueError, TypeError) as error:
        raise ModelError(f"what the model says for explanations cannot be written: {error}") from error
    return {
        "model.onnx": graph,
        "contract.json": json.dumps(contract.as_json(), ensure_ascii=False, separators=(",", ":")).encode(),
        "reference.json": reference_profile(contract, parts["fit"].rows, held_back),
        "explain.json": explained,
        "golden.json": write_golden(requests, twins.score(golden)[0], twins.scorer.score(golden), threshold),
    }
