"""The step `notify`, which runs however the others ended."""

from kfp.dsl import PipelineTaskFinalStatus

from components import step


@step
def notify(storage: str, run: str, status: PipelineTaskFinalStatus) -> None:
    """Write the outcome `failed` if no step wrote another one, and tell a webhook."""
    from components.notified import settle_outcome, tell_webhook
    from components.progress import telling
    from tollgate.storage.folder import open_storage

    with telling("notify") as facts:
        outcome = settle_outcome(open_storage(storage), run)
        facts.update(outcome=outcome.outcome, webhook=tell_webhook(outcome))
