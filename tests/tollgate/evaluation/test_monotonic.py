"""The part `monotonic`, on models that keep to a direction and on such that do not."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from tests.tollgate.evaluation.exams import exam_of
from tollgate.bundle.bundle import Bundle
from tollgate.bundle.explain import write_explain
from tollgate.contract import Column, Contract
from tollgate.data.validate import EVENT
from tollgate.evaluation.monotonic import measure_monotonic
from tollgate.evaluation.monotonic_facts import Direction
from tollgate.storage.atomic import place_folder
from tollgate.training.part import Part
from tollgate.training.section import TrainSection
from tollgate.training.train import train

ROWS = 3000


def table(seed: int, rows: int = ROWS) -> pa.Table:
    """Income at which the risk is highest in the middle, and debt which raises it."""
    draw = np.random.default_rng(seed)
    income, debt = draw.uniform(0, 10, rows), draw.uniform(0, 10, rows)
    log_odds = 3 - np.abs(income - 5) + 0.3 * (debt - 5)
    event = (draw.random(rows) < 1 / (1 + np.exp(-log_odds))).astype(np.float64)
    return pa.table({"income": income, "debt": debt, "bad": pa.array(["1"] * rows), EVENT: event})


def bundle_of(folder: Path, model: str, declared: dict[str, str], trained: dict[str, str]) -> Bundle:
    """A model that was trained with some directions, in a bundle that declares others."""

    def contract(directions: dict[str, str]) -> Contract:
        columns: dict[str, dict[str, Any]] = {name: {"type": "number"} for name in ("income", "debt")}
        columns = {
            name: {**column, **({"monotone": directions[name]} if name in directions else {})}
            for name, column in columns.items()
        }
        columns["bad"] = {"role": "target", "positive": 1}
        return Contract.of({name: Column.read(column) for name, column in columns.items()})

    parts = {}
    for seed, name in enumerate(("fit", "calibration", "threshold")):
        rows = table(seed)
        encoded = np.column_stack([rows.column("income"), rows.column("debt")])
        parts[name] = Part(encoded, rows.column(EVENT).to_numpy(), np.arange(float(ROWS)))
    parameters = {"max_iter": 40} if model == "gradient_boosting" else {}
    section = TrainSection.read({"model": model, "parameters": parameters, "decision": {"approve_rate": 0.5}})
    made = train(contract(trained), section, parts, parts["fit"].rows)
    place_folder(folder, made.files)
    loaded = Bundle.load(folder)
    return replace(loaded, contract=contract(declared))


def measured(bundle: Bundle) -> dict[str, Direction]:
    found = measure_monotonic(exam_of(bundle, table(9, 800)))
    assert found.agrees
    return dict(found.directions)


@pytest.mark.parametrize("model", ["gradient_boosting", "scorecard", "logistic"])
def test_a_direction_that_the_model_keeps_is_proven_for_every_row(tmp_path: Path, model: str) -> None:
    kept = {"debt": "increasing"}
    (found,) = measured(bundle_of(tmp_path / "one", model, kept, kept)).values()
    assert found.method == ("bounds" if model == "gradient_boosting" else "form")
    assert (found.bound, found.low, found.high) == (0.0, None, None)
    assert found.worst <= 1e-12
    assert found.rows >= 100 * found.points


@pytest.mark.parametrize("model", ["gradient_boosting", "scorecard"])
@pytest.mark.parametrize("way", ["increasing", "decreasing"])
def test_one_that_it_does_not_keep_is_found_with_where(tmp_path: Path, model: str, way: str) -> None:
    found = measured(bundle_of(tmp_path / "one", model, {"income": way}, {}))["income"]
    assert found.bound is not None
    assert found.low is not None
    assert found.high is not None
    assert found.worst > 0.5
    assert found.bound >= found.worst - 1e-12
    falls = (4, 10.1) if way == "increasing" else (-0.1, 6)
    assert falls[0] < found.low < found.high < falls[1]


def test_a_straight_line_of_the_other_sign_is_found_by_its_form_and_by_rows(tmp_path: Path) -> None:
    found = measured(bundle_of(tmp_path / "one", "logistic", {"debt": "decreasing"}, {}))["debt"]
    assert found.method == "form"
    assert found.bound is not None
    assert found.bound > 1
    assert found.worst > 1


def test_without_a_declared_direction_there_is_none_to_look_at(tmp_path: Path) -> None:
    assert measured(bundle_of(tmp_path / "one", "logistic", {}, {})) == {}


def explained(bundle: Bundle, change: dict[str, Any]) -> Bundle:
    """The same graph with other words about it."""
    written = json.loads(bundle.files["explain.json"])
    content = write_explain(
        change, bundle.contract.features, np.array(written["background"], dtype=np.float64), None
    )
    return replace(bundle, files={**bundle.files, "explain.json": content})


def test_of_a_model_that_explains_nothing_rows_are_tried(tmp_path: Path) -> None:
    bundle = bundle_of(tmp_path / "one", "gradient_boosting", {"income": "increasing"}, {})
    found = measure_monotonic(exam_of(explained(bundle, {"kind": "none"}), table(9, 800)))
    assert found.agrees is None
    income = found.directions["income"]
    assert (income.method, income.bound) == ("sweep", None)
    assert income.worst > 0.5


def test_words_about_another_model_prove_nothing(tmp_path: Path) -> None:
    kept = {"debt": "increasing"}
    bundle = bundle_of(tmp_path / "one", "logistic", kept, kept)
    written = json.loads(bundle.files["explain.json"])
    other = {name: written[name] for name in ("kind", "base", "features")} | {"base": written["base"] + 1e-6}
    found = measure_monotonic(exam_of(explained(bundle, other), table(9, 800)))
    assert found.agrees is False
    assert found.directions["debt"].method == "sweep"
