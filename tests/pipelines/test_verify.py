"""`tollgate verify`, as a user types it."""

import json
import shutil
from pathlib import Path

import pytest

from tests.pipelines.command import Ended, tollgate
from tests.small import SmallBundle


@pytest.fixture
def copy(bundle: SmallBundle, tmp_path: Path) -> Path:
    """A bundle in the folder where the command is typed."""
    return Path(shutil.copytree(bundle.folder, tmp_path / "bundle"))


def refused(ended: Ended, status: int = 1) -> str:
    """The one line that says why."""
    assert (ended.status, ended.out) == (status, "")
    assert "Traceback" not in ended.err
    (line,) = ended.err.splitlines()
    return line


def test_a_whole_bundle_is_said_to_be_whole_and_the_command_exits_0(copy: Path, bundle: SmallBundle) -> None:
    ended = tollgate(copy.parent, "verify", "bundle", "--expect", bundle.digest)
    assert (ended.status, ended.err) == (0, "")
    whole, golden = ended.out.splitlines()
    assert whole == f"bundle {bundle.digest} is whole: 8 features, 16 golden requests"
    assert golden.startswith("its golden requests score as they did, to ")


def test_a_machine_reads_the_same_as_json(copy: Path, bundle: SmallBundle) -> None:
    ended = tollgate(copy.parent, "verify", "bundle", "--json")
    assert (ended.status, ended.err) == (0, "")
    told = json.loads(ended.out)
    assert told.pop("worst") <= 1e-12
    assert told == {"digest": bundle.digest, "features": 8, "golden": 16}


def test_a_changed_file_is_named_and_the_command_exits_1(copy: Path) -> None:
    (copy / "golden.json").write_bytes((copy / "golden.json").read_bytes() + b" ")
    ended = tollgate(copy.parent, "verify", "bundle")
    assert refused(ended) == "tollgate: bundle: golden.json is not the file that manifest.json names"


def test_nothing_is_printed_for_a_machine_where_a_file_is_a_link(copy: Path) -> None:
    (copy / "model.onnx").rename(copy.parent / "model.onnx")
    (copy / "model.onnx").symlink_to(copy.parent / "model.onnx")
    assert refused(tollgate(copy.parent, "verify", "bundle", "--json")) == (
        "tollgate: bundle: model.onnx is no regular file"
    )


def test_another_whole_bundle_is_refused_under_the_name_of_this_one(
    bundle: SmallBundle, other_bundle: SmallBundle, tmp_path: Path
) -> None:
    shutil.copytree(other_bundle.folder, tmp_path / bundle.digest)
    said = refused(tollgate(tmp_path, "verify", bundle.digest))
    assert said.endswith(f"the bundle's digest is {other_bundle.digest}, expected is {bundle.digest}")


def test_a_place_without_a_bundle_is_named(tmp_path: Path) -> None:
    assert refused(tollgate(tmp_path, "verify", "nowhere")) == (
        "tollgate: nowhere: no bundle can be read there (No such file or directory)"
    )


def test_what_is_no_digest_is_wrong_usage_and_the_command_exits_2(copy: Path, bundle: SmallBundle) -> None:
    ended = tollgate(copy.parent, "verify", "bundle", "--expect", bundle.digest[:12])
    assert refused(ended, 2) == (
        f"tollgate: --expect '{bundle.digest[:12]}' is no digest: 64 hexadecimal digits, small letters"
    )
