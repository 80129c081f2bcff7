from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from tests.small import SmallBundle
from tollgate.bundle.bundle import Bundle
from tollgate.bundle.scorer import AT_ONCE, Scorer
from tollgate.errors import BundleError

DOUBLE, FLOAT, BOOL = TensorProto.DOUBLE, TensorProto.FLOAT, TensorProto.BOOL
Tensor = tuple[str, int, list[int | None]]
GIVES: list[Tensor] = [
    ("probability", DOUBLE, [None]),
    ("margin", DOUBLE, [None]),
    ("approved", BOOL, [None]),
]


def graph(takes: list[Tensor], gives: list[Tensor], place: int = 0) -> bytes:
    """A small graph with these inputs and outputs, all made of one column of the first input."""
    nodes = [
        helper.make_node("Constant", [], ["column"], value_ints=[place]),
        helper.make_node("Gather", [takes[0][0], "column"], ["one"], axis=-1),
        helper.make_node("Constant", [], ["flat"], value_ints=[-1]),
        helper.make_node("Reshape", ["one", "flat"], ["line"]),
    ]
    for name, kind, shape in gives:
        shaped = "line"
        if len(shape) == 2:
            shaped = "one"
        nodes.append(helper.make_node("Cast", [shaped], [name], to=kind))
    inputs, outputs = ([helper.make_tensor_value_info(*item) for item in side] for side in (takes, gives))
    model = helper.make_model(
        helper.make_graph(nodes, "test", inputs, outputs),
        opset_imports=[helper.make_opsetid("", 21)],
        ir_version=10,
    )
    return bytes(model.SerializeToString())


def takes(
    name: str = "features", kind: int = DOUBLE, shape: tuple[int | None, ...] = (None, 2)
) -> list[Tensor]:
    return [(name, kind, list(shape))]


def with_output(place: int, output: Tensor) -> list[Tensor]:
    return [*GIVES[:place], output, *GIVES[place + 1 :]]


def test_a_graph_scores_rows_in_float64() -> None:
    scorer = Scorer(graph(takes(), GIVES, place=1))
    assert scorer.features == 2
    value = float(np.nextafter(0.1, 1))
    scores = scorer.score(np.array([[9.0, value], [9.0, 0.0]]))
    assert scores.probability.dtype == scores.margin.dtype == np.float64
    assert scores.probability.tolist() == scores.margin.tolist() == [value, 0.0]
    assert scores.approved.tolist() == [True, False]


def test_no_row_gives_no_score(bundle: SmallBundle) -> None:
    scorer = Scorer((bundle.folder / "model.onnx").read_bytes())
    scores = scorer.score(np.empty((0, scorer.features)))
    assert scores.probability.shape == scores.margin.shape == scores.approved.shape == (0,)


@pytest.mark.parametrize(
    ("inputs", "outputs"),
    [
        (takes(name="rows"), GIVES),
        (takes(kind=FLOAT), GIVES),
        (takes(shape=(2,)), GIVES),
        (takes(shape=(None, None)), GIVES),
        (takes() + takes(name="more"), GIVES),
        (takes(), GIVES[:2]),
        (takes(), GIVES[::-1]),
        (takes(), [*GIVES, ("more", DOUBLE, [None])]),
        (takes(), with_output(0, ("score", DOUBLE, [None]))),
        (takes(), with_output(0, ("probability", FLOAT, [None]))),
        (takes(), with_output(0, ("probability", DOUBLE, [None, 1]))),
        (takes(), with_output(2, ("approved", DOUBLE, [None]))),
    ],
    ids=[
        "another input",
        "float32 in",
        "rows as a line",
        "rows of any width",
        "two inputs",
        "an output less",
        "outputs in another order",
        "an output more",
        "another output",
        "float32 out",
        "a matrix out",
        "approved as a number",
    ],
)
def test_a_graph_that_takes_or_gives_something_else_is_refused(
    inputs: list[Tensor], outputs: list[Tensor]
) -> None:
    with pytest.raises(BundleError, match=r"the graph must take features, .* probability, margin, approved"):
        Scorer(graph(inputs, outputs))


@pytest.mark.parametrize(
    "spoil",
    [lambda _: b"", lambda _: b"no graph", lambda content: content[: len(content) // 2]],
    ids=["empty", "text", "cut in half"],
)
def test_what_is_no_graph_is_refused(bundle: SmallBundle, spoil: Callable[[bytes], bytes]) -> None:
    content = (bundle.folder / "model.onnx").read_bytes()
    with pytest.raises(BundleError, match="the graph cannot be loaded"):
        Scorer(spoil(content))


def small_graph(bundle: SmallBundle) -> onnx.ModelProto:
    return onnx.load_from_string((bundle.folder / "model.onnx").read_bytes())


def outside(tensor: onnx.TensorProto) -> None:
    """Move a tensor's values into a file beside, where onnxruntime would look for them."""
    Path("weights.bin").write_bytes(tensor.raw_data)
    onnx.external_data_helper.set_external_data(tensor, location="weights.bin")
    tensor.ClearField("raw_data")


def test_a_graph_whose_weights_lie_in_another_file_is_refused(
    bundle: SmallBundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    model = small_graph(bundle)
    outside(max(model.graph.initializer, key=lambda item: len(item.raw_data)))
    with pytest.raises(BundleError, match="weights in another file"):
        Scorer(model.SerializeToString())


def branch(name: str) -> onnx.GraphProto:
    """A graph of one constant, as it stands inside of a node."""
    value = onnx.numpy_helper.from_array(np.ones(1), "value")
    node = onnx.helper.make_node("Constant", [], [name], value=value)
    output = onnx.helper.make_tensor_value_info(name, onnx.TensorProto.DOUBLE, [1])
    return onnx.helper.make_graph([node], name, [], [output])


def test_weights_of_a_graph_inside_of_a_node_are_looked_at_too(
    bundle: SmallBundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    model = small_graph(bundle)
    condition = onnx.numpy_helper.from_array(np.array(True), "condition")
    model.graph.initializer.append(condition)
    branches = {"then_branch": branch("then"), "else_branch": branch("else")}
    model.graph.node.append(onnx.helper.make_node("If", ["condition"], ["unused"], **branches))
    Scorer(model.SerializeToString())
    outside(model.graph.node[-1].attribute[0].g.node[0].attribute[0].t)
    with pytest.raises(BundleError, match="weights in another file"):
        Scorer(model.SerializeToString())


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize("domain", ["com.microsoft", "evil"])
def test_a_graph_with_operators_that_are_not_of_onnx_is_refused(
    bundle: SmallBundle, domain: str, declared: bool
) -> None:
    model = small_graph(bundle)
    model.graph.node.append(onnx.helper.make_node("Gelu", ["features"], ["unused"], domain=domain))
    if declared:
        model.opset_import.append(onnx.helper.make_opsetid(domain, 1))
    with pytest.raises(BundleError, match=f"not ONNX's own: {domain}"):
        Scorer(model.SerializeToString())


def test_a_graph_with_a_function_of_its_own_is_refused(bundle: SmallBundle) -> None:
    """onnxruntime takes Gelu of com.microsoft for its own, whatever the function of that domain is named."""
    model = small_graph(bundle)
    nodes, opsets = [helper.make_node("Identity", ["a"], ["b"])], [helper.make_opsetid("", 21)]
    model.functions.append(helper.make_function("com.microsoft", "Dummy", ["a"], ["b"], nodes, opsets))
    model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    model.graph.node.append(helper.make_node("Gelu", ["features"], ["unused"], domain="com.microsoft"))
    with pytest.raises(BundleError, match="it has functions of its own"):
        Scorer(model.SerializeToString())


def test_a_model_without_an_operator_is_refused_before_a_runtime_reads_it_in_its_own_way() -> None:
    with pytest.raises(BundleError, match="no operator at all"):
        Scorer(onnx.ModelProto(ir_version=10).SerializeToString() + b"\x7a\x04ORTM")


def test_rows_that_the_graph_cannot_take_are_refused_and_not_guessed_at(bundle: SmallBundle) -> None:
    scorer = Scorer((bundle.folder / "model.onnx").read_bytes())
    with pytest.raises(BundleError, match="the graph cannot score"):
        scorer.score(np.zeros((1, scorer.features + 1)))


def test_a_row_by_itself_scores_what_it_scores_among_others(bundle: SmallBundle) -> None:
    loaded = Bundle.load(bundle.folder, bundle.digest)
    rows, _ = loaded.check(bundle.rows)
    together = loaded.score(rows)
    alone = [loaded.score(rows[at : at + 1]) for at in range(len(rows))]
    for name in ("probability", "margin", "approved"):
        single = np.concatenate([getattr(scores, name) for scores in alone])
        assert single.tobytes() == getattr(together, name).tobytes()


def test_very_many_rows_score_what_they_score_in_few(bundle: SmallBundle) -> None:
    loaded = Bundle.load(bundle.folder, bundle.digest)
    rows, _ = loaded.check(bundle.rows)
    many = np.resize(rows, (AT_ONCE + 7, rows.shape[1]))
    for whole, few in zip(loaded.score(many), loaded.score(many[-9:]), strict=True):
        assert len(whole) == len(many)
        assert whole[-9:].tobytes() == few.tobytes()


def test_a_row_as_it_comes_scores_what_it_scores_encoded(bundle: SmallBundle) -> None:
    loaded = Bundle.load(bundle.folder, bundle.digest)
    rows, _ = loaded.check(bundle.rows)
    expected = [
        tuple(values) for values in zip(*(values.tolist() for values in loaded.score(rows)), strict=True)
    ]
    assert [loaded.score_row(row) for row in bundle.rows] == expected
    in_order = [[row.get(name) for name in loaded.contract.features] for row in bundle.rows]
    assert [loaded.score_row(row) for row in in_order] == expected


def test_a_row_that_breaks_the_contract_gets_its_problems_and_no_score(bundle: SmallBundle) -> None:
    loaded = Bundle.load(bundle.folder, bundle.digest)
    broken: list[Any] = [bundle.rows[0] | {"unknown": 1}, [], "row", None, {}]
    for row in broken:
        assert loaded.score_row(row) == loaded.check([row])[1] != []


def test_threads_that_score_single_rows_do_not_disturb_each_other(bundle: SmallBundle) -> None:
    loaded = Bundle.load(bundle.folder, bundle.digest)
    rows, _ = loaded.check(bundle.rows)
    expected = [loaded.score(rows[at : at + 1]).probability[0] for at in range(len(rows))]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda at: loaded.score(rows[at : at + 1]).probability[0], range(len(rows))))
    assert found == expected
