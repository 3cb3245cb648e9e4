"""Every operation on an installation without a single key: done, or refused with what to set."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import Final

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from composition.providers import provider_choice
from schema.guarding.observation import Observe
from schema.root import ServedSchema, build_schema
from settings.environment import load_settings
from tests.settings.test_environment import NEEDED
from tests.strangers.calls import OPERATIONS, post
from tests.strangers.conftest import WIDE
from tests.strangers.example import examples
from tests.strangers.expected import rightful, rule
from tests.strangers.street import Street
from tests.strangers.test_strangers import called
from tests.web.served import running
from web.application import Opened, create_application
from web.options import WebOptions

ASKS_SOMEBODY_ELSE: Final[Mapping[str, str]] = dict.fromkeys(
    ("saveProviderKey", "checkProviderKey"), "the key of its example belongs to a provider of the tests' own"
)

TRIED: Final = sorted(
    name
    for name, operation in OPERATIONS.items()
    if operation.root != "subscription" and name not in ASKS_SOMEBODY_ELSE
)
NEED_A_KEY: Final = {
    *("analyseCharacter", "analyseScript", "applyLipSync", "editImage", "generateClips", "makeWeeklyPlan"),
    *("optimisePrompts", "rewriteFrame", "rewriteScene", "sendChatMessage", "translateProject"),
}
"""What no installation can do by itself."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def keyless(street: Street, redis_client: Redis) -> AsyncIterator[Street]:
    """The same world behind a server whose environment has no key."""
    providers = provider_choice(load_settings(NEEDED), redis_client)
    services = replace(street.server.services, providers=providers)

    def make_schema(observe: Observe) -> ServedSchema:
        return build_schema(WIDE, observe=observe)

    @asynccontextmanager
    async def opened() -> AsyncIterator[Opened]:
        yield Opened(services, {})

    app = create_application(make_schema, opened, WebOptions())
    async with running(app, services, timeout_keep_alive=600) as server, AsyncExitStack() as connections:
        yield Street(server, street.world, street.traces, connections)
    await providers.desk.close()


@pytest.mark.parametrize("name", TRIED)
async def test_it_is_done_or_says_what_to_set(keyless: Street, name: str) -> None:
    example, operation = examples()[name], OPERATIONS[name]
    caller = called(keyless, rightful(example, rule(operation)))
    try:
        answer = await post(await keyless.client(caller), operation, example.variables(keyless.world))
        if name in NEED_A_KEY:
            assert answer.outcome == "UNSUPPORTED", answer.text
            assert re.search("FRAMEWRIGHT_[A-Z_]*(KEY|TOKEN)", answer.text)
            assert "saveProviderKey" in answer.text
            assert await keyless.world.snapshot.changed() == {}
        else:
            assert answer.outcome == "OK", answer.text
    finally:
        await keyless.world.snapshot.restore()
        await keyless.traces.forgive()
