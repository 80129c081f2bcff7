"""The step `hold`."""

from kfp.dsl import Artifact, Input

from components import step


@step
def hold(verdict: Input[Artifact], storage: str, run: str) -> None:
    """Write down what stopped the model; the model now served stays."""
    from pathlib import Path

    from components.held import write_held
    from components.progress import telling
    from tollgate.storage.folder import open_storage

    with telling("hold") as facts:
        outcome = write_held(Path(verdict.path).read_bytes(), open_storage(storage), run)
        facts.update(outcome=outcome.outcome, reasons=len(outcome.reasons))
