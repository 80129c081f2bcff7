"""What the pages say is true: commands, keys, messages, links, and the requests that the README shows."""

import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from components.policy_file import policy_in
from pipelines.reference import workflow_reference
from pipelines.schema import evidence_schema, workflow_schema
from tollgate.policy import Policy

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
TOLLGATE = Path(sys.executable).parent / "tollgate"
PAGES = [
    path
    for path in ROOT.rglob("*.md")
    if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
]
CODE = "\n".join(
    path.read_text()
    for place in ("tollgate", "serving", "components", "pipelines", "Makefile")
    for path in ([ROOT / place] if place == "Makefile" else (ROOT / place).rglob("*.py"))
)


def blocks(page: str, language: str = "") -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


def test_the_reference_page_is_what_the_code_says() -> None:
    assert (ROOT / "docs/workflow.md").read_text() == workflow_reference(), "type `make docs`"


def test_the_schema_in_docs_is_what_the_code_says() -> None:
    assert json.loads((ROOT / "docs/workflow.schema.json").read_text()) == workflow_schema(), (
        "type `make docs`"
    )


def test_the_schema_of_the_evidence_in_docs_is_what_the_code_says() -> None:
    assert json.loads((ROOT / "docs/evidence.schema.json").read_text()) == evidence_schema(), (
        "type `make docs`"
    )


def test_the_policy_that_its_page_shows_is_one_and_requires_what_is_required_by_default(
    tmp_path: Path,
) -> None:
    shown = next(iter(blocks((ROOT / "docs/policy.md").read_text(), "yaml")))
    (tmp_path / "policy.yaml").write_text(shown)
    assert policy_in(tmp_path / "policy.yaml").required == Policy().required


@pytest.mark.parametrize(
    "file", ["workflow.yaml", *(str(p.relative_to(ROOT)) for p in ROOT.glob("examples/*/*.yaml"))]
)
def test_the_first_line_of_an_example_names_the_schema(file: str) -> None:
    first = (ROOT / file).read_text().splitlines()[0]
    named = re.fullmatch(r"# yaml-language-server: \$schema=(.+)", first)
    assert named, first
    assert (ROOT / file).parent.joinpath(named[1]).resolve() == ROOT / "docs/workflow.schema.json"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
        assert (page.parent / link).exists(), link


def test_every_make_target_that_a_page_names_exists() -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        word
        for page in PAGES
        for word in re.findall(r"(?:^|`)make ([a-z0-9-]+)", page.read_text(), re.MULTILINE)
    }
    assert named, "the pages name no target at all"
    assert named <= targets


def test_every_command_and_option_that_the_readme_names_exists() -> None:
    table = re.findall(r"^\| `tollgate ([a-z]+)` \| (.*) \|$", README, re.MULTILINE)
    helped = subprocess.run([TOLLGATE, "--help"], capture_output=True, text=True, check=True).stdout
    assert {name for name, _ in table} == set(re.findall(r"^│ ([a-z]+) ", helped, re.MULTILINE))
    for name, text in table:
        shown = subprocess.run([TOLLGATE, name, "--help"], capture_output=True, text=True, check=True).stdout
        for option in re.findall(r"--[a-z-]+", text):
            assert option in shown, f"{name} {option}"


@pytest.mark.parametrize(
    "message",
    re.findall(r"^\| `([^`]+)`(?: \([A-Z]+\))? \|", README.split("## Troubleshooting")[1], re.MULTILINE),
)
def test_every_message_in_the_troubleshooting_table_is_one_that_can_come(message: str) -> None:
    parts = [re.escape(part.strip()) for part in message.replace(" (Address already in use)", "").split("…")]
    assert re.search(".{0,40}".join(parts), CODE), message


def test_the_exit_statuses_of_the_readme_are_those_of_the_code() -> None:
    from tollgate.outcome import EXIT_STATUS

    told = {
        name: int(status) for name, status in re.findall(r"^\| ([a-z]+) \| (\d) \|", README, re.MULTILINE)
    }
    assert told == EXIT_STATUS


def test_the_rules_on_the_page_on_validation_are_those_of_the_code() -> None:
    from tollgate.data.noticed import RULES

    page = (ROOT / "docs/validation.md").read_text()
    rows = re.findall(r"^\| (?:error|warning|note) \| (.*?) \|", page, re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`([a-z_]+)`", row)} == RULES


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The model that the README's commands make, served on free ports: the addresses of HTTP and of gRPC."""
    folder = tmp_path_factory.mktemp("readme")
    (folder / "workflow.yaml").write_text((ROOT / "workflow.yaml").read_text())
    for command in ("simulate", "run"):
        subprocess.run([TOLLGATE, command], cwd=folder, check=True, capture_output=True)
    with subprocess.Popen(
        [TOLLGATE, "serve", "--port", "0", "--grpc-port", "0"], cwd=folder, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        http, grpc = (server.stdout.readline().rpartition(" ")[2].strip() for _ in range(2))
        yield http, grpc
        server.terminate()
    assert server.returncode == 0


def exchanges() -> list[tuple[str, str, Any]]:
    """Each request of the README: path, body, and the answer shown under it."""
    found = re.findall(
        r"^```\ncurl -s localhost:8080(\S+) -d '(.*?)'\n```\n\n```json\n(.*?)^```",
        README,
        re.MULTILINE | re.DOTALL,
    )
    return [(path, body, json.loads(answer)) for path, body, answer in found]


def test_the_readme_shows_three_exchanges() -> None:
    assert len(exchanges()) == len(blocks(README, "json")) == 3


@pytest.mark.parametrize(("path", "body", "shown"), exchanges(), ids=["v1", "v2", "refused"])
def test_the_requests_of_the_readme_get_the_answers_shown(
    addresses: tuple[str, str], path: str, body: str, shown: Any
) -> None:
    # curl -d sends this content type, and the README does not set another
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    request = urllib.request.Request(addresses[0] + path, body.encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            found = json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            found = json.loads(error.read())
    assert alike(found, shown), found


def test_the_call_on_the_page_on_grpc_gets_the_answer_shown(addresses: tuple[str, str]) -> None:
    page = (ROOT / "docs/grpc.md").read_text()
    ((script, shown),) = re.findall(
        r"^```python\n(.*?)^```\n\n```\n(.*?)^```", page, re.MULTILINE | re.DOTALL
    )
    here = script.replace("localhost:8081", addresses[1])
    assert here != script
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", here], capture_output=True, text=True, timeout=300, check=False
    )
    assert ran.returncode == 0, ran.stderr
    (told, found), (expected, figures) = (text.split(" [") for text in (ran.stdout, shown))
    assert told == expected
    assert alike(json.loads(f"[{found}"), json.loads(f"[{figures}")), ran.stdout


def alike(found: Any, shown: Any) -> bool:
    """Equal, but for figures that depend on the day and digests that depend on versions."""
    if shown == "…":
        return isinstance(found, str)
    if isinstance(shown, float):
        return isinstance(found, float) and abs(found - shown) < 0.05
    if isinstance(shown, dict):
        return (
            isinstance(found, dict)
            and found.keys() == shown.keys()
            and all(alike(found[k], shown[k]) for k in shown)
        )
    if isinstance(shown, list):
        return isinstance(found, list) and len(found) == len(shown) and all(map(alike, found, shown))
    return bool(found == shown)
