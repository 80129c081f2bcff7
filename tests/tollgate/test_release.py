from typing import Any

import pytest
from pydantic import ValidationError

from tollgate.release import Release

LIVE: dict[str, Any] = {
    "bundle": "a" * 64,
    "verdict": "b" * 64,
    "runtime": "tollgate",
    "image": "tollgate-serving@sha256:1",
    "serving": {"name": "credit", "replicas": 2},
}


def test_a_release_is_the_same_whoever_judged_it() -> None:
    live, again = Release.read(LIVE), Release.read(LIVE | {"verdict": "c" * 64})
    assert again.same_as(live)
    assert again.digest() != live.digest()


@pytest.mark.parametrize(
    "change",
    [
        {"bundle": "d" * 64},
        {"runtime": "other"},
        {"image": "tollgate-serving@sha256:2"},
        {"serving": {"name": "credit", "replicas": 3}},
    ],
)
def test_a_release_that_serves_otherwise_is_another(change: dict[str, Any]) -> None:
    live, other = Release.read(LIVE), Release.read(LIVE | change)
    assert not other.same_as(live)
    assert other.digest() != live.digest()


def test_what_runners_do_to_the_serving_section_makes_no_other_release() -> None:
    turned = {"replicas": 2.0, "name": "credit"}
    assert Release.read(LIVE | {"serving": turned}).same_as(Release.read(LIVE))
    assert Release.read(LIVE | {"serving": turned}).digest() == Release.read(LIVE).digest()


@pytest.mark.parametrize("digest", ["", "a" * 63, "A" * 64, "g" * 64, "a" * 64 + "\n", None])
def test_what_is_no_digest_is_refused(digest: str | None) -> None:
    for key in ("bundle", "verdict"):
        with pytest.raises(ValidationError, match=key):
            Release.read(LIVE | {key: digest})
