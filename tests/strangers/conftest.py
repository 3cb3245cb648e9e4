"""One server and one world for all strangers."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import fields, replace
from typing import Any
from uuid import uuid4

import pytest_asyncio
from beanie import init_beanie
from pymongo import AsyncMongoClient

from documents import MODELS
from schema.guarding.guards import Limits
from schema.guarding.observation import Observe
from schema.root import ServedSchema, build_schema
from storage.object_store import ObjectStore
from tests.offers_alone import everything_offered
from tests.strangers.example import furnish
from tests.strangers.history import happen
from tests.strangers.snapshot import Snapshot, Traces, Watched
from tests.strangers.street import Street
from tests.strangers.world import make_world
from tests.studio import open_studio
from tests.web.served import running
from tests.writers_room import Dreamer, Salon, Talker, open_salon
from web.application import Opened, create_application
from web.options import WebOptions

WIDE = Limits(tokens=10**6, depth=50, fields=10**6, aliases=10**6, cost=10**12)
"""Operations ask for all that there is; what is refused here is refused for who asks, not for what."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _street(
    mongo_client: AsyncMongoClient[dict[str, Any]], redis_url: str, object_store: ObjectStore
) -> AsyncIterator[Street]:
    database = mongo_client[f"test_{uuid4().hex}"]
    prefix = f"{database.name}:"
    async with open_studio(
        client=mongo_client,
        database=database,
        redis_url=redis_url,
        prefix=prefix,
        objects=object_store,
        providers=everything_offered(),
    ) as studio:
        open_salon(studio, Salon(Talker(), Dreamer()))
        world = await make_world(studio)
        await furnish(world)
        traces = Traces(database, studio.redis, prefix)
        signers: dict[str, Any] = {
            each.name: Watched(getattr(studio.services, each.name), traces.calls)
            for each in fields(studio.services)
            if each.name in {"objects", "media", "guests", "challenges"} or each.name.endswith("tokens")
        }
        services = replace(studio.services, **signers)

        def make_schema(observe: Observe) -> ServedSchema:
            return build_schema(WIDE, observe=observe)

        @asynccontextmanager
        async def opened() -> AsyncIterator[Opened]:
            yield Opened(services, {})

        app = create_application(make_schema, opened, WebOptions())
        # Callers keep their connections for the whole test, however long they have nothing to say.
        async with running(app, services, timeout_keep_alive=600) as server, AsyncExitStack() as connections:
            street = Street(server, world, traces, connections)
            await happen(street)
            world.snapshot = Snapshot(database, object_store, world.objects)
            await world.snapshot.take()
            yield street
    await mongo_client.drop_database(database.name)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def street(_street: Street) -> Street:
    """The same for all files; others may have run in between, and bound the models to their own database."""
    await init_beanie(database=_street.traces.database, document_models=list(MODELS))
    return _street
