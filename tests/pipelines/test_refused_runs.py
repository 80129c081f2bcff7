"""Runs that end early: bad data is 1, wrong configuration is 2, and each says what to do in one message."""

import re
from pathlib import Path

import pytest

from tests.pipelines.command import tollgate
from tests.pipelines.places import Place

pytestmark = pytest.mark.long

HEADER = 1


def spoil(path: Path, row: int, old: str, new: str) -> None:
    lines = path.read_text().splitlines()
    lines[row - 1 + HEADER] = re.sub(old, new, lines[row - 1 + HEADER], count=1)
    path.write_text("\n".join(lines) + "\n")


def test_bad_data_exits_1_and_names_file_column_and_row(fresh: Place) -> None:
    data = fresh.folder / "loans.csv"
    spoil(data, 17, r"true|false", "perhaps")
    ended = tollgate(fresh.folder, "run")
    assert ended.status == 1
    assert "✕ ingest    failed" in ended.out
    assert re.search(rf"ingest: {re.escape(str(data))}: column accepted: 1 value .*row 17\)", ended.out)
    assert "Mend the values" in ended.out
    assert "Traceback" not in ended.out + ended.err
    assert fresh.target.current() is None


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--as-of", "31.12.2024"], "--as-of '31.12.2024' is no day; write it YYYY-MM-DD"),
        (["--as-of", "20241231"], "--as-of '20241231' is no day; write it YYYY-MM-DD"),
        (
            ["--as-of", "9000-01-01"],
            "--as-of 9000-01-01 lies in the future: nobody knows yet which labels will be known then",
        ),
        (["--workflow", "nowhere.yaml"], "nowhere.yaml: no such file"),
    ],
)
def test_wrong_usage_exits_2_with_one_message(fresh: Place, words: list[str], message: str) -> None:
    ended = tollgate(fresh.folder, "run", *words)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == f"tollgate: {message}\n"
    assert not fresh.storage.root.exists()


def test_a_wrong_configuration_exits_2_before_anything_is_run(fresh: Place) -> None:
    fresh.change("approve_rate: 0.7", "aprove_rate: 0.7")
    ended = tollgate(fresh.folder, "run", "--json")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == (
        "tollgate: workflow.yaml, line 41: train.decision.aprove_rate: unknown key; did you mean 'approve_rate'?\n"
    )
    assert not fresh.storage.root.exists()


def test_storage_of_a_kind_that_is_not_there_yet_exits_2(fresh: Place) -> None:
    fresh.change("storage: .tollgate/", "storage: s3://bucket/prefix/")
    ended = tollgate(fresh.folder, "run")
    assert ended.status == 2
    assert "only a folder can be used" in ended.err


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        (
            "version: 1\nsoruces: [/data]\n",
            "policy.yaml, line 2: soruces: unknown key; did you mean 'sources'?",
        ),
        ("version: 1\nsources: [/data]\n", "policy.yaml: `sources` does not allow "),
        ("1: [", "policy.yaml, line 1: not valid YAML"),
    ],
)
def test_a_policy_that_is_wrong_or_forbids_the_source_exits_2_before_anything_is_run(
    fresh: Place, policy: str, message: str
) -> None:
    (fresh.folder / "policy.yaml").write_text(policy)
    ended = tollgate(fresh.folder, "run")
    assert (ended.status, ended.out) == (2, "")
    assert message in ended.err
    assert not fresh.storage.root.exists()


def test_a_source_that_is_a_uri_exits_2(fresh: Place) -> None:
    fresh.change("source: loans.csv", "source: https://example.org/loans.csv")
    ended = tollgate(fresh.folder, "run")
    assert (ended.status, ended.out) == (2, "")
    assert "data.source 'https://example.org/loans.csv': only files can be read" in ended.err


def test_a_policy_that_the_environment_names_is_needed_before_anything_is_run(fresh: Place) -> None:
    for command in ("run", "gates"):
        ended = tollgate(fresh.folder, command, TOLLGATE_POLICY="nowhere.yaml")
        assert (ended.status, ended.out) == (2, "")
        assert ended.err.startswith(
            "tollgate: nowhere.yaml: no such file, and TOLLGATE_POLICY names it as the policy"
        )
    (fresh.folder / "else.yaml").write_text("sources: [/data]\n")
    ended = tollgate(fresh.folder, "run", TOLLGATE_POLICY="else.yaml")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.startswith("tollgate: else.yaml: `sources` does not allow ")
    assert not fresh.storage.root.exists()
