"""What `tollgate verify` says of bundles whose files are whole, but may not belong together."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.small import SmallBundle, small_bundle
from tests.tollgate.bundle.changes import Change, at, both, changed, drop, put
from tests.tollgate.bundle.rewritten import rewritten
from tests.tollgate.training.frames import frame
from tollgate.bundle.verify import verify_bundle
from tollgate.errors import BundleError, ConfigError

MODELS: dict[str, dict[str, Any]] = {
    "logistic": {},
    "scorecard": {"model": "scorecard"},
    "gradient_boosting": {"model": "gradient_boosting", "parameters": {"max_iter": 8, "min_samples_leaf": 5}},
}


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SmallBundle]:
    folder = tmp_path_factory.mktemp("models")
    return {name: small_bundle(folder / name, **settings) for name, settings in MODELS.items()}


def backwards(values: list[Any]) -> list[Any]:
    return values[::-1]


def without_the_last(values: list[Any]) -> list[Any]:
    return values[:-1]


def refused(bundle: SmallBundle, tmp_path: Path, change: dict[str, bytes]) -> str:
    """What is said of a bundle with changed files and a manifest that agrees with them."""
    folder = tmp_path / "bundle"
    digest = rewritten(bundle.folder, folder, change)
    with pytest.raises(BundleError) as caught:
        verify_bundle(folder, digest)
    where, said = str(caught.value).split(": ", 1)
    assert where == str(folder)
    return said


@pytest.mark.parametrize("model", MODELS)
def test_a_whole_bundle_is_found_whole_and_described(bundles: dict[str, SmallBundle], model: str) -> None:
    bundle = bundles[model]
    found = verify_bundle(bundle.folder, bundle.digest)
    worst = found.pop("worst")
    assert found == {"digest": bundle.digest, "features": len(bundle.contract.features), "golden": 16}
    assert 0 <= worst <= 1e-12


def test_without_a_digest_the_folders_own_name_is_what_it_must_be(
    bundle: SmallBundle, other_bundle: SmallBundle, tmp_path: Path
) -> None:
    right = shutil.copytree(bundle.folder, tmp_path / bundle.digest)
    assert verify_bundle(right, None)["digest"] == bundle.digest
    wrong = shutil.copytree(other_bundle.folder, tmp_path / bundle.digest[::-1])
    with pytest.raises(
        BundleError, match=f"digest is {other_bundle.digest}, expected is {bundle.digest[::-1]}"
    ):
        verify_bundle(wrong, None)
    assert verify_bundle(wrong, other_bundle.digest)["digest"] == other_bundle.digest, (
        "what is asked for counts"
    )


def test_the_name_of_a_folder_is_found_through_a_link_and_a_relative_path(
    bundle: SmallBundle, other_bundle: SmallBundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = shutil.copytree(other_bundle.folder, tmp_path / bundle.digest)
    (tmp_path / "latest").symlink_to(wrong)
    monkeypatch.chdir(wrong)
    for folder in (tmp_path / "latest", Path()):
        with pytest.raises(BundleError, match=f"expected is {bundle.digest}"):
            verify_bundle(folder, None)


@pytest.mark.parametrize(
    "expect", ["", "abc", "A" * 64, "g" * 64, "0" * 63, "0" * 65, "0" * 64 + "\n", "sha256:" + "0" * 64]
)
def test_what_is_no_digest_cannot_be_expected(bundle: SmallBundle, expect: str) -> None:
    with pytest.raises(ConfigError, match="is no digest: 64 hexadecimal digits, small letters"):
        verify_bundle(bundle.folder, expect)


def test_a_graph_for_other_features_is_refused(bundle: SmallBundle, tmp_path: Path) -> None:
    graph = frame(["number", "boolean"], seed=1).train().files["model.onnx"]
    assert refused(bundle, tmp_path, {"model.onnx": graph}) == (
        "model.onnx and contract.json do not belong together: the graph takes 2 features, the contract has 8"
    )


def test_a_file_that_is_no_graph_is_refused(bundle: SmallBundle, tmp_path: Path) -> None:
    assert refused(bundle, tmp_path, {"model.onnx": b"no graph"}).startswith(
        "model.onnx: the graph cannot be loaded"
    )


def test_a_contract_with_its_columns_in_another_order_is_refused(bundle: SmallBundle, tmp_path: Path) -> None:
    change = changed(bundle.folder, "contract.json", at("columns", do=backwards))
    assert refused(bundle, tmp_path, change).startswith(OTHER)


READ, UNFIT = "reference.json cannot be read", "reference.json: the profile of {} does not fit the contract"
NUMBER = {"edges": [1.5], "counts": [3, 4], "missing": 0}
CATEGORY = {"counts": [3, 4, 5], "unseen": 0, "missing": 0}
PROFILES: dict[str, tuple[Change, str]] = {
    "another version": (put("version", new=2), "reference.json: format version 2; this reads 1"),
    "a list": (lambda _: [1], READ),
    "no score": (drop("score"), READ),
    "features as a number": (put("features", new=3), READ),
    "a feature less": (drop("features", "income"), "reference.json: income has no profile"),
    "a stranger": (
        put("features", "salary", new=NUMBER),
        "reference.json: salary is no feature of the contract",
    ),
    "a category as a number": (put("features", "purpose", new=NUMBER), READ),
    "a number as a category": (put("features", "income", new=CATEGORY), READ),
    "a code too many": (put("features", "purpose", "counts", new=[1, 2, 3, 4]), UNFIT.format("purpose")),
    "a truth too few": (put("features", "owner", "counts", new=[1]), UNFIT.format("owner")),
    "a bin less": (at("features", "income", "counts", do=without_the_last), UNFIT.format("income")),
    "edges that fall": (at("features", "income", "edges", do=backwards), UNFIT.format("income")),
    "an edge twice": (
        put("features", "income", new={"edges": [1, 1], "counts": [3, 4, 5], "missing": 0}),
        UNFIT.format("income"),
    ),
    "an edge that is a word": (put("features", "income", "edges", 0, new="low"), UNFIT.format("income")),
    "an edge that is NaN": (put("features", "income", "edges", 0, new=float("nan")), UNFIT.format("income")),
    "fewer rows than none": (put("features", "income", "missing", new=-1), UNFIT.format("income")),
    "half a row": (put("features", "purpose", "unseen", new=0.5), UNFIT.format("purpose")),
    "a count that is true": (put("score", "counts", 0, new=True), UNFIT.format("the score")),
    "a score without edges": (drop("score", "edges"), READ),
}


@pytest.mark.parametrize("name", PROFILES)
def test_a_reference_profile_that_does_not_fit_the_contract_is_refused_by_name(
    bundle: SmallBundle, tmp_path: Path, name: str
) -> None:
    change, words = PROFILES[name]
    assert refused(bundle, tmp_path, changed(bundle.folder, "reference.json", change)) == words


DIFFERS = "explain.json: what the model says for explanations differs from its margin by up to "
NOT_READ = "explain.json cannot be read"
OTHER = "explain.json is of other features than the contract: "
EXPLANATIONS: dict[str, tuple[str, Change, str]] = {
    "another version": (
        "logistic",
        put("version", new=3),
        "explain.json: format version 3; this reads 1 and 2",
    ),
    "a list": ("logistic", lambda _: [1], NOT_READ),
    "no such kind": ("logistic", put("kind", new="magic"), NOT_READ),
    "a kind that is no text": ("logistic", put("kind", new=[]), NOT_READ),
    "another base": ("logistic", put("base", new=0.5), DIFFERS),
    "a weight": ("logistic", put("features", "income", "weight", new=1.0), DIFFERS),
    "a weight that is NaN": ("logistic", put("features", "income", "weight", new=float("nan")), DIFFERS),
    "a term less": ("logistic", drop("features", "income"), NOT_READ),
    "another order": ("logistic", at("order", do=backwards), OTHER),
    "a narrower background": ("logistic", put("background", new=[[0.0] * 7] * 32), NOT_READ),
    "a background of words": ("logistic", put("background", new=[["low"] * 8]), NOT_READ),
    "a feature less in all": (
        "logistic",
        both(
            at("order", do=without_the_last),
            at("background", do=lambda rows: [without_the_last(row) for row in rows]),
        ),
        OTHER,
    ),
    "a feature less, and no explanation": (
        "logistic",
        both(put("kind", new="none"), both(at("order", do=without_the_last), put("background", new=[]))),
        OTHER,
    ),
    "a bin": ("scorecard", put("features", "income", "values", 0, new=3.0), DIFFERS),
    "a missing value": ("scorecard", put("features", "utilization", "missing", new=3.0), DIFFERS),
    "the leaves": (
        "gradient_boosting",
        at("leaves", do=lambda leaves: [2 * leaf for leaf in leaves]),
        DIFFERS,
    ),
    "a leaf less": ("gradient_boosting", at("leaves", do=without_the_last), NOT_READ),
    "a tree less": ("gradient_boosting", at("roots", do=without_the_last), DIFFERS),
    "a root that is nowhere": ("gradient_boosting", put("roots", 0, new=10**6), NOT_READ),
    "a root without end": ("gradient_boosting", put("roots", 0, new=float("inf")), NOT_READ),
    "a node that is its own child": (
        "gradient_boosting",
        both(put("left", 0, new=0), put("right", 0, new=0)),
        NOT_READ,
    ),
    "a node below that is its own child": (
        "gradient_boosting",
        both(put("left", 3, new=3), put("right", 3, new=3)),
        NOT_READ,
    ),
    "outliers by halves": ("logistic", drop("outlier", "limit"), NOT_READ),
    "outliers as a word": ("logistic", put("outlier", new="none"), NOT_READ),
    "outliers left out": ("logistic", drop("outlier"), NOT_READ),
    "outliers of a feature less": ("logistic", at("outlier", "mean", do=without_the_last), NOT_READ),
    "a curve that falls": ("logistic", at("outlier", "scores", 0, "at", do=backwards), NOT_READ),
    "a curve that is too short": (
        "logistic",
        at("outlier", "scores", 0, "at", do=without_the_last),
        NOT_READ,
    ),
    "a mean that is NaN": ("logistic", put("outlier", "mean", 0, new=float("nan")), NOT_READ),
    "no covariance": ("logistic", put("outlier", "covariance", 0, 0, new=-1.0), NOT_READ),
    "a covariance that is NaN": ("logistic", put("outlier", "covariance", 0, 0, new=float("nan")), NOT_READ),
    "a limit that is NaN": ("logistic", put("outlier", "limit", new=float("nan")), NOT_READ),
    "a feature that is nowhere": ("gradient_boosting", put("feature", 0, new=99), NOT_READ),
}


@pytest.mark.parametrize("name", EXPLANATIONS)
def test_explanations_that_do_not_fit_contract_and_graph_are_refused_by_name(
    bundles: dict[str, SmallBundle], tmp_path: Path, name: str
) -> None:
    model, change, words = EXPLANATIONS[name]
    bundle = bundles[model]
    assert refused(bundle, tmp_path, changed(bundle.folder, "explain.json", change)).startswith(words)


def test_a_model_that_explains_nothing_may_be_whole(bundle: SmallBundle, tmp_path: Path) -> None:
    explained = {"version": 1, "kind": "none", "order": list(bundle.contract.features), "background": []}
    digest = rewritten(bundle.folder, tmp_path / "bundle", {"explain.json": json.dumps(explained).encode()})
    assert verify_bundle(tmp_path / "bundle", digest)["digest"] == digest
