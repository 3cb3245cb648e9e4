"""Following a topic, for as long as whoever follows it may."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from typing import Final

from pymongo.errors import PyMongoError

from events.cursor import Cursor
from events.errors import MalformedCursor
from events.event import Event, ResyncRequired
from events.subscription import Subscription
from resolvers.context import Context
from resolvers.errors import BadUserInput
from tasks.job_engine import background

RECHECK_S: Final = 15.0
"""How often a silent subscription's rights are looked at again."""


async def follow(
    context: Context,
    topic: str,
    *,
    after: str | None,
    look: Callable[[], Awaitable[None]],
    recheck_s: float = RECHECK_S,
) -> AsyncGenerator[Event | ResyncRequired, None]:
    """All events of a topic, each once and in order.

    Args:
        context: whose rights are looked at when the stream starts, when they change and now and then.
        topic: what is followed.
        after: a cursor, to be told what was missed since; None to begin now.
        look: looks at the rights, and raises what ends the stream. What cannot be looked at now is looked at
            the next time.
        recheck_s: seconds.

    Raises:
        BadUserInput: `after` is none of our cursors.
        SlowSubscriber: events were not taken in time.
        EventsUnavailable: Redis could not be asked where the events stand.
        Exception: what `look` raises.
    """
    start = None if after is None else place(after)
    async with AsyncExitStack() as opened:
        alarm = opened.enter_context(context.services.rights.alarm(context.subject_id))
        await look()  # what changed before now did not ring
        subscription = await opened.enter_async_context(context.services.hub.subscribe(topic, start))
        pending = asyncio.create_task(_next(subscription))
        try:
            while True:
                has_rung = await alarm.wait(recheck_s, pending)
                if has_rung or not pending.done():
                    with suppress(PyMongoError):
                        await look()
                    continue
                try:
                    event = pending.result()
                except StopAsyncIteration:
                    return
                yield event
                pending = asyncio.create_task(_next(subscription))
        finally:
            await background.end(pending)


def place(after: str) -> Cursor:
    """The place that a client names.

    Raises:
        BadUserInput: it is none of our cursors.
    """
    try:
        return Cursor.parse(after)
    except MalformedCursor as error:
        raise BadUserInput("after", str(error)) from error


async def _next(subscription: Subscription) -> Event | ResyncRequired:
    return await anext(subscription)
