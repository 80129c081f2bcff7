"""reference.json: the distributions that drift is measured against, read and held against the contract."""

import json
import math
from itertools import pairwise
from typing import Any, Literal

from tollgate.contract import Column, Contract
from tollgate.errors import BundleError

FORMAT_VERSION: Literal[1] = 1


def read_reference(content: bytes, contract: Contract) -> dict[str, Any]:
    """The reference profile: `features` by name, and `score`.

    Raises:
        BundleError: The content is no reference.json of this format, or profiles something else than the contract has.
    """
    try:
        written = json.loads(content)
        version, features, score = written["version"], dict(written["features"]), written["score"]
        if version != FORMAT_VERSION:
            raise BundleError(f"reference.json: format version {version}; this reads {FORMAT_VERSION}")
        for name in sorted(features.keys() ^ set(contract.features)):
            wrong = "is no feature of the contract" if name in features else "has no profile"
            raise BundleError(f"reference.json: {name} {wrong}")
        for name in contract.features:
            _refuse_unfit(name, features[name], _codes(contract.columns[name]))
        _refuse_unfit("the score", score, None)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BundleError("reference.json cannot be read") from error
    return {"features": features, "score": score}


def _codes(column: Column) -> int | None:
    """How many codes a category or boolean has; None for a number."""
    if column.values is not None:
        return len(column.values)
    return 2 if column.type == "boolean" else None


def _refuse_unfit(name: str, profile: dict[str, Any], codes: int | None) -> None:
    counts, others = profile["counts"], [profile["missing"]]
    if codes is None:
        edges = profile["edges"]
        fits = len(counts) == len(edges) + 1 and all(map(_finite, edges))
        fits = fits and all(low < high for low, high in pairwise(edges))
    else:
        others.append(profile["unseen"])
        fits = len(counts) == codes
    if not fits or not all(type(count) is int and count >= 0 for count in (*counts, *others)):
        raise BundleError(f"reference.json: the profile of {name} does not fit the contract")


def _finite(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value)
