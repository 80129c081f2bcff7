"""The step `validate`."""

from typing import NamedTuple

from kfp.dsl import HTML, Output

from components import step


@step
def validate(
    snapshot: str,
    epoch: str,
    population: str,
    data: dict,
    split: dict,
    show_values: bool,
    storage: str,
    image: str,
    report: Output[HTML],
) -> NamedTuple("Outputs", [("splits", str), ("validation", str)]):
    """Check the snapshot against the contract, and part it into fit, calibration, threshold, holdout."""
    from pathlib import Path

    from components.progress import telling
    from components.validated import keep_validation
    from tollgate.storage.folder import open_storage

    with telling("validate") as facts:
        kept = keep_validation(snapshot, population, data, split, show_values, open_storage(storage))
        facts.update(kept.facts)
        Path(report.path).write_text(kept.page)
        kept.report.refuse(str(kept.place))
    return (kept.splits, kept.digest)
