"""The most that a request may bring along."""

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

from web.refusals import HttpRefused


def limited(scope: Scope, receive: Receive, max_bytes: int) -> Receive:
    """Wrap `receive` so that a body ends in a refusal once it grows beyond `max_bytes`.

    Raises:
        HttpRefused: the body's announced length is too large already.
    """
    # The rest of the body is not read: the connection cannot be used again.
    refused = HttpRefused(413, f"The request is larger than {max_bytes} bytes.", connection="close")
    announced = Headers(scope=scope).get("content-length", "0")
    if not announced.isdecimal() or len(announced) > 18 or int(announced) > max_bytes:  # noqa: PLR2004 - 10**18 is too many
        raise refused
    seen = 0

    async def receive_limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > max_bytes:
            raise refused
        return message

    return receive_limited
