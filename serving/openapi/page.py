"""The page /docs: what is served and how to ask it, in HTML without scripts and with nothing from elsewhere."""

import base64
import hashlib
import json
import re
import secrets
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from serving.infer import Infer
from serving.openapi.answers import REFUSALS
from serving.openapi.examples import Example, Examples, as_text
from serving.openapi.html import Child, node, table, whole_page
from serving.outputs import OUTPUTS, given
from tollgate.contract import Column, Contract
from tollgate.contract.cells import plain
from tollgate.contract.rows import COMPANIONS

USUAL = b"localhost:8080"
_PLACE = f"[{secrets.token_hex(8)}]"  # where the host goes; the brackets make a shell's quotes go around the address
_HOST = re.compile(rb"([A-Za-z0-9_][A-Za-z0-9_.-]{0,252}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?").fullmatch
STYLE = Path(__file__).with_name("page.css").read_text("utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
MEANING = {
    "probability": "The probability of the event.",
    "decision": "approve where the probability is below the bundle's threshold, else decline.",
    "margin": "The raw score, of which the probability is made.",
    "reasons": "What counts most against the applicant.",
    "outlier": "Whether the values of the row do not go together.",
}
HOW_MANY = 40


def page(infer: Infer, examples: Examples, document: Mapping[str, Any]) -> bytes:
    """The page, but for the host in its commands; see `placed`.

    Args:
        infer: The bundle, as it is served.
        examples: Its examples.
        document: The OpenAPI document, whose routes are listed.
    """
    bundle = infer.scoring.bundle
    parts: list[Element] = [
        node(
            "header",
            node("h1", infer.name),
            node("p", "Version ", node("code", infer.version), ", bundle ", node("code", bundle.digest)),
            node("p", document["info"]["description"], kind="quiet"),
        ),
        node("h2", "Score rows"),
        *_scoring(infer, examples),
        node("h2", "What a row holds"),
        *_contract(bundle.contract),
        node("h2", "What can be asked for"),
        _outputs(infer),
        node("h2", "All routes"),
        _routes(document, infer.version),
        node("h2", "Refusals"),
        *_refusals(examples),
    ]
    return whole_page(f"{infer.name}, version {infer.version}", STYLE, node("body", *parts))


def placed(content: bytes, host: bytes) -> bytes:
    """The page for whoever asked for it.

    Args:
        content: The page.
        host: The host by which it was asked, as the request says; what is none is not shown.
    """
    return content.replace(_PLACE.encode(), host if _HOST(host) else USUAL)


def _scoring(infer: Infer, examples: Examples) -> Iterator[Element]:
    v1, v2 = f"/v1/models/{infer.name}:predict", f"/v2/models/{infer.name}/infer"
    asked = [(v1, example) for example in (*examples.v1.values(), examples.partial) if example]
    asked += [(v1.replace(":predict", ":explain"), example) for example in examples.explain.values()]
    for path, example in [*asked, *((v2, example) for example in examples.v2.values())]:
        yield node("h3", f"{path}{example.query}: {example.title}")
        yield node("pre", curl(path, example))
        if example.answer:
            yield node("pre", json.dumps(example.answer), kind="answer")
    packed = f"gzip -c rows.json | curl -s {_address(v1)} -H 'Content-Encoding: gzip' --data-binary @-"
    yield node("p", "A file, packed: ", node("code", packed))
    said = ("Every answer names the bundle in ", node("code", "X-Tollgate-Bundle"), " and the request in ")
    yield node("p", *said, node("code", "X-Request-Id"), ".", kind="quiet")


def curl(path: str, example: Example) -> str:
    """The command that sends an example."""
    return f"curl -s {_address(path + example.query)} -d {shlex.quote(as_text(example.body))}"


def _address(path: str) -> str:
    return shlex.quote(f"http://{_PLACE}{path}")


def _contract(contract: Contract) -> Iterator[Element]:
    said = "Features are needed in every row, and are all that a list holds. "
    said += "Other columns may come along in an object, and are not looked at."
    yield node("p", said, kind="quiet")
    shown = [
        (name, column)
        for role in ("feature", *COMPANIONS)
        for name, column in contract.columns.items()
        if column.role == role
    ]
    heads = ("column", "role", "type", "allowed", "missing")
    yield table(heads, ((name, *_column(column)) for name, column in shown))


def _column(column: Column) -> tuple[Child, ...]:
    if column.role != "feature":
        return (column.role, "", "", "")
    missing = "refused"
    if column.missing == "allowed":
        missing = ", ".join(["null", *(json.dumps(value) for value in column.missing_values)])
    return (column.role, column.type or "", _allowed(column), missing)


def _allowed(column: Column) -> str:
    if column.values is not None:
        listed = ", ".join(str(value) for value in column.values[:HOW_MANY])
        more = len(column.values) - HOW_MANY
        listed += f" and {more} more" if more > 0 else ""
        return f"{listed}; any other too, as one never seen" if column.unknown == "other" else listed
    if column.type == "boolean":
        return "true, false"
    if column.type == "date":
        return "YYYY-MM-DD"
    ends = [f"at least {plain(column.min)}" if column.min is not None else ""]
    ends.append(f"at most {plain(column.max)}" if column.max is not None else "")
    found = ", ".join(end for end in ends if end) or "any"
    beyond = {
        "refuse": "",
        "warn": "; beyond it with a warning",
        "clip": "; beyond it as the bound, with a warning",
    }
    return found + beyond[column.out_of_bounds]


def _outputs(infer: Infer) -> Element:
    most = f" At most {infer.scoring.limits.max_explained} rows at once."
    rows = (
        (name, OUTPUTS[name], MEANING[name] + (most if name == "reasons" else ""))
        for name in given(infer.scoring.bundle)
    )
    return table(("output", "V2 datatype", "meaning"), rows)


def _routes(document: Mapping[str, Any], version: str) -> Element:
    rows = [
        (node("code", _asking(method, path.replace("{version}", version))), operation["summary"])
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    return table(("route", "what it says"), rows)


def _asking(method: str, path: str) -> str:
    """The command that asks a route; how rows are sent stands above."""
    return f"curl -s {_address(path)}" if method == "get" else f"POST {path}"


def _refusals(examples: Examples) -> Iterator[Element]:
    yield node(
        "p", "Whatever is refused is refused in one shape; ", node("code", "total"), " counts all details."
    )
    details = [examples.broken]
    first = examples.broken
    where = f"row {first['row']}, column {first['column']}"
    shape = {
        "error": f"the rows break the contract: {where}: {first['message']}",
        "details": details,
        "total": 1,
    }
    yield node("pre", json.dumps(shape, indent=1))
    yield table(("status", "why"), ((str(status), why) for status, why in REFUSALS.items()))
