"""What can be done here now, and whether what a project asks for is among it."""

from collections.abc import Callable, Mapping, Sequence

from documents.inputs import ScriptInputs
from documents.job import JobKind
from providers.errors import CapabilityUnsupported
from providers.protocols import Capability, Offer, Provides
from providers.registry import ProviderRegistry
from resolvers.context import Context
from resolvers.outcome import UserError, UserErrorCode

_CAPABILITY: Mapping[JobKind, Capability] = {
    JobKind.SCRIPT: Capability.SCRIPT,
    JobKind.IMAGE: Capability.IMAGE,
    JobKind.VOICEOVER: Capability.SPEECH,
    JobKind.MUSIC: Capability.MUSIC,
}


def offers(context: Context, capability: Capability | None) -> Sequence[Offer]:
    """Everything on offer, or all of one capability, with what is refused and why.

    Raises:
        Unauthenticated: nobody is signed in.
    """
    context.require_viewer()
    known = context.services.providers.offers()
    return [offer for offer in known if capability is None or offer.capability is capability]


def unsupported(
    registry: ProviderRegistry, kind: JobKind, *, provider: str | None, voice: str | None = None
) -> UserError | None:
    """Why a kind of work cannot be done here with this provider and voice; None if it can.

    Args:
        registry: who does what here.
        kind: the job's kind.
        provider: its name; None for the default one.
        voice: a voice's id, for speech; None for the language's first.
    """
    makers: Mapping[JobKind, Callable[[str | None], Provides]] = {
        JobKind.SCRIPT: registry.script_writer,
        JobKind.IMAGE: registry.image_maker,
        JobKind.VOICEOVER: registry.speaker,
        JobKind.MUSIC: registry.composer,
    }
    try:
        offer = makers[kind](provider).offer
    except CapabilityUnsupported as error:
        return UserError(UserErrorCode.UNSUPPORTED, None, str(error))
    if not offer.available:
        why = offer.reason_unavailable or f"{offer.provider} cannot do this now."
        setting = registry.settings[_CAPABILITY[kind]]
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
    return None


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
