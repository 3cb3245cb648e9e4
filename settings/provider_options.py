"""What the settings of providers mean to the services: their options, and which setting provides what."""

from collections.abc import Mapping
from typing import Final

from pydantic import AnyHttpUrl, SecretStr

from providers.elevenlabs.options import ElevenLabsOptions
from providers.line import LineLimits
from providers.openai.options import OpenAiOptions
from providers.prices import PriceList
from providers.protocols.offer import Capability
from providers.replicate.options import ReplicateModel, ReplicateOptions
from settings.environment import variable
from settings.provider_values import CompatibleServerSettings, ReplicateModelSettings
from settings.providers import Providers

_KEYS: Final[Mapping[Capability, tuple[str, str]]] = {
    **dict.fromkeys(Capability, ("openai", "openai_api_key")),
    Capability.SOUND_EFFECT: ("elevenlabs", "elevenlabs_api_key"),
    **dict.fromkeys(
        (Capability.MUSIC, Capability.CLIP, Capability.LIP_SYNC), ("replicate", "replicate_api_token")
    ),
}


def capability_settings(settings: Providers) -> dict[Capability, str]:
    """For each capability the setting that an operator changes to provide it."""
    return {
        capability: variable(field if provider in settings.providers else "providers")
        for capability, (provider, field) in _KEYS.items()
    }


def price_list(settings: Providers) -> PriceList:
    """The operator's prices."""
    return PriceList({name: each.price() for name, each in settings.prices.items()})


def openai_options(settings: Providers) -> OpenAiOptions:
    """OpenAI itself."""
    return OpenAiOptions(
        api_key=_text(settings.openai_api_key),
        base_url=_address(settings.openai_base_url),
        models=settings.openai_models,
        key_setting=variable("openai_api_key"),
        timeout_s=settings.provider_timeout_s,
        limits=_limits(settings),
    )


def compatible_options(settings: Providers, server: CompatibleServerSettings) -> OpenAiOptions:
    """Another server that speaks the same interface."""
    return OpenAiOptions(
        name=server.key,
        api_key=None if server.api_key is None else _text(server.api_key),
        base_url=_address(server.base_url),
        models=server.models,
        voices=server.voices,
        takes_keys=server.needs_key,
        needs_key=server.needs_key,
        key_setting=variable("compatible_providers"),
        timeout_s=settings.provider_timeout_s,
        limits=_limits(settings),
    )


def replicate_options(settings: Providers) -> ReplicateOptions:
    """Replicate."""
    return ReplicateOptions(
        api_token=_text(settings.replicate_api_token),
        base_url=_address(settings.replicate_base_url),
        models={name: _model(each) for name, each in settings.replicate_models.items()},
        poll_s=settings.prediction_poll_s,
        timeout_s=settings.prediction_timeout_s,
        limits=_limits(settings),
    )


def elevenlabs_options(settings: Providers) -> ElevenLabsOptions:
    """ElevenLabs."""
    return ElevenLabsOptions(
        api_key=_text(settings.elevenlabs_api_key),
        base_url=_address(settings.elevenlabs_base_url),
        speech_model=settings.elevenlabs_speech_model,
        effects_model=settings.elevenlabs_effects_model,
        timeout_s=settings.provider_timeout_s,
        limits=_limits(settings),
    )


def _limits(settings: Providers) -> LineLimits:
    return LineLimits(
        calls_at_once=settings.provider_calls_at_once,
        failures=settings.provider_failures,
        closed_s=settings.provider_pause_s,
    )


def _model(settings: ReplicateModelSettings) -> ReplicateModel:
    return ReplicateModel(**dict(settings))


def _address(url: AnyHttpUrl | None) -> str | None:
    return None if url is None else str(url).rstrip("/")


def _text(secret: SecretStr) -> str | None:
    return secret.get_secret_value().strip() or None
