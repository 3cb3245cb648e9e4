"""What the local provider honestly cannot do, said before anybody asks for it."""

from collections.abc import Mapping

from providers.protocols.offer import Capability, Offer

_REASONS: Mapping[Capability, str] = {
    Capability.REWRITE: "Telling a text differently takes a language model; it is kept as it stands.",
    Capability.ANALYSIS: "Reading a script closely takes a language model.",
    Capability.CHARACTER: "Describing a character takes a language model.",
    Capability.PROMPT: "Saying a prompt better takes a language model; it is kept as it stands.",
    Capability.TRANSLATION: "Translating takes a language model.",
    Capability.CHAT: "Talking takes a language model.",
    Capability.PLAN: "Planning a week takes a language model.",
    Capability.IMAGE_EDIT: "Changing a picture by words cannot be done without a model of pictures.",
    Capability.TRANSCRIPTION: "Writing down what is said takes a model that hears; words of texts that are "
    "known are timed without one.",
    Capability.CLIP: "Moving pictures cannot be made without a model; stills are given motion.",
    Capability.LIP_SYNC: "Lips cannot be moved to a voice without a model.",
}


def refusals() -> tuple[Offer, ...]:
    """Offers that are not available: for a registry's `refusals`. What local can do, its makers say."""
    return tuple(
        Offer(
            capability=capability,
            provider="local",
            models=(),
            available=False,
            reason_unavailable=reason,
        )
        for capability, reason in _REASONS.items()
    )
