import os
import stat
import threading
from pathlib import Path

import pytest

from tollgate.storage.atomic import move_folder, place_folder, write_file

OLD, NEW = b"old" * 100_000, b"new!" * 100_000


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_with_its_folders_and_can_be_read_by_all(tmp_path: Path) -> None:
    path = tmp_path / "runs" / "one" / "outcome.json"
    write_file(path, b"{}")
    assert path.read_bytes() == b"{}"
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    write_file(path, b"[]")
    assert path.read_bytes() == b"[]"
    assert names(path.parent) == ["outcome.json"]


def test_a_reader_sees_the_old_or_the_new_and_never_a_half(tmp_path: Path) -> None:
    path = tmp_path / "pointer.json"
    write_file(path, OLD)
    seen: set[bytes] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add(path.read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(30):
        write_file(path, (NEW, OLD)[turn % 2])
    done.set()
    reader.join()
    assert seen <= {OLD, NEW}
    assert seen


@pytest.mark.parametrize("step", ["os.fsync", "os.fchmod", "pathlib.Path.replace"])
def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "pointer.json"
    write_file(path, OLD)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(step, fail)
        with pytest.raises(OSError, match="No space left"):
            write_file(path, NEW)
    assert path.read_bytes() == OLD
    assert names(tmp_path) == ["pointer.json"]


def test_an_interrupted_write_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", interrupt)
        with pytest.raises(KeyboardInterrupt):
            write_file(tmp_path / "pointer.json", NEW)
    assert names(tmp_path) == []


def test_a_folder_is_placed_whole(tmp_path: Path) -> None:
    place_folder(tmp_path / "bundles" / "abc", {"model.onnx": b"1", "manifest.json": b"2"})
    placed = tmp_path / "bundles" / "abc"
    assert {path.name: path.read_bytes() for path in placed.iterdir()} == {
        "model.onnx": b"1",
        "manifest.json": b"2",
    }
    assert stat.S_IMODE(placed.stat().st_mode) == 0o755
    assert names(tmp_path / "bundles") == ["abc"]


def test_the_first_writer_of_a_folder_wins(tmp_path: Path) -> None:
    place_folder(tmp_path / "abc", {"a": b"first"})
    place_folder(tmp_path / "abc", {"a": b"second", "b": b""})
    assert {path.name: path.read_bytes() for path in (tmp_path / "abc").iterdir()} == {"a": b"first"}
    assert names(tmp_path) == ["abc"]


def test_a_folder_that_comes_second_by_moving_stays_where_it_was(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a").write_text(name)
    move_folder(tmp_path / "first", tmp_path / "deep" / "abc")
    move_folder(tmp_path / "second", tmp_path / "deep" / "abc")
    assert (tmp_path / "deep" / "abc" / "a").read_text() == "first"
    assert names(tmp_path) == ["deep", "second"]


def test_of_many_writers_at_once_one_wins_whole(tmp_path: Path) -> None:
    start = threading.Barrier(8)
    failed: list[BaseException] = []

    def write(number: int) -> None:
        start.wait()
        try:
            place_folder(tmp_path / "abc", {name: str(number).encode() for name in "abcde"})
        except OSError as error:
            failed.append(error)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert not failed
    assert names(tmp_path / "abc") == list("abcde")
    assert len({path.read_bytes() for path in (tmp_path / "abc").iterdir()}) == 1
    assert names(tmp_path) == ["abc"]


def test_a_folder_that_cannot_be_written_whole_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = 0
    fchmod = os.fchmod

    def fail_at_the_second(descriptor: int, mode: int) -> None:
        nonlocal written
        written += 1
        if written == 2:
            raise OSError(28, "No space left on device")
        fchmod(descriptor, mode)

    with monkeypatch.context() as broken:
        broken.setattr(os, "fchmod", fail_at_the_second)
        with pytest.raises(OSError, match="No space left"):
            place_folder(tmp_path / "abc", {"a": b"1", "b": b"2"})
    assert names(tmp_path) == []


def test_a_file_in_the_place_of_a_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "abc").write_text("in the way")
    with pytest.raises(OSError, match="abc"):
        place_folder(tmp_path / "abc", {"a": b"1"})
    assert names(tmp_path) == ["abc"]
