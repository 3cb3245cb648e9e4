"""Who writes, draws, speaks and composes, out of the settings."""

from collections.abc import Callable
from functools import partial

from redis.asyncio import Redis

from access.key_turns import RedisGate
from access.provider_choice import ProviderChoice
from composition.jobs import redis_prefix
from composition.secrets import sealing
from providers.desk import ProviderDesk
from providers.elevenlabs.service import ElevenLabsService
from providers.line import Gate
from providers.local.service import LocalService
from providers.openai.service import OpenAiService
from providers.replicate.service import ReplicateService
from providers.service import Service
from settings.provider_options import (
    capability_settings,
    compatible_options,
    elevenlabs_options,
    openai_options,
    price_list,
    replicate_options,
)
from settings.providers import Providers
from settings.sections import Settings


def provider_choice(settings: Settings, redis: Redis) -> ProviderChoice:
    """Who does what here, and with whose keys.

    Args:
        settings: who is set up, and in which order.
        redis: where all processes count the calls with each key.
    """
    gate = RedisGate(redis, f"{redis_prefix(settings)}turns")
    desk = ProviderDesk(_services(settings.providers, gate), capability_settings(settings.providers))
    return ProviderChoice(desk, sealing(settings))


def _services(settings: Providers, gate: Gate) -> list[Service]:
    prices = price_list(settings)
    known: dict[str, Callable[[], Service]] = {
        "local": LocalService,
        "openai": lambda: OpenAiService(openai_options(settings), prices, gate),
        "replicate": lambda: ReplicateService(replicate_options(settings), prices, gate),
        "elevenlabs": lambda: ElevenLabsService(elevenlabs_options(settings), prices, gate),
    }
    for server in settings.compatible_providers:
        options = compatible_options(settings, server)
        known[server.key] = partial(OpenAiService, options, prices, gate)
    return [known[name]() for name in settings.order]
