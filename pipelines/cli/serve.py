"""`tollgate serve`: the published model on this machine."""

from typing import Annotated

import typer

from pipelines.cli.options import DEFAULT_WORKFLOW, WorkflowFile


def serve(
    workflow: WorkflowFile = DEFAULT_WORKFLOW,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 picks a free one.")] = 8080,
    grpc_port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            help="The port of gRPC; 0 picks a free one. 8081, or a free one where --port is 0.",
        ),
    ] = None,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
) -> None:
    """Serve the published model."""
    from pipelines.config import load_workflow
    from pipelines.where import target_of
    from serving.limits import Limits
    from serving.server import Settings, usual_grpc_port
    from serving.server import serve as start
    from tollgate.errors import TargetError

    loaded = load_workflow(workflow)
    target = target_of(workflow, loaded)
    pointer = target.current()
    if pointer is None:
        raise TargetError("nothing is published yet: type `tollgate run` first")
    if grpc_port is None:
        grpc_port = usual_grpc_port(port)
    limits = Limits(max_rows=loaded.serving.max_rows)
    bundle = target.bundle(pointer)
    start(Settings(loaded.serving.name, bundle, pointer.bundle, host, port, grpc_port, limits=limits))
