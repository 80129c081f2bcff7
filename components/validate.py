"""The step `validate`."""

from components import step


@step
def validate(snapshot: str, epoch: str, data: dict, split: dict, storage: str, image: str) -> str:
    """Check the snapshot against the contract, and part it into fit, calibration, threshold, holdout."""
    from components.frozen import keep_splits, read_snapshot
    from components.progress import telling
    from tollgate.data.section import DataSection
    from tollgate.data.split_section import SplitSection
    from tollgate.data.validate import validate as check
    from tollgate.storage.folder import open_storage

    with telling("validate") as facts:
        place = open_storage(storage)
        section = DataSection.read({**data, "source": snapshot})
        validated = check(read_snapshot(snapshot, place), section, SplitSection.read(split))
        keep_splits(validated, place)
        facts.update(validated.report["parts"], splits=validated.digest)
    return validated.digest
