"""The report as a reader's browser gets it."""

import re
import subprocess
import sys
from typing import Any

import pytest

from tests.tollgate.gates.evidence import (
    AT,
    BUNDLE,
    CHAMPION,
    FRESH,
    NO_CHAMPION,
    compared,
    evidence,
    figure,
    lineage_of,
)
from tests.tollgate.report.reader import HOSTILE, Reader
from tests.tollgate.report.shown import A_PART
from tests.tollgate.report.trained import CARD, SEARCH, TRAINING
from tollgate.canonical import canonical_json
from tollgate.evaluation.evidence import Champion, Evidence
from tollgate.evaluation.metrics import METRICS
from tollgate.gates.finding import Finding
from tollgate.gates.section import GatesSection
from tollgate.policy import Policy
from tollgate.report import render
from tollgate.verdict import Verdict, judge

GATES = GatesSection.read(
    {
        "metric": [{"name": "roc_auc", "at_least": 0.65}, {"name": "ks", "at_least": 0.3}],
        "champion": {"margin": 0.01},
    }
)
PART = {"rows": 250, "events": 75, "since": "2025-01-01", "until": "2025-06-30"}
KNOWN: dict[str, Any] = {
    "population": {
        "read": 1500,
        "rejected": 400,
        "immature": 100,
        "used": 1000,
        "states": "only rows with accepted true",
        "as_of": "2026-01-01",
        "parts": dict.fromkeys(("calibration", "fit", "holdout", "threshold"), PART),
    },
    "training": TRAINING,
    "parity": 2.5e-16,
}
FRAME = {"html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "h3", "p", "code", "div"}
TABLE = {"table", "caption", "thead", "tbody", "tr", "th", "td"}
DRAWING = {"svg", "line", "rect"}


def good(**change: Any) -> Evidence:
    metrics = {"roc_auc": figure(0.7, 0.68, 0.72), "ks": figure(0.4, 0.35, 0.45)}
    return evidence(**{"metrics": metrics, **KNOWN, **change})


def verdict_on(found: Evidence, policy: Policy | None = None) -> Verdict:
    return judge(canonical_json(found.as_json()), lineage_of(found), GATES, policy or Policy(), AT)


def read(found: Evidence, verdict: Verdict | None = None) -> Reader:
    return Reader(render(found, verdict))


def test_a_model_that_passed_is_said_to_have_passed() -> None:
    verdict = verdict_on(good())
    text = read(good(), verdict).text
    assert f"Passed All {len(verdict.findings)} findings are PASS: the model may be deployed." in text
    assert "Held" not in text


@pytest.mark.parametrize(
    ("ks", "auc", "words"),
    [
        (figure(0.1, 0.05, 0.2), (0.7, 0.68, 0.72), "1 failed: the model is not deployed."),
        (
            figure(0.3, 0.25, 0.35),
            (0.7, 0.68, 0.72),
            "1 inconclusive: the model is not deployed.",
        ),
        (figure(0.1, 0.05, 0.2), (0.65, 0.6, 0.7), "1 failed and 1 inconclusive: the model"),
    ],
)
def test_a_model_that_was_held_is_said_to_be_held_and_by_how_many(
    ks: Any, auc: tuple[float, float, float], words: str
) -> None:
    found = good(metrics={"roc_auc": figure(*auc), "ks": ks})
    verdict = verdict_on(found)
    text = read(found, verdict).text
    assert f"Held Of {len(verdict.findings)} findings {words}" in text
    assert "Passed" not in text


def test_every_finding_stands_on_the_page_with_its_status_and_its_words() -> None:
    found = good(metrics={"roc_auc": figure(0.65, 0.6, 0.7), "ks": figure(None, reason="not defined")})
    verdict = verdict_on(found, Policy.read({"limits": {"metric": {"brier": {"at_most": 0.2}}}}))
    assert {finding.status for finding in verdict.findings} == {"PASS", "FAIL", "INCONCLUSIVE"}
    text = read(found, verdict).text
    for finding in verdict.findings:
        assert f"{finding.status} {finding.subject} {finding.message}" in text


def test_each_interval_of_harm_is_drawn_on_its_side_of_the_limit_and_told_to_who_cannot_see() -> None:
    found = good(metrics={"roc_auc": figure(0.7, 0.68, 0.72), "ks": figure(0.1, 0.05, 0.2)})
    page = render(found, verdict_on(found))
    drawings = re.findall(r"<svg[^>]*harm from.*?</svg>", page, re.DOTALL)
    sides = []
    for drawing in drawings:
        low, width = (float(re.findall(rf'<rect.* {name}="([\d.]+)"', drawing)[0]) for name in ("x", "width"))
        limit = float(re.findall(r'<line x1="([\d.]+)" y1="1"', drawing)[0])
        assert 0 <= low <= low + width <= 240
        assert 0 <= limit <= 240
        sides.append("good" if low + width <= limit else "bad" if low >= limit else "both")
    assert sides[0] == "bad", "what stops the model comes first"
    assert set(sides[1:]) <= {"good", "both"}, "of two limits one lies left of the interval"
    assert 'aria-label="harm from -0.7200 to -0.6800, limit -0.6500"' in page


def test_where_too_little_is_harm_as_well_both_limits_are_drawn() -> None:
    page = render(good(), verdict_on(good()))
    (drawing,) = re.findall(r"<svg[^>]*harm from -0.0513.*?</svg>", page, re.DOTALL)
    assert "least -0.5306, limit 0.5306" in drawing
    limit, floor = re.findall(r'<line x1="([\d.]+)" y1="1"', drawing)
    low, width = (float(re.findall(rf'<rect.* {name}="([\d.]+)"', drawing)[0]) for name in ("x", "width"))
    assert 0 <= float(floor) < low < low + width < float(limit) <= 240


def test_before_the_gates_have_spoken_there_is_no_finding() -> None:
    text = read(good()).text
    assert text.startswith("Tollgate: Measured")
    assert "The gates have not spoken yet." in text
    assert "Findings" not in text
    assert "0.7000 [0.6800, 0.7200]" in text


def test_the_figures_stand_beside_those_of_the_champion_with_their_difference() -> None:
    found = good(differences={"roc_auc": figure(0.012, -0.001, 0.025)})
    text = read(found).text
    assert "roc_auc 0.7000 [0.6800, 0.7200] 0.6880 [0.6680, 0.7080] +0.0120 [-0.0010, +0.0250]" in text
    assert f"release {'e' * 12} (generation 3), bundle {'c' * 12}" in text
    for metric in METRICS.values():
        assert metric.title in text


def test_the_figures_of_the_yardstick_stand_beside_those_of_the_challenger() -> None:
    yardstick = {"roc_auc": figure(0.69, 0.66, 0.71), "ks": figure(0.38, reason="no interval")}
    text = read(good(yardstick_metrics=yardstick)).text
    row = "roc_auc 0.7000 [0.6800, 0.7200] 0.6900 [0.6600, 0.7100] 0.7000 [0.6800, 0.7200] +0.0000"
    assert "Metric Challenger Yardstick Champion Difference" in text
    assert row in text
    assert "ks 0.4000 [0.3500, 0.4500] 0.3800 (no interval)" in text
    assert "The yardstick is a plain logistic regression" in text
    assert "Yardstick" not in read(good()).text


def test_the_yardstick_is_shown_without_a_champion_too() -> None:
    found = good(
        champion=NO_CHAMPION, differences={}, champion_metrics={}, yardstick_metrics={"ks": figure(0.38)}
    )
    assert "Metric Challenger Yardstick area under" in read(found).text


@pytest.mark.parametrize(
    ("champion", "words"),
    [
        (NO_CHAMPION, "There is no champion: this would be the first model that is served here."),
        (
            Champion(state="unreadable", reason="it is torn"),
            "The champion could not be compared with: it is torn",
        ),
        (CHAMPION.model_copy(update={"bundle": BUNDLE}), ": the very same bundle as the challenger. Both"),
    ],
)
def test_what_is_known_of_the_champion_is_said(champion: Champion, words: str) -> None:
    assert words in read(good(champion=champion)).text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"rows": 900, "scored_rows": 895},
            "compared on 895 of the 1,000 rows: from 100 one of them learned, and 5 the champion cannot score.",
        ),
        ({"unknown": "no record"}, "From how many of these rows a model learned is not known: no record."),
    ],
)
def test_on_which_rows_they_were_compared_is_said(change: dict[str, Any], words: str) -> None:
    found = good()
    assert words in read(found.model_copy(update={"comparison": compared(found.holdout, **change)})).text
    assert words not in read(found).text


def test_where_rows_were_left_out_the_challenger_stands_beside_the_champion_on_the_same_rows() -> None:
    found = read(good(metrics={"roc_auc": figure(0.7, 0.68, 0.72)}, **A_PART)).text
    assert "Metric Challenger Challenger, compared rows Champion Difference" in found
    row = "roc_auc 0.7000 [0.6800, 0.7200] 0.6800 [0.6500, 0.7100] 0.6700 [0.6400, 0.7000] +0.0100"
    assert row in found
    assert "are on the 700 rows with 200 events that both were compared on." in found
    assert "Both were scored on the very same 700 rows." in found
    assert "compared rows" not in read(good()).text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"challengers": 7},
            "7 models were judged on holdouts that share half of their rows or more with this one, so that the gates "
            "metric and champion judge by wider intervals",
        ),
        ({"unreadable": "it is torn"}, "How often these rows were used is not known: it is torn."),
    ],
)
def test_how_often_the_rows_were_used_is_said(change: dict[str, Any], words: str) -> None:
    assert words in read(good(reuse=FRESH.model_copy(update=change))).text
    assert words not in read(good()).text


def test_what_was_drawn_is_said_of_the_metrics_that_the_table_shows() -> None:
    figures = {name: figure(0.5, 0.4, 0.6) for name in ("roc_auc", "brier", "approve_rate")}
    metrics = {
        name: one.model_copy(update={"drawn": "groups" if name == "roc_auc" else "months"})
        for name, one in figures.items()
    }
    text = read(good(metrics=metrics, differences={})).text
    assert "Whole groups were drawn for roc_auc. Whole months were drawn for brier." in text


def test_a_metric_without_a_figure_or_an_interval_says_why() -> None:
    metrics = {
        "roc_auc": figure(None, reason="no event at all"),
        "ks": figure(0.4, reason="no interval at all"),
    }
    text = read(good(metrics=metrics, differences={})).text
    assert "roc_auc no event at all" in text
    assert "ks 0.4000 (no interval at all)" in text
    assert "log_loss not measured" in text


def test_the_page_says_whom_the_figures_hold_for_and_how_rows_were_parted() -> None:
    text = read(good()).text
    assert "The labels cover only rows with accepted true, as known on 2026-01-01." in text
    assert "rejected applicants, whose label nobody knows 400" in text
    places = [
        text.index(f"part {name} (2025-01-01 to 2025-06-30), 75 events 250")
        for name in ("fit", "calibration", "threshold", "holdout")
    ]
    assert places == sorted(places)


def test_evidence_with_as_little_as_may_be_still_has_a_page() -> None:
    bare = evidence(metrics={}, differences={}, champion=NO_CHAMPION, parity=None)
    text = read(bare, verdict_on(bare)).text
    assert "Held" in text
    assert "differ by at most (not measured)" in text


def test_the_digests_of_what_was_judged_are_there_in_full() -> None:
    verdict = verdict_on(good())
    text = read(good(), verdict).text
    for name, value in verdict.judged.as_json().items():
        assert f"{name} {value}" in text


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    page = render(good(), verdict_on(good()))
    reader = Reader(page)
    assert reader.tags == FRAME | TABLE | DRAWING | {"span"}
    assert not [name for name, _ in reader.attributes if name.startswith("on")]
    assert not {"src", "href", "xlink:href", "srcset", "action"} & {name for name, _ in reader.attributes}
    assert not re.search(r"https?:|//|url\(|@import|javascript:", page)


def searched(parameters: dict[str, Any], failure: str) -> dict[str, Any]:
    """A search of three trials: one as it is by default, one with some parameters, one that failed."""
    tried = {"parameters": {}, "log_loss": 0.5, "standard_error": 0.1, "complexity": 3.0}
    failed = {"parameters": {}, "failure": failure}
    return {**SEARCH, "chosen": 0, "trials": [tried, {**tried, "parameters": parameters}, failed]}


def hostile_finding() -> Finding:
    return Finding(gate=HOSTILE, subject=HOSTILE, status="FAIL", message=HOSTILE)


@pytest.mark.parametrize(
    ("found", "verdict_change"),
    [
        (good(champion=Champion(state="unreadable", reason=HOSTILE)), {}),
        (good(champion=CHAMPION.model_copy(update={"release": HOSTILE, "bundle": HOSTILE})), {}),
        (good(bundle=HOSTILE), {}),
        (good(metrics={"roc_auc": figure(None, reason=HOSTILE)}), {}),
        (good(population={"states": HOSTILE, "as_of": HOSTILE}), {}),
        (good(population={"parts": {"fit": {**PART, "since": HOSTILE}}}), {}),
        (good(training={"model": HOSTILE}), {}),
        (good(training={**TRAINING, "fact": HOSTILE}), {}),
        (good(training={**TRAINING, HOSTILE: 1}), {}),
        (good(training={**TRAINING, "parameters": {HOSTILE: HOSTILE}}), {}),
        (good(training={**TRAINING, "search": {**SEARCH, "rule": HOSTILE}}), {}),
        (good(training={**TRAINING, "search": searched({HOSTILE: 1}, "")}), {}),
        (good(training={**TRAINING, "search": searched({"C": HOSTILE}, "")}), {}),
        (good(training={**TRAINING, "search": searched({}, HOSTILE)}), {}),
        (good(training={**TRAINING, "scorecard": {HOSTILE: CARD["income"]}}), {}),
        (good(training={**TRAINING, "scorecard": {"home": {**CARD["home"], "names": [HOSTILE, "b"]}}}), {}),
        (good(training={**TRAINING, "scorecard": {**CARD, HOSTILE: CARD["channel"]}}), {}),
        (good(), {"findings": (hostile_finding(),)}),
        (good(), {"at": HOSTILE}),
    ],
)
def test_hostile_text_is_shown_and_never_obeyed(found: Evidence, verdict_change: dict[str, Any]) -> None:
    verdict = verdict_on(good()).model_copy(update=verdict_change)
    page = render(found, verdict)
    plain = Reader(render(good(), verdict_on(good())))
    reader = Reader(page)
    assert reader.tags <= plain.tags
    assert {name for name, _ in reader.attributes} <= {name for name, _ in plain.attributes}
    assert HOSTILE[:12] in reader.text
    assert HOSTILE[:12] not in page


def test_a_page_is_made_without_loading_pandas_scikit_learn_or_pyarrow() -> None:
    code = (
        "import sys, tollgate.verdict; from tollgate.report import render;"
        "print(sorted({'pandas', 'sklearn', 'pyarrow', 'onnxruntime'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
