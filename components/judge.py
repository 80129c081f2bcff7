"""The step `judge`."""

from kfp.dsl import HTML, Artifact, Input, Output

from components import step


@step
def judge(
    evidence: Input[Artifact],
    bundle: str,
    splits: str,
    training: str,
    validation: str,
    measured: str,
    gates: dict,
    serving: dict,
    storage: str,
    target: str,
    run: str,
    allow_deploy: bool,
    verdict: Output[Artifact],
    report: Output[HTML],
) -> str:
    """Let every gate speak, and decide: "deploy" or "hold"."""
    from pathlib import Path

    from components.judged import reach_verdict
    from components.progress import telling
    from tollgate.lineage import Lineage
    from tollgate.storage.folder import open_storage

    with telling("judge") as facts:
        content = Path(evidence.path).read_bytes()
        lineage = Lineage(bundle, splits, training, validation, measured, f"{target}/{serving['name']}")
        found, page = reach_verdict(content, lineage, gates, open_storage(storage), run)
        Path(verdict.path).write_bytes(found.content())
        Path(report.path).write_text(page)
        facts.update(decision=found.decision, findings=len(found.findings))
    return "deploy" if found.decision == "deploy" and allow_deploy else "hold"
