"""The predictor: a verified bundle behind KServe's model interface."""

from pathlib import Path
from typing import Any

from kserve.model import Model

from serving.outputs import OUTPUTS
from tollgate.bundle.bundle import Bundle
from tollgate.contract import Column

_DATATYPES = {"number": "FP64", "integer": "INT64", "boolean": "BOOL", "category": "BYTES", "date": "BYTES"}


class Predictor(Model):  # type: ignore[misc]  # kserve has no types
    """One bundle, as KServe's server knows it: its name, its metadata, and whether it is ready.

    Attributes:
        bundle: The bundle, once it is loaded.
    """

    def __init__(self, name: str, folder: Path, digest: str) -> None:
        super().__init__(name)
        self._folder = folder
        self._digest = digest
        self.bundle: Bundle | None = None

    def load(self) -> bool:
        """Verify the bundle and score its golden requests; ready only when all of them reproduce.

        Raises:
            BundleError: The bundle is not the expected one, or does not score as it did.
        """
        bundle = Bundle.load(self._folder, self._digest)
        bundle.prove()
        self.bundle = bundle
        self.ready = True
        return True

    def get_input_types(self) -> list[dict[str, Any]]:
        """The inputs that the metadata show: one a feature, in the contract's order."""
        columns = self.bundle.contract.columns if self.bundle else {}
        features = self.bundle.contract.features if self.bundle else ()
        return [{"name": name, "datatype": datatype(columns[name]), "shape": [-1]} for name in features]

    def get_output_types(self) -> list[dict[str, Any]]:
        """The outputs that the metadata show."""
        return [{"name": name, "datatype": kind, "shape": [-1]} for name, kind in OUTPUTS.items()]


def datatype(column: Column) -> str:
    """The datatype of a column in the Open Inference Protocol."""
    if column.values and isinstance(column.values[0], int):
        return "INT64"
    return _DATATYPES[column.type or "category"]
