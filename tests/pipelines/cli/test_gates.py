import json
from pathlib import Path

from tests.pipelines.command import tollgate
from tollgate.gates.kind import kinds_in
from tollgate.gates.section import GatesSection

POLICY = """\
version: 2
required: [champion]
waivable: [champion, loosened]
limits: {champion: {margin: 0.02}, metric: {roc_auc: {at_least: 0.65}}, max_age: 12}
"""


def test_every_gate_is_shown_with_all_that_its_class_says(tmp_path: Path) -> None:
    ended = tollgate(tmp_path, "gates")
    assert (ended.status, ended.err) == (0, "")
    words = " ".join(ended.out.split())
    for name, kind in kinds_in(GatesSection).items():
        assert f"\n{name}   " in f"\n{ended.out}"
        assert kind.gate.question in words
        assert f"cannot see: {kind.gate.blind}" in words
        assert f"arithmetic: {kind.gate.source}" in words
        for option in kind.options:
            assert f"\n  {option} " in ended.out
    assert "not waivable under this policy" in words


def test_the_policy_beside_the_workflow_is_in_force(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(POLICY)
    told = json.loads(tollgate(tmp_path, "gates", "--json").out)
    gates = {gate["name"]: gate for gate in told["gates"]}
    assert list(gates) == list(kinds_in(GatesSection))
    assert (gates["champion"]["required"], gates["champion"]["waivable"]) == (True, True)
    assert (gates["metric"]["required"], gates["metric"]["waivable"]) == (False, False)
    limits = {
        f"{name}.{option['name']}": option["limit"]
        for name, gate in gates.items()
        for option in gate["options"]
    }
    assert limits["champion.margin"] == 0.02
    assert limits["metric.at_least"] == {"roc_auc": 0.65}
    assert limits["champion.metric"] is None
    assert [(one["name"], one["limit"]) for one in told["all"]] == [("max_age", 12)]
    assert told["loosened_waivable"] is True
    words = " ".join(tollgate(tmp_path, "gates").out.split())
    assert "champion required: it runs in any case · waivable" in words
    assert "roc_auc 0.65" in words


def test_a_policy_that_cannot_be_read_is_told_and_exits_2(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text("limits:\n  champion: {margin: 1}\n")
    ended = tollgate(tmp_path, "gates")
    assert ended.status == 2
    assert (
        "policy.yaml, line 2: limits.champion.margin: input should be less than or equal to 0.05" in ended.err
    )


def test_the_reference_page_is_printed(tmp_path: Path) -> None:
    assert tollgate(tmp_path, "gates", "--reference").out.startswith("# The gates\n")
