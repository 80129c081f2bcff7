import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pytest
from pydantic import ValidationError

from tests.tollgate.gates.evidence import evidence, few, figure
from tollgate.evaluation.few_clusters import NO_GROUPS
from tollgate.evaluation.figure import NOT_MEASURED, Figure, NotAssessed
from tollgate.evaluation.slices_section import Areas, Gap, Slice, SlicedColumn, Slices
from tollgate.gates.finding import Finding
from tollgate.gates.slices import SlicesGate

DECLARED = SlicesGate(columns=("region",), protected=False, explore=False)
EXPLORING = SlicesGate(protected=False)


def gap(value: float, error: float) -> Gap:
    return Gap(figure=Figure.normal(value, error), error=error)


def group(name: str, auc: Gap = gap(0.0, 0.02), level: Gap = gap(0.0, 0.1), **of: Any) -> Slice:  # noqa: B008
    return Slice(**{"name": name, "rows": 1000, "events": 200, "auc": auc, "level": level, **of})


def column(*slices: Slice, kind: Any = "segment", small: Slice | None = None) -> SlicedColumn:
    return SlicedColumn(kind=kind, slices=slices or (group("north"), group("south")), small=small)


GOOD: Mapping[str, SlicedColumn] = MappingProxyType({"region": column(), "age": column(kind="protected")})


def findings(
    gate: SlicesGate = DECLARED, columns: Mapping[str, SlicedColumn] = GOOD, **of: Any
) -> dict[str, Finding]:
    said = gate.findings(evidence(slices=Slices(rows=2000, columns=dict(columns)), **of))
    assert {finding.gate for finding in said} == {"slices"}
    assert len({finding.subject for finding in said}) == len(said)
    return {finding.subject: finding for finding in said}


def test_each_declared_group_must_show_it_on_auc_and_on_level() -> None:
    found = findings()
    assert list(found) == ["region north auc", "region north level", "region south auc", "region south level"]
    assert {finding.status for finding in found.values()} == {"PASS"}


def test_a_finding_names_the_auc_and_the_one_that_is_implied_and_says_more_and_less_by_signs() -> None:
    one = group("south", auc=gap(0.05, 0.01), areas=Areas(auc=0.61, implied=0.67))
    assert findings(DECLARED, {"region": column(one)})["region south auc"].message == (
        "the AUC of the 1000 rows of region south (0.610; their probabilities imply 0.670), minus the AUC that their "
        "probabilities imply, is -0.050 [-0.070, -0.030] against the same of the others; needed is at least -0.1"
    )


def test_groups_of_protected_columns_are_declared_unless_that_is_turned_off() -> None:
    assert "age north auc" in findings(SlicesGate())
    assert "age north auc" not in findings(SlicesGate(protected=False))
    assert list(findings(SlicesGate())) == [
        *(f"age {name} {what}" for name in ("north", "south") for what in ("auc", "level")),
        "explored",
    ]


@pytest.mark.parametrize(
    ("low", "high", "status"),
    [(-0.3, 0.05, "PASS"), (0.0, 0.051, "INCONCLUSIVE"), (0.051, 0.1, "FAIL")],
)
def test_a_group_may_have_a_higher_auc_and_must_not_have_a_much_lower_one(
    low: float, high: float, status: str
) -> None:
    bad = group("south", auc=Gap(figure=figure((low + high) / 2, low, high), error=0.01))
    gate = DECLARED.model_copy(update={"margin": 0.05})
    found = findings(gate, {"region": column(group("north"), bad)})
    assert found["region south auc"].status == status
    assert found["region north auc"].status == "PASS"


@pytest.mark.parametrize(
    ("low", "high", "status"),
    [
        (0.8, 1.25, "PASS"),
        (0.79, 1.0, "INCONCLUSIVE"),
        (1.0, 1.26, "INCONCLUSIVE"),
        (0.5, 0.79, "FAIL"),
        (1.3, 2.0, "FAIL"),
    ],
)
def test_the_level_of_a_group_may_be_neither_above_nor_below(low: float, high: float, status: str) -> None:
    off = Gap(figure=figure(math.log(low * high) / 2, math.log(low), math.log(high)), error=0.1)
    gate = DECLARED.model_copy(update={"level_margin": 1.25})
    found = findings(gate, {"region": column(group("north"), group("south", level=off))})
    assert found["region south level"].status == status


@pytest.mark.parametrize("events", [99, 901])
def test_a_small_group_is_inconclusive_unless_small_ones_are_declared_as_one(events: int) -> None:
    small = [group(name, auc=gap(0.5, 0.01), events=events) for name in ("east", "west")]
    columns = {"region": column(group("north"), *small, small=group("east, west"))}
    found = findings(DECLARED, columns)
    assert found["region east"].status == found["region west"].status == "INCONCLUSIVE"
    assert found["region east"].message == (
        f"it has {events} events and {1000 - events} others, and 100 of each are needed: hold out more rows "
        "(`split.holdout`); `merge_small: true` judges two small groups or more of a column as one"
    )
    merging = DECLARED.model_copy(update={"merge_small": True})
    merged = findings(merging, columns)
    assert list(merged) == [
        f"region {name} {what}" for name in ("north", "east, west") for what in ("auc", "level")
    ]
    alone = findings(merging, {"region": column(group("north"), small[0])})
    assert alone["region east"].status == "INCONCLUSIVE"
    assert "merge_small" not in alone["region east"].message
    assert {finding.status for finding in merged.values()} == {"PASS"}


def test_a_column_that_was_not_measured_fails_with_those_that_were() -> None:
    found = findings(SlicesGate(columns=("branch",), protected=False, explore=False))
    assert found["branch"].status == "FAIL"
    assert found["branch"].message.endswith("there are: region, age")


NOTHING: Mapping[str, SlicedColumn] = MappingProxyType({})
TINY: Mapping[str, SlicedColumn] = MappingProxyType(
    {"region": column(group("north", auc=gap(0.5, 0.01), events=19), group("south", events=0))}
)
WITHOUT_ERROR: Mapping[str, SlicedColumn] = MappingProxyType(
    {"region": column(group("north", auc=Gap(figure=figure(None)), level=Gap(figure=figure(None))))}
)


@pytest.mark.parametrize(
    ("options", "columns"),
    [
        ({"explore": False}, {"region": column()}),
        *(
            (options, columns)
            for options in ({}, {"explore": True}, {"protected": False})
            for columns in (NOTHING, TINY, WITHOUT_ERROR)
        ),
    ],
)
def test_a_gate_that_looks_at_nothing_never_passes(
    options: dict[str, bool], columns: Mapping[str, SlicedColumn]
) -> None:
    (found,) = findings(SlicesGate.read(options), columns).values()
    assert (found.subject, found.status) == ("groups", "INCONCLUSIVE")
    assert found.message.endswith("nothing was looked at")
    assert ("no other group has 20 events and others" in found.message) == options.get("explore", True)


@pytest.mark.parametrize("explore", [True, False])
@pytest.mark.parametrize("columns", [NOTHING, {"region": column()}])
def test_protected_groups_that_somebody_asks_for_and_that_are_not_there_leave_it_open(
    explore: bool, columns: Mapping[str, SlicedColumn]
) -> None:
    found = findings(SlicesGate(protected=True, explore=explore), columns)
    assert found["protected"].status == "INCONCLUSIVE"
    assert found["protected"].message == (
        "`protected: true` is set, and no column of the contract is protected, or none has two groups in the holdout"
    )
    assert [name for name in found if name != "protected"] == ["explored"] * bool(explore and columns)
    assert "protected" not in findings(SlicesGate(protected=True))


def test_protected_groups_that_only_the_default_asks_for_need_not_be_there() -> None:
    (found,) = findings(SlicesGate(), {"region": column()}).values()
    assert (found.subject, found.status) == ("explored", "PASS")


def test_where_all_groups_are_declared_there_is_nothing_more_to_explore() -> None:
    assert list(findings(SlicesGate(), {"age": column(kind="protected")})) == [
        f"age {name} {what}" for name in ("north", "south") for what in ("auc", "level")
    ]


def test_a_gate_that_nothing_can_fail_is_refused() -> None:
    with pytest.raises(ValidationError, match="else no group is looked at"):
        SlicesGate(protected=False, explore=False)


def test_explored_groups_fail_only_beyond_the_margin_for_certain() -> None:
    bad = {"region": column(group("north"), group("south", auc=gap(0.3, 0.03)))}
    found = findings(EXPLORING, bad)["explored"]
    assert found.status == "FAIL"
    said = "region south AUC short of what its probabilities imply by 0.300"
    assert f"beyond the margin after Holm's correction: {said}" in found.message
    level = {"region": column(group("north"), group("south", level=gap(-1.5, 0.2)))}
    found = findings(EXPLORING, level)["explored"]
    assert found.status == "FAIL"
    assert "region south observed/expected 0.22 times that of the others" in found.message


def test_explored_groups_that_are_worse_and_not_surely_beyond_the_margin_are_a_warning() -> None:
    worse = {"region": column(group("north"), group("south", auc=gap(0.1, 0.02)))}
    found = findings(EXPLORING, worse)["explored"]
    assert found.status == "PASS"
    assert found.message.startswith("warning: ")
    assert "worse than the others but not surely beyond the margin: region south" in found.message
    assert "region south AUC short of what its probabilities imply by 0.100" in found.message
    better = {"region": column(group("north"), group("south", auc=gap(-0.3, 0.02)))}
    assert "none shows" in findings(EXPLORING, better)["explored"].message


def test_the_more_groups_are_explored_the_more_it_takes() -> None:
    one = group("south", auc=gap(0.21, 0.025))  # p 0.008 of being beyond 0.15
    alone = findings(EXPLORING, {"region": column(one)})["explored"]
    many = findings(EXPLORING, {"region": column(one, *(group(f"r{n}") for n in range(20)))})["explored"]
    assert (alone.status, many.status) == ("FAIL", "PASS")


def test_of_few_months_it_takes_more_than_of_many() -> None:
    """Five standard errors beyond the margin: by chance 1 in 53 of t with 2 degrees, and 1 in 3.5 million of normal."""
    figure = Figure.normal(0.3, 0.03)
    many, few = (Gap(figure=figure, error=0.03, degrees=degrees) for degrees in (None, 2))
    sure = findings(EXPLORING, {"region": column(group("north"), group("south", auc=many))})["explored"]
    unsure = findings(EXPLORING, {"region": column(group("north"), group("south", auc=few))})["explored"]
    assert (sure.status, unsure.status) == ("FAIL", "PASS")
    assert unsure.figures["smallest_p"] == pytest.approx(4 * 0.018875, rel=1e-3)
    assert unsure.message.startswith("warning: ")


def test_a_small_holdout_proves_nothing_either_way() -> None:
    found = findings(SlicesGate(columns=("region",)), holdout=few(99, 900))
    assert {finding.status for finding in found.values()} == {"INCONCLUSIVE"}


def test_a_group_that_is_one_cluster_is_left_open_and_is_not_asked_about_where_it_is_explored() -> None:
    one = Gap(figure=Figure(value=0.3, low=None, high=None, reason=NO_GROUPS))
    columns = {"region": column(group("north", auc=one, level=one), group("south"))}
    found = findings(DECLARED, columns)
    for what in ("auc", "level"):
        assert found[f"region north {what}"].status == "INCONCLUSIVE"
        assert found[f"region north {what}"].message == f"the difference has no interval: {NO_GROUPS}"
        assert found[f"region south {what}"].status == "PASS"
    explored = findings(EXPLORING, columns)["explored"]
    assert (explored.status, explored.figures["questions"]) == ("PASS", 2)


@pytest.mark.parametrize("value", [None, math.nan])
def test_a_figure_without_a_value_is_lacking_whatever_reason_it_gives(value: float | None) -> None:
    none = Gap.model_construct(
        figure=Figure.model_construct(value=value, low=None, high=None, reason=NO_GROUPS)
    )
    found = findings(DECLARED, {"region": column(group("north").model_copy(update={"level": none}))})
    assert found["region north level"].status == "FAIL"


def test_a_figure_that_is_lacking_fails() -> None:
    none = Gap(figure=figure(None, reason="the group has no event"))
    found = findings(DECLARED, {"region": column(group("north", auc=none))})
    assert found["region north auc"].status == "FAIL"


@pytest.mark.parametrize("lacking", [NOT_MEASURED, NotAssessed(not_assessed="it broke", broken=True)])
def test_slices_that_were_not_measured_fail(lacking: NotAssessed) -> None:
    (found,) = DECLARED.findings(evidence(slices=lacking))
    assert (found.status, found.message) == ("FAIL", lacking.not_assessed)


@pytest.mark.parametrize(
    "value",
    [{"margin": 0.21}, {"level_margin": 2.51}, {"explored_margin": 0.31}, {"explored_level_margin": 3.01}],
)
def test_no_limit_can_be_set_beyond_its_bound(value: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        SlicesGate.read(value)
