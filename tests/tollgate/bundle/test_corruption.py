"""A thousand ways to spoil a bundle, drawn by a seed: none is taken for the bundle, and each is named."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.small import SmallBundle
from tests.tollgate.bundle.corrupted import ALL, BROKEN, FORGED, Names, Spoil
from tollgate.bundle.files import MANIFEST
from tollgate.bundle.verify import verify_bundle
from tollgate.errors import BundleError

EACH = 112
COUNT = EACH * len(BROKEN | FORGED)


@contextlib.contextmanager
def spoiled(
    bundle: SmallBundle, other: SmallBundle, tmp_path: Path, spoil: Spoil, seed: int
) -> Iterator[tuple[Path, Names]]:
    place = tmp_path / str(seed)
    folder = place / "bundle"
    folder.mkdir(parents=True)
    for name in ALL:
        shutil.copyfile(bundle.folder / name, folder / name)
    try:
        yield folder, spoil(folder, other.folder, Random(seed))  # noqa: S311 - nothing secret
    finally:
        shutil.rmtree(place)


def test_there_are_a_thousand_of_them() -> None:
    assert COUNT >= 1000


@pytest.mark.parametrize("kind", BROKEN | FORGED)
def test_no_corruption_passes_for_the_bundle_and_the_file_or_the_digest_is_named(
    bundle: SmallBundle, other_bundle: SmallBundle, tmp_path: Path, kind: str
) -> None:
    for seed in range(EACH):
        with spoiled(bundle, other_bundle, tmp_path, (BROKEN | FORGED)[kind], seed) as (folder, names):
            with pytest.raises(BundleError) as caught:
                verify_bundle(folder, bundle.digest)
            where, said = str(caught.value).split(": ", 1)
            assert where == str(folder), seed
            named = names if names and MANIFEST not in names else (*names, bundle.digest)
            assert any(name in said for name in named), (seed, names, said)


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_broken_shows_without_a_digest_too_and_is_named(
    bundle: SmallBundle, other_bundle: SmallBundle, tmp_path: Path, kind: str
) -> None:
    for seed in range(EACH, EACH + 30):
        with spoiled(bundle, other_bundle, tmp_path, BROKEN[kind], seed) as (folder, names):
            with pytest.raises(BundleError) as caught:
                verify_bundle(folder, None)
            said = str(caught.value).removeprefix(str(folder))
            assert any(name in said for name in names), (seed, names, said)
