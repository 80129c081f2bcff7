from typing import Any

import pytest

from serving.release import release_of
from serving.section import ServingSection
from tollgate.release import Release

BUNDLE, VERDICT, OTHER = "a" * 64, "b" * 64, "c" * 64


def release(bundle: str = BUNDLE, verdict: str = VERDICT, **settings: Any) -> Release:
    return release_of(bundle, verdict, ServingSection.read({"name": "credit"} | settings))


@pytest.mark.parametrize(
    "other",
    [
        release(bundle=OTHER),
        release(image="elsewhere/serving:1"),
        release(replicas=2),
        release(resources={"memory": "1Gi"}),
        release().model_copy(update={"runtime": "tollgate-9-9-9"}),
    ],
    ids=["bundle", "image", "replicas", "resources", "runtime"],
)
def test_whatever_changes_what_is_served_makes_another_release(other: Release) -> None:
    assert other.digest() != release().digest()
    assert not other.same_as(release())
    assert not release().same_as(other)


def test_another_verdict_on_the_same_bundle_serves_the_same() -> None:
    again = release(verdict=OTHER)
    assert again.digest() != release().digest()
    assert again.same_as(release())


def test_equal_releases_have_equal_digests_however_they_were_written() -> None:
    assert release(replicas=2.0).digest() == release(replicas=2).digest()
    assert release().same_as(Release.read(release().as_json()))


@pytest.mark.parametrize(
    "settings",
    [
        {"name": "Credit"},
        {"name": "credit-"},
        {"name": "9credit"},
        {"name": "c" * 41},
        {"name": "credit/../other"},
        {"replicas": 0},
        {"replicas": "2"},
        {"resources": {"memory": "lots"}},
        {"resources": {"gpu": "1"}},
        {"image": ""},
        {"port": 80},
    ],
)
def test_settings_that_cannot_be_served_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        release(**settings)
