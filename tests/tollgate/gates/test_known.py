import pytest

from tests.tollgate.gates.evidence import evidence, leakage
from tests.tollgate.gates.test_leakage import one, said
from tollgate.evaluation.leakage_facts import Late


def test_a_feature_that_is_known_after_fails_and_no_waiver_helps() -> None:
    finding = one("recovered", known={"recovered": "after"})
    assert (finding.status, finding.waivable) == ("FAIL", False)
    assert "leave it out" in finding.message


def test_each_feature_that_nobody_confirmed_is_a_finding_of_its_own_that_can_be_waived_by_its_name() -> None:
    found = said(evidence(leakage=leakage(known={"a": "unconfirmed", "b": "unconfirmed"})))
    assert {(found[name].status, found[name].waivable) for name in "ab"} == {("INCONCLUSIVE", True)}


@pytest.mark.parametrize(
    ("late", "status", "words"),
    [
        (Late(rows=900, late=0, undated=0), None, ""),
        (Late(rows=900, late=1, undated=0), "FAIL", "after the decision in 1 of 900 rows, by seen"),
        (Late(rows=900, late=0, undated=3), "INCONCLUSIVE", "in 3 of 900 rows nothing says"),
        (Late(rows=900, late=1, undated=3), "FAIL", "after the decision in 1 of 900 rows"),
    ],
)
def test_a_feature_with_a_day_is_known_by_that_day_in_every_row(
    late: Late, status: str | None, words: str
) -> None:
    found = said(evidence(leakage=leakage(known={"score": "seen"}, late={"score": late})))
    if status is None:
        assert "and the days in the rows" in found["known"].message
    else:
        assert found["score"].status == status
        assert words in found["score"].message


def test_a_feature_with_a_day_that_nobody_compared_fails() -> None:
    assert one("score", known={"score": "seen"}).status == "FAIL"
