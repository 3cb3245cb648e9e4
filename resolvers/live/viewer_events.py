"""A user's own news as they happen: what was shared, who called, and that rights have changed."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, cast

from beanie import PydanticObjectId

from documents.notice import NoticeKind
from events.event import Event, ResyncReason, ResyncRequired
from resolvers.context import Context
from resolvers.live.following import RECHECK_S, follow
from tasks.job_engine.announce import viewer_topic


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
    topic = viewer_topic(context.require_viewer().user_id)
    async with aclosing(
        follow(context, topic, after=after, look=context.renew, recheck_s=recheck_s)
    ) as stream:
        async for event in stream:
            told = _read(event, context.services.now())
            if told is not None:
                yield told


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
