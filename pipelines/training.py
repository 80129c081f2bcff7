"""The training pipeline: it reads like the picture in the README."""

from collections.abc import Callable
from typing import Any

from kfp import dsl

from components import IMAGE
from components.deploy import deploy as deploy_step
from components.evaluate import evaluate as evaluate_step
from components.hold import hold as hold_step
from components.ingest import ingest as ingest_step
from components.judge import judge as judge_step
from components.notify import notify as notify_step
from components.train import train as train_step
from components.validate import validate as validate_step

RUN = dsl.PIPELINE_JOB_ID_PLACEHOLDER
Defaults = dict[str, Any]


def training(name: str, description: str, defaults: Defaults, image: str = IMAGE) -> Callable[..., Any]:
    """The training pipeline for one workflow.

    Args:
        name: The pipeline's name; never a step's.
        description: What Kubeflow shows under the name.
        defaults: The default of each parameter: source, storage and the sections as JSON values.
        image: The image that every step runs in; a parameter of the cached steps, so that new code is
            never answered from the cache of old code.
    """

    @dsl.pipeline(name=name, description=description)
    def pipeline(
        source: str = defaults["source"],
        data: dict = defaults["data"],
        storage: str = defaults["storage"],
        split: dict = defaults["split"],
        train: dict = defaults["train"],
        evaluate: dict = defaults["evaluate"],
        gates: dict = defaults["gates"],
        serving: dict = defaults["serving"],
        target: str = "kserve",
        allow_deploy: bool = True,
        as_of: str = "",
        show_values: bool = False,
    ) -> None:
        def prepared(task: Any, cached: bool = False) -> Any:
            return task.set_container_image(image).set_caching_options(enable_caching=cached)

        notified = prepared(notify_step(storage=storage, run=RUN))
        with dsl.ExitHandler(notified, name="training"):
            ingested = prepared(
                ingest_step(source=source, data=data, split=split, storage=storage, as_of=as_of)
            )
            epoch = ingested.outputs["epoch"]
            validated = prepared(
                validate_step(
                    snapshot=ingested.outputs["snapshot"],
                    epoch=epoch,
                    population=ingested.outputs["population"],
                    data=data,
                    split=split,
                    show_values=show_values,
                    storage=storage,
                    image=image,
                ),
                cached=True,
            )
            splits = validated.outputs["splits"]
            trained = prepared(
                train_step(splits=splits, epoch=epoch, data=data, train=train, storage=storage, image=image),
                cached=True,
            )
            evaluated = prepared(
                evaluate_step(
                    bundle=trained.outputs["bundle"],
                    training=trained.outputs["training"],
                    splits=splits,
                    validation=validated.outputs["validation"],
                    population=ingested.outputs["population"],
                    data=data,
                    evaluate=evaluate,
                    serving=serving,
                    storage=storage,
                    target=target,
                )
            )
            evidence = evaluated.outputs["evidence"]
            made = {
                "bundle": trained.outputs["bundle"],
                "splits": splits,
                "training": trained.outputs["training"],
                "validation": validated.outputs["validation"],
                "measured": evaluated.outputs["Output"],
            }
            judged = prepared(
                judge_step(
                    evidence=evidence,
                    **made,
                    gates=gates,
                    serving=serving,
                    storage=storage,
                    target=target,
                    run=RUN,
                    allow_deploy=allow_deploy,
                )
            )
            verdict = judged.outputs["verdict"]
            with dsl.If(judged.outputs["Output"] == "deploy", name="passed"):
                prepared(
                    deploy_step(
                        verdict=verdict,
                        evidence=evidence,
                        **made,
                        gates=gates,
                        serving=serving,
                        storage=storage,
                        target=target,
                        run=RUN,
                    )
                )
            with dsl.Else(name="stopped"):
                prepared(hold_step(verdict=verdict, storage=storage, run=RUN))

    return pipeline
