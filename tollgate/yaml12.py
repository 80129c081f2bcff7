"""Reading YAML as version 1.2 means it, strictly, and knowing the line of every key."""

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tollgate.errors import ConfigError

LARGEST = 1024 * 1024
DEEPEST = 30
Keys = tuple[str | int, ...]

# The core schema, YAML 1.2.2 section 10.3.2.
_CORE = (
    ("null", re.compile(r"(?:null|Null|NULL|~|)"), ["~", "n", "N", ""]),
    ("bool", re.compile(r"(?:true|True|TRUE|false|False|FALSE)"), list("tTfF")),
    ("int", re.compile(r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)"), list("-+0123456789")),
    (
        "float",
        re.compile(
            r"(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))"
        ),
        list("-+.0123456789"),
    ),
)


class _Loader(yaml.SafeLoader):
    """PyYAML's scanner and composer with the core schema instead of YAML 1.1's guesses."""


_Loader.yaml_implicit_resolvers = {}
for _name, _pattern, _first in _CORE:
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_name}", re.compile(f"(?:{_pattern.pattern})$", re.ASCII), _first
    )


@dataclass(frozen=True)
class Document:
    """A YAML document.

    Attributes:
        path: The file.
        value: Its content as JSON values.
        lines: The line of every key and item, from 1, by its path.
    """

    path: Path
    value: dict[str, Any]
    lines: dict[Keys, int]

    def line(self, keys: tuple[Any, ...]) -> int:
        """The line of a key or item, or of its nearest parent that stands in the file."""
        for end in range(len(keys), 0, -1):
            if keys[:end] in self.lines:
                return self.lines[keys[:end]]
        return 1


def read_yaml(path: Path) -> Document:
    """Read one YAML 1.2 file of mappings, lists and plain values.

    Raises:
        ConfigError: The file cannot be read, is too large, or holds what is refused: duplicate keys, anchors
            and aliases, tags, keys that are no text, several documents, numbers that are not finite.
    """
    text = _read(path)
    try:
        _refuse_tricks(path, text)
        node = _compose(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f", line {mark.line + 1}" if mark else ""
        raise ConfigError(f"{path}{where}: not valid YAML: {_problem(error)}") from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise ConfigError(
            f"{path}, line {line}: the character U+{error.character:04X} is not allowed"
        ) from None
    if not isinstance(node, yaml.MappingNode):
        found = "is empty" if node is None else "is not a mapping of keys to values at its top"
        raise ConfigError(f"{path}: the file {found}")
    lines: dict[Keys, int] = {}
    value: dict[str, Any] = _Reader(path, lines).read(node, ())
    return Document(path, value, lines)


def _compose(text: str) -> yaml.Node | None:
    loader = _Loader(text)
    try:
        return loader.get_single_node()
    finally:
        loader.dispose()


class _Reader:
    """Nodes to values, one level of keys after another."""

    def __init__(self, path: Path, lines: dict[Keys, int]) -> None:
        self._path = path
        self._lines = lines

    def read(self, node: yaml.Node, keys: Keys) -> Any:
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, keys)
        if isinstance(node, yaml.SequenceNode):
            return [self._item(item, (*keys, place)) for place, item in enumerate(node.value)]
        return self._scalar(node)

    def _item(self, node: yaml.Node, keys: Keys) -> Any:
        self._lines[keys] = node.start_mark.line + 1
        return self.read(node, keys)

    def _mapping(self, node: yaml.MappingNode, keys: Keys) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node)
            if key in found:
                first = self._lines[(*keys, key)]
                raise self._refusal(key_node, f"the key {key!r} stands twice, first in line {first}")
            self._lines[(*keys, key)] = key_node.start_mark.line + 1
            found[key] = self.read(value_node, (*keys, key))
        return found

    def _key(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise self._refusal(node, "a key must be a text, not a list or mapping")
        if node.value == "<<" and node.style is None:
            raise self._refusal(node, "merge keys (<<) are not allowed: write the keys out")
        key, text = self._scalar(node), node.value
        if not isinstance(key, str):
            raise self._refusal(node, f'a key must be a text, {text} is none: write it in quotes, "{text}"')
        return key

    def _scalar(self, node: yaml.Node) -> Any:
        kind = node.tag.rpartition(":")[2]
        text = str(node.value)
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        if kind == "int":
            return self._integer(node, text)
        if kind == "float":
            number = float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
            if not math.isfinite(number):
                raise self._refusal(node, f"{text} is not a finite number")
            return number
        return text

    def _integer(self, node: yaml.Node, text: str) -> int:
        if len(text) > 30:
            raise self._refusal(node, "the number is too long")
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)

    def _refusal(self, node: yaml.Node, problem: str) -> ConfigError:
        return ConfigError(f"{self._path}, line {node.start_mark.line + 1}: {problem}")


def _read(path: Path) -> str:
    try:
        if path.is_dir():
            raise ConfigError(f"{path}: is a folder, not a file")
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from None
    if len(content) > LARGEST:
        raise ConfigError(f"{path}: the file is larger than {LARGEST // 1024} KiB; a configuration is not")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ConfigError(f"{path}, line {line}: the file is not UTF-8") from None


def _refuse_tricks(path: Path, text: str) -> None:
    """An alias can blow a small file up to any size, a tag makes a value something else: nobody needs them."""
    depth = 0
    for event in yaml.parse(text, _Loader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise ConfigError(
                f"{path}, line {line}: anchors and aliases (& and *) are not allowed: write it out"
            )
        if getattr(event, "tag", None) is not None:
            raise ConfigError(f"{path}, line {line}: tags (!) are not allowed: write the plain value")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise ConfigError(f"{path}, line {line}: nested too deeply")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _problem(error: yaml.MarkedYAMLError) -> str:
    problem = str(error.problem or error.context)
    if "'\\t'" in problem:
        return "a tab stands where spaces belong: use spaces"
    if "expected a single document" in str(error.context):
        return "there is more than one document"
    return problem
