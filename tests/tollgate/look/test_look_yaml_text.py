from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollgate.look.yaml_text import WIDTH, entry, scalar
from tollgate.yaml12 import read_yaml

VALUES = st.one_of(
    st.text(),
    st.integers(-(10**20), 10**20),
    st.booleans(),
    st.sampled_from(["null", "~", "1e3", "0x1f", ".inf", "no"]),
)


@given(key=st.text(min_size=1), values=st.lists(VALUES, max_size=40), remark=st.text(max_size=300))
def test_whatever_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, key: str, values: list[Any], remark: str
) -> None:
    path = tmp_path_factory.mktemp("yaml") / "one.yaml"
    path.write_text("\n".join(entry(key, {"values": values, "last": 1}, 0, remark)), "utf-8")
    assert read_yaml(path).value == {key: {"values": values, "last": 1}}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("own", "own"),
        ("charged off", "charged off"),
        ("Köln", "Köln"),
        ("6 months", "6 months"),
        ("../rows.csv", "../rows.csv"),
        ("no", '"no"'),
        ("1", '"1"'),
        ("a: b", '"a: b"'),
        ("", '""'),
        (1, "1"),
        (0.2, "0.2"),
    ],
)
def test_quotes_stand_only_where_they_are_needed(value: object, written: str) -> None:
    assert scalar(value) == written


def test_long_lists_and_comments_are_wrapped(tmp_path: Path) -> None:
    lines = entry("purpose", {"values": [f"number-{place}" for place in range(40)]}, 4, "a word " * 40)
    assert max(map(len, lines)) <= WIDTH
    assert len(lines) > 6
