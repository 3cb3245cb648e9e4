"""Our server, ready to be a client of providers."""

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from tests.oidc.browser import APP
from tests.web.served import Running
from tests.whole_server import whole_server


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def server(
    mongo_client: AsyncMongoClient[dict[str, Any]], database: AsyncDatabase[dict[str, Any]], redis_url: str
) -> AsyncIterator[Running]:
    """It knows no provider yet."""
    async with whole_server(mongo_client, database, redis_url, app_url=APP) as serving:
        yield serving
