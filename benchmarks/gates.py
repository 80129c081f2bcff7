"""What evaluate and judge take beyond the bootstrap, on the simulated book, and on 1,000,000 holdout rows.

usage: python -m benchmarks.gates [--large] [--model MODEL]

A book is simulated, a run publishes a model, and a process of its own then measures that model again, with itself as
the champion, and judges it. Prints Markdown.
"""

import argparse
import dataclasses
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

from components.judged import reach_verdict
from components.measured import gather_evidence
from tollgate.canonical import canonical_json, sha256
from tollgate.data.section import Format
from tollgate.evaluation.section import EvaluateSection
from tollgate.lineage import Lineage
from tollgate.storage.folder import FolderStorage

ROOT = Path(__file__).parents[1]
TOLLGATE = str(Path(sys.executable).with_name("tollgate"))
# The rows of the book, its months, the months that are held out, and those to calibrate on.
USUAL, LARGE = (400_000, 60, 6, 6), (3_350_000, 60, 24, 3)


def main() -> int:
    """Measure, and print a table."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--large", action="store_true", help="1,000,000 holdout rows")
    options.add_argument("--model", default="logistic")
    options.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.measure:
        sys.stdout.write(json.dumps(measure(asked.measure)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder), asked.model, *(LARGE if asked.large else USUAL))
        command = [sys.executable, "-m", "benchmarks.gates", "--measure", folder]
        found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    sys.stdout.write(f"| {asked.model}, {found.pop('rows'):,} holdout rows | |\n| --- | ---: |\n")
    for what, figure in found.items():
        sys.stdout.write(f"| {what} | {figure} |\n")
    return 0


def prepare(folder: Path, model: str, rows: int, months: int, holdout: int, calibration: int) -> None:
    """Simulate a book in a folder, and publish a model of it."""
    workflow = yaml.safe_load((ROOT / "workflow.yaml").read_text())
    workflow["split"] |= {"holdout": f"{holdout} months", "calibration": f"{calibration} months"}
    workflow["train"] |= {"model": model}
    workflow["gates"] |= {"slices": {}, "cost": {"false_negative": 5.0, "false_positive": 1.0}}
    (folder / "workflow.yaml").write_text(yaml.safe_dump(workflow, sort_keys=False))
    for command in (["simulate", "--rows", str(rows), "--months", str(months)], ["run"]):
        done = subprocess.run([TOLLGATE, *command], cwd=folder, check=False)
        if done.returncode not in (0, 3):
            raise SystemExit(f"tollgate {' '.join(command)} ended with {done.returncode}")


def measure(folder: Path) -> dict[str, str | int]:
    """Measure and judge the model of the folder's only run again."""
    storage = FolderStorage(folder / ".tollgate")
    (run,) = (folder / ".tollgate" / "runs").iterdir()
    before = json.loads((run / "evidence.json").read_bytes())
    workflow = yaml.safe_load((folder / "workflow.yaml").read_text())
    made = Lineage(
        before["bundle"],
        before["holdout"]["splits"],
        before["training"]["record"],
        before["validation"]["digest"],
        "",
        f"local/{workflow['serving']['name']}",
    )
    start = time.perf_counter()
    evidence, _ = gather_evidence(
        made.bundle,
        made.training,
        made.splits,
        made.validation,
        json.dumps(before["population"]),
        EvaluateSection.read(workflow["evaluate"]),
        Format.read(workflow["data"].get("format", {})),
        workflow["serving"],
        storage,
        "local",
    )
    measured = time.perf_counter()
    content = canonical_json(evidence.as_json())
    made = dataclasses.replace(made, evidence=sha256(content))
    verdict, page = reach_verdict(content, made, workflow["gates"], storage, "again")
    judged = time.perf_counter()
    parts = evidence.timings.seconds if evidence.timings else {}
    longest = sorted(parts, key=lambda name: -parts[name])[:5]
    return {
        "rows": evidence.holdout.rows,
        "evaluate in all, s": f"{measured - start:.1f}",
        "of that the parts of the evidence besides the headline metrics, s": f"{sum(parts.values()):.1f}",
        "the longest of them, s": ", ".join(f"{name} {parts[name]:.1f}" for name in longest),
        "judge with report and card, s": f"{judged - measured:.1f}",
        "findings": len(verdict.findings),
        "evidence.json, report, kB": f"{len(content) / 1000:.0f}, {len(page) / 1000:.0f}",
        "memory at its highest, MB": f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}",
    }


if __name__ == "__main__":
    sys.exit(main())
