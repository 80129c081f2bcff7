"""What the server takes at most, over REST and gRPC alike."""

from dataclasses import dataclass

MIB = 1024 * 1024
MOST_EXPLAINED = 50


@dataclass(frozen=True)
class Limits:
    """Limits of one server.

    Attributes:
        max_rows: Rows scored at once.
        body: Bytes of a body, packed or unpacked.
        read_seconds: How long a request may take to come in, or an answer to be taken.
        idle_seconds: How long a connection may wait for its next request.
        connections: Connections at once.
    """

    max_rows: int = 1000
    body: int = MIB
    read_seconds: float = 10.0
    idle_seconds: float = 75.0
    connections: int = 1000

    @property
    def max_explained(self) -> int:
        """Rows explained at once, or scored with reasons."""
        return min(MOST_EXPLAINED, self.max_rows)
