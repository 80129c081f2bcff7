"""Every gate as a reader sees it, made from its class, under a policy."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pipelines.field_words import default, kind, limits
from tollgate.gates.kind import Kind, kinds_in, own_options
from tollgate.gates.option import Option
from tollgate.gates.section import LOOSENED, GatesSection
from tollgate.gates.waiver import NEVER
from tollgate.policy import Policy

LOOSER = {"higher": "higher", "lower": "lower", None: "neither"}


@dataclass(frozen=True)
class DescribedOption:
    """An option of a gate.

    Attributes:
        name: Its key.
        type: Its type in words.
        default: Its default.
        bound: The hard bound of a number; empty for other types.
        looser: Which way it lets more models through; neither, where a policy can only name the values allowed.
        meaning: What it is.
        limit: What the policy allows at the loosest; None where it says nothing.
    """

    name: str
    type: str
    default: str
    bound: str
    looser: str
    meaning: str
    limit: Any = None


@dataclass(frozen=True)
class DescribedGate:
    """A gate.

    Attributes:
        name: Its key in the section `gates`.
        question: What it asks.
        blind: What it cannot see.
        source: Whose arithmetic it is.
        several: Whether it may stand several times.
        required: Whether the policy has it run in any case.
        unasked: Whether it runs where nobody names it, whatever the policy says.
        optional: Whether workflow.yaml may say that it does not run.
        silenced: The option with which it looks at nothing, as it is written; empty where there is none.
        waivable: Whether its INCONCLUSIVE findings may be waived.
        never: Whether no policy can make them waivable.
        options: Its options.
    """

    name: str
    question: str
    blind: str
    source: str
    several: bool
    required: bool
    unasked: bool
    optional: bool
    silenced: str
    waivable: bool
    never: bool
    options: tuple[DescribedOption, ...]

    @property
    def runs(self) -> str:
        """When it runs, in words."""
        if self.required:
            return "required: it runs in any case"
        if not self.unasked:
            return "runs where it is named"
        if self.optional:
            return f"runs unless it is taken out with `{self.name}: null`"
        return f"always runs; with `{self.silenced}` it looks at nothing" if self.silenced else "always runs"

    def as_json(self) -> dict[str, Any]:
        """The same as JSON values."""
        return asdict(self)


def described_gates(policy: Policy) -> list[DescribedGate]:
    """Every gate that there is, in the order of the section, under a policy."""
    return [_gate(one, policy) for one in kinds_in(GatesSection).values()]


def described_section(policy: Policy) -> list[DescribedOption]:
    """The options of the section itself, which hold for all gates."""
    return [_option(one, policy.limits.get(name)) for name, one in own_options(GatesSection).items()]


def loosened_waivable(policy: Policy) -> bool:
    """Whether what is said of settings looser than the champion's may be waived."""
    return LOOSENED in policy.waivable


def _gate(found: Kind, policy: Policy) -> DescribedGate:
    return DescribedGate(
        name=found.name,
        question=found.gate.question,
        blind=found.gate.blind,
        source=found.gate.source,
        several=found.several,
        required=found.name in policy.required,
        unasked=found.unasked,
        optional=found.optional,
        silenced=next((f"{name}: none" for name, one in found.options.items() if "none" in one.choices), ""),
        waivable=found.name in policy.waivable,
        never=found.name in NEVER,
        options=tuple(_option(one, _limit(found, name, policy)) for name, one in found.options.items()),
    )


def _limit(found: Kind, option: str, policy: Policy) -> Any:
    """What the policy says of an option; of a gate that may stand several times, by name."""
    bounds: Mapping[str, Any] = policy.limits.get(found.name, {})
    if not found.several:
        return bounds.get(option)
    named = {name: inner[option] for name, inner in bounds.items() if option in inner}
    return named or None


def _option(option: Option, limit: Any) -> DescribedOption:
    field = option.field
    return DescribedOption(
        name=option.name,
        type=kind(field.annotation).replace("`", ""),
        default=default(field).replace("`", "").replace("**", ""),
        bound=limits(field).removeprefix(", "),
        looser=LOOSER[option.way],
        meaning=field.description or "",
        limit=limit,
    )
