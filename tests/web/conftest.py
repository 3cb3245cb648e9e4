"""Fixtures for tests over real HTTP: `services`, `serve`, `server`, `token`."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
import pytest_asyncio
from pymongo.asynchronous.database import AsyncDatabase

from resolvers.context import Services
from schema.guarding.charged_validation import ChargeOperation
from schema.guarding.guards import Limits
from schema.guarding.observation import Observe
from schema.root import ServedSchema, build_schema
from tests.account_services import open_account_services
from tests.web.served import Mutation, Query, Running, Serve, Subscription, running, sign_up
from web.application import Opened, create_application
from web.options import WebOptions


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def services(database: AsyncDatabase[dict[str, Any]], redis_url: str) -> AsyncIterator[Services]:
    """Real accounts; the rest has no business here."""
    async with open_account_services(database, redis_url, f"test:{database.name}:") as opened:
        yield opened


@pytest.fixture(scope="module")
def serve(services: Services) -> Serve:
    """`async with serve(limits=..., timeout_s=..., probes=..., **fields of WebOptions) as server`."""

    @asynccontextmanager
    async def start(
        *,
        limits: Limits | None = None,
        charge: ChargeOperation | None = None,
        timeout_s: float = 5.0,
        probes: Mapping[str, Callable[[], Awaitable[object]]] = MappingProxyType({}),
        config: Mapping[str, Any] = MappingProxyType({}),
        **options: Any,
    ) -> AsyncIterator[Running]:
        def make_schema(observe: Observe) -> ServedSchema:
            return build_schema(
                limits,
                timeout_s=timeout_s,
                observe=observe,
                charge=charge,
                query=Query,
                mutation=Mutation,
                subscription=Subscription,
            )

        @asynccontextmanager
        async def open_services() -> AsyncIterator[Opened]:
            yield Opened(services, probes)

        app = create_application(make_schema, open_services, replace(WebOptions(), **options))
        async with running(app, services, **config) as server:
            yield server

    return start


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def server(serve: Serve) -> AsyncIterator[Running]:
    """The server as it is by default, shared by a module."""
    async with serve() as running_server:
        yield running_server


@pytest_asyncio.fixture(loop_scope="session")
async def token(server: Running) -> str:
    """The access token of somebody new."""
    return await sign_up(server)
