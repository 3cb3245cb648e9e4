"""Publishing events: appended to their topic once, in order, without gaps."""

from collections.abc import Sequence

import orjson
from redis.asyncio import Redis
from redis.commands.core import AsyncScript

from events.cursor import Cursor
from events.event import EventDraft
from events.topic_stream import PUBLISH, TopicKeys, new_epoch


class Publisher:
    """Appends events to topics.

    A topic keeps its last `history` events, and is forgotten `idle_s` seconds after the last publication or
    look of a hub; then it begins a new epoch, and whoever comes back with an old cursor fetches anew.
    """

    def __init__(self, redis: Redis, prefix: str, *, history: int = 2_000, idle_s: int = 86_400) -> None:
        self._keys = TopicKeys(prefix)
        self._script: AsyncScript = redis.register_script(PUBLISH)
        self._history = history
        self._idle_s = idle_s

    async def publish(self, topic: str, drafts: Sequence[EventDraft]) -> list[Cursor]:
        """Append the drafts, in their order, all or none; nobody's events come between them.

        A draft whose id is in the topic's history already is not appended again; its cursor is that of the
        first time. So whoever does not know whether a publication went through may repeat it.

        Returns:
            One cursor a draft, in their order.

        Raises:
            redis.RedisError: Redis did not confirm; the drafts may or may not have been appended.
        """
        if not drafts:
            return []
        arguments: list[str | bytes | int] = [new_epoch(), self._idle_s, self._history]
        for draft in drafts:
            arguments += [draft.id, draft.type, orjson.dumps(draft.payload)]
        epoch, *sequences = await self._script(
            keys=[self._keys.stream(topic), self._keys.published(topic)], args=arguments
        )
        # The client is the caller's, and may or may not decode its replies.
        name = epoch.decode() if isinstance(epoch, bytes) else epoch
        return [Cursor(name, int(sequence)) for sequence in sequences]
