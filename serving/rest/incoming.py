"""Taking a body in: whole, unpacked, and never more than is allowed."""

import asyncio
import contextlib
import zlib

from serving.refusal import RefusalError
from serving.rest.asgi import Receive
from serving.rest.call import Headers

DRAIN_TIMES, DRAIN_SECONDS = 4, 1.0
_EITHER_FORM = 32 + zlib.MAX_WBITS  # zlib or gzip, told by its first bytes


async def whole_body(headers: Headers, receive: Receive, most: int) -> bytes:
    """The body of a request.

    Args:
        headers: The request's headers.
        receive: Gives its parts.
        most: How many bytes it may have, packed and unpacked.

    Raises:
        RefusalError: 413: it is larger. 415: it is packed in a way that is not read. 400: it cannot be unpacked, or
            its sender is gone.
    """
    encoding = headers.get(b"content-encoding", b"identity").strip().lower()
    if encoding not in (b"identity", b"", b"gzip", b"deflate"):
        raise RefusalError(415, "Content-Encoding is gzip, deflate or none")
    announced = headers.get(b"content-length", b"0")
    if announced.isdigit() and int(announced) > most:
        # who waits to be asked for the body has sent none of it
        raise _large(most) if b"expect" in headers else await _too_large(receive, most)
    body = await _parts(receive, most)
    return body if encoding in (b"identity", b"") else _unpacked(body, most)


async def _parts(receive: Receive, most: int) -> bytes:
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body", False):
        body: bytes = message.get("body", b"")
        if len(body) <= most:
            return body
    parts: list[bytes] = []
    size = 0
    while True:
        if message["type"] == "http.disconnect":
            raise RefusalError(400, "the connection was closed before the body was whole")
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            raise await _too_large(receive, most)
        if not message.get("more_body", False):
            return b"".join(parts)
        message = await receive()


def _unpacked(body: bytes, most: int) -> bytes:
    reader = zlib.decompressobj(_EITHER_FORM)
    try:
        found = reader.decompress(body, most + 1)
    except zlib.error:
        raise RefusalError(400, "the body cannot be unpacked as its Content-Encoding says") from None
    if len(found) > most:
        raise RefusalError(413, f"the body unpacks to more than {most} bytes; send fewer rows at once")
    if not reader.eof or reader.unused_data:
        raise RefusalError(400, "the packed body is cut short, or something follows it")
    return found


async def _too_large(receive: Receive, most: int) -> RefusalError:
    """The refusal of a body, once what is under way was taken and dropped: whoever still sends reads no answer."""
    size = 0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_SECONDS):
            while size < DRAIN_TIMES * most:
                message = await receive()
                size += len(message.get("body", b""))
                if not message.get("more_body", False):
                    break
    return _large(most)


def _large(most: int) -> RefusalError:
    return RefusalError(413, f"the body is larger than {most} bytes; send fewer rows at once")
