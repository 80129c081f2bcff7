"""What each kind of column is taken for, and what is told about it."""

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from tests.tollgate.look.books import (
    ROWS,
    Column,
    amounts,
    cycled,
    looked_at,
    outcome,
    settings,
    told,
    write_table,
)
from tollgate.look.draft import draft
from tollgate.look.write import workflow_text

FEATURE = {"known": "unconfirmed"}


def days(form: str) -> Column:
    first = dt.date(2023, 1, 1)
    return [(first + dt.timedelta(days=row % 300)).strftime(form) for row in range(ROWS)]


def test_an_ordinary_table_is_described_and_nothing_is_told(tmp_path: Path) -> None:
    found = looked_at(
        tmp_path,
        {
            "terms": cycled("12", "24", "36"),
            "purpose": cycled("car", "home", "unknown"),
            "owner": cycled("true", "false"),
        },
    )
    assert {plan.name: plan.settings for plan in found.plans} == {
        "amount": {"type": "number", **FEATURE},
        "terms": {"type": "integer", **FEATURE},
        "purpose": {"type": "category", "values": ["car", "home", "unknown"], **FEATURE},
        "owner": {"type": "boolean", **FEATURE},
        "bad": {"role": "target", "positive": 1},
    }
    assert {finding.kind for finding in found.findings} == {"few rows"}


@pytest.mark.parametrize(
    ("kind", "name", "column", "wanted", "words"),
    [
        ("empty", "x", [""] * ROWS, {"role": "ignore"}, "every value is missing"),
        ("constant", "x", ["7"] * ROWS, {"role": "ignore"}, "the same value in every row"),
        (
            "near-constant",
            "x",
            ["7"] * (ROWS - 1) + ["8"],
            {"type": "integer", **FEATURE},
            "one value in 99.8 % of the rows",
        ),
        ("id-like", "contract", [f"C-{row}" for row in range(ROWS)], {"role": "id"}, "role id"),
        ("id-like", "row", [str(row) for row in range(ROWS)], {"role": "id"}, "role id"),
        (
            "id-like",
            "customer_id",
            [str(7 * (row % 250)) for row in range(ROWS)],
            {"role": "group"},
            "one part",
        ),
        ("date", "x", days("%Y/%m/%d"), {"role": "ignore"}, "YYYY/MM/DD: ignored; write YYYY-MM-DD"),
        ("date", "x", days("%d.%m.%Y"), {"role": "ignore"}, "DD/MM/YYYY or MM/DD/YYYY"),
        ("date", "x", days("%Y%m%d"), {"role": "ignore"}, "YYYYMMDD"),
        ("date", "x", days("%b-%Y"), {"role": "ignore"}, "the name of a month"),
        ("date", "x", days("%Y-%m-%d 10:30:00"), {"role": "ignore"}, "a date, with a time"),
        ("date", "x", days("%Y-%m-%d"), {"role": "time"}, "the day of the decision"),
        ("date", "x", ["", *days("%Y-%m-%d")[1:]], {"role": "ignore"}, "not every row has"),
        (
            "date",
            "x",
            ["9999-12-31", *days("%Y-%m-%d")[1:]],
            {"role": "ignore"},
            "9999-12-31 in 1 row, which",
        ),
        ("date", "x", days("%Y-%m-%d"), {"role": "time"}, "only you know whether it is that day"),
        ("date", "x", [" 2023-04-05", *days("%Y-%m-%d")[1:]], {"role": "time"}, "the day of the decision"),
        ("date", "close_date", days("%Y-%m-%d"), {"role": "ignore"}, "not clearly the day of the decision"),
        (
            "date",
            "x",
            [*days("%Y-%m-%d")[:200], *days("%d/%m/%Y")[200:]],
            {"role": "ignore"},
            "in 2 forms (YYYY-MM-DD; written like DD/MM/YYYY or MM/DD/YYYY)",
        ),
        ("signed number", "x", [f"${row}.50" for row in range(ROWS)], {"role": "ignore"}, "the sign $"),
        ("signed number", "x", [f"-R$ {row},50" for row in range(ROWS)], {"role": "ignore"}, "the sign R$"),
        ("signed number", "x", [f"{row / 7:.2f} %" for row in range(ROWS)], {"role": "ignore"}, "the sign %"),
        ("signed number", "x", [f"{row},50 EUR" for row in range(ROWS)], {"role": "ignore"}, "the sign EUR"),
        (
            "signed number",
            "x",
            [f"{row},101.00" for row in range(1, ROWS + 1)],
            {"role": "ignore"},
            "thousands",
        ),
        ("mixed", "x", [*amounts()[:-1], "12 €"], {"role": "ignore"}, f"1 of {ROWS} values are none"),
    ],
)
def test_a_column_that_is_no_plain_feature(
    tmp_path: Path, kind: str, name: str, column: Column, wanted: dict[str, object], words: str
) -> None:
    found = looked_at(tmp_path, {name: column})
    assert settings(found, name) == wanted
    assert words in told(found, kind)[name]


def test_only_one_identifier_gets_the_role_and_it_is_the_one_named_so(tmp_path: Path) -> None:
    found = looked_at(
        tmp_path, {"token": [f"t{row}" for row in range(ROWS)], "loan_id": [f"l{row}" for row in range(ROWS)]}
    )
    assert (settings(found, "token"), settings(found, "loan_id")) == ({"role": "ignore"}, {"role": "id"})


def test_an_identifier_that_is_missing_somewhere_may_be_missing(tmp_path: Path) -> None:
    found = looked_at(tmp_path, {"loan_id": ["", *(f"l{row}" for row in range(1, ROWS))]})
    assert settings(found, "loan_id") == {"role": "id", "missing": "allowed"}


def test_free_text_is_left_out_and_none_of_it_is_told(tmp_path: Path) -> None:
    note = [f"note {row % 150}" for row in range(ROWS)]
    found = looked_at(tmp_path, {"note": note})
    assert settings(found, "note") == {"role": "ignore"}
    assert told(found, "high-cardinality") == {"note": f"150 different texts in {ROWS} rows: ignored"}


def test_a_value_of_one_person_alone_is_never_written(tmp_path: Path) -> None:
    found = looked_at(tmp_path, {"town": ["Nowhere", *cycled("Here", "There")[1:]]})
    assert settings(found, "town")["values"] == ["Here", "There"]
    assert settings(found, "town")["unknown"] == "other"
    assert not any("Nowhere" in finding.message for finding in found.findings)


def test_rare_codes_are_told_with_their_counts_and_stay(tmp_path: Path) -> None:
    found = looked_at(tmp_path, {"education": ["0", "0", *cycled("1", "2", "3")[2:]]})
    assert settings(found, "education")["values"] == [0, 1, 2, 3]
    assert told(found, "rare category")["education"].startswith("rare values '0' (2 rows)")


@pytest.mark.parametrize(
    ("odd", "others", "found_as"),
    [
        ("-1", [str(row % 50) for row in range(ROWS)], [-1]),
        ("-999", [str(row % 50) for row in range(ROWS)], [-999]),
        ("999", [str(row % 50) for row in range(ROWS)], [999]),
        ("9999", amounts(), [9999]),
        ("999", [str(20 * (row % 50)) for row in range(ROWS)], []),  # 980 stands beside it
        ("-1", [str(row % 50 - 20) for row in range(ROWS)], []),  # others are negative too
        ("99", [str(row % 3) for row in range(ROWS)], []),  # a handful of codes says nothing
    ],
)
def test_sentinels_are_those_that_stand_apart(
    tmp_path: Path, odd: str, others: Column, found_as: list[int]
) -> None:
    found = looked_at(tmp_path, {"x": [odd] * 8 + others[8:]})
    assert settings(found, "x").get("missing_values", []) == found_as
    assert ("x" in told(found, "sentinel")) == bool(found_as)


def test_words_among_numbers_are_read_as_missing(tmp_path: Path) -> None:
    found = looked_at(tmp_path, {"x": ["refused"] * 5 + amounts()[5:]})
    assert settings(found, "x") == {
        "type": "number",
        "missing": "allowed",
        "missing_values": ["refused"],
        **FEATURE,
    }


def test_numbers_and_more_are_categories_where_they_are_few(tmp_path: Path) -> None:
    found = looked_at(tmp_path, {"dependents": cycled("0", "1", "2", "3+")})
    assert settings(found, "dependents")["values"] == ["0", "1", "2", "3+"]


def test_codes_filled_up_with_zeros_are_no_numbers(tmp_path: Path) -> None:
    found = looked_at(tmp_path, {"branch": cycled("001", "002", "017")})
    assert settings(found, "branch")["values"] == ["001", "002", "017"]


@pytest.mark.parametrize(
    "leak",
    [
        [f"{float(value) + row / 1000:.3f}" for row, value in enumerate(outcome())],
        ["late" if value == "1" else "fine" for value in outcome()],
        ["" if value == "1" else amount for value, amount in zip(outcome(), amounts(), strict=True)],
    ],
    ids=["a number", "a category", "what is missing"],
)
def test_a_column_that_decides_the_target_is_told_loudly_and_stays(tmp_path: Path, leak: Column) -> None:
    found = looked_at(tmp_path, {"x": leak})
    assert "almost decides the target" in told(found, "leak-like")["x"]
    assert "IS IT KNOWN BEFORE THE DECISION?" in told(found, "leak-like")["x"]
    assert settings(found, "x")["known"] == "unconfirmed"


def test_a_column_far_ahead_of_all_others_is_told(tmp_path: Path) -> None:
    strong = [
        f"{float(value) + noise:.3f}"
        for value, noise in zip(outcome(), np.random.default_rng(3).normal(0, 0.75, ROWS), strict=True)
    ]
    found = looked_at(tmp_path, {"x": strong})
    assert "tells far more" in told(found, "leak-like")["x"]


def test_a_name_that_speaks_of_later_is_told(tmp_path: Path) -> None:
    assert "x_recoveries" in told(looked_at(tmp_path, {"x_recoveries": amounts(seed=4)}), "leak-like")


def test_what_looks_protected_never_enters_the_model(tmp_path: Path) -> None:
    ages = [str(20 + row % 50) for row in range(ROWS)]
    found = looked_at(tmp_path, {"idade": ages, "sexo": cycled("m", "f"), "percentage": amounts(seed=5)})
    assert settings(found, "idade") == {"type": "integer", "role": "protected", "bands": [25, 40, 62]}
    assert settings(found, "sexo") == {"type": "category", "values": ["f", "m"], "role": "protected"}
    assert settings(found, "percentage") == {"type": "number", **FEATURE}
    assert set(told(found, "protected-looking")) == {"idade", "sexo"}


def test_duplicates_and_imbalance_are_counted(tmp_path: Path) -> None:
    rows = {"x": ["5"] * 3 + [str(3 * row) for row in range(3, ROWS)], "amount": ["1"] * ROWS}
    rows["bad"] = ["0"] * 3 + ["1"] * 8 + ["0"] * (ROWS - 11)
    found = draft(str(write_table(tmp_path / "rows.csv", rows)), "bad", None, None)
    assert told(found, "duplicates")[None].startswith("2 rows are the same as an earlier one")
    assert told(found, "imbalance") == {"bad": "the rarer outcome is 2 % of the rows"}
    assert told(found, "few rows")["bad"].startswith("only 8 rows of the rarer outcome")


@pytest.mark.parametrize(
    ("name", "column", "words"),
    [
        ("issued", days("%Y-%m-%d 10:30:00"), "If issued does: write a day as YYYY-MM-DD in every row"),
        ("paid", days("%Y-%m-%d 10:30:00"), "for no column says clearly when a row was decided.\nsplit:"),
        ("issued", ["2023-01-01", "2023-01-02"] * (ROWS // 2), "for the history is too short"),
    ],
)
def test_why_rows_are_parted_at_random_is_told(tmp_path: Path, name: str, column: Column, words: str) -> None:
    found = looked_at(tmp_path, {name: column})
    text = workflow_text(found, "credit", "rows.csv")
    assert words in text.replace("\n# ", " ")
    assert found.split["method"] == "random"
