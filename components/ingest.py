"""The step `ingest`."""

from typing import NamedTuple

from components import step


@step
def ingest(source: str, data: dict, split: dict, storage: str, as_of: str) -> NamedTuple(
    "Outputs", [("snapshot", str), ("epoch", str), ("population", str)]
):
    """Freeze the raw rows that may be used as a snapshot, named by its content."""
    import json

    from components.frozen import freeze
    from components.progress import telling
    from tollgate.data.split_section import SplitSection
    from tollgate.storage.folder import open_storage

    with telling("ingest") as facts:
        place = open_storage(storage)
        snapshot, population = freeze(source, data, as_of, place, SplitSection.read(split).method == "order")
        facts.update(population, snapshot=snapshot)
    return (snapshot, place.epoch(), json.dumps(population))
