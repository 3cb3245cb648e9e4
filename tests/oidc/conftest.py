"""Our server, ready to be a client of providers."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest_asyncio
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from schema.observation import Observe
from schema.root import ServedSchema, build_schema
from tests.oidc.browser import APP
from tests.studio import open_studio
from tests.web.served import Running, running
from web.application import Opened, create_application
from web.options import WebOptions


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def server(
    mongo_client: AsyncMongoClient[dict[str, Any]], database: AsyncDatabase[dict[str, Any]], redis_url: str
) -> AsyncIterator[Running]:
    """It knows no provider yet: tests put theirs into `services.identity_providers`."""
    prefix = f"{database.name}:"
    opening = open_studio(client=mongo_client, database=database, redis_url=redis_url, prefix=prefix)
    async with opening as studio:
        services = replace(studio.services, identity_providers={})

        def make_schema(observe: Observe) -> ServedSchema:
            return build_schema(observe=observe)

        @asynccontextmanager
        async def opened() -> AsyncIterator[Opened]:
            yield Opened(services, {})

        app = create_application(make_schema, opened, WebOptions(app_url=APP))
        async with running(app, services) as serving:
            yield serving
