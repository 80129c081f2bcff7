"""A model of a user's own, in a package of its own, from the very text of docs/models.md."""

import re
import sys
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from tests.tollgate.training.frames import Frame, frame
from tests.tollgate.training.package import install
from tollgate.bundle.explain import read_explain
from tollgate.bundle.scorer import Scorer
from tollgate.bundle.verify import verify_bundle
from tollgate.errors import ConfigError, ModelError
from tollgate.storage.atomic import place_folder
from tollgate.training.models import find_model, known_models
from tollgate.training.section import TrainSection

pytestmark = pytest.mark.long

PAGE = (Path(__file__).parents[3] / "docs" / "models.md").read_text()
DECISION = {"threshold": 0.4}


def block(language: str) -> str:
    found = re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert len(found) == 1, f"the page has one block of {language}"
    return str(found[0])


@pytest.fixture
def single(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package of the page, found as an installed one is."""
    point = re.search(r"^(\w+) = \"my_package\.(single:Single)\"$", block("toml"), re.MULTILINE)
    assert point
    folder = install(tmp_path / "packages", "single", block("python"), **{point[1]: point[2]})
    monkeypatch.syspath_prepend(str(folder))


@pytest.fixture
def problem() -> Frame:
    return frame(["number that may miss", "text category", "date"], seed=81, rows=200)


@pytest.mark.usefixtures("single")
def test_the_model_of_the_page_is_trained_verified_and_explained(problem: Frame, tmp_path: Path) -> None:
    assert known_models() == ("logistic", "scorecard", "gradient_boosting", "single")
    trained = problem.train(model="single", parameters={"C": 0.5})
    assert trained.facts["parameters"] == {"C": 0.5}
    assert trained.facts["parity"]["worst"] <= 1e-9
    place_folder(tmp_path / "bundle", trained.files)
    assert verify_bundle(tmp_path / "bundle", trained.digest)["features"] == 3
    explainer = read_explain(trained.files["explain.json"]).explainer
    assert explainer is not None
    margin = Scorer(trained.files["model.onnx"]).score(problem.fresh).margin
    np.testing.assert_allclose(explainer.margin(problem.fresh), margin, rtol=0, atol=1e-9)
    assert np.ptp(margin) > 0.1


@pytest.mark.usefixtures("single")
def test_it_is_searched_by_other_processes_too(problem: Frame, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOKY_MAX_CPU_COUNT", "2")
    found = problem.train(model="single", search={"trials": 4}).facts["search"]
    assert [("log_loss" in trial) for trial in found["trials"]] == [True] * 4


@pytest.mark.usefixtures("single")
@pytest.mark.parametrize("model", ["single", "logistic", "scorecard", "gradient_boosting"])
def test_a_parameter_that_a_model_does_not_have_is_refused_with_those_that_it_has(model: str) -> None:
    known = {"single": "C", "logistic": "C", "scorecard": "bins, min_bin_share, C"}
    with pytest.raises(ValidationError) as caught:
        TrainSection.read({"model": model, "parameters": {"depth": 3}, "decision": DECISION})
    (problem,) = caught.value.errors()
    assert f"`parameters.depth` of {model}" in problem["msg"]
    assert known.get(model, "learning_rate, max_iter") in problem["msg"]


@pytest.mark.usefixtures("single")
def test_a_value_that_a_parameter_cannot_have_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"`parameters\.C` of single: .*number"):
        TrainSection.read({"model": "single", "parameters": {"C": "large"}, "decision": DECISION})


def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, source: str, value: str) -> None:
    monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.syspath_prepend(str(install(tmp_path / "packages", module, source, theirs=value)))


@pytest.mark.parametrize(
    ("module", "source", "value", "said"),
    [
        ("gone", "", "elsewhere.gone:Model", "cannot be imported: ModuleNotFoundError: No module named"),
        ("lean", "import not_installed", "lean:Model", "No module named 'not_installed'"),
        ("typo", "", "typo:Model", "AttributeError: module 'typo' has no attribute 'Model'"),
        ("torn", "class Model(:", "torn:Model", "cannot be imported: SyntaxError"),
        ("rude", "raise RuntimeError('not here')", "rude:Model", "RuntimeError: not here"),
        ("bare", "class Model: pass", "bare:Model", "is no model: it has no Parameters, draw, fit"),
        ("whole", "", "whole", "is no model: it has no Parameters"),
    ],
)
def test_an_entry_point_that_leads_to_no_model_is_named_with_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, source: str, value: str, said: str
) -> None:
    broken(tmp_path, monkeypatch, module, source, value)
    assert "theirs" in known_models()
    with pytest.raises(ConfigError) as caught:
        find_model("theirs")
    assert str(caught.value).startswith(f"the model 'theirs' ({value}) ")
    assert said in str(caught.value)
    with pytest.raises(ConfigError, match="the model 'theirs'"):
        TrainSection.read({"model": "theirs", "parameters": {"C": 1}, "decision": DECISION})


def test_a_model_that_nobody_offers_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(
        ConfigError, match="no model 'forest'; there are logistic, scorecard, gradient_boosting"
    ):
        find_model("forest")


def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    source = block("python")
    assert source.count(old) == 1
    broken(tmp_path, monkeypatch, "changed", source.replace(old, new), "changed:Single")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"base": base', '"base": base + 1e-6', "differs from its margin by up to"),
        ('"missing": 0.0}', '"missing": 0.5}', "differs from its margin by up to"),
        ('"base": base', '"base": float("nan")', "cannot be written"),
        ('"base": base', '"base": np.float32(base)', "cannot be written"),
        ('"kind": "additive"', '"kind": "magic"', "explain.json cannot be read"),
        ('"kind": "additive", ', "", "explain.json cannot be read"),
        ("builder.constant(0.0)", "builder.constant(1.0)", "the graph differs from the trained pipeline"),
        ("return builder.node(", "return 'nowhere' or builder.node(", "the graph is not valid ONNX"),
        ("self.estimator.fit(part.rows,", "self.estimator.fit(part.rows[:1],", "the model cannot be fitted"),
    ],
)
def test_a_model_whose_graph_or_explanation_does_not_hold_is_refused(
    problem: Frame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, said: str
) -> None:
    changed(tmp_path, monkeypatch, old, new)
    with pytest.raises(ModelError) as caught:
        problem.train(model="theirs")
    assert said in str(caught.value)


def test_a_model_that_explains_nothing_is_taken(
    problem: Frame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    explained = (
        'return {"kind": "additive", "base": base, "features": dict(zip(self._names, terms, strict=True))}'
    )
    changed(tmp_path, monkeypatch, explained, 'return {"kind": "none"}')
    explainer, background, _, outlier = read_explain(problem.train(model="theirs").files["explain.json"])
    assert explainer is None
    assert outlier is not None
    assert len(background) > 10
