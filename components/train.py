"""The step `train`."""

from typing import NamedTuple

from components import step


@step
def train(splits: str, epoch: str, data: dict, train: dict, storage: str, image: str) -> NamedTuple(
    "Outputs", [("bundle", str), ("training", str)]
):
    """Fit, calibrate, choose the threshold, and build the bundle; no pickle leaves this step."""
    from components.progress import telling
    from components.trained import train_on
    from tollgate.data.section import DataSection
    from tollgate.storage.folder import open_storage
    from tollgate.training.section import TrainSection

    with telling("train") as facts:
        contract = DataSection.read({**data, "source": splits}).contract
        bundle, training, told = train_on(splits, contract, TrainSection.read(train), open_storage(storage))
        facts.update(told, bundle=bundle)
    return (bundle, training)
