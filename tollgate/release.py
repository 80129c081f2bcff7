"""A release: what is promoted. The bundle, the verdict on it, and what serves it."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from tollgate.section import Section

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Release(Section):
    """What is promoted; its own digest names it.

    Attributes:
        version: The format of release.json.
        bundle: The bundle's digest.
        verdict: The sha256 of verdict.json.
        runtime: The name of the serving runtime.
        image: The serving image.
        serving: The section `serving` as JSON values.
    """

    version: Literal[1] = 1
    bundle: Digest
    verdict: Digest
    runtime: str
    image: str
    serving: Mapping[str, Any]

    def same_as(self, live: "Release") -> bool:
        """Whether promoting this over the live one would change nothing that is served."""
        return (self.bundle, self.runtime, self.image, self.serving) == (
            live.bundle,
            live.runtime,
            live.image,
            live.serving,
        )
