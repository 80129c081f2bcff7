from pathlib import Path

import pytest

from tollgate.errors import ConfigError, StorageError
from tollgate.storage.folder import FolderStorage, open_storage


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "store")


def test_content_comes_back_by_its_key(storage: FolderStorage) -> None:
    assert not storage.exists("runs/one/outcome.json")
    storage.write("runs/one/outcome.json", b"1")
    storage.write("runs/one/outcome.json", b"2")
    assert storage.exists("runs/one/outcome.json")
    assert storage.read("runs/one/outcome.json") == b"2"


def test_a_folder_under_a_digest_is_kept_as_first_written(storage: FolderStorage) -> None:
    placed = storage.place("bundles/abc", {"a": b"first"})
    assert storage.place("bundles/abc", {"a": b"second"}) == placed == storage.folder("bundles/abc")
    assert (placed / "a").read_bytes() == b"first"


def test_staged_files_are_adopted_once_and_the_staging_is_gone(storage: FolderStorage) -> None:
    for content in ("first", "second"):
        with storage.staging() as folder:
            assert list(folder.iterdir()) == []
            (folder / "part").write_text(content)
            adopted = storage.adopt(folder, "snapshots/abc")
        assert not folder.exists()
    assert (adopted / "part").read_text() == "first"
    assert list((storage.root / ".staging").iterdir()) == []


def test_a_failure_while_staging_leaves_nothing(storage: FolderStorage) -> None:
    def half() -> None:
        with storage.staging() as folder:
            (folder / "part").write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half()
    assert list((storage.root / ".staging").iterdir()) == []


def test_what_is_not_there_is_an_error_that_names_the_path(storage: FolderStorage) -> None:
    with pytest.raises(StorageError, match=r"store/runs/x: cannot be read \(No such file or directory\)"):
        storage.read("runs/x")
    with pytest.raises(StorageError, match="store/bundles/x: is not there; was the storage cleared"):
        storage.folder("bundles/x")


def test_a_place_that_cannot_be_written_is_an_error_that_names_the_path(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file in the way")
    storage = FolderStorage(tmp_path / "store")
    with pytest.raises(StorageError, match=r"store/runs/x: cannot be written \(Not a directory\)"):
        storage.write("runs/x", b"")
    with pytest.raises(StorageError, match=r"store/bundles/x: cannot be written"):
        storage.place("bundles/x", {})
    with pytest.raises(StorageError, match="cannot be written"), storage.staging():
        pass


@pytest.mark.parametrize("key", ["../out", "judged/../../out", "judged/..", "/out", ""])
def test_a_key_that_leads_out_of_the_folder_is_refused(storage: FolderStorage, key: str) -> None:
    storage.root.mkdir()
    (storage.root.parent / "out").write_bytes(b"not of the storage")
    for use in (storage.exists, storage.read, storage.folder, lambda key: storage.write(key, b"")):
        with pytest.raises(StorageError, match="leads out of it"):
            use(key)
    assert (storage.root.parent / "out").read_bytes() == b"not of the storage"


def test_the_epoch_changes_only_when_somebody_says_so(storage: FolderStorage) -> None:
    assert storage.epoch() == "0"
    storage.write("epoch", b"3\n")
    assert storage.epoch() == "3"


@pytest.mark.parametrize("uri", ["{}/store", "file://{}/store", "{}/store/"])
def test_a_path_and_a_file_uri_open_the_same_folder(tmp_path: Path, uri: str) -> None:
    assert open_storage(uri.format(tmp_path)).root == tmp_path / "store"


def test_a_path_may_start_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert open_storage("~/store").root == tmp_path / "store"


@pytest.mark.parametrize("uri", ["s3://bucket/prefix/", "gs://bucket", "file://host/store", "file://store"])
def test_a_storage_of_another_kind_is_refused_by_name(uri: str) -> None:
    with pytest.raises(ConfigError) as refused:
        open_storage(uri)
    assert uri in str(refused.value)
    assert "file:///path" in str(refused.value)
