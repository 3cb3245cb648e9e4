"""Event streams that outlive the token that opened them."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, suppress
from typing import Any

from graphql import GraphQLError
from strawberry.types import ExecutionResult

from access.errors import Unauthenticated
from schema.masking import coded


async def while_signed_in(
    stream: AsyncGenerator[Any, None],
    check: Callable[[], Awaitable[object]],
    *,
    every_s: float,
    request_id: str,
) -> AsyncGenerator[Any, None]:
    """Pass results on until `check` raises Unauthenticated; that is the last result then.

    Args:
        stream: closed in any case.
        check: called every `every_s` seconds, busy or idle. Its other errors are for the next time.
        every_s: seconds.
        request_id: for the log.
    """
    loop = asyncio.get_running_loop()
    next_check_s = loop.time() + every_s
    async with aclosing(stream):
        pending: asyncio.Future[Any] = asyncio.ensure_future(anext(stream))
        try:
            while True:
                await asyncio.wait({pending}, timeout=max(0.0, next_check_s - loop.time()))
                if loop.time() >= next_check_s:
                    next_check_s = loop.time() + every_s
                    try:
                        await check()
                    except Unauthenticated as refused:
                        error = coded(
                            GraphQLError(str(refused), original_error=refused), request_id=request_id
                        )
                        yield ExecutionResult(data=None, errors=[error])
                        return
                if pending.done():
                    try:
                        result = pending.result()
                    except StopAsyncIteration:
                        return
                    yield result
                    pending = asyncio.ensure_future(anext(stream))
        finally:
            pending.cancel()
            with suppress(asyncio.CancelledError, StopAsyncIteration):
                await pending
