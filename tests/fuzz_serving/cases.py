"""The cases over REST: a request by its number, as the bytes that are sent."""

import gzip
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from tests.fuzz import mutate
from tests.fuzz_serving import json_mutations
from tests.fuzz_serving.seeds import JSON_LENGTH, Seed, as_bytes
from tests.fuzz_serving.walk import Walked

METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND")
NAMES = ("m", "m", "m", "other", "M", "m%2f", "..", "%00", "%ff", "a" * 300)
TAILS = (
    "",
    "",
    "",
    "?partial=true",
    "?partial=false",
    "?partial=",
    "?a=%ff&b",
    "/",
    "//",
    "?" + "q" * 3000,
    "#a",
)
PARTIALS = (
    "?partial=true",
    "?partial=false",
    "?partial=maybe",
    "?partial=true&partial=x",
    "?PARTIAL=true",
    "?%ff=%00",
)
HEADERS: tuple[tuple[str, str], ...] = (
    *(
        ("Content-Type", kind)
        for kind in ("application/json", "text/plain; charset=utf-16", "a", "", "*/*;q=x")
    ),
    *(
        ("Accept", kind)
        for kind in ("application/openmetrics-text; version=1.0.0", "image/png", "*/*;q=9", "\xff")
    ),
    *(
        ("X-Request-Id", name)
        for name in ("a-1", "a b", "x" * 64, "x" * 65, "\xe9", "", "../../etc", "a" * 9000)
    ),
    *(("Content-Encoding", kind) for kind in ("br", "gzip, gzip", "identity", "", "GZIP ", "deflate")),
    *(("Accept-Encoding", "gzip"), ("Host", "evil.example"), ("Host", ""), ("Cookie", "a" * 5000)),
    *(
        (JSON_LENGTH, size)
        for size in ("0", "1", "-1", "5", "x", "99999999999999999999", "10 ", "1e3", "\xb2", "")
    ),
    *(("Forwarded", "for=x"), ("X-Forwarded-Proto", "https"), ("If-None-Match", "*"), ("Range", "bytes=0-1")),
    *(
        ("Origin", "http://a"),
        ("X-HTTP-Method-Override", "DELETE"),
        ("Keep-Alive", "timeout=0"),
        ("TE", "gzip"),
    ),
)
# Headers that change how the bytes that follow are read: such a request has a connection of its own.
FRAMING: tuple[tuple[str, str], ...] = (
    *(
        ("Content-Length", size)
        for size in ("0", "5", "-1", "x", "+5", "1, 1", "99999999", "18446744073709551617", "")
    ),
    *(
        ("Transfer-Encoding", kind)
        for kind in ("chunked", "gzip", "identity", "chunked, chunked", "\x0bchunked")
    ),
    *(("Connection", kind) for kind in ("close", "upgrade", "keep-alive, close", "Content-Length")),
    *(
        ("Upgrade", "websocket"),
        ("Upgrade", "h2c"),
        ("Expect", "100-continue"),
        ("Expect", "x"),
        ("A" * 70_000, "b"),
    ),
    *(
        ("B", "c" * 70_000),
        ("A B", "c"),
        ("", "x"),
        ("A", "b\nC: d"),
        ("A", "b\x00"),
        ("HTTP2-Settings", "AAMAAABk"),
    ),
)
CHUNKS = (1, 7, 100, 4096)
BOUND = 1_100_000


@dataclass(frozen=True)
class Case:
    """A request as it is sent.

    Attributes:
        sent: Its bytes.
        alone: Whether it has a connection of its own, for its bytes may be read as no request or as several.
    """

    sent: bytes
    alone: bool


class Cases:
    """Requests by seed and number; the same numbers give the same requests."""

    def __init__(self, seeds: Sequence[Seed], routes: Walked, paths: Sequence[str]) -> None:
        """Prepare.

        Args:
            seeds: What is mutated.
            routes: The routes of KServe's application.
            paths: The paths that are open.
        """
        self._seeds, self._paths = seeds, [*paths, *(path for path, _ in routes)]
        self._bodies = [as_bytes(seed.body) + seed.tail for seed in seeds]

    def case(self, seed: int, number: int) -> Case:
        """A case by its number."""
        draw = Random(f"{seed}:{number}")  # noqa: S311 - no secret
        chosen = draw.choice(self._seeds)
        body, headers = self._body(draw, chosen)
        if draw.random() < 0.75:
            method, path = "POST", chosen.path
            if draw.random() < 0.1:
                path = path.partition("?")[0] + draw.choice(PARTIALS)
        else:
            method = draw.choice(METHODS)
            path = self._path(draw)
            body = body if draw.random() < 0.5 else b""
        if draw.random() < 0.2:
            headers = [*headers, draw.choice(HEADERS)]
        if draw.random() < 0.07:
            return Case(_odd(draw, method, path, headers, body), True)
        return Case(_framed(draw, method, path, headers, body), len(body) > 300_000)

    def _body(self, draw: Random, seed: Seed) -> tuple[bytes, list[tuple[str, str]]]:
        headers: list[tuple[str, str]] = []
        if draw.random() < 0.6:
            head = json_mutations.mutated(draw, seed.body)
        elif draw.random() < 0.9:
            head = mutate.mutated(draw, as_bytes(seed.body), self._bodies)
        else:
            head = as_bytes(seed.body)
        tail = seed.tail
        if tail:
            headers.append((JSON_LENGTH, str(len(head) + draw.choice((0, 0, 0, 0, 1, -1)))))
            tail = mutate.mutated(draw, tail, [tail]) if draw.random() < 0.4 else tail
        body = head + tail
        if draw.random() < 0.05:
            body, kind = _packed(draw, body)
            headers.append(("Content-Encoding", kind))
        return body[:BOUND], headers

    def _path(self, draw: Random) -> str:
        path = draw.choice(self._paths)
        path = path.replace("{model_name}", draw.choice(NAMES)).replace("{model_version}", draw.choice(NAMES))
        if draw.random() < 0.2:
            place = draw.randrange(len(path) + 1)
            path = (
                path[:place]
                + draw.choice(("/", ".", "%2e", "%", ":", "é", "\\", "A", "?", ";a=b", ".."))
                + path[place:]
            )
        path += draw.choice(TAILS)
        return path if path.startswith("/") else "/" + path


def _packed(draw: Random, body: bytes) -> tuple[bytes, str]:
    packed, kind = (
        (gzip.compress(body, 1), "gzip") if draw.random() < 0.6 else (zlib.compress(body), "deflate")
    )
    if draw.random() < 0.4:
        packed = mutate.mutated(draw, packed, [packed])
    elif draw.random() < 0.1:
        packed = _bomb()
    return packed, kind


@cache
def _bomb() -> bytes:
    return gzip.compress(b" " * 50_000_000, 1)


def _framed(draw: Random, method: str, path: str, headers: Sequence[tuple[str, str]], body: bytes) -> bytes:
    """A request whose end is where it says."""
    if body and draw.random() < 0.1:
        return _head(method, path, [*headers, ("Transfer-Encoding", "chunked")]) + _chunked(draw, body)
    length = [("Content-Length", str(len(body)))] if body or method != "GET" else []
    return _head(method, path, [*headers, *length]) + body


def _odd(draw: Random, method: str, path: str, headers: Sequence[tuple[str, str]], body: bytes) -> bytes:
    """A request whose end may be elsewhere than it says, or that is none."""
    kind = draw.randrange(5)
    if kind == 0:  # another frame
        more = [draw.choice(FRAMING) for _ in range(draw.choice((1, 1, 2)))]
        length = [("Content-Length", str(len(body)))] if draw.random() < 0.5 else []
        return _head(method, path, [*headers, *length, *more]) + body
    sent = _framed(draw, method, path, headers, body)
    if kind == 1:  # the head, and a little of the body, is no text that anybody wrote
        end = sent.index(b"\r\n\r\n") + draw.choice((0, 4, 20))
        return mutate.mutated(draw, sent[:end], [sent[:end]]) + sent[end:]
    if kind == 2:  # cut short
        return sent[: draw.randrange(1, len(sent))]
    if kind == 3:  # several at once, with something in between
        return sent + draw.choice((b"", b"\r\n", b"\r\n\r\n", b"x", b"\x00", b"GET ")) + sent
    return _head("HEAD" if draw.random() < 0.5 else "CONNECT", path, headers) + body


def _head(method: str, path: str, headers: Sequence[tuple[str, str]]) -> bytes:
    lines = [f"{method} {path.replace(' ', '%20')} HTTP/1.1", "Host: localhost"]
    lines += [f"{name}: {value}" for name, value in headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")


def _chunked(draw: Random, body: bytes) -> bytes:
    size = max(draw.choice(CHUNKS), len(body) // 50)
    parts = (body[place : place + size] for place in range(0, len(body), size))
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
