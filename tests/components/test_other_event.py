"""Over a champion, end to end: a model of another event, or of other rows, is held whatever the gates find."""

import csv
import json
from collections.abc import Mapping
from typing import Any

import pytest

from components.frozen import freeze
from components.measured import gather_evidence
from components.trained import train_on
from components.validated import keep_validation
from tests.components.let_through import GATES, SERVING, TRAIN, Judged, judged_in
from tests.components.parted import AS_OF, COLUMNS, SPLITS, parted, rows
from tests.tollgate.gates.evidence import lineage_of
from tollgate.canonical import canonical_json
from tollgate.clock import now
from tollgate.data.section import DataSection
from tollgate.evaluation.evidence import Evidence
from tollgate.evaluation.section import EvaluateSection
from tollgate.gates.finding import Finding
from tollgate.gates.section import GatesSection
from tollgate.policy import Policy
from tollgate.training.section import TrainSection
from tollgate.verdict import judge

MORE: dict[str, dict[str, Any]] = {"late": {"role": "ignore"}, "taken": {"role": "ignore", "type": "boolean"}}
CONTRACT = {name: settings for name, settings in COLUMNS.items() if name != "day"} | MORE
Data = Mapping[str, Any]


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    """A champion on rows with two columns that could be the event; not to be changed by a test."""
    found = rows(2400)
    for row in found:
        row |= {"late": str(1 - int(row["default"])), "taken": "true"}
    folder = tmp_path_factory.mktemp("live") / "one"
    problem = parted(folder, "random", ["day"], found, MORE)
    with (folder / "later.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(found[0]))
        writer.writeheader()
        writer.writerows(found)
    population = json.dumps({"states": "all rows", "label_known": "from the start"})
    champion = judged_in(problem, population)
    assert champion.publish().outcome == "deployed"
    return champion


def loosened(live: Judged, data: Data) -> dict[str, Finding]:
    """What a model of the same rows with another section `data` is held for over the champion, by subject."""
    storage = live.storage
    source = str(storage.root.parent / "later.csv")
    section = DataSection.read({"source": source, "columns": CONTRACT, **data})
    digest, population = freeze(source, section.as_json(), AS_OF, storage)
    told = json.dumps(population)
    kept = keep_validation(digest, told, section.as_json(), SPLITS["random"], False, storage)
    bundle, training, _ = train_on(kept.splits, section.contract, TrainSection.read(TRAIN), storage)
    evidence, _ = gather_evidence(
        bundle,
        training,
        kept.splits,
        kept.digest,
        told,
        EvaluateSection(),
        section.format,
        SERVING,
        storage,
        "local",
    )
    content = canonical_json(evidence.as_json())
    read = Evidence.read(json.loads(content))
    verdict = judge(content, lineage_of(read), GatesSection.read(GATES), Policy(), now())
    return {one.subject: one for one in verdict.stopped_by() if one.gate == "loosened"}


def but(**columns: dict[str, Any]) -> Data:
    return {"columns": {**CONTRACT, **columns}}


def test_the_same_data_again_is_held_for_nothing_that_was_loosened(live: Judged) -> None:
    assert loosened(live, {}) == {}


def test_a_model_that_draws_rows_one_by_one_over_one_that_drew_groups_is_held(live: Judged) -> None:
    found = loosened(live, but(household={"role": "ignore"}))
    assert [(name, one.status, one.message) for name, one in found.items()] == [
        (
            "group",
            "INCONCLUSIVE",
            "the group column is none, and was household in the contract of the champion",
        )
    ]


@pytest.mark.parametrize(
    ("data", "subject", "said"),
    [
        (
            but(default={"role": "ignore"}, late={"role": "target", "positive": 1}),
            "target",
            "the event is late = 1, and was default = 1 in the contract of the champion",
        ),
        (
            but(default={"role": "target", "positive": 0}),
            "target",
            "the event is default = 0, and was default = 1 in the contract of the champion",
        ),
        (
            {**but(day={"role": "ignore", "type": "date"}), "label": {"known_at": "day"}},
            "data.label",
            "the label of a row is known on the day in day, and was known from the start for the champion",
        ),
        (
            {"selection": {"accepted": "taken"}},
            "data.selection",
            "the labels cover only rows with taken true, and covered all rows for the champion",
        ),
    ],
    ids=["another column", "another value", "another label", "other rows"],
)
def test_a_model_of_another_event_is_held_over_the_champion(
    live: Judged, data: Data, subject: str, said: str
) -> None:
    found = loosened(live, data)
    assert [(name, one.status) for name, one in found.items()] == [(subject, "INCONCLUSIVE")]
    assert found[subject].message.startswith(f"{said}; nobody can compare the two")
