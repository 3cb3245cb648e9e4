"""Who is to make something, with which model and voice: whether names that somebody gives can be meant.

A provider that only lacks a key may be named: somebody brings it yet. A model or a voice is refused where
its provider lists all that it takes, or where the installation's key would have to pay for a model that its
operator has not set up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from beanie import PydanticObjectId

from providers.errors import CapabilityUnsupported
from providers.protocols.offer import Capability, Offer
from providers.registry import ProviderRegistry
from resolvers.context import Context
from resolvers.fields import camel
from resolvers.languages import same_language
from resolvers.outcome import UserError, UserErrorCode
from tasks.buying.order import beyond_installation

_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class MakerFields:
    """Fields of a node that say together who makes something.

    Args:
        capabilities: what is made; a provider of one of them will do.
        provider: the field with the provider's name.
        model: that with the model's; None where there is none.
        voice: that with the voice's id; None where there is none.
    """

    capabilities: Sequence[Capability]
    provider: str
    model: str | None = None
    voice: str | None = None

    @property
    def names(self) -> frozenset[str]:
        """All of them."""
        return frozenset(name for name in (self.provider, self.model, self.voice) if name is not None)


STYLE_MAKERS: Final = (
    MakerFields(
        (
            Capability.SCRIPT,
            Capability.REWRITE,
            Capability.ANALYSIS,
            Capability.PROMPT,
            Capability.METADATA,
            Capability.MUSIC_WORDS,
            Capability.TRANSLATION,
        ),
        "writer_provider",
        "writer_model",
    ),
    MakerFields((Capability.IMAGE, Capability.IMAGE_EDIT), "image_provider", "image_model"),
    MakerFields((Capability.SPEECH,), "speech_provider", "speech_model", "voice"),
    MakerFields((Capability.MUSIC,), "music_provider", "music_model"),
    MakerFields((Capability.SOUND_EFFECT,), "sound_effect_provider"),
    MakerFields((Capability.CLIP,), "clip_provider", "clip_model"),
    MakerFields((Capability.LIP_SYNC,), "lip_sync_provider", "lip_sync_model"),
)
SHOW_MAKERS: Final = (MakerFields((Capability.SPEECH,), "speech_provider", voice="voice"),)
VOICEOVER_MAKERS: Final = (MakerFields((Capability.SPEECH,), "provider", voice="voice"),)


async def unknown_makers(
    context: Context,
    company_id: PydanticObjectId | None,
    makers: Sequence[MakerFields],
    values: Mapping[str, Any],
    *,
    now: Mapping[str, Any],
    at: str,
) -> list[UserError]:
    """What is wrong with names that the viewer gives, for work with this company's keys; as for `faults`."""
    if not any(values.get(name) is not None for each in makers for name in each.names):
        return []
    registry = await context.services.providers.registry(context.require_viewer().user_id, company_id)
    return faults(registry, makers, values, now=now, at=at)


def faults(
    registry: ProviderRegistry,
    makers: Sequence[MakerFields],
    values: Mapping[str, Any],
    *,
    now: Mapping[str, Any],
    at: str,
) -> list[UserError]:
    """What is wrong with the names that are given.

    Args:
        registry: who does what for the viewer there.
        makers: the fields that name somebody.
        values: what is given, by the fields' Python names; None takes a name away.
        now: what the node has in fields that are not given.
        at: where the values stand in the operation.
    """
    found = []
    for each in makers:
        provider = values[each.provider] if each.provider in values else now.get(each.provider)
        offers = _offers(registry, each.capabilities, provider)
        if not offers:
            if values.get(each.provider) is not None:
                found.append(_unknown(registry, each, at))
            continue
        model = None if each.model is None else values.get(each.model)
        if model is not None and (fault := _model_fault(offers, model)):
            found.append(UserError(UserErrorCode.INVALID, f"{at}.{camel(each.model or '')}", fault))
        voice = None if each.voice is None else values.get(each.voice)
        if voice is not None and (fault := _voice_fault(offers, voice)):
            found.append(UserError(UserErrorCode.INVALID, f"{at}.{camel(each.voice or '')}", fault))
    return found


def language_fault(
    registry: ProviderRegistry, language: str, *, provider: str | None, model: str | None, at: str
) -> UserError | None:
    """Why a project's speaker would not read its language; None if it would, or if that is not known.

    Args:
        registry: who does what for the viewer there.
        language: the project's.
        provider: who is to speak; None for the default one.
        model: with which model; None for the provider's.
        at: the field to name.
    """
    for offer in _offers(registry, (Capability.SPEECH,), provider):
        is_default = model is None or model == offer.models[0]
        speaks = any(same_language(each, language) for each in offer.languages)
        if offer.available and offer.languages_are_all and is_default and not speaks:
            text = f"{offer.provider} does not speak {language}; it speaks {', '.join(offer.languages)}."
            return UserError(UserErrorCode.INVALID, at, f"{text} Choose another speechProvider for it.")
    return None


def _offers(
    registry: ProviderRegistry, capabilities: Sequence[Capability], provider: str | None
) -> list[Offer]:
    """What the provider of that name offers of these, with a key or without; for None, the default ones."""
    if provider is not None:
        every = registry.offers()
        return [
            each
            for each in every
            if each.capability in capabilities and each.provider == provider and each.models
        ]
    found = []
    for capability in capabilities:
        try:
            found.append(registry.offer(capability))
        except CapabilityUnsupported:
            continue
    return found


def _unknown(registry: ProviderRegistry, fields: MakerFields, at: str) -> UserError:
    known = {
        each.provider for each in registry.offers() if each.capability in fields.capabilities and each.models
    }
    text = (
        f"No provider of that name is set up here for this; there are: {', '.join(sorted(known)) or 'none'}."
    )
    return UserError(UserErrorCode.INVALID, f"{at}.{camel(fields.provider)}", text)


def _model_fault(offers: Sequence[Offer], model: str) -> str | None:
    if any(_takes(offer, model) for offer in offers):
        return None
    closed = next((offer for offer in offers if offer.models_are_all), None)
    if closed is None:
        return beyond_installation(offers[0], model)
    return f"{closed.provider} has no model {model!r}; it has {', '.join(closed.models)}."


def _takes(offer: Offer, model: str) -> bool:
    if offer.models_are_all:
        return model in offer.models
    return not offer.available or beyond_installation(offer, model) is None


def _voice_fault(offers: Sequence[Offer], voice: str) -> str | None:
    voices = [each.id for offer in offers for each in offer.voices]
    if not voices or voice in voices:
        return None
    listed = ", ".join(voices[:_SHOWN]) + (", …" if len(voices) > _SHOWN else "")
    text = f"{offers[0].provider} has no voice {voice!r}; it has {listed}: see `voices`."
    return f"{text} Null takes the language's first."
