from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tollgate.errors import ConfigError
from tollgate.yaml12 import Document, read_yaml


def read(folder: Path, content: str | bytes) -> Document:
    path = folder / "workflow.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_yaml(path)


VALUES: list[tuple[str, Any]] = [
    ("no", "no"),
    ("on", "on"),
    ("yes", "yes"),
    ("off", "off"),
    ("y", "y"),
    ("true", True),
    ("False", False),
    ("TRUE", True),
    ("tRue", "tRue"),
    ("012", 12),
    ("0o17", 15),
    ("0x1F", 31),
    ("0b11", "0b11"),
    ("-7", -7),
    ("+7", 7),
    ("1_000", "1_000"),
    ("1e3", 1000.0),
    ("1E-2", 0.01),
    (".5", 0.5),
    ("5.", 5.0),
    ("-1.5", -1.5),
    ("1.2.3", "1.2.3"),
    ("12:30:45", "12:30:45"),
    ("2024-02-29", "2024-02-29"),
    ("2024-02-29T10:00:00Z", "2024-02-29T10:00:00Z"),
    ("null", None),
    ("~", None),
    ("", None),
    ("NULL", None),
    ("nULL", "nULL"),
    ("'null'", "null"),
    ('"12"', "12"),
    ("'no'", "no"),
    ("6 months", "6 months"),
    ("[a, 1, no]", ["a", 1, "no"]),
    ("{b: 1, c: }", {"b": 1, "c": None}),
    ("|\n  two\n  lines\n", "two\nlines\n"),
    ("=", "="),
    ("é🙂", "é🙂"),
]


@pytest.mark.parametrize(("text", "value"), VALUES)
def test_values_mean_what_yaml_1_2_says(tmp_path: Path, text: str, value: Any) -> None:
    found = read(tmp_path, f"a: {text}").value["a"]
    assert found == value
    assert type(found) is type(value)


REFUSED: list[tuple[str, int, str]] = [
    ("a: 1\nb: 2\na: 3\n", 3, "the key 'a' stands twice, first in line 1"),
    ("a:\n  b: 1\n  c: 2\n  'b': 3\n", 4, "the key 'b' stands twice, first in line 2"),
    ("a: &x 1\n", 1, "anchors and aliases"),
    ("a: 1\nb: &x {c: 1}\n", 2, "anchors and aliases"),
    ("a: 1\nb: *x\n", 2, "anchors and aliases"),
    ("a: 1\n<<: {b: 2}\n", 2, "merge keys (<<) are not allowed"),
    ("a: !!python/object:os.system 1\n", 1, "tags (!) are not allowed"),
    ("a: !!int '1'\n", 1, "tags (!) are not allowed"),
    ("a: !!int x\n", 1, "tags (!) are not allowed"),
    ("a: !!str 5\n", 1, "tags (!) are not allowed"),
    ("a: !mine 5\n", 1, "tags (!) are not allowed"),
    ("a: ! 5\n", 1, "tags (!) are not allowed"),
    ("a: 1\nb: !!seq [1]\n", 2, "tags (!) are not allowed"),
    ("!!map {a: 1}\n", 1, "tags (!) are not allowed"),
    ("!!str a: 1\n", 1, "tags (!) are not allowed"),
    ("a:\n\tb: 1\n", 2, "a tab stands where spaces belong"),
    ("a: 1\n---\nb: 2\n", 2, "more than one document"),
    ("1: a\n", 1, 'a key must be a text, 1 is none: write it in quotes, "1"'),
    ("a: 1\ntrue: b\n", 2, "a key must be a text, true is none"),
    ("~: b\n", 1, "a key must be a text"),
    ("2.5: b\n", 1, "a key must be a text"),
    ("? [a]\n: b\n", 1, "a key must be a text, not a list or mapping"),
    ("? {a: 1}\n: b\n", 1, "a key must be a text, not a list or mapping"),
    ("a: 1\nb: .nan\n", 2, ".nan is not a finite number"),
    ("a: .inf\n", 1, ".inf is not a finite number"),
    ("a: -.Inf\n", 1, "-.Inf is not a finite number"),
    ("a: 1e999\n", 1, "1e999 is not a finite number"),
    ("a: " + "9" * 31, 1, "the number is too long"),
    ("a: 1\nb: " + "[" * 40 + "]" * 40, 2, "nested too deeply"),
    ("a: 1\nb: " + "[" * 300_000, 2, "nested too deeply"),
    ("a: " + "{a: " * 40 + "1" + "}" * 40, 1, "nested too deeply"),
    ("a: [1, 2\n", 2, "not valid YAML"),
    ("a: 1\n  b: 2\n", 2, "not valid YAML"),
    ("a: @b\n", 1, "not valid YAML"),
    ("a: 1\nb: \x07\n", 2, "the character U+0007 is not allowed"),
    ("a: 1\nb: 2\n\x00", 3, "the character U+0000 is not allowed"),
]


@pytest.mark.parametrize(("text", "line", "reason"), REFUSED)
def test_what_is_refused_is_named_by_line(tmp_path: Path, text: str, line: int, reason: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read(tmp_path, text)
    assert str(refused.value).startswith(f"{tmp_path / 'workflow.yaml'}, line {line}: ")
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"# only a comment\n", "the file is empty"),
        (b"---\n", "is not a mapping of keys to values"),
        (b"- a\n- b\n", "is not a mapping of keys to values"),
        (b"just text", "is not a mapping of keys to values"),
        (b"a: 1\nb: caf\xe9\n", "line 2: the file is not UTF-8"),
        ("a: 1".encode("utf-16"), "line 1: the file is not UTF-8"),
        (b"a: " + b"x" * 2**20, "the file is larger than 1024 KiB"),
    ],
)
def test_a_file_that_is_no_configuration_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read(tmp_path, content)
    assert str(tmp_path / "workflow.yaml") in str(refused.value)
    assert reason in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.yaml: no such file"):
        read_yaml(tmp_path / "none.yaml")
    with pytest.raises(ConfigError, match="is a folder, not a file"):
        read_yaml(tmp_path)


def test_a_file_of_the_largest_size_and_depth_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, "a: " + "x" * (2**20 - 3)).value == {"a": "x" * (2**20 - 3)}
    nested = read(tmp_path, "a: " + "[" * 29 + "]" * 29).value["a"]
    for _ in range(28):
        (nested,) = nested
    assert nested == []


def test_marks_of_windows_and_of_documents_do_no_harm(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf# comment\r\n---\r\na: no\r\nb:\r\n  - 1\r\n...\r\n"
    found = read(tmp_path, content)
    assert found.value == {"a": "no", "b": [1]}
    assert found.line(("b",)) == 4


def test_every_key_and_item_knows_its_line(tmp_path: Path) -> None:
    text = "# first\na: 1\n\nb:\n  c: {d: 1, e: [x,\n      y]}\n  f:\n    - g: 1\n      h: 2\n    - 3\n"
    found = read(tmp_path, text)
    expected = {
        ("a",): 2,
        ("b",): 4,
        ("b", "c"): 5,
        ("b", "c", "d"): 5,
        ("b", "c", "e"): 5,
        ("b", "c", "e", 0): 5,
        ("b", "c", "e", 1): 6,
        ("b", "f"): 7,
        ("b", "f", 0): 8,
        ("b", "f", 0, "g"): 8,
        ("b", "f", 0, "h"): 9,
        ("b", "f", 1): 10,
    }
    assert found.lines == expected
    assert found.line(("b", "c", "absent")) == 5
    assert found.line(("b", "f", 7, "g")) == 7
    assert found.line(("absent",)) == 1


def test_a_quoted_merge_key_is_a_plain_key(tmp_path: Path) -> None:
    assert read(tmp_path, '"<<": 1').value == {"<<": 1}


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc no1", max_size=4), inner, max_size=3)
    ),
    max_leaves=10,
)


@settings(max_examples=60, deadline=None, database=None)
@given(st.dictionaries(st.text("abxyz", min_size=1, max_size=4), json_values, min_size=1, max_size=4))
def test_quoted_yaml_reads_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, value: dict[str, Any]
) -> None:
    """PyYAML writes every text in quotes, so that both versions of YAML agree on it."""

    class Quoting(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    Quoting.add_representer(
        str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
    )
    text = yaml.dump(value, Dumper=Quoting, allow_unicode=True)
    assert read(tmp_path_factory.mktemp("yaml"), text).value == value
