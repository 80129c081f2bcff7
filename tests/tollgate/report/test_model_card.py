"""card.md as a reader's Markdown viewer shows it."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.tollgate.gates.evidence import AT, CHAMPION, NO_CHAMPION, figure, lineage_of
from tests.tollgate.report.reader import HOSTILE
from tests.tollgate.report.shown import A_PART, bands, dependence, importance, segments, shown
from tests.tollgate.report.test_page import GATES, KNOWN
from tests.tollgate.report.trained import TRAINING
from tollgate.canonical import canonical_json
from tollgate.evaluation.evidence import Champion, Evidence
from tollgate.evaluation.figure import NotAssessed
from tollgate.gates.finding import Finding
from tollgate.policy import Policy
from tollgate.report.markdown import escaped
from tollgate.report.model_card import model_card
from tollgate.verdict import Verdict, judge
from tollgate.waived import Waived

SECTIONS = [
    "Decision",
    "What it is",
    "Intended population",
    "Definition of the event",
    "Data and exclusions",
    "Figures",
    "What it was compared with",
    "Stability",
    "Fairness",
    "Limits and what was not assessed",
    "Waivers",
    "Digests",
]
MARKDOWN = MarkdownIt("gfm-like", {"html": True, "linkify": False}).enable("table")
NASTY = [
    HOSTILE,
    "a | b",
    "x\n\n# heading\n- list\n1. list",
    "*bold* __bold__ ~~gone~~ `code`",
    "[link](https://evil.example) ![picture](https://evil.example/x.png)",
    "<b>bold</b> <!-- hidden --> &copy;",
    "https://evil.example www.evil.example me@evil.example",
    "\\",
    "| --- |",
    "a\u202egnp.exe\u200b",
    "$x^2$",
]


def verdict_on(found: Evidence) -> Verdict:
    return judge(canonical_json(found.as_json()), lineage_of(found), GATES, Policy(), AT)


def good(**change: Any) -> Evidence:
    metrics = {"roc_auc": figure(0.7, 0.68, 0.72), "ks": figure(0.4, 0.35, 0.45)}
    return shown(**{"metrics": metrics, **KNOWN, **change})


def card(verdict: Verdict | None = None, **change: Any) -> str:
    found = good(**change)
    return model_card(found, verdict or verdict_on(found))


def tokens(markdown: str) -> list[Token]:
    found = MARKDOWN.parse(markdown)
    return [*found, *(child for token in found for child in token.children or ())]


def shape(markdown: str) -> list[str]:
    """What a viewer makes of it, without the texts."""
    return [token.type for token in tokens(markdown) if token.type not in ("text", "inline")]


def text(markdown: str) -> str:
    inline = [token for token in MARKDOWN.parse(markdown) if token.type == "inline"]
    said = ["".join(child.content for child in token.children or ()) for token in inline]
    return "\n".join(said)


def test_the_sections_stand_in_their_order() -> None:
    assert re.findall(r"^## (.*)$", card(), re.MULTILINE) == SECTIONS


@pytest.mark.parametrize(
    "words",
    [
        "Passed: may be deployed. Of ",
        "metric roc_auc",
        "roc_auc is 0.7000 [0.6800, 0.7200]; needed is at least 0.65",
        "The figures hold for rows like those of the holdout: only rows with accepted true",
        "The event is that default is 1; it is known 12 months after the decision, and was used as known on "
        "2024-05-01.",
        "rejected applicants, whose label nobody knows",
        "0.4000 [0.3500, 0.4500]",
        "Shuffled is a feature that has the value of another row; the model is not trained again without it:",
        "ROC AUC lost when shuffled",
        "Score bands: By points (edges: each 20 points).",
        "The order may be broken: from 'below 0.05'",
        "The champion is release " + "e" * 64,
        "Swap set. Each at its own threshold: the challenger approves 69.0 %",
        "2024-01 to 2024-03",
        "refit 1",
        "1.5 times",
        "Calibration by age, which the model does not see:",
        "The gate champion cannot see: Applicants whom the champion's policy declined, whose outcome nobody knows",
        "None: nothing was let through that the gates did not let through.",
    ],
)
def test_each_fact_is_told(words: str) -> None:
    assert words in text(card())


def test_every_row_of_a_table_has_the_columns_of_its_head() -> None:
    found = card()
    lines = found.splitlines()
    for at, line in enumerate(lines):
        if line.startswith("| ---"):
            width = lines[at - 1].count(" | ")
            for row in lines[at + 1 :]:
                if not row.startswith("|"):
                    break
                assert re.sub(r"\\\|", "", row).count(" | ") == width, row
    assert "table_open" in shape(found)
    assert "||" not in found


def test_a_model_that_was_held_says_so() -> None:
    found = text(card(metrics={"roc_auc": figure(0.6, 0.58, 0.62), "ks": figure(0.4, 0.35, 0.45)}))
    assert "Held: is not deployed. Of " in found
    assert "✕ FAIL" in found


def test_what_was_not_assessed_is_said() -> None:
    lacking = NotAssessed(not_assessed="the measurement broke: ValueError", broken=True)
    found = text(card(definition=lacking, segments=lacking, vintages=lacking))
    assert "Not assessed (it broke): score bands" not in found
    assert "Not assessed (it broke): calibration by segment: the measurement broke: ValueError" in found
    assert "Not assessed over time." in found
    assert "The contract names no protected column" in found


@pytest.mark.parametrize(
    ("champion", "words"),
    [
        (NO_CHAMPION, "There is no champion: this would be the first model that is served here."),
        (Champion(state="unreadable", reason="it is torn"), "could not be compared with: it is torn."),
        (CHAMPION, "Both were scored on the very same 1,000 rows."),
    ],
)
def test_the_champion_is_told_whatever_its_state(champion: Champion, words: str) -> None:
    assert words in text(card(champion=champion))


def test_a_setting_with_parts_is_told_in_words() -> None:
    found = text(card(training={**TRAINING, "decision": {"approve_rate": 0.7}}))
    assert "decision\napprove_rate 0.7" in found


def test_where_rows_were_left_out_the_challenger_stands_beside_the_champion_on_the_same_rows() -> None:
    whole = {"roc_auc": figure(0.7, 0.68, 0.72)}
    found = text(card(metrics=whole, **A_PART))
    assert "Challenger, compared rows" in found
    row = found[found.index("area under the ROC curve") :].splitlines()
    assert row[1:6] == [
        "0.7000 [0.6800, 0.7200]",
        "-",
        "0.6800 [0.6500, 0.7100]",
        "0.6700 [0.6400, 0.7000]",
        "+0.0100 [-0.0100, +0.0300]",
    ]
    assert (
        "the challenger beside them are on the 700 rows with 200 events that both were compared on." in found
    )
    assert "Both were scored on the very same 700 rows." in found
    assert "They were compared on 700 of the 1,000 rows: from 300 one of them learned" in found
    assert "compared rows" not in text(card())


def test_a_waiver_is_told_with_who_answers_for_it() -> None:
    waiver = {
        "waiver": {
            "gate": "stability",
            "subject": "income",
            "reason": "the shift is a price rise",
            "person": "A. Person",
            "expires": "2026-02-01",
        },
        "state": "used",
        "said": "waived by A. Person until 2026-02-01: the shift is a price rise",
    }
    held = verdict_on(good()).model_copy(update={"waivers": (Waived.read(waiver),)})
    found = text(card(held))
    assert "USED: stability income: waived by A. Person until 2026-02-01: the shift is a price rise" in found
    assert "None: nothing was let through" not in found


@pytest.mark.parametrize(
    "change",
    [
        lambda it: {"bundle": it},
        lambda it: {"champion": CHAMPION.model_copy(update={"release": it, "bundle": it})},
        lambda it: {"champion": Champion(state="unreadable", reason=it)},
        lambda it: {"population": {**KNOWN["population"], "states": it}},
        lambda it: {"training": {**TRAINING, "model": it, it: it}},
        lambda it: {"bands": bands(it)},
        lambda it: {"segments": segments(it, it)},
        lambda it: {"importance": importance(it)},
        lambda it: {"dependence": dependence(it, it)},
        lambda it: {"definition": good().definition.model_copy(update={"target": it, "positive": it})},
        lambda it: {"vintages": NotAssessed(not_assessed=it, broken=True)},
    ],
)
def test_what_comes_from_data_or_configuration_means_nothing_in_markdown(change: Any) -> None:
    nasty = " ".join(NASTY)
    assert shape(card(**change(nasty))) == shape(card(**change("harmless")))


@pytest.mark.parametrize("nasty", [*NASTY, " ".join(NASTY)])
def test_nor_does_what_stands_in_a_finding(nasty: str) -> None:
    def with_finding(words: str) -> str:
        finding = Finding(gate="fairness", subject=words, status="FAIL", message=words)
        return card(verdict_on(good()).model_copy(update={"findings": (finding,), "at": words}))

    assert shape(with_finding(nasty)) == shape(with_finding("harmless"))


@given(st.text(min_size=1))
def test_an_escaped_text_is_one_text_in_a_cell(words: str) -> None:
    found = shape(f"| head |\n| --- |\n| x {escaped(words)} y |\n")
    assert found == shape("| head |\n| --- |\n| x harmless y |\n")


def test_an_escaped_text_reads_as_it_was_written() -> None:
    for words in ("a_b * c | d", "[0.1, 0.2] < 5 & 3 > 2", "`x` \\ ~y~ #1 $2 !3"):
        assert text(f"x {escaped(words)}") == f"x {words}"
    assert escaped("one\n two\t three") == "one two three"
    assert len(escaped("a" * 5000)) < 600
