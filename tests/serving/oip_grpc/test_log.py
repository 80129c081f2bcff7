"""What gRPC itself writes to the log: not that a caller left before its answer, but all else."""

import logging

import grpc
import pytest
from grpc._cython import cygrpc

from tests.serving.oip_grpc.live import pb

GRPC_LOG = "grpc._cython.cygrpc"


@pytest.mark.parametrize(("error", "told"), [(cygrpc.ExecuteBatchError, False), (grpc.RpcError, True)])
def test_a_caller_who_left_is_no_line_in_the_log(
    error: type[Exception], told: bool, caplog: pytest.LogCaptureFixture
) -> None:
    assert pb
    from serving.oip_grpc import server

    server.quiet_about_callers()
    try:
        raise error("Failed execute_batch")
    except error:
        logging.getLogger(GRPC_LOG).exception("raised in core by servicer method")
    assert bool(caplog.records) == told
