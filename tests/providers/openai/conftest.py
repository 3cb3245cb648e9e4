"""A stand-in for OpenAI, and makers that talk to it."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio

from providers.line import OwnGate
from providers.openai.options import OpenAiOptions
from providers.openai.service import OpenAiService
from providers.prices import PriceList
from providers.protocols.offer import Capability
from tests.stand_ins.openai import OpenAiStandIn
from tests.stand_ins.openai_refusals import Lack

KEY = "sk-test-0123456789"
Maker = Callable[[Capability], Any]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def running() -> AsyncIterator[OpenAiStandIn]:
    async with OpenAiStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def stand_in(running: OpenAiStandIn) -> OpenAiStandIn:
    running.forget()
    running.lacks = frozenset()
    return running


class Makers:
    """Makers of services that are closed in the end."""

    def __init__(self, stand_in: OpenAiStandIn) -> None:
        self._stand_in = stand_in
        self._services: list[OpenAiService] = []

    def service(self, **options: Any) -> OpenAiService:
        usual: dict[str, Any] = {"api_key": KEY, "base_url": f"{self._stand_in.url}/v1"}
        service = OpenAiService(OpenAiOptions(**usual | options), PriceList(), OwnGate())
        self._services.append(service)
        return service

    def compatible(self, capability: Capability, *lacks: Lack, **options: Any) -> Any:
        """A maker of a server that lacks some of the interface."""
        self._stand_in.lacks = frozenset(lacks)
        usual: dict[str, Any] = {"name": "compatible", "models": {capability: "some-model"}}
        return self.service(**usual | options).makers(None)[capability]

    async def close(self) -> None:
        for service in self._services:
            await service.close()


@pytest_asyncio.fixture(loop_scope="session")
async def makers(stand_in: OpenAiStandIn) -> AsyncIterator[Makers]:
    made = Makers(stand_in)
    yield made
    await made.close()


@pytest.fixture
def maker(makers: Makers) -> Maker:
    """The maker of a capability at OpenAI's own."""
    service = makers.service()
    return lambda capability: service.makers(None)[capability]
