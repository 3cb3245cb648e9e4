"""Who does what, as settings say: without any key, and with one."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from access.provider_choice import ProviderChoice
from composition.providers import provider_choice
from providers.errors import CapabilityUnsupported
from providers.protocols.offer import Capability
from providers.registry import ProviderRegistry
from providers.service import Account, Whose
from settings.environment import load_settings
from tests.providers.conformance.work import WORK
from tests.settings.test_environment import NEEDED

ABLE = frozenset(
    {
        Capability.SCRIPT,
        Capability.METADATA,
        Capability.MUSIC_WORDS,
        Capability.IMAGE,
        Capability.SPEECH,
        Capability.SOUND_EFFECT,
        Capability.MUSIC,
    }
)
"""What takes neither a key nor a network."""


def choice(redis: Redis, **given: str) -> ProviderChoice:
    environ = {f"FRAMEWRIGHT_{name.upper()}": value for name, value in given.items()}
    return provider_choice(load_settings(NEEDED | environ), redis)


@pytest_asyncio.fixture
async def keyless(redis_client: Redis) -> AsyncIterator[ProviderRegistry]:
    found = choice(redis_client)
    yield found.desk.registry()
    await found.desk.close()


@pytest.mark.parametrize("capability", sorted(ABLE))
async def test_without_any_key_everything_that_local_can_do_is_done(
    keyless: ProviderRegistry, capability: Capability
) -> None:
    offer = keyless.offer(capability)
    assert (offer.provider, offer.available, offer.is_free) == ("local", True, True)
    usage = await WORK[capability](keyless.makers[capability]["local"])
    assert (usage.provider, usage.cost_micros) == ("local", 0)


@pytest.mark.parametrize("capability", sorted(set(Capability) - ABLE))
def test_without_any_key_everything_else_says_what_to_set(
    keyless: ProviderRegistry, capability: Capability
) -> None:
    with pytest.raises(CapabilityUnsupported) as refused:
        keyless.offer(capability)
    text = str(refused.value)
    assert any(f"FRAMEWRIGHT_{name}" in text for name in ("OPENAI_API_KEY", "REPLICATE_API_TOKEN"))
    assert "saveProviderKey" in text
    refusals = [offer for offer in keyless.offers() if offer.capability is capability]
    assert refusals
    assert all(offer.reason_unavailable and not offer.available for offer in refusals)


def test_every_provider_that_lacks_a_key_is_listed_with_its_setting(keyless: ProviderRegistry) -> None:
    reasons = {
        offer.provider: offer.reason_unavailable or "" for offer in keyless.offers() if not offer.available
    }
    assert "FRAMEWRIGHT_OPENAI_API_KEY" in reasons["openai"]
    assert "FRAMEWRIGHT_REPLICATE_API_TOKEN" in reasons["replicate"]
    assert "FRAMEWRIGHT_ELEVENLABS_API_KEY" in reasons["elevenlabs"]


def test_with_local_alone_the_list_of_providers_is_what_to_set(redis_client: Redis) -> None:
    registry = choice(redis_client, providers="local").desk.registry()
    with pytest.raises(CapabilityUnsupported, match="FRAMEWRIGHT_PROVIDERS"):
        registry.clip_maker()


def test_with_nobody_at_all_each_kind_of_work_says_so(redis_client: Redis) -> None:
    registry = choice(redis_client, providers=",").desk.registry()
    for capability in Capability:
        with pytest.raises(CapabilityUnsupported, match=r"No provider.*FRAMEWRIGHT_PROVIDERS"):
            registry.offer(capability)


async def test_one_key_is_enough_for_its_provider_to_come_first(redis_client: Redis) -> None:
    found = choice(redis_client, openai_api_key="sk-1")
    registry = found.desk.registry()
    assert registry.offer(Capability.SCRIPT).provider == "openai"
    assert registry.offer(Capability.IMAGE).provider == "openai"
    assert registry.offer(Capability.MUSIC).provider == "local"
    await found.desk.close()


async def test_a_key_of_ones_own_is_enough_for_oneself(redis_client: Redis) -> None:
    found = choice(redis_client)
    own = found.desk.registry({"replicate": Account("r8_own", Whose.USER)})
    assert own.offer(Capability.CLIP).whose_key == "USER"
    with pytest.raises(CapabilityUnsupported):
        found.desk.registry().offer(Capability.CLIP)
    await found.desk.close()


@pytest.mark.parametrize(
    ("server", "provider"),
    [
        ({"key": "ollama", "models": {"script": "llama3.3"}}, "ollama"),
        ({"key": "groq", "api_key": "gsk-1", "models": {"chat": "m"}}, "groq"),
    ],
)
async def test_a_compatible_server_comes_before_local(
    redis_client: Redis, server: Any, provider: str
) -> None:
    found = choice(redis_client, compatible_providers=f"[{server}]".replace("'", '"'))
    registry = found.desk.registry()
    assert registry.offer(Capability.SCRIPT).provider == provider
    assert registry.offer(Capability.IMAGE).provider == "local"
    await found.desk.close()
