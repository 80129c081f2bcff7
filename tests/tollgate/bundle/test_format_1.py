"""A bundle of format version 1, committed when the format was written down: it must load, and answer, for ever."""

from typing import Any

import numpy as np
import pytest

from tests.tollgate.bundle.format_page import DIGEST, FOLDER, PAGE, content, encoded, fallen
from tollgate.bundle.bundle import Bundle
from tollgate.bundle.files import read_files
from tollgate.bundle.golden import read_golden
from tollgate.bundle.verify import verify_bundle
from tollgate.errors import BundleError

LARGEST = 60_000


def loan(
    amount: float, months: int, burden: float | None, owner: bool, purpose: str, since: str
) -> dict[str, Any]:
    return {
        "amount": amount,
        "months": months,
        "burden": burden,
        "owner": owner,
        "purpose": purpose,
        "since": since,
    }


# Requests with the probability and the decision that they had when the bundle was made.
ANSWERS: list[tuple[dict[str, Any], float, bool]] = [
    (loan(4200.5, 12, 0.31, True, "car", "2014-05-01"), 0.08333333333333333, True),
    (loan(18000, 48, None, False, "boat", "2019-11-30"), 0.6666666666666666, False),
    (loan(9500, 30, 0.66, False, "trip", "2012-02-29"), 0.7710843373493976, False),
    (loan(0, 1, -1, True, "home", "1960-01-01"), 0.1324200913242009, True),
    (loan(9500, 40, 0.2, True, "trip", "2012-02-29"), 0.514018691588785, False),
]


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    return Bundle.load(FOLDER, DIGEST)


def test_it_is_the_bundle_that_was_committed_and_it_verifies() -> None:
    found = verify_bundle(FOLDER, DIGEST)
    assert (found["digest"], found["features"], found["golden"]) == (DIGEST, 6, 16)
    assert found["worst"] <= 1e-9
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < LARGEST


def test_its_golden_requests_score_as_the_trained_pipeline_did(bundle: Bundle) -> None:
    cases = content("golden.json")["cases"]
    rows, problems = bundle.check([case["request"] for case in cases])
    assert problems == []
    expected = [case["pipeline"] for case in cases]
    np.testing.assert_allclose(bundle.score(rows).probability, expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize(("asked", "probability", "approved"), ANSWERS)
def test_it_answers_as_it_did_when_it_was_made(
    bundle: Bundle, asked: dict[str, Any], probability: float, approved: bool
) -> None:
    rows, problems = bundle.check([asked])
    assert problems == []
    scores = bundle.score(rows)
    assert scores.probability[0] == pytest.approx(probability, abs=1e-9)
    assert bool(scores.approved[0]) is approved


def test_each_file_says_that_it_is_of_version_1() -> None:
    assert "# The bundle, format version 1\n" in PAGE
    for path in FOLDER.glob("*.json"):
        assert content(path.name)["version"] == 1


def test_a_row_becomes_numbers_as_the_page_says(bundle: Bundle) -> None:
    requests = read_golden(bundle.files["golden.json"]).requests
    requests += [{**requests[0], "burden": -1}, {**requests[0], "purpose": "anything"}]
    rows, problems = bundle.check(requests)
    assert problems == []
    np.testing.assert_array_equal(rows, encoded(requests))
    assert np.isnan(rows).any()
    assert rows[-1, 4] == 3


def test_base_and_leaves_add_up_to_the_margin_as_the_page_says(bundle: Bundle) -> None:
    explained = content("explain.json")
    requests = read_golden(bundle.files["golden.json"]).requests
    rows = encoded(requests)
    found = [
        explained["base"] + sum(fallen(explained, row, root) for root in explained["roots"])
        for row in rows.tolist()
    ]
    np.testing.assert_allclose(found, bundle.score(rows).margin, rtol=0, atol=1e-9)


def test_another_digest_is_not_taken_for_it() -> None:
    assert read_files(FOLDER, DIGEST)[0] == DIGEST
    with pytest.raises(BundleError, match=f"expected is {DIGEST[::-1]}"):
        read_files(FOLDER, DIGEST[::-1])
