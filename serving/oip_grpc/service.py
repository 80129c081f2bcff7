"""What the gRPC side needs to know of a model, and a bundle that gives it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from serving.infer import Infer, Output
from serving.outputs import wanted_outputs
from tollgate.contract import Problem

Tensors = Sequence[Mapping[str, Any]]


class InferenceService(Protocol):
    """One model behind the protocol's methods."""

    @property
    def name(self) -> str:
        """The model's name."""

    @property
    def version(self) -> str:
        """Its version."""

    @property
    def digest(self) -> str:
        """The digest of its bundle, which every answer names."""

    @property
    def max_rows(self) -> int:
        """How many rows are taken at once."""

    @property
    def ignored(self) -> frozenset[str]:
        """The columns that may come along, and whose values nobody looks at."""

    def ready(self) -> bool:
        """Whether it answers."""

    def inputs(self) -> Tensors:
        """The inputs for the metadata: name, datatype and shape."""

    def outputs(self) -> Tensors:
        """The outputs for the metadata."""

    def infer(
        self, columns: Mapping[str, list[Any]], outputs: Sequence[str]
    ) -> tuple[list[Output], dict[str, Any]]:
        """Score columns of equal length; see `Infer.infer`.

        Args:
            columns: The values by column, None where one is missing.
            outputs: The names of the outputs as the request has them; none for what is usual.

        Raises:
            RefusalError: They cannot be scored.
        """

    def refused(self, problems: Sequence[Problem]) -> None:
        """Take note of broken rules."""

    def observe(self, method: str, code: str, seconds: float) -> None:
        """Take note of a call, whatever its end: once each.

        Args:
            method: The method's name.
            code: The name of its status, such as OK or INVALID_ARGUMENT.
            seconds: How long it took, from its first byte to its answer.
        """


class BundleService:
    """A bundle as a service."""

    def __init__(
        self, infer: Infer, inputs: Tensors, outputs: Tensors, ready: Callable[[], bool] = lambda: True
    ) -> None:
        """Serve a bundle.

        Args:
            infer: What answers `infer`.
            inputs: Its inputs for the metadata.
            outputs: Its outputs for the metadata.
            ready: Whether it answers.
        """
        self._infer = infer
        self._metrics = infer.scoring.metrics
        self._inputs, self._outputs = inputs, outputs
        self.name, self.version = infer.name, infer.version
        self.digest = infer.scoring.bundle.digest
        self.max_rows = infer.scoring.limits.max_rows
        self.ignored = infer.scoring.bundle.checker.companions
        self.ready = ready

    def inputs(self) -> Tensors:
        """The inputs for the metadata."""
        return self._inputs

    def outputs(self) -> Tensors:
        """The outputs for the metadata."""
        return self._outputs

    def infer(
        self, columns: Mapping[str, list[Any]], outputs: Sequence[str]
    ) -> tuple[list[Output], dict[str, Any]]:
        """Score columns of equal length."""
        return self._infer.infer(columns, wanted_outputs(outputs))

    def refused(self, problems: Sequence[Problem]) -> None:
        """Count broken rules."""
        self._metrics.refused(problems)

    def observe(self, method: str, code: str, seconds: float) -> None:
        """Count a call."""
        self._metrics.answered("grpc", method, code, seconds)
