from pathlib import Path

import pytest

from components.policy_file import POLICY_FILE, read_policy
from tollgate.errors import ConfigError
from tollgate.policy import Policy


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "policy.yaml"
    monkeypatch.setenv(POLICY_FILE, str(path))
    return path


def test_without_a_file_the_defaults_hold() -> None:
    assert read_policy() == Policy()


def test_the_file_that_the_environment_names_is_read(path: Path) -> None:
    path.write_text(
        "version: 1\nrequired: [champion]\nmargin: 0.02\nlimits: {roc_auc: 0.7}\nsources: [/data/]\n"
    )
    policy = read_policy()
    assert (policy.required, policy.margin) == (("champion",), 0.02)
    assert (policy.limits, policy.sources) == ({"roc_auc": 0.7}, ("/data/",))


def test_a_file_that_is_not_there_is_never_taken_for_no_policy(path: Path) -> None:
    with pytest.raises(ConfigError, match=r"policy\.yaml: no such file"):
        read_policy()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "the file is empty"),
        ("margn: 0.02\n", "line 1: margn: unknown key; did you mean 'margin'?"),
        ("version: 1\nmargin: loose\n", 'line 2: margin: must be a number (got "loose")'),
        ("required: [metrics]\n", "line 1: required.0: must be 'metric' or 'champion' (got \"metrics\")"),
        ("sources: /data/\n", 'line 1: sources: must be a list (got "/data/")'),
        ("limits: {rocauc: 0.5}\n", "line 1: limits: there is no metric 'rocauc'"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_key(path: Path, content: str, said: str) -> None:
    path.write_text(content)
    with pytest.raises(ConfigError) as raised:
        read_policy()
    assert str(raised.value).startswith(str(path))
    assert said in str(raised.value)


def test_every_mistake_is_told(path: Path) -> None:
    path.write_text("margn: 0.02\nsources: /data/\n")
    with pytest.raises(ConfigError) as raised:
        read_policy()
    assert len(str(raised.value).splitlines()) == 2
