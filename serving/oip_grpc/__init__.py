"""The Open Inference Protocol over gRPC.

Import it after KServe, whose messages it uses, and whose server reads the command line as it is imported.
"""

from serving.oip_grpc.server import GrpcServer, grpc_server
from serving.oip_grpc.service import BundleService, InferenceService

__all__ = ["BundleService", "GrpcServer", "InferenceService", "grpc_server"]
