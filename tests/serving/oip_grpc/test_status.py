"""A refusal as the text of a status: the same JSON, within what clients take."""

import json
from urllib.parse import quote

import pytest

from serving.oip_grpc.status import code_of, details_of
from serving.refusal import RefusalError
from tollgate.contract import Problem


def encoded(text: str) -> int:
    """How long a text is as gRPC sends it."""
    printable = "".join(chr(code) for code in range(32, 127) if chr(code) != "%")
    return len(quote(text, safe=printable))


def refusal(value: str, count: int, error: str = "the rows break the contract") -> RefusalError:
    return RefusalError(400, error, [Problem(row, "x", "type", value, "no number") for row in range(count)])


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "INVALID_ARGUMENT"),
        (404, "NOT_FOUND"),
        (408, "DEADLINE_EXCEEDED"),
        (429, "RESOURCE_EXHAUSTED"),
        (501, "UNIMPLEMENTED"),
        (503, "UNAVAILABLE"),
        (500, "INTERNAL"),
    ],
)
def test_the_code_says_whose_fault_it_is(status: int, code: str) -> None:
    assert code_of(RefusalError(status, "it is so")).name == code


def test_a_short_refusal_is_told_whole() -> None:
    assert json.loads(details_of(refusal("'a'", 3))) == refusal("'a'", 3).as_json()


@pytest.mark.parametrize("value", ["a", "%" * 64, "é" * 64, "\u20ac" * 64, "\n" * 60, "😀" * 64])
@pytest.mark.parametrize("count", [60, 5000])
def test_of_many_details_the_first_are_told_and_all_counted(value: str, count: int) -> None:
    text = details_of(refusal(value, count))
    assert encoded(text) <= 4096
    told = json.loads(text)
    assert told["total"] == count
    assert 0 < len(told["details"]) < count
    assert told["details"] == refusal(value, count).as_json()["details"][: len(told["details"])]


@pytest.mark.parametrize("error", ["x" * 50_000, "ü%" * 50_000])
def test_a_long_error_is_cut_and_leaves_room_for_details(error: str) -> None:
    text = details_of(refusal("'a'", 10, error))
    assert encoded(text) <= 4096
    assert json.loads(text)["error"].endswith("…")
    assert len(json.loads(text)["details"]) == 10
