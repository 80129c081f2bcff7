"""docs/bundle.md says of format version 1 what is in the bundle that is committed."""

import json
import re

import numpy as np
import onnx
from onnx import TensorProto

from tests.tollgate.bundle.format_page import DIGEST, FOLDER, PAGE, content, named, section
from tollgate.bundle.bundle import Bundle
from tollgate.canonical import sha256
from tollgate.contract.columns import Column


def test_the_page_names_its_files_and_no_other() -> None:
    table = PAGE.split("| file | what it holds |")[1].split("\n\n")[0]
    names = re.findall(r"^\| `(\S+)` \|", table, re.MULTILINE)
    assert sorted(names) == sorted(path.name for path in FOLDER.iterdir())


def test_its_json_is_canonical_but_for_the_order_of_the_contracts_keys() -> None:
    for path in FOLDER.glob("*.json"):
        again = json.dumps(
            content(path.name),
            sort_keys=path.name != "contract.json",
            separators=(",", ":"),
            ensure_ascii=False,
        )
        assert path.read_bytes() == again.encode()
        assert not re.search(rb"\d\.0\b", path.read_bytes())


def test_its_manifest_has_the_form_that_the_page_shows() -> None:
    (shown,) = re.findall(r"```json\n(.*?)\n```", section("manifest.json"), re.DOTALL)
    example, manifest = json.loads(shown), content("manifest.json")
    assert manifest.keys() == example.keys()
    assert manifest["files"].keys() == example["files"].keys()
    assert {frozenset(entry) for entry in manifest["files"].values()} == {
        frozenset(example["files"]["contract.json"])
    }
    for name, entry in manifest["files"].items():
        assert entry == {
            "bytes": (FOLDER / name).stat().st_size,
            "sha256": sha256((FOLDER / name).read_bytes()),
        }
    assert sha256((FOLDER / "manifest.json").read_bytes()) == DIGEST


def test_the_keys_of_its_contract_are_on_the_page_and_those_of_a_column() -> None:
    contract = content("contract.json")
    assert set(contract) == {"version", "columns"} <= named(section("contract.json"))
    for column in contract["columns"]:
        assert column.keys() <= {"name", *Column.model_fields}


def test_its_graph_has_the_versions_inputs_and_outputs_of_the_page() -> None:
    model = onnx.load(FOLDER / "model.onnx")
    said = section("model.onnx")
    opsets = {opset.domain or "ai.onnx": opset.version for opset in model.opset_import}
    assert f"ONNX IR version {model.ir_version}, " in said
    assert (
        f"opsets ai.onnx {opsets['ai.onnx']} and ai.onnx.ml {opsets['ai.onnx.ml']}, float64 throughout"
        in said
    )
    assert set(opsets) == {"ai.onnx", "ai.onnx.ml"} >= {node.domain or "ai.onnx" for node in model.graph.node}
    kinds = {"double": TensorProto.DOUBLE, "bool": TensorProto.BOOL}
    table = re.findall(r"^\| (in|out): `(\w+)` \| (\w+) \| ([\w, ]+) \|", said, re.MULTILINE)
    tensors = {"in": model.graph.input, "out": model.graph.output}
    for side, values in tensors.items():
        shown = [
            (name, kinds[kind], shape.count(",") + 1) for where, name, kind, shape in table if where == side
        ]
        found = [(v.name, v.type.tensor_type.elem_type, len(v.type.tensor_type.shape.dim)) for v in values]
        assert found == shown
    within = [
        attribute.t for node in model.graph.node for attribute in node.attribute if attribute.HasField("t")
    ]
    tensors_ = [*model.graph.initializer, *within]
    assert {tensor.data_type for tensor in tensors_} <= {
        TensorProto.DOUBLE,
        TensorProto.INT64,
        TensorProto.UINT8,
    }
    assert not any(tensor.external_data for tensor in tensors_)


def test_its_reference_profile_has_the_keys_of_the_page() -> None:
    reference = content("reference.json")
    assert {"features", "score", "edges", "counts", "missing", "unseen"} <= named(section("reference.json"))
    assert set(reference) == {"version", "features", "score"}
    types = {
        column["name"]: column["type"] for column in content("contract.json")["columns"] if "type" in column
    }
    for name, profile in reference["features"].items():
        coded_ = types[name] in ("category", "boolean")
        assert set(profile) == ({"counts", "unseen"} if coded_ else {"counts", "edges"}) | {"missing"}
        if not coded_:
            assert len(profile["counts"]) == len(profile["edges"]) + 1
    assert set(reference["score"]) == {"counts", "edges", "missing"}


def test_its_explanations_have_the_keys_of_the_page_and_rows_that_are_approved() -> None:
    bundle, explained = Bundle.load(FOLDER, DIGEST), content("explain.json")
    said = section("explain.json")
    (trees,) = re.findall(r"^- `trees`: (.*?)(?=^- |^$)", said, re.MULTILINE | re.DOTALL)
    assert set(explained) - {"version", "kind", "order", "background"} == named(trees)
    assert explained["kind"] == "trees"
    assert {"outlier", "limit", "mean", "covariance", "scores", "at", "score"} <= named(said)
    assert explained["order"] == list(bundle.contract.features)
    background = np.array(explained["background"], dtype=np.float64)
    assert 32 <= len(background) <= 64
    assert bundle.score(background).approved.all()


def test_its_golden_requests_have_the_keys_of_the_page() -> None:
    golden = content("golden.json")
    assert set(golden) == {"version", "cases"}
    for case in golden["cases"]:
        assert set(case) == {"request", "pipeline", "graph"}
    assert {"cases", "request", "pipeline", "graph"} <= named(section("golden.json"))
