"""Event streams that outlive the token that opened them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import Any

import structlog
from graphql import GraphQLError
from strawberry.types import ExecutionResult

from access.errors import Unauthenticated
from resolvers.context import Context
from schema.guarding.masking import coded

_log = structlog.get_logger("graphql.stream")


async def while_signed_in(
    stream: AsyncGenerator[Any, None], context: Context, *, every_s: float
) -> AsyncGenerator[Any, None]:
    """Pass results on until their reader is no longer signed in; that is the last result then.

    Args:
        stream: closed in any case.
        context: who reads. It is looked at again at once when its rights change, and every `every_s`
            seconds, busy or idle; what else goes wrong with that is for the next time.
        every_s: seconds.
    """
    loop = asyncio.get_running_loop()
    next_check_s = loop.time()
    async with aclosing(stream):
        pending: asyncio.Future[Any] = asyncio.ensure_future(anext(stream))
        try:
            with context.services.rights.alarm(context.subject_id) as alarm:
                while True:
                    has_rung = await alarm.wait(max(0.0, next_check_s - loop.time()), pending)
                    if has_rung or loop.time() >= next_check_s:
                        next_check_s = loop.time() + every_s
                        try:
                            await context.renew()
                        except Unauthenticated as refused:
                            yield _last(refused, context)
                            return
                        except Exception:  # noqa: BLE001 - what keeps the session from being read must not keep it unread
                            _log.warning("token_check_failed", request_id=context.request_id, exc_info=True)
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


def _last(refused: Unauthenticated, context: Context) -> ExecutionResult:
    error = coded(GraphQLError(str(refused), original_error=refused), request_id=context.request_id)
    return ExecutionResult(data=None, errors=[error])
