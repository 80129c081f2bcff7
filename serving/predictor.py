"""The predictor: a verified bundle behind KServe's model interface."""

from pathlib import Path
from typing import Any

from kserve.model import Model

from serving.outputs import OUTPUTS, given
from tollgate.bundle.bundle import Bundle
from tollgate.contract import Column
from tollgate.errors import BundleError

_DATATYPES = {"number": "FP64", "integer": "INT64", "boolean": "BOOL", "category": "BYTES", "date": "BYTES"}


class Predictor(Model):  # type: ignore[misc]  # kserve has no types
    """One bundle, as KServe's server knows it: its name, its metadata, and whether it is ready."""

    def __init__(self, name: str, folder: Path, digest: str) -> None:
        super().__init__(name)
        self._folder = folder
        self._digest = digest
        self._bundle: Bundle | None = None

    def load(self) -> bool:
        """Verify the bundle and prove it; ready only when all of its golden requests reproduce.

        Raises:
            BundleError: The bundle is not the expected one, or does not score as it did.
        """
        bundle = Bundle.load(self._folder, self._digest)
        bundle.prove()
        self._bundle = bundle
        self.ready = True
        return True

    def proven(self) -> Bundle:
        """The bundle, once its golden requests have reproduced.

        Raises:
            BundleError: It is not loaded.
        """
        if self._bundle is None:
            raise BundleError("the bundle is not loaded")
        return self._bundle

    def get_input_types(self) -> list[dict[str, Any]]:
        """The inputs that the metadata show: one a feature, in the contract's order."""
        contract = self.proven().contract
        kinds = {name: datatype(contract.columns[name]) for name in contract.features}
        return [{"name": name, "datatype": kind, "shape": [-1]} for name, kind in kinds.items()]

    def get_output_types(self) -> list[dict[str, Any]]:
        """The outputs that the metadata show: those that the bundle gives."""
        return [{"name": name, "datatype": OUTPUTS[name], "shape": [-1]} for name in given(self.proven())]


def datatype(column: Column) -> str:
    """The datatype of a column in the Open Inference Protocol."""
    if column.values and isinstance(column.values[0], int):
        return "INT64"
    return _DATATYPES[column.type or "category"]
