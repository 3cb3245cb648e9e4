"""A studio on the real stack for the resolvers' tests, and the schema over it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from resolvers.context import Context
from schema.root import ServedSchema, build_schema
from tests.studio import Studio, open_studio


@dataclass
class Asked:
    """What an operation came to."""

    data: Any
    codes: list[str]

    @property
    def payload(self) -> Any:
        (value,) = self.data.values()
        return value

    @property
    def user_codes(self) -> list[tuple[str, str | None]]:
        return [(error["code"], error["field"]) for error in self.payload["userErrors"]]


class Api:
    """The schema, asked as somebody."""

    def __init__(self, schema: ServedSchema) -> None:
        self._schema = schema

    async def __call__(self, context: Context, document: str, **variables: Any) -> Asked:
        result: Any = await self._schema.execute(document, variable_values=variables, context_value=context)
        return Asked(result.data, [str(error.extensions["code"]) for error in result.errors or ()])


@pytest.fixture(scope="session")
def api() -> Api:
    return Api(build_schema())


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def studio(
    mongo_client: AsyncMongoClient[dict[str, Any]], database: AsyncDatabase[dict[str, Any]], redis_url: str
) -> AsyncIterator[Studio]:
    opened = open_studio(
        client=mongo_client, database=database, redis_url=redis_url, prefix=f"test:{database.name}:"
    )
    async with opened as studio:
        yield studio
