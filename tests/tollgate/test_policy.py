from typing import Annotated, Any

import pytest
from pydantic import Field, ValidationError

from tollgate.evaluation.evidence import Evidence
from tollgate.gates.completion import completed
from tollgate.gates.finding import Finding
from tollgate.gates.gate import HIGHER, Gate
from tollgate.gates.kind import kinds_in
from tollgate.gates.limits import weaker as weaker_than
from tollgate.gates.metric import MetricGate
from tollgate.gates.section import GatesSection
from tollgate.policy import Policy

GATES: dict[str, Any] = {
    "metric": [{"name": "roc_auc", "at_least": 0.65}, {"name": "brier", "at_most": 0.2}],
    "champion": {"margin": 0.01},
}


def weaker(policy: dict[str, Any], **gates: Any) -> list[str]:
    """In which ways GATES, with some of it changed or (None) left out, are weaker than a policy."""
    changed = {name: value for name, value in (GATES | gates).items() if value is not None}
    return Policy.read(policy).weaker(GatesSection.read(changed))


def test_the_default_policy_requires_gates_that_there_are_and_that_run_unnamed() -> None:
    assert set(Policy().required) <= set(kinds_in(GatesSection))
    assert weaker({}) == weaker({}, champion=None) == weaker({}, metric=None) == []


@pytest.mark.parametrize("name", kinds_in(GatesSection))
def test_a_required_gate_that_nobody_named_runs_as_usual(name: str) -> None:
    other = "metric" if name != "metric" else "champion"
    run = Policy.read({"required": [name]}).completed(GatesSection.read({other: GATES[other]}))
    kind = kinds_in(GatesSection)[name]
    usual = kind.gate.usual()
    assert getattr(run, name) == ((usual,) if kind.several else usual)


def test_a_gate_that_is_named_runs_as_it_is_set() -> None:
    set_so = GatesSection.read(GATES)
    assert Policy().completed(set_so) == set_so


@pytest.mark.parametrize("metric", [None, [{"name": "brier", "at_most": 0.25}]])
def test_the_area_under_the_curve_is_judged_whatever_else_is(metric: Any) -> None:
    """A constant of 0.5 has the Brier score 0.25, and at 8 % events a constant of 0.08 has 0.074."""
    given = {"champion": {}} if metric is None else {"metric": metric}
    run = Policy().completed(GatesSection.read(given)).metric
    assert MetricGate(name="roc_auc", at_least=0.6) in run
    assert len(run) == (1 if metric is None else 2)
    bare = Policy.read({"required": []}).completed(GatesSection.read(given)).metric
    assert len(bare) == len(metric or ())


def test_a_limit_of_the_policy_for_the_area_under_the_curve_is_not_replaced_by_the_usual_one() -> None:
    policy = {"limits": {"metric": {"roc_auc": {"at_least": 0.7}}}}
    only_brier = [{"name": "brier", "at_most": 0.25}]
    assert weaker(policy, metric=only_brier) == ["metric.roc_auc is required"]
    run = Policy.read(policy).completed(GatesSection.read({"champion": {}}))
    assert [(gate.name, gate.at_least) for gate in run.metric] == [("roc_auc", 0.7)]


def test_a_gate_that_is_not_required_does_not_run_unnamed() -> None:
    run = Policy.read({"required": []}).completed(GatesSection.read({"metric": GATES["metric"]}))
    assert run.champion is None


def test_a_gate_that_nobody_named_runs_within_the_limits() -> None:
    policy = Policy.read(
        {
            "limits": {
                "metric": {"ks": {"at_least": 0.2}},
                "champion": {"margin": 0.005, "metric": ["pr_auc", "ks"]},
                "max_age": 6,
            }
        }
    )
    run = policy.completed(GatesSection.read({"champion": {"margin": 0.001, "metric": "ks"}}))
    assert [(gate.name, gate.at_least) for gate in run.metric] == [("ks", 0.2), ("roc_auc", 0.6)]
    assert run.max_age == 6
    champion = policy.completed(GatesSection.read({"metric": GATES["metric"]})).champion
    assert champion is not None
    assert (champion.margin, champion.metric) == (0.005, "pr_auc")
    assert policy.weaker(run) == []


@pytest.mark.parametrize(
    ("floor", "reasons"),
    [(0.6, []), (0.65, []), (0.66, ["metric.roc_auc.at_least is 0.65, at least 0.66 is required"])],
)
def test_a_limit_where_more_is_better_may_not_lie_below_the_floor(floor: float, reasons: list[str]) -> None:
    assert weaker({"limits": {"metric": {"roc_auc": {"at_least": floor}}}}) == reasons


@pytest.mark.parametrize(
    ("floor", "reasons"),
    [(0.25, []), (0.2, []), (0.19, ["metric.brier.at_most is 0.2, at most 0.19 is allowed"])],
)
def test_a_limit_where_less_is_better_may_not_lie_above_the_floor(floor: float, reasons: list[str]) -> None:
    assert weaker({"limits": {"metric": {"brier": {"at_most": floor}}}}) == reasons


def test_a_limit_that_is_not_set_is_required() -> None:
    assert weaker({"limits": {"metric": {"ks": {"at_least": 0.2}}}}) == ["metric.ks is required"]


@pytest.mark.parametrize(("margin", "allowed"), [(0.01, True), (0.02, True), (0.0201, False), (0.05, False)])
def test_an_option_may_not_be_looser_than_the_policy_says(margin: float, allowed: bool) -> None:
    reasons = weaker({"limits": {"champion": {"margin": 0.02}}}, champion={"margin": margin})
    assert reasons == ([] if allowed else [f"champion.margin is {margin:g}, at most 0.02 is allowed"])


def test_the_default_of_an_option_is_held_against_the_policy_too() -> None:
    assert weaker({"limits": {"champion": {"margin": 0.005}}}, champion={}) == [
        "champion.margin is 0.01, at most 0.005 is allowed"
    ]


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        ("roc_auc", []),
        (["ks", "roc_auc"], []),
        ("ks", ["champion.metric is roc_auc, only ks is allowed"]),
        (["ks", "brier"], ["champion.metric is roc_auc, only ks or brier is allowed"]),
    ],
)
def test_an_option_that_is_no_number_must_be_what_the_policy_names(bound: Any, said: list[str]) -> None:
    assert weaker({"limits": {"champion": {"metric": bound}}}) == said


@pytest.mark.parametrize(("metric", "margin"), [("brier", 0.005), (["roc_auc", "brier"], 0.02)])
def test_a_metric_with_a_scale_of_its_own_can_be_named_in_a_policy(metric: Any, margin: float) -> None:
    policy = Policy.read({"limits": {"champion": {"metric": metric, "margin": margin}}})
    assert policy.weaker(GatesSection.read({"champion": {"metric": "brier", "margin": 0.005}})) == []
    assert policy.weaker(GatesSection.read({"metric": GATES["metric"]})) == []


def test_the_age_of_evidence_is_bound_like_an_option() -> None:
    assert weaker({"limits": {"max_age": 12}}, max_age=13) == ["max_age is 13, at most 12 is allowed"]
    assert weaker({"limits": {"max_age": 12}}, max_age=12) == weaker({"limits": {"max_age": 12}}) == []


def test_every_way_of_being_weaker_is_named_at_once() -> None:
    metric = {"roc_auc": {"at_least": 0.9}, "brier": {"at_most": 0.1}, "ks": {"at_least": 0.3}}
    assert len(weaker({"limits": {"metric": metric, "champion": {"margin": 0}}})) == 4


@pytest.mark.parametrize(
    ("source", "allowed"),
    [
        ("data/loans.csv", True),
        ("data/2024/*.parquet", True),
        ("s3://bank/loans/", True),
        ("s3://bank-of-others/loans/", False),
        ("other/loans.csv", False),
        ("/data/loans.csv", False),
        ("", False),
        ("data/../secrets.csv", False),
        ("data/2024/../../secrets.csv", False),
        ("data/..", False),
        ("data/a..b.csv", True),
    ],
)
def test_rows_come_only_from_the_sources_that_the_policy_names(source: str, allowed: bool) -> None:
    assert Policy.read({"sources": ["data/", "s3://bank/"]}).allows(source) == allowed


def test_a_policy_that_names_no_source_allows_any() -> None:
    assert Policy().allows("../anywhere.csv")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"limits": {"metric": {"auc": {"at_least": 0.6}}}}, "there is no metric 'auc'; there are roc_auc"),
        ({"limits": {"metric": {"roc_auc": {"at_least": "0.6"}}}}, "valid number"),
        ({"limits": {"metric": {"roc_auc": {"at_most": 0.6}}}}, "`roc_auc` needs `at_least`, and only that"),
        ({"limits": {"metric": {"roc_auc": 0.6}}}, "name the option too, such as {at_least: 0.6}"),
        ({"limits": {"metric": 0.6}}, "`metric`: write the options of the gate"),
        (
            {"limits": {"champion": {"margin": 0.06}}},
            "`champion.margin`: .* less than or equal to 0.05",
        ),
        ({"limits": {"champion": {"margin": -0.01}}}, "greater than or equal to 0"),
        ({"limits": {"champion": {"margin": None}}}, "there is no value, so it bounds nothing"),
        ({"limits": {"champion": {"metric": []}}}, "there is no value, so it bounds nothing"),
        ({"limits": {"champion": {"metric": ["ks", "auc"]}}}, "there is no metric 'auc'"),
        (
            {"limits": {"champion": {"metric": "brier"}}},
            "`champion`: .* too wide for `brier`: give `margin`, at most",
        ),
        ({"limits": {"champion": {"margn": 0.01}}}, "champion has no such option; it has "),
        ({"limits": {"champions": {"margin": 0.01}}}, "`champions`: there is no such gate"),
        ({"limits": {"waivers": []}}, "`waivers`: there is no such gate"),
        ({"limits": {"max_age": 1000}}, "less than or equal to 168"),
        ({"required": ["metrics"]}, "there is no gate 'metrics'; there are metric, "),
        ({"waivable": ["data"]}, "what data finds can never be waived"),
        ({"waivable": ["parity"]}, "what parity finds can never be waived"),
        ({"waivable": ["metrics"]}, "there is no gate 'metrics'"),
        ({"longest_waiver": 0}, "greater than or equal to 1"),
        ({"longest_waiver": 367}, "less than or equal to 366"),
        ({"version": 1}, "Input should be 2"),
        ({"gates": {}}, "Extra inputs"),
    ],
)
def test_a_policy_that_means_nothing_is_refused(value: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Policy.read(value)


class Unasked(Gate):
    """A gate that runs where nobody names it, policy or not."""

    question = "?"
    blind = "?"
    source = "?"
    most: Annotated[float, Field(gt=0, le=1, description="The most."), HIGHER] = 0.5

    def findings(self, evidence: Evidence) -> list[Finding]:
        return []


class WithUnasked(GatesSection):
    unasked: Unasked | None = Unasked()


@pytest.mark.parametrize(
    ("given", "limit", "runs"),
    [({}, {}, 0.5), ({}, {"unasked": {"most": 0.2}}, 0.2), ({"unasked": {"most": 0.4}}, {}, 0.4)],
)
def test_a_gate_that_runs_by_itself_keeps_the_limits_too(given: Any, limit: Any, runs: float) -> None:
    gates = WithUnasked.read({"champion": {}, **given})
    run = completed(gates, ("champion",), limit)
    assert isinstance(run, WithUnasked)
    assert run.unasked == Unasked(most=runs)
    assert weaker_than(run, limit) == []


def test_a_gate_that_runs_by_itself_and_is_named_looser_is_weaker() -> None:
    gates = WithUnasked.read({"champion": {}, "unasked": {"most": 0.4}})
    limits = {"unasked": {"most": 0.2}}
    assert weaker_than(completed(gates, (), limits), limits) == [
        "unasked.most is 0.4, at most 0.2 is allowed"
    ]


def test_a_gate_that_runs_by_itself_can_be_taken_out_only_where_it_is_not_required() -> None:
    gates = WithUnasked.read({"champion": {}, "unasked": None})
    assert isinstance(out := completed(gates, (), {}), WithUnasked)
    assert out.unasked is None
    assert isinstance(back := completed(gates, ("unasked",), {}), WithUnasked)
    assert back.unasked == Unasked()


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({}, set()),
        ({"slices": {"margin": 0.05}}, {"margin"}),
        ({"slices": {"protected": True}}, {"protected"}),
    ],
)
def test_of_a_required_gate_that_nobody_named_only_what_the_policy_says_counts_as_said(
    limits: dict[str, Any], said: set[str]
) -> None:
    policy = Policy.read({"required": ["slices"], "limits": limits})
    run = policy.completed(GatesSection.read({"metric": GATES["metric"]})).slices
    assert run is not None
    assert run.model_fields_set == said
    assert run.margin == limits.get("slices", {}).get("margin", 0.1)
