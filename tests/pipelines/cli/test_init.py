"""`tollgate init` as a user types it: what it writes runs, and what it refuses is said in one message."""

import json
from pathlib import Path

import numpy as np
import pytest

from pipelines.config import load_workflow
from tests.pipelines.command import Ended, tollgate

pytestmark = pytest.mark.long

ROWS = 900


def write_rows(path: Path, seed: int = 5) -> None:
    """Applications as a spreadsheet of the continent writes them: semicolons, decimal commas, Latin-1."""
    draw = np.random.default_rng(seed)
    income = draw.uniform(800, 9000, ROWS)
    bad = draw.random(ROWS) < 1 / (1 + np.exp((income - 3000) / 1200))
    lines = ["Nr;Antragsdatum;Einkommen;Stadt;age;payment delay;Ausfall"]
    for row in range(ROWS):
        day = np.datetime64("2022-01-01") + row
        delay = 999 if row % 50 == 0 else row % 7
        town = ("Köln", "Münster", "Bonn")[draw.integers(3)]
        amount = f"{income[row]:.2f}".replace(".", ",")
        lines.append(
            f"{row + 1};{day};{amount};{town};{draw.integers(19, 70)};{delay};{('bezahlt', 'Verlust')[int(bad[row])]}"
        )
    path.write_bytes("\r\n".join(lines).encode("latin-1"))


def one_message(ended: Ended, status: int) -> str:
    """The one message of a refusal."""
    assert (ended.status, ended.out) == (status, ""), ended.err
    assert ended.err.startswith("tollgate: ")
    assert ended.err.count("\n") == 1
    return ended.err


@pytest.fixture(scope="module")
def applications(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with data and with the workflow that init wrote for it. Not to be changed by a test."""
    folder = tmp_path_factory.mktemp("applications")
    write_rows(folder / "anträge 2022.csv")
    ended = tollgate(folder, "init", "anträge 2022.csv", "--target", "Ausfall", "--positive", "Verlust")
    assert (ended.status, ended.err) == (0, "")
    (folder / "told.txt").write_text(ended.out)
    return folder


def test_what_looks_odd_is_told_line_by_line(applications: Path) -> None:
    first, *told, last = (applications / "told.txt").read_text().splitlines()
    assert first == "wrote workflow.yaml: all 900 rows, 7 columns, 3 of them features"
    assert last == "next: read workflow.yaml, then `tollgate run`"
    assert [line.split(":")[:2] for line in told] == [
        ["7 things to look at", ""],
        ["  encoding", " the text is not UTF-8"],
        ["  decimal comma", " Einkommen"],
        ["  leak-like", " Einkommen"],
        ["  id-like", " Nr"],
        ["  date", " Antragsdatum"],
        ["  protected-looking", " age"],
        ["  sentinel", " payment delay"],
    ]


def test_the_workflow_says_the_same_in_its_comments(applications: Path) -> None:
    text = (applications / "workflow.yaml").read_text()
    said = " ".join(text.replace("#", " ").split())
    for line in (applications / "told.txt").read_text().splitlines()[2:-1]:
        assert line.split(": ", 2)[-1] in said
    workflow = load_workflow(applications / "workflow.yaml")
    assert workflow.data.format.as_json() == {
        "delimiter": ";",
        "header": True,
        "encoding": "latin-1",
        "nulls": [""],
        "decimal": ",",
    }
    assert {column.known for column in workflow.data.columns.values()} == {"unconfirmed"}
    assert text.count("known: unconfirmed}") == len(workflow.data.contract.features) == 3
    assert workflow.data.columns["payment delay"].missing_values == (999,)
    assert workflow.split.as_json()["holdout"] == "12 months"  # so many that a gate can decide
    assert (workflow.name, workflow.serving.name) == ("antrage-2022", "antrage-2022")


def test_what_init_wrote_runs_unaided(applications: Path) -> None:
    ended = tollgate(applications, "run")
    assert ended.status in (0, 3), ended.err
    assert "roc_auc is 0.9" in ended.out
    assert "Einkommen" not in ended.err


def test_json_lists_every_finding(applications: Path, tmp_path: Path) -> None:
    source = str(applications / "anträge 2022.csv")
    ended = tollgate(
        tmp_path,
        "init",
        source,
        "--target",
        "Ausfall",
        "--positive",
        "Verlust",
        "--name",
        "credit",
        "-o",
        "c.yaml",
        "--json",
    )
    found = json.loads(ended.out)
    assert (found["workflow"], found["rows"], found["whole"]) == ("c.yaml", ROWS, True)
    assert found["columns"]["age"] == "protected"
    assert {"kind", "column", "message"} == set(found["findings"][0])
    kinds = {(finding["kind"], finding["column"]) for finding in found["findings"]}
    assert ("sentinel", "payment delay") in kinds
    workflow = load_workflow(tmp_path / "c.yaml")
    assert workflow.name == "credit"
    assert (tmp_path / workflow.data.source).resolve() == Path(source).resolve()


def test_a_file_that_is_there_is_written_over_only_by_force(applications: Path, tmp_path: Path) -> None:
    (tmp_path / "workflow.yaml").write_text("mine\n")
    words = ("init", str(applications / "anträge 2022.csv"), "--target", "Ausfall", "--positive", "Verlust")
    assert "workflow.yaml: is there already" in one_message(tollgate(tmp_path, *words), 2)
    assert (tmp_path / "workflow.yaml").read_text() == "mine\n"
    assert tollgate(tmp_path, *words, "--force").status == 0
    assert load_workflow(tmp_path / "workflow.yaml").name == "antrage-2022"


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("--target", "ausfall"), 2, "--target 'ausfall': there is no such column; did you mean 'Ausfall'?"),
        (("--target", "Ausfall"), 2, "which one is the event to be predicted? Say it with --positive"),
        (("--target", "Ausfall", "--positive", "yes"), 2, "--positive 'yes': column Ausfall has 'Verlust' ("),
        (("--target", "Stadt"), 1, "column Stadt: the target must have two values, but has 3: 'Bonn' ("),
        (("--target", "Einkommen"), 1, "the target must have two values, but has 900"),
        (("--target", "Ausfall", "--name", "Mein Modell"), 2, "--name 'Mein Modell': small letters, digits"),
        (
            ("--target", "Ausfall", "-o", "nowhere/w.yaml"),
            2,
            "--output nowhere/w.yaml: there is no folder nowhere",
        ),
        (("--target", "Ausfall", "-o", "."), 2, "--output .: is a folder; name a file in it"),
        (("--target", "Ausfall", "--names", "no.txt"), 2, "--names no.txt: cannot be read (No such file"),
    ],
)
def test_a_refusal_is_one_message_and_leaves_nothing(
    applications: Path, tmp_path: Path, words: tuple[str, ...], status: int, message: str
) -> None:
    ended = tollgate(tmp_path, "init", str(applications / "anträge 2022.csv"), *words)
    assert message in one_message(ended, status)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "no.csv: no such file" in one_message(tollgate(tmp_path, "init", "no.csv", "--target", "x"), 1)


def test_a_truncated_gzip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rows.csv.gz").write_bytes(b"\x1f\x8b\x08\x00 not whole")
    ended = tollgate(tmp_path, "init", "rows.csv.gz", "--target", "x")
    assert "rows.csv.gz: cannot be unpacked" in one_message(ended, 1)


def test_names_make_a_header(tmp_path: Path) -> None:
    rows = [f"{row * 37 % 101} {'AB'[row % 2]} {1 + (row % 3 == 0)}\n" for row in range(300)]
    (tmp_path / "rows.data").write_text("".join(rows))
    (tmp_path / "names.txt").write_text("months\npurpose, class\n")
    ended = tollgate(
        tmp_path, "init", "rows.data", "--target", "class", "--names", "names.txt", "--positive", "2"
    )
    assert (ended.status, ended.err) == (0, "")
    assert list(load_workflow(tmp_path / "workflow.yaml").data.columns) == ["months", "purpose", "class"]


def test_names_that_stand_twice_are_refused(tmp_path: Path) -> None:
    (tmp_path / "rows.data").write_text("1 2 3\n" * 9)
    (tmp_path / "names.txt").write_text("a,b,a\n")
    ended = tollgate(tmp_path, "init", "rows.data", "--target", "a", "--names", "names.txt")
    assert "--names names.txt: names a column twice: a" in one_message(ended, 2)


def test_of_many_findings_the_terminal_shows_the_first_and_says_where_the_rest_is(tmp_path: Path) -> None:
    names = [f"x{place}" for place in range(40)]
    lines = [",".join(["amount", *names, "bad"])]
    lines += [",".join([f"{row * 37 % 101}.5", *["7"] * 40, str(row % 3 // 2)]) for row in range(300)]
    (tmp_path / "rows.csv").write_text("\n".join(lines))
    ended = tollgate(tmp_path, "init", "rows.csv", "--target", "bad")
    told = ended.out.splitlines()
    more = int(told[1].split()[0]) - 30
    assert more > 0
    assert told[-2] == f"  and {more} more, which stand in workflow.yaml"
    assert len(told) == 34
    assert (tmp_path / "workflow.yaml").read_text().count("the same value in every row") == 40
