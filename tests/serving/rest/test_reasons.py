"""Reasons, outlier flags and explanations, on request."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.serving.live import V1, V2, Live, serving
from tests.serving.refused import refused
from tests.serving.rest.test_v2 import tensors
from tests.small import SmallBundle
from tests.tollgate.bundle.format_page import DIGEST, FOLDER
from tests.tollgate.bundle.rewritten import rewritten
from tollgate.bundle.bundle import Bundle

EXPLAIN = "/v1/models/m:explain"
EVERYTHING = {"parameters": {"outputs": ["probability", "decision", "margin", "reasons", "outlier"]}}


def test_reasons_are_those_of_the_bundle_against_the_applicant_and_at_most_four(
    server: Live, bundle: SmallBundle
) -> None:
    loaded = Bundle.load(bundle.folder, bundle.digest)
    rows, _ = loaded.check(bundle.rows)
    expected = loaded.reasoner.reasons(rows, loaded.reasoner.contributions(rows))
    found = server.post(V1, {"instances": bundle.rows} | EVERYTHING).json["predictions"]
    assert [row["reasons"] for row in found] == [[one._asdict() for one in reasons] for reasons in expected]
    assert max(len(row["reasons"]) for row in found) == 4
    assert all(reason["contribution"] > 0 for row in found for reason in row["reasons"])
    assert [row["outlier"] for row in found] == loaded.reasoner.outlier(rows).tolist()


def test_an_explanation_adds_up_to_the_margin(server: Live, bundle: SmallBundle) -> None:
    found = server.post(EXPLAIN, {"instances": bundle.rows}).json["explanations"]
    asked = server.post(V1, {"instances": bundle.rows} | EVERYTHING).json["predictions"]
    for explanation, row in zip(found, asked, strict=True):
        contributions = explanation["contributions"]
        assert list(contributions) == list(bundle.contract.features)
        total = explanation["base"] + sum(contributions.values())
        assert total == pytest.approx(explanation["margin"], abs=1e-9)
        assert {name: explanation[name] for name in row} == row


def test_v2_carries_reasons_as_json_text(server: Live, bundle: SmallBundle) -> None:
    names = [{"name": name} for name in ("reasons", "outlier", "probability")]
    reasons, outlier, _ = server.post(V2, {"inputs": tensors(bundle.rows[:3]), "outputs": names}).json[
        "outputs"
    ]
    expected = server.post(V1, {"instances": bundle.rows[:3]} | EVERYTHING).json["predictions"]
    assert (reasons["datatype"], outlier["datatype"]) == ("BYTES", "BOOL")
    assert [json.loads(text) for text in reasons["data"]] == [row["reasons"] for row in expected]
    assert outlier["data"] == [row["outlier"] for row in expected]


def test_rows_by_column_are_explained_too(server: Live, bundle: SmallBundle) -> None:
    columns = {name: [row[name] for row in bundle.rows[:2]] for name in bundle.rows[0]}
    assert (
        server.post(EXPLAIN, {"inputs": columns}).json
        == server.post(EXPLAIN, {"instances": bundle.rows[:2]}).json
    )


def asks_reasons(server: Live, rows: list[dict[str, Any]]) -> list[Any]:
    """Every way of asking for reasons."""
    return [
        server.post(EXPLAIN, {"instances": rows}),
        server.post(V1, {"instances": rows} | EVERYTHING),
        server.post(f"{V1}?partial=true", {"instances": rows} | EVERYTHING),
        server.post(V2, {"inputs": tensors(rows), "outputs": [{"name": "reasons"}]}),
    ]


def test_fifty_rows_are_explained_at_once_and_no_more(server: Live, bundle: SmallBundle) -> None:
    rows = [*bundle.rows, *bundle.rows[:10]]
    assert [answer.status for answer in asks_reasons(server, rows)] == [200] * 4
    for answer in asks_reasons(server, [*rows, rows[0]]):
        assert "at most 50" in refused(server, answer)["error"]


def test_an_explanation_has_no_outputs_and_no_parts(server: Live, bundle: SmallBundle) -> None:
    body = {"instances": bundle.rows[:1]}
    refused(server, server.post(EXPLAIN, body | EVERYTHING))
    refused(server, server.post(f"{EXPLAIN}?partial=true", body))


def test_rows_that_break_the_contract_are_not_explained(server: Live, bundle: SmallBundle) -> None:
    answer = server.post(EXPLAIN, {"instances": [bundle.rows[0] | {"income": "much"}]})
    assert refused(server, answer)["details"][0]["column"] == "income"


def test_a_model_that_is_not_explained_says_so(bundle: SmallBundle, tmp_path: Path) -> None:
    explain = json.loads((bundle.folder / "explain.json").read_bytes())
    kept = {name: explain[name] for name in ("version", "order", "background", "outlier")}
    change = {"explain.json": json.dumps(kept | {"kind": "none"}).encode()}
    digest = rewritten(bundle.folder, tmp_path / "bundle", change)
    with serving(tmp_path / "bundle", digest) as started:
        for answer in asks_reasons(started, bundle.rows[:2]):
            assert "gives no reasons" in refused(started, answer)["error"]
        assert started.post(V1, {"instances": bundle.rows[:2]}).status == 200


def test_a_bundle_of_the_format_before_has_reasons_but_no_outlier_flags(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "bundle")
    row = {
        "amount": 4200.5,
        "months": 12,
        "burden": None,
        "owner": True,
        "purpose": "car",
        "since": "2014-05-01",
    }
    with serving(tmp_path / "bundle", DIGEST) as started:
        found = started.post(V1, {"instances": [row], "parameters": {"outputs": ["reasons"]}})
        assert found.status == 200
        assert "outlier" not in started.post(EXPLAIN, {"instances": [row]}).json["explanations"][0]
        flags = started.post(V1, {"instances": [row], "parameters": {"outputs": ["outlier"]}})
        assert "flags no outliers" in refused(started, flags)["error"]
        told = started.get("/v2/models/m").json
        assert {output["name"] for output in told["outputs"]} == {
            "probability",
            "decision",
            "margin",
            "reasons",
        }
        assert b"outlier" not in started.get("/v1/models/m/metadata").content


def test_no_more_rows_are_explained_than_are_scored(
    bundle: SmallBundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOLLGATE_MAX_ROWS", "5")
    with serving(bundle.folder, bundle.digest) as started:
        assert [answer.status for answer in asks_reasons(started, bundle.rows[:5])] == [200] * 4
        for answer in asks_reasons(started, bundle.rows[:6]):
            assert "at most 5" in refused(started, answer)["error"]
