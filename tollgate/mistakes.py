"""What is wrong with a configuration file, in words: file, line, key, what was meant and what was found."""

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tollgate.yaml12 import Document, Keys

LONGEST = 60

_KINDS = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "model_type": "a mapping of keys to values",
    "model_attributes_type": "a mapping of keys to values",
    "dict_type": "a mapping of keys to values",
    "mapping_type": "a mapping of keys to values",
    "tuple_type": "a list",
}
_LIMITS = {
    "greater_than_equal": "at least {ge:g}",
    "greater_than": "above {gt:g}",
    "less_than_equal": "at most {le:g}",
    "less_than": "below {lt:g}",
    "string_too_short": "of length {min_length} at least",
    "string_too_long": "of length {max_length} at most",
    "too_short": "of length {min_length} at least",
    "too_long": "of length {max_length} at most",
}


def mistakes(
    model: type[BaseModel], document: Document, error: ValidationError, patterns: Mapping[str, str]
) -> list[str]:
    """Every mistake in a document on a line of its own, in the order of the file.

    Args:
        model: What the document was read as.
        document: The document.
        error: What pydantic found.
        patterns: What each pattern of the model's fields means, in words.
    """
    found = []
    for keys, problems in _by_place(document.value, error.errors()):
        for words in _words(model, keys, problems, patterns):
            place, rest = _pointed(document, keys, words)
            name = ".".join(str(key) for key in place) or "the file"
            found.append((document.line(place), f"{name}: {rest}"))
    return [f"{document.path}, line {line}: {text}" for line, text in sorted(found, key=lambda one: one[0])]


def _by_place(value: Any, errors: Sequence[ErrorDetails]) -> Iterator[tuple[Keys, list[ErrorDetails]]]:
    """The errors of each key; of a union of lists only those of the branch that fits best."""
    branches: dict[Keys, dict[str, dict[Keys, list[ErrorDetails]]]] = {}
    for error in errors:
        keys, branch, inner = _split(value, error)
        one = branches.setdefault(keys, {}).setdefault(branch if inner else "", {})
        one.setdefault((*keys, *inner), []).append(error)
    for of_key in branches.values():
        yield from min(of_key.values(), key=len).items()


def _split(value: Any, error: ErrorDetails) -> tuple[Keys, str, Keys]:
    """The keys that stand in the file, the branch of a union that pydantic names after them, the keys in that."""
    loc = error["loc"]
    for place, part in enumerate(loc):
        if isinstance(value, dict) and (part in value or error["type"] == "missing"):
            value = value.get(part)
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            return loc[:place], str(part), loc[place + 1 :]
    return loc, "", ()


def _words(
    model: type[BaseModel], keys: Keys, problems: list[ErrorDetails], patterns: Mapping[str, str]
) -> Iterator[str]:
    """What is wrong at one key; what the branches of a union want becomes one sentence."""
    kinds = [_KINDS[problem["type"]] for problem in problems if problem["type"] in _KINDS]
    if kinds:
        yield f"must be {' or '.join(dict.fromkeys(kinds))}{_got(problems[0]['input'])}"
    for problem in problems:
        if problem["type"] in _ABOUT_KEYS:
            yield _ABOUT_KEYS[problem["type"]](str(keys[-1]), _section(model, keys))
        elif problem["type"] not in _KINDS:
            yield _about_value(problem, patterns)


def _about_value(problem: ErrorDetails, patterns: Mapping[str, str]) -> str:
    kind, context = problem["type"], problem.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    got = _got(problem["input"])
    if kind == "literal_error":
        return f"must be {context['expected']}{got}{_meant(problem['input'], str(context['expected']))}"
    if kind == "string_pattern_mismatch":
        pattern = str(context["pattern"])
        return f"must be {patterns.get(pattern, f'written like {pattern}')}{got}"
    if kind in _LIMITS:
        return f"must be {_LIMITS[kind].format(**context)}{got}"
    return f"{problem['msg'][:1].lower()}{problem['msg'][1:]}{got}"


def _missing(key: str, section: type[BaseModel]) -> str:
    said = (section.model_fields[key].description or "").rstrip(".")
    return f"is missing ({said[:1].lower()}{said[1:]})"


def _unknown(key: str, section: type[BaseModel]) -> str:
    known = list(section.model_fields)
    close = difflib.get_close_matches(key, known, 1)
    if close:
        return f"unknown key; did you mean {close[0]!r}?"
    return f"unknown key; known are {', '.join(known)}" if known else "unknown key; nothing can be set here"


_ABOUT_KEYS = {"missing": _missing, "extra_forbidden": _unknown}


def _got(value: Any) -> str:
    text = "nothing" if value is None else json.dumps(value, ensure_ascii=False)
    return f" (got {text if len(text) <= LONGEST else text[:LONGEST] + '...'})"


def _meant(value: Any, expected: str) -> str:
    choices = re.findall("'(.*?)'", expected) if isinstance(value, str) else []
    close = difflib.get_close_matches(str(value), choices, 1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _pointed(document: Document, keys: Keys, words: str) -> tuple[Keys, str]:
    """The key that a message about a whole section begins with, where it stands in the file, and the rest."""
    named = re.match(r"`([\w.]+)(?:`: )?", words)
    inner = (*keys, *named[1].split(".")) if named else keys
    if named is None or inner not in document.lines:
        return keys, words
    return inner, words[named.end() :] if named[0].endswith(": ") else words


def _section(annotation: Any, keys: Keys) -> type[BaseModel]:
    """The model that a key is, or should be, a field of."""
    for key in keys[:-1]:
        annotation = _inner(annotation, key)
    return _model(annotation)


def _inner(annotation: Any, key: str | int) -> Any:
    """What a key of a model, a mapping or a list holds."""
    if get_origin(annotation) in (Mapping, tuple):
        return _model(annotation)
    return _model(annotation).model_fields[str(key)].annotation


def _model(annotation: Any) -> type[BaseModel]:
    """The model in an annotation: itself, or that of an optional value or of the items."""
    inner = next((_model(one) for one in get_args(annotation) if one not in (str, type(None), ...)), None)
    return inner or annotation
