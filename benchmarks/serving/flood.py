"""A flood of 100 MB bodies.

usage: python -m benchmarks.serving.flood rest|grpc PORT PATH SECONDS

Eight clients in a loop: each sends until the server answers or closes, and begins again. Prints how many requests
were begun, how many bytes were taken, and the statuses that came back.
"""

import collections
import contextlib
import json
import select
import socket
import sys
import threading
import time

HOST, CLIENTS, SIZE = "127.0.0.1", 8, 100 * 1024 * 1024
PIECE = b" " * (256 * 1024)
LARGE_HEAD = "POST {} HTTP/1.1\r\nhost: flood\r\ncontent-type: application/json\r\n"


def main() -> int:
    """Flood a server."""
    kind, port, path, seconds = sys.argv[1:]
    until = time.monotonic() + float(seconds)
    taken: collections.Counter[str] = collections.Counter()
    act = over_grpc if kind == "grpc" else over_rest
    threads = [
        threading.Thread(target=_again, args=(act, int(port), path, number, until, taken))
        for number in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.stdout.write(json.dumps(taken))
    return 0


def _again(act, port, path, number, until, taken) -> None:  # type: ignore[no-untyped-def]
    while time.monotonic() < until:
        taken["begun"] += 1
        act(port, path, number, until, taken)


def over_rest(port: int, path: str, number: int, until: float, taken: "collections.Counter[str]") -> None:
    """One body: every second client announces its length, the others send it in chunks."""
    chunked = number % 2
    kind = "transfer-encoding: chunked\r\n\r\n" if chunked else f"content-length: {SIZE}\r\n\r\n"
    piece = f"{len(PIECE):x}\r\n".encode() + PIECE + b"\r\n" if chunked else PIECE
    with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=5) as connection:
        connection.sendall((LARGE_HEAD.format(path) + kind).encode())
        for _ in range(SIZE // len(PIECE)):
            if time.monotonic() > until or select.select([connection], [], [], 0)[0]:
                break
            connection.sendall(piece)
            taken["bytes"] += len(piece)
        answer = connection.recv(64).split(b" ")
        taken[answer[1].decode() if len(answer) > 1 else "closed"] += 1
        return
    taken["closed"] += 1


def over_grpc(port: int, path: str, number: int, until: float, taken: "collections.Counter[str]") -> None:
    """One message."""
    import grpc

    options = [("grpc.max_send_message_length", -1), ("grpc.use_local_subchannel_pool", 1)]
    with grpc.insecure_channel(f"{HOST}:{port}", options=options) as channel:
        call = channel.unary_unary(path, lambda sent: sent, lambda received: received)
        try:
            call(bytes(SIZE), timeout=10)
            taken["OK"] += 1
        except grpc.RpcError as error:
            taken[error.code().name] += 1


if __name__ == "__main__":
    sys.exit(main())
