"""Evidence that no honest measurement could have written contradicts itself."""

from typing import Any

import pytest

from tests.tollgate.gates.evidence import BUNDLE, CHAMPION, NO_CHAMPION, compared, evidence, few, figure
from tollgate.evaluation.coherence import contradictions
from tollgate.evaluation.evidence import Champion, Evidence, Holdout

AUC = {"roc_auc": figure(0.7, 0.68, 0.72)}
LESS = {"roc_auc": figure(0.01, -0.01, 0.03)}


def holdout(**change: Any) -> Holdout:
    return Holdout(**{"splits": "d" * 64, "rows": 1000, "events": 300, **change})


def on_a_part(**change: Any) -> Evidence:
    """Evidence of a challenger that was compared on 700 of the 1,000 rows, where it is worse than on all."""
    part = compared(holdout(), rows=700, scored_rows=700, events=200, scored_events=200)
    ours, theirs = {"roc_auc": figure(0.68, 0.65, 0.71)}, {"roc_auc": figure(0.67, 0.64, 0.7)}
    values = {"compared_metrics": ours, "champion_metrics": theirs, "differences": LESS, "comparison": part}
    return evidence(metrics=AUC, **{**values, **change})


HONEST: dict[str, Evidence] = {
    "as it is": evidence(),
    "without a champion": evidence(champion=NO_CHAMPION, differences={}),
    "unreadable": evidence(champion=Champion(state="unreadable", reason="torn"), differences={}),
    "a metric that is not defined": evidence(metrics={"ks": figure(None, reason="no")}, differences={}),
    "no interval": evidence(metrics={"ks": figure(0.4, reason="no")}, differences={}),
    "the champion again": evidence(champion=CHAMPION.model_copy(update={"bundle": BUNDLE})),
    "drawn upward": evidence(metrics={"ks": figure(0.02, 0.03, 0.05)}, differences={}),
    "few": evidence(metrics={"pr_auc": figure(0.02, 0.03, 0.05)}, differences={}, holdout=few(9, 90)),
    "log loss above 1": evidence(metrics={"log_loss": figure(1.4, 1.2, 1.6)}, differences={}),
    "compared on a part": on_a_part(),
    "compared on few": on_a_part(
        comparison=compared(holdout(), scored_rows=90, scored_events=9),
        champion_metrics={"roc_auc": figure(0.67, 0.69, 0.7)},
    ),
    "days": evidence(holdout=Holdout(splits="d", rows=10, events=1, since="2025-01-01", until="2025-01-01")),
}


@pytest.mark.parametrize("name", HONEST)
def test_honest_evidence_does_not_contradict_itself(name: str) -> None:
    assert contradictions(HONEST[name]) == []


# By what is wrong: the evidence, and words of what is said.
AGAINST_ITSELF: dict[str, tuple[Evidence, str]] = {
    "more events than rows": (evidence(holdout=holdout(events=1001)), "1001 events in 1000 rows"),
    "fewer events than none": (evidence(holdout=holdout(events=-1)), "-1 events in 1000 rows"),
    "no row": (evidence(holdout=holdout(rows=0, events=0)), "0 events in 0 rows"),
    "days in the wrong order": (
        evidence(holdout=holdout(since="2025-02-01", until="2025-01-01")),
        "from 2025-02-01 to 2025-01-01",
    ),
    "one day alone": (evidence(holdout=holdout(since="2025-02-01")), "from 2025-02-01 to None"),
    "parity below nothing": (evidence(parity=-1e-12), "graph and pipeline are -1e-12 apart"),
    "no champion with figures": (
        evidence(champion=NO_CHAMPION),
        "the champion is none, but there are figures",
    ),
    "unreadable with figures": (
        evidence(champion=Champion(state="unreadable", reason="torn")),
        "the champion is unreadable, but there are figures",
    ),
    "no champion with a release": (
        evidence(champion=Champion(state="none", release="e" * 64), differences={}),
        "there is no champion, but a release",
    ),
    "no champion of a generation": (
        evidence(champion=Champion(state="none", generation=2), differences={}),
        "there is no champion, but a release",
    ),
    "a champion without a bundle": (
        evidence(champion=CHAMPION.model_copy(update={"bundle": None})),
        "its release, its bundle or its generation is not named",
    ),
    "a champion of no generation": (
        evidence(champion=CHAMPION.model_copy(update={"generation": 0})),
        "its release, its bundle or its generation is not named",
    ),
    "the champion differs from itself": (
        evidence(
            champion=CHAMPION.model_copy(update={"bundle": BUNDLE}),
            differences={"roc_auc": figure(0.1, 0.05, 0.15)},
        ),
        "the challenger is the champion, but differs from it in roc_auc",
    ),
    "another difference": (
        evidence(differences={"roc_auc": figure(0.1, 0.05, 0.15)}, champion_metrics=AUC),
        "differences.roc_auc is 0.1, but the figures are 0 apart",
    ),
    "a difference of nothing": (
        evidence(champion_metrics={}),
        "differences.roc_auc: one of the two figures that differ is lacking",
    ),
    "another difference on a part": (
        on_a_part(differences={"roc_auc": figure(0.03, 0.01, 0.05)}),
        "differences.roc_auc is 0.03, but the figures are 0.01 apart",
    ),
    "a difference of all rows from a part of them": (
        on_a_part(compared_metrics={}),
        "differences.roc_auc: one of the two figures that differ is lacking",
    ),
    "a part of the rows where none was left out": (
        evidence(compared_metrics=AUC),
        "no row was left out of the comparison",
    ),
    "a figure outside its interval on a part": (
        on_a_part(compared_metrics={"roc_auc": figure(0.68, 0.69, 0.71)}),
        "compared_metrics.roc_auc is 0.68, outside its own interval [0.69, 0.71]",
    ),
    "a figure outside its interval": (
        evidence(metrics={"roc_auc": figure(0.73, 0.68, 0.72)}, differences={}),
        "metrics.roc_auc is 0.73, outside its own interval [0.68, 0.72]",
    ),
    "a difference outside its interval": (
        evidence(differences={"roc_auc": figure(0.01, 0.02, 0.03)}),
        "differences.roc_auc is 0.01, outside its own interval [0.02, 0.03]",
    ),
    "an interval upside down": (
        evidence(metrics={"ks": figure(0.4, 0.5, 0.3)}, differences={}),
        "metrics.ks: the interval runs from 0.5 down to 0.3",
    ),
    "an interval with one end": (
        evidence(metrics={"ks": figure(0.4, 0.3)}, differences={}),
        "metrics.ks: the interval has one end",
    ),
    "an interval of nothing": (
        evidence(metrics={"ks": figure(None, 0.3, 0.5)}, differences={}),
        "metrics.ks: there is an interval of no figure",
    ),
    "an area above 1": (
        evidence(metrics={"roc_auc": figure(1.2, 1.1, 1.3)}, differences={}),
        "metrics.roc_auc is 1.2, which it cannot be",
    ),
    "a rate below 0": (
        evidence(metrics={"recall": figure(-0.2, -0.3, -0.1)}, differences={}),
        "metrics.recall is -0.2, which it cannot be",
    ),
}


@pytest.mark.parametrize("name", AGAINST_ITSELF)
def test_evidence_that_contradicts_itself_says_how(name: str) -> None:
    found, words = AGAINST_ITSELF[name]
    assert [said for said in contradictions(found) if words in said]
