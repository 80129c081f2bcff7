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
        "version: 2\nrequired: [champion]\nlimits: {champion: {margin: 0.02}}\nsources: [/data/]\n"
    )
    policy = read_policy()
    assert (policy.required, policy.limits) == (("champion",), {"champion": {"margin": 0.02}})
    assert policy.sources == ("/data/",)


@pytest.mark.parametrize("version", ["version: 1\n", ""])
def test_a_file_of_version_1_is_still_read_and_asks_for_the_same(path: Path, version: str) -> None:
    path.write_text(
        f"{version}required: [champion]\nmargin: 0.02\nlimits: {{roc_auc: 0.7, brier: 0.2}}\nsources: [/data/]\n"
    )
    policy = read_policy()
    assert policy.limits == {
        "champion": {"margin": 0.02},
        "metric": {"roc_auc": {"at_least": 0.7}, "brier": {"at_most": 0.2}},
    }
    assert "champion" in policy.required
    assert "metric" not in policy.required
    assert (policy.sources, policy.waivable) == (("/data/",), ())


def test_a_file_that_is_not_there_is_never_taken_for_no_policy(path: Path) -> None:
    said = r"policy\.yaml: no such file, and TOLLGATE_POLICY names it as the policy: put it there"
    with pytest.raises(ConfigError, match=said):
        read_policy()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "the file is empty"),
        ("limts: {}\n", "line 1: limts: unknown key; did you mean 'limits'?"),
        ("version: 1\nmargn: 0.02\n", "line 2: margn: unknown key; did you mean 'margin'?"),
        ("version: 3\n", "line 1: version: must be 2 (got 3)"),
        (
            "version: 1\nlimits: {roc_auc: 2}\n",
            "line 2: limits: `metric.roc_auc`: input should be less than 1",
        ),
        ("version: 1\nmargin: loose\n", 'line 2: margin: must be a number (got "loose")'),
        ("version: 1\nrequired: [metrics]\n", "required.0: must be 'metric' or 'champion' (got \"metrics\")"),
        ("required: [metrics]\n", "line 1: required: there is no gate 'metrics'; there are metric, "),
        ("limits:\n  champion: {margn: 0.1}\n", "line 2: limits.champion.margn: champion has no such option"),
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
    path.write_text("limts: 0.02\nsources: /data/\n")
    with pytest.raises(ConfigError) as raised:
        read_policy()
    assert len(str(raised.value).splitlines()) == 2
