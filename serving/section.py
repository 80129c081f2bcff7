"""The sections `serving` and `deploy` of workflow.yaml: what is served, and how it gets there."""

from typing import Annotated

from pydantic import Field

from tollgate.section import Section

NAME = r"^[a-z]([-a-z0-9]*[a-z0-9])?$"
QUANTITY = r"^[0-9]+(\.[0-9]+)?(m|Ki|Mi|Gi)?$"


class Resources(Section):
    """What each replica asks for and may use, as Kubernetes quantities."""

    cpu: Annotated[str, Field(pattern=QUANTITY, description="Processor time asked for.")] = "50m"
    memory: Annotated[str, Field(pattern=QUANTITY, description="Memory asked for, and allowed.")] = "512Mi"


class ServingSection(Section):
    """What is served, and by how much."""

    name: Annotated[
        str,
        Field(
            pattern=NAME,
            max_length=40,
            description="The name of the InferenceService, of the model in its URLs, and of the target's folder.",
        ),
    ]
    image: Annotated[
        str | None, Field(min_length=1, description="The serving image; by default the one of this release.")
    ] = None
    replicas: Annotated[int, Field(ge=1, le=100, description="How many replicas serve.")] = 1
    max_rows: Annotated[int, Field(ge=1, le=100_000, description="How many rows a request may have.")] = 1000
    resources: Annotated[Resources, Field(description="What each replica asks for.")] = Resources()
    service_account: Annotated[
        str | None, Field(min_length=1, description="The Kubernetes service account with the storage secret.")
    ] = None
    adverse_action: Annotated[
        bool,
        Field(
            description="Whether declined applicants are told the reasons: then each feature needs its texts."
        ),
    ] = False


class DeploySection(Section):
    """How a release is published; nothing can be set yet."""
