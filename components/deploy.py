"""The step `deploy`."""

from kfp.dsl import Artifact, Input

from components import step


@step
def deploy(
    verdict: Input[Artifact],
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
) -> None:
    """Publish the release, if the verdict still holds for exactly this."""
    from pathlib import Path

    from components.deployed import publish
    from components.progress import telling
    from tollgate.lineage import Lineage
    from tollgate.storage.folder import open_storage

    with telling("deploy") as facts:
        outcome = publish(
            Path(verdict.path).read_bytes(),
            Path(evidence.path).read_bytes(),
            Lineage(bundle, splits, training, validation, measured, f"{target}/{serving['name']}"),
            gates,
            serving,
            open_storage(storage),
            target,
            run,
        )
        facts.update(outcome=outcome.outcome, generation=outcome.generation, changed=outcome.changed)
