"""What an answer may hold: one table of outputs."""

from collections.abc import Sequence

from serving.refusal import RefusalError
from tollgate.bundle.bundle import Bundle
from tollgate.contract.problems import LONGEST_VALUE

PROBABILITY = "probability"
DEFAULT = (PROBABILITY,)
# Each output with its datatype in the Open Inference Protocol.
OUTPUTS = {
    PROBABILITY: "FP64",
    "decision": "BYTES",
    "margin": "FP64",
    "reasons": "BYTES",
    "outlier": "BOOL",
}


def wanted_outputs(names: Sequence[object]) -> tuple[str, ...]:
    """The outputs that a request asks for by name; the probability where it names none.

    Raises:
        RefusalError: 400: there is no such output, or it is asked for twice.
    """
    wanted = tuple(str(name) for name in names)
    for name, found in zip(names, wanted, strict=True):
        if not isinstance(name, str) or name not in OUTPUTS:
            raise RefusalError(
                400, f"there is no output {found[:LONGEST_VALUE]!r}; there are {', '.join(OUTPUTS)}"
            )
    if len(set(wanted)) != len(wanted):
        raise RefusalError(400, "an output is asked for twice")
    return wanted or DEFAULT


def given(bundle: Bundle) -> tuple[str, ...]:
    """The outputs that a bundle gives: an older one flags no outliers, and not every model gives reasons."""
    lacking = set() if bundle.reasoner.explains else {"reasons"}
    lacking |= set() if bundle.reasoner.finds_outliers else {"outlier"}
    return tuple(name for name in OUTPUTS if name not in lacking)
