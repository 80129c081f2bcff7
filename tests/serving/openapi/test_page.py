"""The page /docs: commands that work as pasted, nothing that runs or comes from elsewhere, and names that stay text."""

import re
import shlex
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.serving.live import Live, serving
from tests.serving.small_model import numbers
from tests.small import COLUMNS, SmallBundle

HOSTILE = "</code><script>alert('1')</script>\"'&é"


class Page(HTMLParser):
    """The tags of a page with their attributes, and the text in each pair of tags."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.texts.append((tag, ""))

    def handle_data(self, data: str) -> None:
        if self.texts:
            tag, text = self.texts[-1]
            self.texts[-1] = (tag, text + data)

    def of(self, *tags: str) -> list[str]:
        return [text for tag, text in self.texts if tag in tags]


@pytest.fixture(scope="module")
def page(live: Live) -> Page:
    return Page(live.get("/docs").content)


def test_the_page_is_html_that_may_load_and_run_nothing(server: Live, page: Page) -> None:
    answer = server.get("/docs")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "form", "object", "a"}
    assert not {name for _, found in page.tags for name in found} - {
        "class",
        "lang",
        "charset",
        "name",
        "content",
    }
    assert b"url(" not in answer.content
    assert b"@import" not in answer.content


def test_the_page_says_what_is_served_and_what_a_row_holds(
    server: Live, page: Page, bundle: SmallBundle
) -> None:
    assert page.of("h1") == ["m"]
    assert bundle.digest in page.of("code")
    cells = page.of("td")
    for name, column in COLUMNS.items():
        assert (name in cells) == (column.get("role") != "target")
    assert "at least 0, at most 1000000" in cells
    assert "null, -1" in cells
    assert "branch, web; any other too, as one never seen" in cells


def commands(page: Page) -> list[str]:
    return [text for text in page.of("pre", "code") if text.startswith("curl ")]


def test_every_command_works_as_it_is_pasted(server: Live, page: Page) -> None:
    found = commands(page)
    assert len(found) > 15
    assert {answered(server, command) for command in found} == {"200"}


def answered(server: Live, command: str) -> str:
    """The status of the answer to a command, typed into a shell."""
    here = command + " -w '\\n%{http_code}'"
    assert f"http://127.0.0.1:{server.port}/" in command
    asked = subprocess.run(["bash", "-c", here], capture_output=True, text=True, check=True)
    return asked.stdout.rpartition("\n")[2]


def test_the_answer_beside_a_command_is_the_one_that_comes(server: Live, page: Page) -> None:
    pairs = list(zip(page.of("pre"), page.of("pre")[1:], strict=False))
    shown = [(first, second) for first, second in pairs if first.startswith("curl ") and second[0] == "{"]
    assert len(shown) == 5
    for command, answer in shown:
        arguments = shlex.split(command)
        found = server.post(
            arguments[2].removeprefix(f"http://127.0.0.1:{server.port}"), arguments[4].encode()
        )
        assert [*figures(found.content.decode())] == pytest.approx([*figures(answer)], abs=1e-9)


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("risk.example.org", "risk.example.org"),
        ("[::1]:8081", "[::1]:8081"),
        ("x';echo harm;'", "localhost:8080"),
        ("<b>x</b>", "localhost:8080"),
        ("x/y", "localhost:8080"),
        ("x:80:80", "localhost:8080"),
        ("x" * 254, "localhost:8080"),
    ],
)
def test_commands_ask_the_host_by_which_the_page_was_asked(server: Live, host: str, shown: str) -> None:
    found = commands(Page(server.ask("GET", "/docs", headers={"host": host}).content))
    asked = [word for command in found for word in shlex.split(command) if word.startswith("http")]
    assert len(asked) == len(found)
    assert all(address.startswith(f"http://{shown}/v") for address in asked if "/v" in address)
    assert {address.partition("//")[2].partition("/")[0] for address in asked} == {shown}


def figures(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+\.\d+", text)]


def test_names_and_texts_that_mean_harm_are_shown_as_they_are(tmp_path: Path) -> None:
    digest = numbers(tmp_path / "b", {HOSTILE: {"type": "number", "reason": {"high": HOSTILE}}})
    with serving(tmp_path / "b", digest) as live:
        content = live.get("/docs").content
        page = Page(content)
        assert HOSTILE in page.of("td")
        assert "script" not in {tag for tag, _ in page.tags}
        assert b"<script" not in content
        assert all(answered(live, command) == "200" for command in commands(page))
        assert HOSTILE in live.get("/openapi.json").json["components"]["schemas"]["Row"]["properties"]
