"""What the local provider honestly cannot do, said before anybody asks for it."""

from providers.protocols.offer import Capability, Offer


def refusals() -> tuple[Offer, ...]:
    """Offers that are not available: for a registry's `refusals`. What local can do, its makers say."""
    return (
        Offer(
            capability=Capability.CLIP,
            provider="local",
            models=(),
            available=False,
            reason_unavailable="Moving pictures cannot be made without a model; stills are given motion.",
        ),
        Offer(
            capability=Capability.LIP_SYNC,
            provider="local",
            models=(),
            available=False,
            reason_unavailable="Lips cannot be moved to a voice without a model.",
        ),
    )
