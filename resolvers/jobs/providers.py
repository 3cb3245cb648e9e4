"""What can be done here now, and whether what a project asks for is among it."""

from collections.abc import Sequence
from dataclasses import replace

from beanie import PydanticObjectId

from access.permissions import Permission
from documents.projects.project import Project
from documents.tree.inputs import ScriptInputs
from documents.tree.media_inputs import EffectInputs
from providers.errors import CapabilityUnsupported, InvalidRequest
from providers.protocols.offer import Capability, Offer
from providers.registry import ProviderRegistry
from resolvers.context import Context
from resolvers.fields import camel
from resolvers.outcome import UserError, UserErrorCode
from tasks.buying.order import beyond_installation
from tasks.making.sound_effect import effect_request


async def registry_for(context: Context, project: Project | None = None) -> ProviderRegistry:
    """Who does what for the viewer: in a project, with its company's keys besides their own."""
    company_id = None if project is None else project.company_id
    return await context.services.providers.registry(context.require_viewer().user_id, company_id)


async def project_of(context: Context, project_id: PydanticObjectId | None) -> Project | None:
    """The project whose providers are asked for, without its tree; None for none.

    Raises:
        NotFound: the viewer may not see it.
    """
    if project_id is None:
        return None
    return await context.projects.check(project_id, Permission.PROJECT_VIEW)


async def offers(
    context: Context, capability: Capability | None, project_id: PydanticObjectId | None
) -> Sequence[Offer]:
    """Everything on offer for the viewer, or all of one capability, with what is refused and why.

    Args:
        context: the operation's.
        capability: of one kind of work alone.
        project_id: in this project: with its company's keys and preferences.

    Raises:
        Unauthenticated: nobody is signed in.
        NotFound: the viewer may not see the project.
    """
    registry = await registry_for(context, await project_of(context, project_id))
    known = [each for each in registry.offers() if capability is None or each.capability is capability]
    defaults: dict[Capability, Offer] = {}
    for offer in known:
        if offer.available:
            defaults.setdefault(offer.capability, offer)
    return [replace(offer, is_default=defaults.get(offer.capability) is offer) for offer in known]


def unsupported(
    registry: ProviderRegistry,
    capability: Capability,
    *,
    provider: str | None,
    model: str | None = None,
    voice: str | None = None,
) -> UserError | None:
    """Why a kind of work cannot be done here with this provider, model and voice; None if it can.

    Args:
        registry: who does what here.
        capability: the kind of work.
        provider: its name; None for the default one.
        model: its name; None for the provider's default one.
        voice: a voice's id, for speech; None for the language's first.
    """
    try:
        offer = registry.offer(capability, provider)
    except CapabilityUnsupported as error:
        return UserError(UserErrorCode.UNSUPPORTED, None, str(error))
    if not offer.available:
        why = offer.reason_unavailable or f"{offer.provider} cannot do this now."
        setting = registry.settings[capability]
        return UserError(
            UserErrorCode.UNSUPPORTED, None, f"{why} Set {setting}, or choose another provider in the style."
        )
    if voice is not None and offer.voices and voice not in {each.id for each in offer.voices}:
        return UserError(
            UserErrorCode.UNSUPPORTED,
            None,
            f"{offer.provider} has no voice {voice!r}. Set the style's or the voiceover's voice to one that"
            " `providers(capability: SPEECH)` lists, or to null for the language's first.",
        )
    beyond = beyond_installation(offer, model)
    return None if beyond is None else UserError(UserErrorCode.UNSUPPORTED, None, beyond)


def beyond_writer(registry: ProviderRegistry, inputs: ScriptInputs) -> UserError | None:
    """Why a writer would not take a brief for its length; None if it would, or if there is no such writer."""
    try:
        offer = registry.script_writer(inputs.provider).offer
    except CapabilityUnsupported:
        return None  # `unsupported` says so
    text, topic = (inputs.text or "").strip(), " ".join((inputs.topic or "").split())
    field, given, most = (
        ("text", text, offer.max_text_characters) if text else ("topic", topic, offer.max_topic_characters)
    )
    if most is None or len(given) <= most:
        return None
    advice = "Shorten it, or make several videos of it." if text else "Shorten it, or set brief.text instead."
    return UserError(
        UserErrorCode.INVALID,
        "input.projectId",
        f"brief.{field} has {len(given)} characters, and {offer.provider} takes {most} at the most. {advice}",
    )


def beyond_sound_maker(registry: ProviderRegistry, inputs: EffectInputs) -> UserError | None:
    """Why a sound would not be made of these words; None if it would, or if there is no such maker."""
    try:
        registry.sound_maker(inputs.provider).check(effect_request(inputs, seed=0))
    except CapabilityUnsupported:
        return None  # `unsupported` says so
    except InvalidRequest as refused:
        return UserError(UserErrorCode.INVALID, f"input.{camel(refused.field)}", refused.message)
    return None
