"""Every kind of corruption of a bundle on disk is found, and named by its file."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.small import SmallBundle
from tollgate.bundle.files import FILES, MANIFEST, manifest_of, read_files
from tollgate.canonical import sha256
from tollgate.errors import BundleError

ALL = (*FILES, MANIFEST)


@pytest.fixture
def folder(bundle: SmallBundle, tmp_path: Path) -> Path:
    """A copy of a bundle, to be spoiled."""
    return Path(shutil.copytree(bundle.folder, tmp_path / "bundle"))


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def test_a_bundle_reads_back_as_it_was_written(bundle: SmallBundle) -> None:
    digest, files = read_files(bundle.folder, bundle.digest)
    assert digest == bundle.digest == sha256((bundle.folder / MANIFEST).read_bytes())
    assert files == {name: (bundle.folder / name).read_bytes() for name in FILES}


def test_the_manifest_names_each_file_by_size_and_sha256(bundle: SmallBundle) -> None:
    written = json.loads((bundle.folder / MANIFEST).read_bytes())
    assert written["version"] == 1
    assert set(written["files"]) == set(FILES)
    for name, entry in written["files"].items():
        content = (bundle.folder / name).read_bytes()
        assert entry == {"bytes": len(content), "sha256": sha256(content)}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("place", [0, -1])
def test_a_flipped_bit_is_refused(folder: Path, bundle: SmallBundle, name: str, place: int) -> None:
    flip(folder / name, place)
    for expect in (bundle.digest, None):
        with pytest.raises(BundleError, match=f"{name} is not the file that manifest.json names"):
            read_files(folder, expect)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "change", [lambda content: content[:-1], lambda content: content + b"\n", lambda _: b""]
)
def test_a_file_that_is_cut_or_longer_is_refused(
    folder: Path, name: str, change: Callable[[bytes], bytes]
) -> None:
    (folder / name).write_bytes(change((folder / name).read_bytes()))
    with pytest.raises(BundleError, match=f"{name} is not the file that manifest.json names"):
        read_files(folder, None)


@pytest.mark.parametrize("name", ALL)
def test_a_missing_file_is_refused(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(BundleError, match=f"the file {name} is missing"):
        read_files(folder, None)


@pytest.mark.parametrize("name", ["model.onnx.data", ".hidden", "MODEL.ONNX", "pickle.pkl"])
def test_a_file_too_many_is_refused(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"")
    with pytest.raises(BundleError, match=f"the file {name} does not belong to a bundle"):
        read_files(folder, None)


@pytest.mark.parametrize("name", ALL)
def test_a_link_is_refused_even_to_the_right_content(folder: Path, tmp_path: Path, name: str) -> None:
    shutil.move(folder / name, tmp_path / name)
    (folder / name).symlink_to(tmp_path / name)
    with pytest.raises(BundleError, match=f"{name} is no regular file"):
        read_files(folder, None)


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
@pytest.mark.parametrize("name", ["golden.json", "more"])
def test_what_is_no_file_is_refused(folder: Path, make: Callable[[Path], None], name: str) -> None:
    (folder / name).unlink(missing_ok=True)
    make(folder / name)
    with pytest.raises(BundleError, match=f"{name} is no regular file"):
        read_files(folder, None)


def test_swapped_files_are_refused(folder: Path) -> None:
    shutil.move(folder / "golden.json", folder / "swap")
    shutil.move(folder / "reference.json", folder / "golden.json")
    shutil.move(folder / "swap", folder / "reference.json")
    with pytest.raises(BundleError, match=r"golden.json is not the file"):
        read_files(folder, None)


def test_a_whole_other_bundle_is_refused_by_its_digest(
    bundle: SmallBundle, other_bundle: SmallBundle
) -> None:
    assert read_files(other_bundle.folder, None)[0] == other_bundle.digest
    with pytest.raises(BundleError, match=f"digest is {other_bundle.digest}, expected is {bundle.digest}"):
        read_files(other_bundle.folder, bundle.digest)


def test_a_file_of_another_bundle_is_refused(folder: Path, other_bundle: SmallBundle) -> None:
    shutil.copy(other_bundle.folder / "model.onnx", folder / "model.onnx")
    with pytest.raises(BundleError, match=r"model.onnx is not the file"):
        read_files(folder, None)


def test_a_manifest_edited_to_suit_a_changed_file_is_refused_by_the_digest(
    folder: Path, bundle: SmallBundle
) -> None:
    flip(folder / "model.onnx", -1)
    (folder / MANIFEST).write_bytes(manifest_of({name: (folder / name).read_bytes() for name in FILES}))
    with pytest.raises(BundleError, match=f"expected is {bundle.digest}"):
        read_files(folder, bundle.digest)


def test_a_space_in_the_manifest_makes_another_bundle(folder: Path, bundle: SmallBundle) -> None:
    (folder / MANIFEST).write_bytes((folder / MANIFEST).read_bytes() + b" ")
    with pytest.raises(BundleError, match=f"expected is {bundle.digest}"):
        read_files(folder, bundle.digest)


def entry(size: Any = 1, digest: Any = "0" * 64) -> dict[str, Any]:
    return {"bytes": size, "sha256": digest}


def manifest(one: Any) -> dict[str, Any]:
    return {"version": 1, "files": {**{name: entry() for name in FILES}, "contract.json": one}}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "cannot be read"),
        (b"\xff", "cannot be read"),
        (b"[" * 60_000, "cannot be read"),
        (b"[]", "cannot be read"),
        (b"{}", "cannot be read"),
        ({"version": 1, "files": []}, "does not name exactly the files"),
        ({"version": 1, "files": list(FILES)}, "cannot be read"),
        (manifest(["bytes", "sha256"]), "cannot be read"),
        (manifest("bytes"), "cannot be read"),
        (manifest(None), "cannot be read"),
        ({"version": 1, "files": {}}, "does not name exactly the files"),
        ({**manifest(entry()), "more": 1}, "does not name exactly the files"),
        (manifest({**entry(), "more": 1}), "does not name exactly the files"),
        (manifest({"bytes": 1}), "does not name exactly the files"),
        ({"version": 2, "files": {}}, "format version 2; this Tollgate reads 1"),
        (manifest(entry(size=True)), "gives no size for contract.json"),
        (manifest(entry(size=-1)), "gives no size for contract.json"),
        (manifest(entry(size="1")), "gives no size for contract.json"),
        (manifest(entry(size=1.5)), "gives no size for contract.json"),
        (manifest(entry(size=10**30)), "contract.json is not the file"),
        (manifest(entry(size=2**50)), "contract.json is not the file"),
        (manifest(entry(digest=None)), "contract.json is not the file"),
    ],
)
def test_a_manifest_that_is_none_is_refused(folder: Path, content: Any, words: str) -> None:
    (folder / MANIFEST).write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    with pytest.raises(BundleError, match=words):
        read_files(folder, None)


@pytest.mark.parametrize("by", [-1, 1])
def test_a_size_that_is_not_the_size_is_refused_though_the_hash_is_right(folder: Path, by: int) -> None:
    written = json.loads((folder / MANIFEST).read_bytes())
    written["files"]["golden.json"]["bytes"] += by
    (folder / MANIFEST).write_text(json.dumps(written))
    with pytest.raises(BundleError, match=r"golden\.json is not the file"):
        read_files(folder, None)


def test_a_manifest_too_large_to_be_one_is_not_read(folder: Path) -> None:
    (folder / MANIFEST).write_bytes((folder / MANIFEST).read_bytes() + b" " * 10**6)
    with pytest.raises(BundleError, match=r"manifest\.json is too large"):
        read_files(folder, None)


@pytest.mark.parametrize("where", ["nowhere", "bundle/model.onnx"])
def test_a_place_without_a_bundle_is_refused_by_its_path(folder: Path, where: str) -> None:
    with pytest.raises(BundleError, match=f"{where}: no bundle can be read there"):
        read_files(folder.parent / where, None)


def test_every_message_says_where_the_bundle_lies(folder: Path) -> None:
    (folder / "golden.json").unlink()
    with pytest.raises(BundleError) as caught:
        read_files(folder, None)
    assert str(caught.value).startswith(f"{folder}: ")
