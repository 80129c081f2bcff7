"""Making a release: a judged bundle, with the runtime and the image that are to serve it."""

from serving.section import ServingSection
from tollgate import __version__
from tollgate.release import Release

RUNTIME = f"tollgate-{__version__.replace('.', '-')}"
IMAGE = f"tollgate/serving:{__version__}"


def release_of(bundle: str, verdict: str, section: ServingSection) -> Release:
    """The release of a bundle with its verdict.

    Args:
        bundle: The bundle's digest.
        verdict: The sha256 of verdict.json.
        section: What is to serve it.
    """
    return Release(
        bundle=bundle,
        verdict=verdict,
        runtime=RUNTIME,
        image=section.image or IMAGE,
        serving=section.as_json(),
    )
