"""The pointer: the one mutable thing of a target."""

from typing import Annotated, Literal

from pydantic import Field

from tollgate.release import Digest
from tollgate.section import Section


class Pointer(Section):
    """What a target serves.

    Attributes:
        version: The format of pointer.json.
        release: The live release's digest.
        bundle: Its bundle's digest.
        generation: Counts every promotion and rollback, from 1.
        history: The digest of the newest entry of the target's history.
    """

    version: Literal[1] = 1
    release: Digest
    bundle: Digest
    generation: Annotated[int, Field(ge=1)]
    history: Digest
