"""evidence.json is what its schema in docs/ says, and reads back as it was written."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import numpy as np
import pyarrow as pa
import pytest

from tests.tollgate.evaluation.examined import wide_bundle, wide_table
from tollgate.bundle.bundle import Bundle
from tollgate.canonical import canonical_json
from tollgate.evaluation.evidence import Champion, Evidence
from tollgate.evaluation.figure import NotAssessed
from tollgate.evaluation.gather import gather
from tollgate.evaluation.measures import MEASURES
from tollgate.evaluation.section import EvaluateSection

SCHEMA: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "docs/evidence.schema.json").read_text(encoding="utf-8")
)
FOUND = Champion(state="found", release="r" * 64, bundle="c" * 64, generation=4)
AGAIN = {"rows": 200, "of": 200, "seed": False, "failed": {"refit 2": "it could not be fitted"}}
PART = {"rows": 200, "events": 100}
FACTS: dict[str, Any] = {
    "splits": "d" * 64,
    "population": {"read": 500, "used": 400, "parts": dict.fromkeys(("fit", "holdout"), PART)},
    "training": {
        "model": "logistic",
        "threshold": 0.4,
        "again": AGAIN,
        **{of: {"fit": 200} for of in ("rows", "events")},
    },
    "validation": {"digest": "v" * 64, "warnings": 1, "notes": 2, "repeats": [], "method": "time"},
    "parity": 1e-15,
}


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return wide_bundle(tmp_path_factory.mktemp("schema"))


def written(bundle: Bundle, champion: Bundle | None, table: pa.Table) -> dict[str, Any]:
    known = Champion(state="none") if champion is None else FOUND
    relatives = {"yardstick": bundle.scorer, "refit 1": bundle.scorer}
    section = EvaluateSection()
    evidence, _ = gather(bundle, champion, known, relatives, table, section, FACTS)
    found: dict[str, Any] = json.loads(canonical_json(evidence.as_json()))
    assert Evidence.read(found) == evidence
    return found


def refused(value: dict[str, Any]) -> list[str]:
    return [error.message for error in jsonschema_rs.validator_for(SCHEMA).iter_errors(value)]


def test_everything_that_can_be_measured_fits_the_schema_and_reads_back(bundle: Bundle) -> None:
    found = written(bundle, bundle, wide_table())
    assert refused(found) == []
    lacking = {name: found[name]["not_assessed"] for name in MEASURES if "not_assessed" in found[name]}
    assert lacking == {}


def test_what_cannot_be_measured_says_why_and_fits_as_well(bundle: Bundle) -> None:
    table = wide_table(60, issued=pa.nulls(60, pa.date32()), debt=pa.array(np.zeros(60)))
    found = written(bundle, None, table)
    assert refused(found) == []
    read = Evidence.read(found)
    for part in (read.vintages, read.swap_set):
        assert isinstance(part, NotAssessed)
        assert not part.broken


def test_the_evidence_of_a_holdout_of_two_rows_is_evidence(bundle: Bundle) -> None:
    found = written(bundle, bundle, wide_table(2, __event__=pa.array([1.0, 0.0])))
    assert refused(found) == []
    assert not [name for name in MEASURES if found[name].get("broken")]


@pytest.mark.parametrize("change", [{"version": 9}, {"bands": {"not_assessed": 5}}, {"more": 1}])
def test_another_form_does_not_fit(bundle: Bundle, change: dict[str, Any]) -> None:
    found = {"version": 3, "bundle": "b", "champion": {"state": "none"}, "metrics": {}, "settings": "s"}
    found["holdout"] = {"splits": "d", "rows": 2, "events": 1}
    assert refused(found) == []
    assert refused({**found, **change})
