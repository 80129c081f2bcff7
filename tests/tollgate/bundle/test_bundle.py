"""A bundle as it is loaded and proven before it may answer."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.small import SmallBundle
from tests.tollgate.bundle.rewritten import rewritten
from tests.tollgate.training.frames import frame
from tollgate.bundle.bundle import Bundle
from tollgate.bundle.files import FILES
from tollgate.contract import Contract
from tollgate.errors import BundleError

READ = ("contract.json", "golden.json")


def test_a_bundle_loads_with_its_digest_its_contract_and_its_graph(bundle: SmallBundle) -> None:
    loaded = Bundle.load(bundle.folder, bundle.digest)
    assert loaded.digest == bundle.digest
    assert loaded.contract == bundle.contract
    assert list(loaded.contract.columns) == list(bundle.contract.columns), "the order enters the graph"
    assert loaded.scorer.features == len(bundle.contract.features)
    assert loaded.files == {name: (bundle.folder / name).read_bytes() for name in FILES}


def test_a_bundle_loads_without_being_told_its_digest(bundle: SmallBundle) -> None:
    assert Bundle.load(bundle.folder).digest == bundle.digest


def test_rows_are_checked_and_scored(bundle: SmallBundle) -> None:
    loaded = Bundle.load(bundle.folder)
    rows, problems = loaded.check(bundle.rows)
    assert problems == []
    scores = loaded.score(rows)
    assert scores.probability.shape == (len(bundle.rows),)
    np.testing.assert_array_equal(scores.approved, scores.probability < 0.3)
    _, problems = loaded.check([{**bundle.rows[0], "income": -1}])
    assert [(problem.column, problem.rule) for problem in problems] == [("income", "minimum")]


def test_the_golden_requests_score_again_as_they_did(bundle: SmallBundle) -> None:
    assert Bundle.load(bundle.folder).prove() <= 1e-12


def changed_golden(folder: Path, **change: Any) -> bytes:
    golden = json.loads((folder / "golden.json").read_bytes())
    golden["cases"][3] |= change
    return json.dumps(golden).encode()


@pytest.mark.parametrize(("by", "refused"), [(2e-9, True), (-2e-9, True), (5e-10, False)])
def test_a_golden_score_may_differ_by_a_billionth_and_no_more(
    bundle: SmallBundle, tmp_path: Path, by: float, refused: bool
) -> None:
    score = json.loads((bundle.folder / "golden.json").read_bytes())["cases"][3]["graph"]
    change = changed_golden(bundle.folder, graph=score + by)
    digest = rewritten(bundle.folder, tmp_path / "bundle", {"golden.json": change})
    loaded = Bundle.load(tmp_path / "bundle", digest)
    if not refused:
        assert loaded.prove() == pytest.approx(abs(by), rel=0.01)
        return
    with pytest.raises(BundleError, match=r"golden request 3 scores 0\.\d+ instead of 0\.\d+"):
        loaded.prove()


def test_a_golden_score_that_is_no_number_is_refused(bundle: SmallBundle, tmp_path: Path) -> None:
    change = changed_golden(bundle.folder, graph=float("nan"))
    rewritten(bundle.folder, tmp_path / "bundle", {"golden.json": change})
    with pytest.raises(BundleError, match="golden request 3 scores"):
        Bundle.load(tmp_path / "bundle").prove()


def test_a_golden_request_that_breaks_the_contract_is_refused(bundle: SmallBundle, tmp_path: Path) -> None:
    change = changed_golden(bundle.folder, request={**bundle.rows[0], "months": 1000})
    rewritten(bundle.folder, tmp_path / "bundle", {"golden.json": change})
    with pytest.raises(BundleError, match="golden request 3 breaks the contract: months: at most 120"):
        Bundle.load(tmp_path / "bundle").prove()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"margin": 0.25}, r"golden request 3 has the margin"),
        ({"approved": "turned"}, r"golden request 3 is approved \(1\) or not \(0\):"),
    ],
)
def test_margin_and_decision_of_a_golden_request_count_as_well(
    bundle: SmallBundle, tmp_path: Path, change: dict[str, Any], words: str
) -> None:
    case = json.loads((bundle.folder / "golden.json").read_bytes())["cases"][3]
    if "approved" in change:
        change = {"approved": not case["approved"]}
    rewritten(bundle.folder, tmp_path / "bundle", {"golden.json": changed_golden(bundle.folder, **change)})
    with pytest.raises(BundleError, match=words):
        Bundle.load(tmp_path / "bundle").prove()


def test_an_explanation_of_another_margin_is_refused_before_anything_is_answered(
    bundle: SmallBundle, tmp_path: Path
) -> None:
    explained = json.loads((bundle.folder / "explain.json").read_bytes())
    explained["features"]["income"]["weight"] *= -1
    rewritten(bundle.folder, tmp_path / "bundle", {"explain.json": json.dumps(explained).encode()})
    with pytest.raises(BundleError, match="differs from its margin"):
        Bundle.load(tmp_path / "bundle").prove()


def test_a_contract_that_allows_more_than_the_model_knows_is_refused(
    bundle: SmallBundle, tmp_path: Path
) -> None:
    contract = json.loads((bundle.folder / "contract.json").read_bytes())
    (column,) = (column for column in contract["columns"] if column["name"] == "purpose")
    column["values"].append("boat")
    rewritten(bundle.folder, tmp_path / "bundle", {"contract.json": json.dumps(contract).encode()})
    with pytest.raises(BundleError, match="no golden request shows 'boat' of purpose"):
        Bundle.load(tmp_path / "bundle").prove()


def test_the_graph_of_another_model_is_found_by_the_golden_requests(
    bundle: SmallBundle, other_bundle: SmallBundle, tmp_path: Path
) -> None:
    change = {"model.onnx": (other_bundle.folder / "model.onnx").read_bytes()}
    rewritten(bundle.folder, tmp_path / "bundle", change)
    loaded = Bundle.load(tmp_path / "bundle")
    with pytest.raises(BundleError, match=r"golden request \d+ scores"):
        loaded.prove()


def test_a_graph_that_takes_another_number_of_features_is_refused(
    bundle: SmallBundle, tmp_path: Path
) -> None:
    change = {"model.onnx": frame(["number", "boolean"], seed=1).train().files["model.onnx"]}
    rewritten(bundle.folder, tmp_path / "bundle", change)
    with pytest.raises(BundleError, match="the graph takes 2 features, the contract has 8"):
        Bundle.load(tmp_path / "bundle")


def test_a_contract_in_another_order_is_found_by_the_golden_requests(
    bundle: SmallBundle, tmp_path: Path
) -> None:
    contract = Contract.of(dict(reversed(list(bundle.contract.columns.items()))))
    explained = {"version": 1, "kind": "none", "order": contract.features, "background": []}
    change = {"contract.json": contract.as_json(), "explain.json": explained}
    content = {name: json.dumps(value).encode() for name, value in change.items()}
    rewritten(bundle.folder, tmp_path / "bundle", content)
    loaded = Bundle.load(tmp_path / "bundle")
    with pytest.raises(BundleError, match="golden request"):
        loaded.prove()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[" * 100_000,
        b"[]",
        b"null",
        b'{"version": 1, "columns": 3}',
        b'{"version": 1, "columns": [3]}',
        b'{"version": 1, "columns": [{"name": []}]}',
        b'{"version": 1, "columns": [{"type": "number"}]}',
        b'{"version": 2, "columns": []}',
        b'{"version": 1, "columns": [], "more": 1}',
    ],
)
def test_a_contract_that_is_none_is_refused(bundle: SmallBundle, tmp_path: Path, content: bytes) -> None:
    rewritten(bundle.folder, tmp_path / "bundle", {"contract.json": content})
    with pytest.raises(BundleError, match=r"contract\.json cannot be read"):
        Bundle.load(tmp_path / "bundle")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def spoiled(draw: st.DrawFn, content: bytes) -> bytes:
    """JSON with one value of it, at any depth, replaced by any other."""
    whole = json.loads(content)
    place, key = {"": whole}, ""
    inner: Any = place
    while True:
        value = inner[key]
        if not isinstance(value, (dict, list)) or not value or draw(st.booleans()):
            break
        inner = value
        key = draw(st.sampled_from(sorted(value) if isinstance(value, dict) else range(len(value))))
    inner[key] = draw(json_values)
    return json.dumps(place[""]).encode()


@settings(
    max_examples=100,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data(), name=st.sampled_from(READ))
def test_whatever_stands_in_a_file_a_bundle_proves_itself_or_is_refused(
    bundle: SmallBundle, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, name: str
) -> None:
    content = data.draw(spoiled((bundle.folder / name).read_bytes()))
    folder = tmp_path_factory.mktemp("spoiled") / "bundle"
    digest = rewritten(bundle.folder, folder, {name: content})
    try:
        difference = Bundle.load(folder, digest).prove()
    except BundleError:
        return
    assert difference <= 1e-9


def test_a_bundle_loads_without_pandas_and_scikit_learn_and_leaves_no_trace_at_home(
    bundle: SmallBundle, tmp_path: Path
) -> None:
    code = (
        "import sys; from pathlib import Path; from tollgate.bundle.bundle import Bundle;"
        "Bundle.load(Path(sys.argv[1])).prove();"
        "print(sorted({'pandas', 'sklearn'} & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code, str(bundle.folder)],
        env={**os.environ, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "[]"
    assert list(tmp_path.iterdir()) == []
