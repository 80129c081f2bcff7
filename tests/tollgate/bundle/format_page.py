"""The bundle that is committed as format version 1, and what docs/bundle.md says of such a one."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).with_name("format_1")
DIGEST = "c9454b603f7c1d4e117441459fca8635f090245cccb62855574e715ae9e6832b"
PAGE = (Path(__file__).parents[3] / "docs" / "bundle.md").read_text()


def content(name: str) -> Any:
    return json.loads((FOLDER / name).read_bytes())


def section(name: str) -> str:
    """What the page says of a file."""
    return PAGE.split(f"## {name}\n")[1].split("\n## ")[0]


def named(text: str) -> set[str]:
    """The words that a page shows as code, keys within braces one by one."""
    return {word for code in re.findall(r"`([^`]+)`", text) for word in re.findall(r"\w+", code)}


def coded(column: dict[str, Any], value: Any) -> float:
    """One value as the page says that it becomes a number."""
    if value is None or value in column.get("missing_values", []):
        return float("nan")
    if column["type"] == "category":
        return float((column["values"].index(value)) if value in column["values"] else len(column["values"]))
    if column["type"] == "date":
        return float((dt.date.fromisoformat(value) - dt.date(1970, 1, 1)).days)
    return float(value)


def encoded(requests: list[dict[str, Any]]) -> Any:
    columns = [column for column in content("contract.json")["columns"] if column.get("role") is None]
    return np.array([[coded(column, row[column["name"]]) for column in columns] for row in requests])


def fallen(explained: dict[str, Any], row: list[float], node: int) -> float:
    """The leaf that a row falls to, as the page says."""
    while node >= 0:
        value = row[explained["feature"][node]]
        codes = explained["categories"][node]
        left = value in codes if codes else value <= explained["threshold"][node]
        if np.isnan(value):
            left = explained["missing_left"][node]
        node = explained["left"][node] if left else explained["right"][node]
    return float(explained["leaves"][-1 - node])
