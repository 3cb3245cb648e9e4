"""A user's own news as they happen: what was shared, who called, and that rights have changed."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, cast

from beanie import PydanticObjectId
from pymongo.errors import PyMongoError

from documents.notice import NoticeKind
from events.cursor import Cursor
from events.errors import MalformedCursor
from events.event import Event, ResyncReason, ResyncRequired
from events.subscription import Subscription
from resolvers.context import Context
from resolvers.errors import BadUserInput
from tasks import background
from tasks.announce import viewer_topic

RECHECK_S = 15.0
"""How often a silent subscription's rights are looked at again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeTold:
    """One piece of news.

    Args:
        cursor: the place right after it.
        at: when it happened.
        kind: what it is.
        payload: ids and names, as they were written down.
    """

    cursor: str
    at: datetime
    kind: NoticeKind
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsLost:
    """The subscriber has to fetch anew what it holds."""

    cursor: str
    at: datetime
    reason: ResyncReason


ViewerNews: TypeAlias = NoticeTold | NewsLost


async def cursor(context: Context) -> str:
    """The place after the viewer's last news.

    Raises:
        EventsUnavailable: Redis could not be asked.
    """
    topic = viewer_topic(context.require_viewer().user_id)
    return str(await context.services.hub.cursor(topic))


async def of_viewer(
    context: Context, *, after: str | None, recheck_s: float = RECHECK_S
) -> AsyncGenerator[ViewerNews, None]:
    """The viewer's news, each once and in order.

    Args:
        context: whose; it is looked at again when the viewer's rights change and now and then.
        after: a cursor, to be told what was missed since; None to begin now.
        recheck_s: seconds.

    Raises:
        BadUserInput: `after` is none of our cursors.
        Unauthenticated: the viewer is no longer signed in.
        SlowSubscriber: events were not taken in time.
        EventsUnavailable: Redis could not be asked where the events stand.
    """
    place = None if after is None else _place(after)
    async with AsyncExitStack() as opened:
        alarm = opened.enter_context(context.services.rights.alarm(context.subject_id))
        await context.renew()  # what changed before now did not ring
        topic = viewer_topic(context.require_viewer().user_id)
        subscription = await opened.enter_async_context(context.services.hub.subscribe(topic, place))
        pending = asyncio.create_task(_next(subscription))
        try:
            while True:
                has_rung = await alarm.wait(recheck_s, pending)
                if has_rung or not pending.done():
                    with suppress(PyMongoError):  # what cannot be looked at now is looked at the next time
                        await context.renew()
                    continue
                try:
                    told = _read(pending.result(), context.services.now())
                except StopAsyncIteration:
                    return
                if told is not None:
                    yield told
                pending = asyncio.create_task(_next(subscription))
        finally:
            await background.end(pending)


async def _next(subscription: Subscription) -> Event | ResyncRequired:
    return await anext(subscription)


def _read(event: Event | ResyncRequired, now: datetime) -> ViewerNews | None:
    """News of one's own; None for what else the topic carries, such as jobs that send mails."""
    if isinstance(event, ResyncRequired):
        return NewsLost(cursor=str(event.cursor), at=now, reason=event.reason)
    if event.type not in set(NoticeKind):
        return None
    payload = cast("dict[str, Any]", event.payload)
    return NoticeTold(
        cursor=str(event.cursor),
        at=datetime.fromisoformat(payload["at"]),
        kind=NoticeKind(event.type),
        payload=payload,
    )


def oid(told: NoticeTold, name: str) -> PydanticObjectId | None:
    """An id that the news carry under a name, if they do."""
    value = told.payload.get(name)
    return None if value is None else PydanticObjectId(value)


def _place(after: str) -> Cursor:
    try:
        return Cursor.parse(after)
    except MalformedCursor as error:
        raise BadUserInput("after", str(error)) from error
