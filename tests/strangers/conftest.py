"""One server and one world for all strangers."""

import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any, cast

import httpx
import pytest_asyncio
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from access.mail_tokens import MailTokens
from access.media_urls import MediaUrls
from access.tokens import AccessTokens
from schema.guards import Limits
from schema.observation import Observe
from schema.root import ServedSchema, build_schema
from storage.object_store import ObjectStore
from tests.strangers.example import furnish
from tests.strangers.people import Caller
from tests.strangers.snapshot import Snapshot, Traces, Watched
from tests.strangers.world import World, make_world
from tests.studio import open_studio
from tests.web.served import Running, running
from web.application import Opened, create_application
from web.options import WebOptions

WIDE = Limits(tokens=10**6, depth=50, fields=10**6, aliases=10**6, cost=10**12)
"""Operations ask for all that there is; what is refused here is refused for who asks, not for what."""


TLS = ssl.create_default_context()
"""Made once: nothing here is encrypted, and a client would make one for itself."""


@dataclass
class Street:
    """Where everybody meets: the server, the world behind it, and what happens there."""

    server: Running
    world: World
    traces: Traces
    connections: AsyncExitStack
    clients: dict[str, httpx.AsyncClient] = field(default_factory=dict)

    async def client(self, caller: Caller) -> httpx.AsyncClient:
        """A connection of the caller's own: a pool that many share takes longer than what it sends."""
        if caller.name not in self.clients:
            made = httpx.AsyncClient(base_url=self.server.url, headers=caller.headers, timeout=30, verify=TLS)
            self.clients[caller.name] = await self.connections.enter_async_context(made)
        return self.clients[caller.name]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def street(
    mongo_client: AsyncMongoClient[dict[str, Any]],
    database: AsyncDatabase[dict[str, Any]],
    redis_url: str,
    object_store: ObjectStore,
) -> AsyncIterator[Street]:
    prefix = f"{database.name}:"
    async with open_studio(
        client=mongo_client, database=database, redis_url=redis_url, prefix=prefix, objects=object_store
    ) as studio:
        world = await make_world(studio)
        await furnish(world)
        world.snapshot = Snapshot(database, object_store, world.objects)
        await world.snapshot.take()
        traces = Traces(database, studio.redis, prefix)
        services = replace(
            studio.services,
            objects=cast("ObjectStore", Watched(object_store, traces.calls)),
            media=cast("MediaUrls", Watched(studio.services.media, traces.calls)),
            tokens=cast("AccessTokens", Watched(studio.services.tokens, traces.calls)),
            mail_tokens=cast("MailTokens", Watched(studio.services.mail_tokens, traces.calls)),
        )

        def make_schema(observe: Observe) -> ServedSchema:
            return build_schema(WIDE, observe=observe)

        @asynccontextmanager
        async def opened() -> AsyncIterator[Opened]:
            yield Opened(services, {})

        app = create_application(make_schema, opened, WebOptions())
        async with running(app, services) as server, AsyncExitStack() as connections:
            yield Street(server, world, traces, connections)
