"""What the head of a request may be: how large it is, and how it names its version, its host and its coding."""

from collections.abc import Sequence

from serving.refusal import RefusalError

LARGEST_HEAD = 16 * 1024
MOST_FIELDS = 100
Lines = Sequence[tuple[bytes, bytes]]
_AROUND = len(": \r\n")


def refuse_large(url: bytes, lines: Lines) -> None:
    """Refuse a head of too many bytes.

    Args:
        url: The request's address.
        lines: Its headers.

    Raises:
        RefusalError: 431: it is too large.
    """
    if len(url) + sum(len(name) + len(value) + _AROUND for name, value in lines) > LARGEST_HEAD:
        raise too_large()


def too_large() -> RefusalError:
    """The refusal of too many bytes that are not of a body."""
    said = "the head of the request, its trailers or a line before a chunk"
    return RefusalError(431, f"{said} is larger than {LARGEST_HEAD} bytes")


def too_many() -> RefusalError:
    """The refusal of too many header fields."""
    return RefusalError(431, f"the request has more than {MOST_FIELDS} header fields")


def refuse_unsound(version: str, lines: Lines) -> None:
    """Refuse a head that HTTP/1.1 does not allow, though its parser does.

    Args:
        version: The version in the request line.
        lines: The headers, names in lower case.

    Raises:
        RefusalError: 400: the version is another, there is not one Host, no telling where the body ends, or the body is
            coded in a way that is not read (RFC 9112, 6.1 has 501 for that, which would count as a failure of ours).
    """
    if version not in ("1.0", "1.1"):
        raise RefusalError(400, f"the request line says HTTP/{version}; HTTP/1.1 is spoken here")
    hosts = sum(name == b"host" for name, _ in lines)
    if hosts > 1 or (version == "1.1" and not hosts):
        raise RefusalError(400, f"the request has {hosts} Host headers; HTTP/1.1 needs one")
    value = b",".join(value for name, value in lines if name == b"transfer-encoding")
    if value:
        _refuse_codings(version, [coding.strip().lower() for coding in value.split(b",")])


def _refuse_codings(version: str, codings: list[bytes]) -> None:
    if version == "1.0":
        raise RefusalError(400, "HTTP/1.0 has no Transfer-Encoding; send a Content-Length")
    if codings[-1] != b"chunked":
        raise RefusalError(
            400, "Transfer-Encoding does not end in chunked: nothing tells where the body ends"
        )
    if len(codings) > 1:
        raise RefusalError(400, "Transfer-Encoding is chunked or none")


def without_upgrade(method: bytes, url: bytes, version: str, lines: Lines) -> bytes:
    """The head of a request that offers another protocol, as it is without the offer.

    Args:
        method: Its method.
        url: Its address.
        version: Its version of HTTP.
        lines: Its headers, names in lower case.
    """
    kept = [(name, value) for name, value in lines if name not in (b"upgrade", b"connection")]
    tokens = [
        token.strip()
        for name, value in lines
        if name == b"connection"
        for token in value.split(b",")
        if token.strip().lower() != b"upgrade"
    ]
    if tokens:
        kept.append((b"connection", b", ".join(tokens)))
    fields = b"".join(b"%b: %b\r\n" % line for line in kept)
    return b"%b %b HTTP/%b\r\n%b\r\n" % (method, url, version.encode(), fields)
