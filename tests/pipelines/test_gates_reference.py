"""The pages on gates and policy say what the code does; the gate that one of them shows is added and judged by."""

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from components.policy_file import policy_in
from pipelines.gates_described import described_gates
from pipelines.gates_reference import gates_reference
from tests.tollgate.gates.evidence import AT, NO_CHAMPION, evidence, few, lineage_of
from tollgate.canonical import canonical_json
from tollgate.gates.champion import ChampionGate
from tollgate.gates.finding import Status
from tollgate.gates.kind import kinds_in
from tollgate.gates.section import GatesSection
from tollgate.policy import Policy
from tollgate.verdict import Verdict, judge
from tollgate.yaml12 import read_yaml

DOCS = Path(__file__).parent.parent.parent / "docs"
CHAMPION = {"champion": {"margin": 0.01}}


def blocks(page: str, language: str) -> list[str]:
    text = (DOCS / page).read_text()
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_the_page_is_what_the_classes_say() -> None:
    assert (DOCS / "gates.md").read_text() == gates_reference(), "type `make docs`"


@pytest.mark.parametrize("name", kinds_in(GatesSection))
def test_every_gate_says_what_it_asks_what_it_cannot_see_and_what_each_option_means(name: str) -> None:
    (gate,) = [one for one in described_gates(Policy()) if one.name == name]
    assert gate.question.endswith("?")
    assert gate.blind.endswith(".")
    assert gate.source.endswith(".")
    assert all(option.meaning for option in gate.options)
    kinds_in(GatesSection)[name].gate.usual()


@pytest.fixture(scope="module")
def extended() -> type[GatesSection]:
    """The section with the gate of the page: its class, and its one line."""
    code, line = blocks("gates.md", "python")
    assert len(line.strip().splitlines()) == 1
    names: dict[str, Any] = {"GatesSection": GatesSection}
    exec(code, names)  # noqa: S102 - the page is ours
    exec(f"class Extended(GatesSection):\n{line}", names)  # noqa: S102
    section: type[GatesSection] = names["Extended"]
    return section


def judged(gates: GatesSection, **change: Any) -> Verdict:
    found = evidence(**{"champion": NO_CHAMPION, "differences": {}, **change})
    return judge(canonical_json(found.as_json()), lineage_of(found), gates, Policy(), AT)


@pytest.mark.parametrize(
    ("at_most", "status"), [(0.4, "PASS"), (0.31, "INCONCLUSIVE"), (0.29, "INCONCLUSIVE"), (0.2, "FAIL")]
)
def test_the_gate_that_the_page_shows_judges(
    extended: type[GatesSection], at_most: float, status: Status
) -> None:
    verdict = judged(extended.read({**CHAMPION, "event_rate": {"at_most": at_most}}))
    (finding,) = [finding for finding in verdict.findings if finding.gate == "event_rate"]
    assert (finding.status, verdict.decision) == (status, "deploy" if status == "PASS" else "hold")
    assert finding.harm is not None
    assert finding.harm.low == pytest.approx(0.3 - 1.96 * (0.3 * 0.7 / 1000) ** 0.5, abs=1e-5)
    assert verdict.settings["event_rate"] == {"at_most": at_most}


def test_the_gate_that_the_page_shows_says_nothing_of_few_rows(extended: type[GatesSection]) -> None:
    verdict = judged(extended.read({**CHAMPION, "event_rate": {}}), holdout=few(99, 900))
    assert [f.status for f in verdict.findings if f.gate == "event_rate"] == ["INCONCLUSIVE"]


def test_the_gate_that_the_page_shows_is_listed_with_its_bound_and_its_way(
    extended: type[GatesSection], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipelines.gates_described.GatesSection", extended)
    page = gates_reference()
    assert "## `event_rate`" in page
    assert "| `at_most` | number | 0.35 | above 0, at most 0.5 | higher |" in page


def test_the_policy_that_the_page_shows_is_one(tmp_path: Path) -> None:
    policy_file = tmp_path / "policy.yaml"
    policy_file.write_text(blocks("policy.md", "yaml")[0])
    policy = policy_in(policy_file)
    assert set(policy.model_fields_set) == set(Policy.model_fields), "the page shows every key"
    workflow = tmp_path / "workflow.yaml"
    workflow.write_text(blocks("policy.md", "yaml")[1])
    gates = GatesSection.read(read_yaml(workflow).value["gates"])
    assert [waiver.gate for waiver in gates.waivers if waiver.gate in policy.waivable] == ["champion"]
    assert policy.weaker(gates) == []


def test_a_gate_that_runs_unasked_is_said_to(monkeypatch: pytest.MonkeyPatch) -> None:
    class Unasked(GatesSection):
        always: ChampionGate = ChampionGate()
        usually: ChampionGate | None = ChampionGate()
        seldom: ChampionGate | None = None

    monkeypatch.setattr("pipelines.gates_described.GatesSection", Unasked)
    runs = {gate.name: gate.runs for gate in described_gates(Policy.read({"required": ["champion"]}))}
    assert runs["champion"] == "required: it runs in any case"
    assert runs["always"] == "always runs"
    assert runs["usually"] == "runs unless it is taken out with `usually: null`"
    assert runs["seldom"] == "runs where it is named"
    assert runs["fairness"] == "always runs; with `policy: none` it looks at nothing"


@pytest.mark.parametrize("name", [name for name, one in kinds_in(GatesSection).items() if not one.several])
def test_a_gate_can_be_taken_out_where_the_page_says_so_and_nowhere_else(name: str) -> None:
    (gate,) = [one for one in described_gates(Policy(required=())) if one.name == name]
    taken_out = {**CHAMPION, "cost": {"false_negative": 5, "false_positive": 1}, name: None}
    if "always runs" in gate.runs:
        with pytest.raises(ValidationError, match=f"^1 validation error for GatesSection\n{name}\n"):
            GatesSection.read(taken_out)
    else:
        assert name not in dict(GatesSection.read(taken_out).named())


def test_fairness_looks_at_nothing_with_the_option_that_the_page_names() -> None:
    gates = GatesSection.read({**CHAMPION, "fairness": {"policy": "none"}})
    (finding,) = [one for one in judged(gates).findings if one.gate == "fairness"]
    assert (finding.status, finding.message) == (
        "PASS",
        "the policy is none: groups are measured, and not looked at",
    )
