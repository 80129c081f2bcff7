"""Mistakes in workflow.yaml, each with the line, the key, and what to do."""

from pathlib import Path

import pytest

from pipelines.config import load_workflow
from tests.pipelines.places import REPOSITORY
from tollgate.errors import ConfigError

GATES = """gates:
  metric:
    - {name: roc_auc, at_least: 0.65}
  champion: {margin: 0.01}
"""
PURPOSE = "values: [car, home, education, medical, business, other]"
LETTERS = "must be small letters, digits and hyphens, a letter first and no hyphen last"
# What stands in the repository's workflow, what is written instead, and what is said of it.
MISTAKES = [
    ("version: 1", "version: 2", "version: must be 1 (got 2)"),
    ("version: 1", "version: '1'", 'version: must be 1 (got "1")'),
    ("\nname: credit-default", "\nname: Credit Default", f'name: {LETTERS} (got "Credit Default")'),
    ("storage: .tollgate/", "storage: 5", "storage: must be a text (got 5)"),
    ("storage: .tollgate/", "storage:", "storage: must be a text (got nothing)"),
    ("storage: .tollgate/", 'storage: ""', 'storage: must be of length 1 at least (got "")'),
    ("income: {type", "income: {tpye", "data.columns.income.tpye: unknown key; did you mean 'type'?"),
    (
        "income: {type: number",
        "income: {type: nmber",
        "data.columns.income.type: must be 'number', 'integer', 'boolean', 'category' or 'date' "
        "(got \"nmber\"); did you mean 'number'?",
    ),
    (
        "max: 100",
        "max: lots",
        'data.columns.interest_rate.max: must be a number (got "lots")',
    ),
    (
        "income: {type: number, min: 0, known: before, monotone: decreasing}",
        "income: number",
        'data.columns.income: must be a mapping of keys to values (got "number")',
    ),
    (PURPOSE, "values: [car, 1]", "data.columns.purpose.values.1: must be a text (got 1)"),
    (PURPOSE, "values: [1, 2, x]", 'data.columns.purpose.values.2: must be a whole number (got "x")'),
    (
        "income: {type",
        "income: {reason: {hihg: x}, type",
        "data.columns.income.reason.hihg: unknown key; did you mean 'high'?",
    ),
    (
        "income: {type",
        "income: {reason: {high: ' '}, type",
        "data.columns.income.reason.high: a reason must say something",
    ),
    (
        "income: {type",
        "income: {reason: too high, type",
        'data.columns.income.reason: must be a mapping of keys to values (got "too high")',
    ),
    (PURPOSE, "values: car", 'data.columns.purpose.values: must be a list (got "car")'),
    (
        "positive: 1",
        "positive: [1]",
        "data.columns.default.positive: must be a whole number or a number or a text (got [1])",
    ),
    (
        "region: {role: ignore}",
        "region: {role: ignroe}",
        "data.columns.region.role: must be 'feature', 'id', 'time', 'target', 'protected', 'group' or 'ignore' "
        "(got \"ignroe\"); did you mean 'ignore'?",
    ),
    (
        "known_at: outcome_known",
        "known_at: outcome",
        "data.label.known_at: `label.known_at` names 'outcome', ",
    ),
    (
        "accepted: accepted",
        "accepted: region",
        "data.selection.accepted: `selection.accepted` names 'region', ",
    ),
    ('delimiter: ","', 'delimeter: ","', "data.format.delimeter: unknown key; did you mean 'delimiter'?"),
    ("header: true", "header: no", 'data.format.header: must be true or false (got "no")'),
    (
        "method: time",
        "method: tiem",
        "split.method: must be 'time', 'random' or 'order' (got \"tiem\"); did you",
    ),
    ("holdout: 6 months", "holdout: [6]", "split.holdout: must be a text or a number (got [6])"),
    (
        "holdout: 6 months",
        "holdout: six months",
        "split.holdout: 'six months' is no period; write it like 12 m",
    ),
    ("approve_rate: 0.7", "approve_rate: 7", "train.decision.approve_rate: must be below 1 (got 7)"),
    ("approve_rate: 0.7", "threshold: 0", "train.decision.threshold: must be above 0 (got 0)"),
    ("seed: 7", "seed: 7.5", "train.seed: must be a whole number (got 7.5)"),
    ("bootstraps: 1000", "bootstraps: 10", "evaluate.bootstraps: must be at least 1000 (got 10)"),
    ("margin: 0.01", "margin: 0.5", "gates.champion.margin: must be at most 0.05 (got 0.5)"),
    ("  champion: {margin", "  champoin: {margin", "gates.champoin: unknown key; did you mean 'champion'?"),
    ("  champion: {margin", "  qqq: {margin", "gates.qqq: unknown key; known are metric, champion"),
    ("at_least: 0.65", "atleast: 0.65", "gates.metric.0.atleast: unknown key; did you mean 'at_least'?"),
    (
        "name: roc_auc",
        "name: rocauc",
        "gates.metric.0.name: there is no metric 'rocauc'; there are roc_auc, ",
    ),
    (GATES, "gates: {}\n", "gates: no gate is named, so any model would be let through: name at least one"),
    (GATES, "gates:\n", "gates: must be a mapping of keys to values (got nothing)"),
    (
        "serving: {name: credit-default}",
        "serving: {name: c, replicas: 0}",
        "serving.replicas: must be at least 1",
    ),
    (
        "serving: {name: credit-default}",
        "serving: {name: c, resources: {cpu: lots}}",
        'serving.resources.cpu: must be a Kubernetes quantity such as 500m or 512Mi (got "lots")',
    ),
    ("deploy: {}", "deploy: {when: now}", "deploy.when: unknown key; nothing can be set here"),
    ("deploy: {}", "deplyo: {}", "deplyo: unknown key; did you mean 'deploy'?"),
    ("deploy: {}", "name: again", "the key 'name' stands twice, first in line 4"),
]
JARGON = ("Input should", "pydantic", "tuple[", "type=", "Extra inputs", "errors.pydantic", "\\Z", "^[")


def mistakes_in(text: str, folder: Path) -> str:
    path = folder / "workflow.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError) as raised:
        load_workflow(path)
    return str(raised.value)


@pytest.fixture(scope="module")
def right() -> str:
    return (REPOSITORY / "workflow.yaml").read_text()


@pytest.mark.parametrize(("old", "new", "said"), MISTAKES, ids=[mistake[1][:40] for mistake in MISTAKES])
def test_a_mistake_is_named_with_its_line_and_key(
    right: str, tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert right.count(old) >= 1
    line = right[: right.index(old) + len(old) - len(old.lstrip("\n"))].count("\n") + 1
    message = mistakes_in(right.replace(old, new, 1), tmp_path)
    assert message.startswith(f"{tmp_path / 'workflow.yaml'}, line {line}: {said}")
    assert "\n" not in message
    assert [word for word in JARGON if word in message] == []


def test_a_setting_that_needs_another_is_named_where_it_stands(right: str, tmp_path: Path) -> None:
    message = mistakes_in(right.replace("issued: {role: time}", "issued: {role: ignore}"), tmp_path)
    line = right[: right.index("method: time")].count("\n") + 1
    said = "split.method: `split.method: time` needs a column with the role time under data.columns"
    assert message.endswith(f", line {line}: {said}")


REASONS = {
    "income": "{high: a, low: b}",
    "loan_amount": "{high: a, low: b}",
    "term_months": "{high: a, low: b}",
    "interest_rate": "{high: a, low: b}",
    "debt_to_income": "{high: a, low: b, missing: c}",
    "employment_years": "{high: a, low: b, missing: c}",
    "delinquencies_2y": "{high: a, low: b}",
    "credit_lines": "{high: a, low: b}",
    "utilization": "{high: a, low: b, missing: c}",
    "purpose": "{high: a}",
    "home_ownership": "{high: a}",
    "channel": "{high: a}",
}


def with_reasons(text: str, **others: str) -> str:
    """The workflow with texts for each feature, some of them others, and applicants who are told them."""
    for name, texts in (REASONS | others).items():
        text = text.replace(f"    {name}: {{", f"    {name}: {{reason: {texts}, ")
    return text.replace("serving: {", "serving: {adverse_action: true, ")


def test_where_applicants_are_told_reasons_each_feature_needs_its_texts(right: str, tmp_path: Path) -> None:
    (tmp_path / "workflow.yaml").write_text(with_reasons(right))
    assert load_workflow(tmp_path / "workflow.yaml").serving.adverse_action
    lacking = {"income": "{low: b}", "utilization": "{high: a}", "purpose": "{}"}
    wrong = with_reasons(right, **lacking)
    line = wrong[: wrong.index("adverse_action")].count("\n") + 1
    said = "these lack income (high), utilization (low, missing), purpose (high)"
    message = mistakes_in(wrong, tmp_path)
    assert message.startswith(f"{tmp_path / 'workflow.yaml'}, line {line}: serving.adverse_action: ")
    assert message.endswith(said)


@pytest.mark.parametrize("section", ["data", "split", "train", "gates", "serving", "version", "name"])
def test_a_section_that_is_missing_is_named_with_what_it_is_for(
    right: str, tmp_path: Path, section: str
) -> None:
    lines = right.splitlines(keepends=True)
    start = next(number for number, line in enumerate(lines) if line.startswith(f"{section}:"))
    end = next((n for n in range(start + 1, len(lines)) if not lines[n].startswith((" ", "\n"))), len(lines))
    message = mistakes_in("".join(lines[:start] + lines[end:]), tmp_path)
    assert f"line 1: {section}: is missing (" in message


def test_a_key_that_is_missing_inside_a_section_is_named_with_the_line_of_the_section(
    right: str, tmp_path: Path
) -> None:
    message = mistakes_in(right.replace("method: time, ", ""), tmp_path)
    line = right[: right.index("split:")].count("\n") + 1
    assert f", line {line}: split.method: is missing (" in message


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(right: str, tmp_path: Path) -> None:
    wrong = right
    for old, new in (
        ("bootstraps: 1000", "bootstraps: many"),
        ("income: {type", "income: {tpye"),
        ("model: logistic", "modle: logistic"),
        ("deploy: {}", "deplyo: {}"),
    ):
        wrong = wrong.replace(old, new, 1)
    keys = [line.split(": ")[1] for line in mistakes_in(wrong, tmp_path).splitlines()]
    assert keys == ["data.columns.income.tpye", "train.model", "train.modle", "evaluate.bootstraps", "deplyo"]


def test_a_value_that_is_long_is_cut_in_the_message(right: str, tmp_path: Path) -> None:
    message = mistakes_in(right.replace("storage: .tollgate/", f"storage: [{'x, ' * 200}x]"), tmp_path)
    assert message.endswith("...)")
    assert len(message) < len(str(tmp_path)) + 140


@pytest.mark.parametrize("text", ["", "# nothing\n", "- a\n", "text\n"])
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    assert mistakes_in(text, tmp_path).startswith(f"{tmp_path / 'workflow.yaml'}")


def test_the_repositorys_own_workflow_is_right(right: str, tmp_path: Path) -> None:
    (tmp_path / "workflow.yaml").write_text(right)
    assert load_workflow(tmp_path / "workflow.yaml").name == "credit-default"
