"""What report.html shows beyond the metrics."""

import re
from typing import Any

import pytest

from tests.tollgate.gates.evidence import evidence
from tests.tollgate.report.reader import HOSTILE, Reader
from tests.tollgate.report.shown import bands, cell, dependence, importance, segments, shown
from tollgate.evaluation.figure import NotAssessed
from tollgate.evaluation.written.dependence import Dependence, Dependences
from tollgate.evaluation.written.segments import Segment, Segments
from tollgate.report import render
from tollgate.report.small_multiples import HEIGHT, WIDTH, small_multiples

DRAWN = {"svg", "line", "rect", "polygon", "polyline", "span"}


def text(**change: Any) -> str:
    return Reader(render(shown(**change), None)).text


@pytest.mark.parametrize(
    "words",
    [
        "The event is default = 1, known 12 months after the decision.",
        "below 0.05 1,200 10.0 % [8.0, 13.0] 8.0 % 1.25 [0.90, 1.60]",
        "By points; edges: each 20 points",
        "to 600 9 fewer than 10 rows",
        "Vintages Month Rows",
        "2024-01 to 2024-03 2,000 150 0.782 [0.732, 0.832] 1.21 [1.02, 1.43]",
        "Each at its own threshold: the challenger approves 69.0 %, the champion 71.0 %",
        "those turned away: -3.0 points [-6.0, 1.0]. Below 0 the swap pays.",
        "those turned away: nobody is swapped.",
        "income 80.0 % +0.055 [+0.037, +0.073]",
        "purpose 20.0 % fewer than 100 of a class",
        "7 more features, which matter less",
        "income 10.0 % to 30.0 %, missing 25.0 %",
        "purpose 12.0 % to 14.0 %",
        "The upper end of each drawing is 50.0 %. 3 more features are not drawn.",
        "age (protected) Rows",
        "debt 4.3 % 20.0 % [18.0, 23.0] 8.0 % 9.0 % [7.0, 12.0] 8.0 % - 0.768 [0.735, 0.800]",
        "1.5 times 13.9 % 1.59 [1.45, 1.75] 0.101 [0.091, 0.112] 67.4 % [65.7, 69.2] 6.8 % [5.5, 8.1]",
        "On 20,000 of 70,000 rows of the fit part",
        "another seed makes no other model",
        "refit 1 - 0.0710 70.0 % 0.0123 4.5 %",
        "refit 2 could not be trained: all rows have the same outcome",
    ],
)
def test_each_figure_stands_at_its_place(words: str) -> None:
    assert words in text()


def test_a_break_of_the_order_is_told_with_how_sure_it_is() -> None:
    assert (
        "The order may be broken: from 'below 0.05' to '0.05 and more' the event rate falls by 2.6 points "
        "[-0.9, 6.2], which can be chance."
    ) in text()
    found = bands()
    broken = found.probability.breaks[0].model_copy(update={"sure": True})
    sure = found.model_copy(
        update={"probability": found.probability.model_copy(update={"breaks": (broken,)})}
    )
    assert "The order is broken: from 'below 0.05'" in text(bands=sure)
    assert "[-0.9, 6.2]. " in text(bands=sure)
    assert "No band has a lower event rate than the one before." in text()


def test_what_was_not_assessed_is_listed_with_the_reason() -> None:
    found = shown(
        swap_set=NotAssessed(not_assessed="there is no champion"),
        spread=NotAssessed(not_assessed="the measurement broke: ValueError", broken=True),
    )
    page = render(found, None)
    assert "the swap set against the champion there is no champion" in Reader(page).text
    assert re.search(r"FAIL[^>]*>the measurement broke: ValueError", page)
    assert "Swap set against the champion Each" not in Reader(page).text


def test_evidence_of_an_older_form_lists_every_part_as_not_measured() -> None:
    said = Reader(render(evidence(), None)).text
    assert said.count("it was not measured") == 12


def test_protected_columns_come_first_and_then_those_that_matter_most() -> None:
    many = [Segment(column=f"x{at}", protected=False, cells=(cell("any"),)) for at in range(20)]
    group = Segment(column="age", protected=True, cells=(cell("any"),))
    found = Reader(
        render(
            shown(segments=Segments(segments=(*many, group), left_out=2), importance=importance("x17")), None
        )
    ).text
    section = found.split("Calibration by segment")[1]
    assert section.index("age (protected)") < section.index("x17 Rows") < section.index("x0 Rows")
    assert "x9 Rows" not in section
    assert "13 more columns are in the evidence" in section


def test_the_page_is_self_contained_and_well_formed() -> None:
    page = render(shown(), None)
    reader = Reader(page)
    assert reader.tags >= DRAWN
    assert "script" not in reader.tags
    assert not {"src", "href", "xlink:href", "srcset", "action"} & {name for name, _ in reader.attributes}
    assert not re.search(r"https?:|//|url\(|@import|javascript:", page)
    labels = [value for name, value in reader.attributes if name == "aria-label"]
    assert len(labels) == page.count("<svg"), "each drawing says in words what it shows"


def test_a_page_on_many_columns_stays_small() -> None:
    names = [f"feature_{at}" for at in range(50)]
    cells = tuple(cell(f"band {at}") for at in range(20))
    wide = Segments(segments=tuple(Segment(column=n, protected=True, cells=cells) for n in names))
    drawing = dependence().features[0]
    drawings = tuple(drawing.model_copy(update={"feature": name}) for name in names)
    found = shown(segments=wide, dependence=Dependences(rows=400, features=drawings))
    assert len(render(found, None).encode()) < 3_000_000


def test_a_drawing_keeps_inside_of_its_frame_and_rises_with_the_probability() -> None:
    numbers, coded = small_multiples(dependence()).drawings
    points = [tuple(float(part) for part in pair.split(",")) for pair in numbers.line.split()]
    assert [y for _, y in points] == [36.0, 54.0, 72.0], "0.3, 0.2, 0.1 of 0.5"
    assert points[0][0] == 0
    (missing,) = numbers.bars
    assert points[-1][0] <= missing.left < missing.left + missing.width <= WIDTH
    assert (missing.top, missing.height) == (45.0, 45.0)
    assert (numbers.left, numbers.right) == ("10", "3,000")
    assert not coded.line
    assert [bar.middle for bar in coded.bars] == [50.0, 150.0]
    assert (coded.left, coded.right) == ("car, boat", "")
    area = [float(pair.split(",")[1]) for pair in numbers.area.split()]
    assert all(0 <= y <= HEIGHT for y in area)
    assert len(area) == 6


def test_a_feature_of_one_value_or_none_is_drawn_or_left_out() -> None:
    one = Dependence(feature="a", ordered=True, at=("5",), mean=(0.1,), low=(0.1,), high=(0.1,), span=0.0)
    none = one.model_copy(update={"at": (), "mean": (), "low": (), "high": ()})
    found = small_multiples(Dependences(rows=9, features=(one, none)))
    assert [drawing.feature for drawing in found.drawings] == ["a"]
    assert found.left_out == 1
    assert "a 10.0 % to 10.0 %" in text(dependence=Dependences(rows=9, features=(one, none)))


@pytest.mark.parametrize(
    "change",
    [
        {"bands": bands(HOSTILE)},
        {"segments": segments(column=HOSTILE)},
        {"segments": segments(name=HOSTILE)},
        {"importance": importance(HOSTILE)},
        {"dependence": dependence(feature=HOSTILE)},
        {"dependence": dependence(value=HOSTILE)},
        {"definition": shown().definition.model_copy(update={"target": HOSTILE, "known": HOSTILE})},
        {"spread": shown().spread.model_copy(update={"failed": {HOSTILE: HOSTILE}})},
        {"vintages": NotAssessed(not_assessed=HOSTILE, broken=True)},
    ],
)
def test_hostile_text_is_shown_and_never_obeyed(change: dict[str, Any]) -> None:
    page = render(shown(**change), None)
    plain, reader = Reader(render(shown(), None)), Reader(page)
    assert reader.tags <= plain.tags
    assert {name for name, _ in reader.attributes} <= {name for name, _ in plain.attributes}
    assert HOSTILE[:12] in reader.text
    assert HOSTILE[:12] not in page
