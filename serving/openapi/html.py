"""HTML as a tree, so that whatever stands in a name or a value is text and never markup."""

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, tostring

Child = Element | str


def node(tag: str, *children: Child, kind: str = "") -> Element:
    """An element with texts and elements in it."""
    found = Element(tag, {"class": kind} if kind else {})
    last: Element | None = None
    for child in children:
        if isinstance(child, Element):
            found.append(child)
            last = child
        elif last is None:
            found.text = (found.text or "") + child
        else:
            last.tail = (last.tail or "") + child
    return found


def table(heads: Sequence[str], rows: Iterable[Sequence[Child]]) -> Element:
    """A table with a line of heads."""
    head = node("tr", *(node("th", text) for text in heads))
    body = (node("tr", *(node("td", cell) for cell in row)) for row in rows)
    return node("table", node("thead", head), node("tbody", *body))


def whole_page(title: str, style: str, body: Element) -> bytes:
    """A page in UTF-8; a character that UTF-8 does not have is shown by its number."""
    charset = Element("meta", {"charset": "utf-8"})
    width = Element("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"})
    head = node("head", charset, width, node("title", title), node("style", style))
    root = node("html", head, body)
    root.set("lang", "en")
    return b"<!doctype html>\n" + tostring(root, "unicode", "html").encode("utf-8", "backslashreplace")
