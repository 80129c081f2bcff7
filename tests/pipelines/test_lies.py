"""What a step says is looked up: in the evidence, in the target's history, by digest."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future

import pytest

from tests.pipelines.replay import Case, Played, Recorded, side_by_side
from tests.pipelines.test_faults import ALL_HELD
from tollgate.outcome import EXIT_STATUS

pytestmark = pytest.mark.long

NOWHERE = "0" * 64

# What judge really does, up to the answer that it gives.
JUDGED = """\
from pathlib import Path
from components.judged import reach_verdict
from tollgate.lineage import Lineage
from tollgate.storage.folder import open_storage
made = Lineage(bundle, splits, training, validation, measured, f"{target}/{serving['name']}")
found, page = reach_verdict(Path(evidence.path).read_bytes(), made, gates, open_storage(storage), run)
Path(verdict.path).write_bytes(found.content())
Path(report.path).write_text(page)
"""
# A judge that hands on a verdict which its gates never gave.
FORGED = f"""\
{JUDGED}
passed = [finding.model_copy(update={{"status": "PASS"}}) for finding in found.findings]
forged = found.model_copy(update={{"decision": "deploy", "findings": tuple(passed)}})
Path(verdict.path).write_bytes(forged.content())
return "deploy"
"""
# A deploy that writes an outcome, and does nothing else.
CLAIMS = f"""\
import json
from tollgate.canonical import sha256
from tollgate.storage.folder import open_storage
judged = open_storage(storage).read(f"runs/{{run}}/verdict.json")
said = {{"version": 1, "run": run, "outcome": "deployed", "verdict": sha256(judged), "bundle": bundle, "at": ""}}
said |= {{"release": "{NOWHERE}", "generation": 1, "changed": True}}
open_storage(storage).write(f"runs/{{run}}/outcome.json", json.dumps(said).encode())
return
"""
# What somebody does who can write where the steps' files lie: evidence that is better than what was measured.
REPLACED = """\
import json
from pathlib import Path
from tollgate.canonical import canonical_json, sha256
values = json.loads(Path(evidence.path).read_bytes())
figure = values["metrics"]["roc_auc"]
figure.update({end: figure[end] + 0.001 for end in ("value", "low", "high")})
Path(evidence.path).write_bytes(canonical_json(values))
"""
# The same after judge, with the verdict that the gates give on it, here and where judge kept it.
AND_VERDICT = f"""\
{REPLACED}
{JUDGED.replace("measured,", "sha256(canonical_json(values)),").replace("Path(report.path).write_text(page)", "")}
"""
HELD = {"gates": ALL_HELD}
# By name: the case, how it ends, and words of the reason.
LIES = {
    "judge says maybe": (Case({"judge": f"{JUDGED}return 'maybe'"}), "held", "not asked to deploy"),
    "judge says deploy of a hold": (Case({"judge": f"{JUDGED}return 'deploy'"}, HELD), "held", "says hold"),
    "judge says what is true of all": (
        Case({"judge": JUDGED + "return \"' or True or '\""}, HELD),
        "held",
        "the verdict says hold",
    ),
    "judge forges a verdict": (Case({"judge": FORGED}, HELD), "failed", "the verdict is another one"),
    "evidence is replaced before judge": (
        Case({"judge": REPLACED}),
        "held",
        "evidence lineage: FAIL: the evidence is ",
    ),
    "evidence and verdict are replaced before deploy": (
        Case({"deploy": AND_VERDICT}),
        "held",
        "and evaluate handed on ",
    ),
    "evaluate writes no evidence": (
        Case({"evaluate": "open(evidence.path, 'w').write('{}')\nreturn ''"}),
        "held",
        "the evidence cannot be read",
    ),
    "ingest makes up a snapshot": (
        Case({"ingest": f"return ('{NOWHERE}', '0', '{{}}')", "validate": ""}),
        "failed",
        f"snapshots/{NOWHERE}: is not there",
    ),
    "deploy says it deployed": (
        Case({"deploy": CLAIMS}),
        "failed",
        "the run says deployed, but nothing is published",
    ),
}
Results = Mapping[str, Future[Played]]


@pytest.fixture(scope="module")
def results(recorded: Recorded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Results]:
    cases = {name: case for name, (case, _, _) in LIES.items()}
    with side_by_side(recorded, tmp_path_factory.mktemp("lies"), cases) as results:
        yield results


@pytest.mark.parametrize("name", LIES)
def test_a_lie_deploys_nothing_and_is_told(results: Results, name: str) -> None:
    _, ending, words = LIES[name]
    played = results[name].result()
    assert played.outcome.outcome == ending
    assert EXIT_STATUS[played.outcome.outcome] != 0
    assert words in "; ".join(played.outcome.reasons)
    assert played.target.current() is None


@pytest.mark.parametrize("name", ["judge says deploy of a hold", "judge forges a verdict"])
def test_it_is_deploy_itself_that_refuses_what_a_lying_judge_lets_through(
    results: Results, name: str
) -> None:
    assert "deploy" in results[name].result().done
