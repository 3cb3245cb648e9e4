"""The whole application on a free port, over a studio of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from schema.guarding.observation import Observe
from schema.root import ServedSchema, build_schema
from tests.studio import open_studio
from tests.web.served import Running, running
from web.application import Opened, create_application
from web.options import WebOptions


@asynccontextmanager
async def whole_server(
    client: AsyncMongoClient[dict[str, Any]],
    database: AsyncDatabase[dict[str, Any]],
    redis_url: str,
    *,
    app_url: str = "https://app.example",
) -> AsyncIterator[Running]:
    """Serve; providers to sign in with can be put into `services.identity_providers`."""
    prefix = f"{database.name}:"
    async with open_studio(client=client, database=database, redis_url=redis_url, prefix=prefix) as studio:
        services = replace(studio.services, identity_providers={})

        def make_schema(observe: Observe) -> ServedSchema:
            return build_schema(observe=observe)

        @asynccontextmanager
        async def opened() -> AsyncIterator[Opened]:
            yield Opened(services, {})

        app = create_application(make_schema, opened, WebOptions(app_url=app_url))
        async with running(app, services) as serving:
            yield serving
