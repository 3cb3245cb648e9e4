"""Fixtures for tests of operations on the whole schema."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from documents.tree.caps import Caps
from storage.object_store import ObjectStore
from tests.schema.desk import Desk
from tests.studio import open_studio


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def desk(
    mongo_client: AsyncMongoClient[dict[str, Any]],
    database: AsyncDatabase[dict[str, Any]],
    redis_url: str,
    object_store: ObjectStore,
) -> AsyncIterator[Desk]:
    async with open_studio(
        client=mongo_client,
        database=database,
        redis_url=redis_url,
        prefix=f"{database.name}:",
        objects=object_store,
    ) as studio:
        yield Desk(studio)


@pytest.fixture
def small_desk(desk: Desk) -> Desk:
    """The same desk in an installation with room for little."""
    caps = Caps(scenes_per_script=2, frames_per_scene=2, frames_per_project=3, tree_bytes=20_000)
    return Desk(replace(desk.studio, services=replace(desk.studio.services, caps=caps)), desk.schema)
