"""The policy: the platform owner's floor under the gates, which the submitter of a run cannot change."""

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from tollgate.gates.completion import completed
from tollgate.gates.kind import kinds_in
from tollgate.gates.limits import Limits, check_limits, weaker
from tollgate.gates.section import LOOSENED, GatesSection
from tollgate.gates.waiver import NEVER
from tollgate.section import Section

REQUIRED = ("data", "leakage", "parity", "metric", "calibration", "champion", "stability")


class Policy(Section):
    """What the section `gates` may not loosen."""

    version: Annotated[Literal[2], Field(description="The format of this file.")] = 2
    required: Annotated[
        tuple[str, ...],
        Field(
            description="Gates that run in any case: where they are not named, with their default options."
        ),
    ] = REQUIRED
    limits: Annotated[
        Mapping[str, Any],
        Field(
            description="By gate and option, the loosest value that is allowed; by name too, where the gate may "
            "stand several times. An option that is neither looser nor stricter must have this value, or one of these."
        ),
    ] = {}
    waivable: Annotated[
        tuple[str, ...],
        Field(
            description=f"Gates whose INCONCLUSIVE findings may be waived; never {' or '.join(NEVER)}. "
            f"`{LOOSENED}` is what is said of settings that are looser than those the champion was judged by."
        ),
    ] = ()
    longest_waiver: Annotated[
        int,
        Field(ge=1, le=366, description="How many days after the verdict a waiver may expire at the latest."),
    ] = 90
    sources: Annotated[
        tuple[str, ...],
        Field(description="Folders or files that a data source must lie in; none: any source."),
    ] = ()

    @field_validator("required")
    @classmethod
    def _gates_there_are(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        _known(names, kinds_in(GatesSection))
        return names

    @field_validator("waivable")
    @classmethod
    def _can_be_waived(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        never = [name for name in names if name in NEVER]
        if never:
            raise ValueError(f"what {never[0]} finds can never be waived")
        _known(names, [*kinds_in(GatesSection), LOOSENED])
        return names

    @field_validator("limits")
    @classmethod
    def _options_there_are(cls, limits: Limits) -> Limits:
        check_limits(limits)
        return limits

    def completed(self, gates: GatesSection) -> GatesSection:
        """The gates that run: those that are set, and those that are required."""
        return completed(gates, self.required, self.limits)

    def weaker(self, gates: GatesSection) -> list[str]:
        """In which ways some gates are weaker than this policy; empty where they are not."""
        run = self.completed(gates)
        lacking = [f"the gate {name} is required" for name in self.required if not getattr(run, name)]
        return lacking + weaker(run, self.limits)

    def allows(self, source: str) -> bool:
        """Whether rows may be taken from a source; `..` must not lead out of a prefix."""
        inside = any(source == place or source.startswith(f"{place.rstrip('/')}/") for place in self.sources)
        return not self.sources or (inside and ".." not in PurePosixPath(source).parts)


def _known(names: Iterable[str], known: Iterable[str]) -> None:
    for name in names:
        if name not in known:
            raise ValueError(f"there is no gate {name!r}; there are {', '.join(known)}")
