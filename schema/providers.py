"""What can be done here now, and by whom."""

from collections.abc import Sequence
from typing import Annotated

import strawberry

from access.permissions import Permission
from providers import protocols
from providers.protocols import Capability
from resolvers import providers
from resolvers.context import Context
from schema.enums import describe
from schema.rules import needs

Info = strawberry.Info[Context, None]

describe(
    Capability,
    "A kind of work that a provider may offer.",
    {
        Capability.SCRIPT: "Writing scripts.",
        Capability.IMAGE: "Drawing still pictures.",
        Capability.SPEECH: "Speaking texts, with the time of each word.",
        Capability.MUSIC: "Composing music.",
        Capability.CLIP: "Making moving pictures.",
        Capability.LIP_SYNC: "Moving a face's lips to a voice.",
    },
)


@strawberry.type(description="A voice that a provider speaks with.")
class VoiceOffer:
    """Read from `providers.protocols.VoiceOffer`."""

    @strawberry.field(description="What `style.voice` and `voiceover.voice` name. No global id.")
    def voice_id(self, root: strawberry.Parent[protocols.VoiceOffer]) -> str:
        """The provider's own id of it."""
        return root.id

    name: str = strawberry.field(description="For people.")
    language: str = strawberry.field(description="Language tag (BCP 47) that it speaks, such as `pt-BR`.")
    gender: str = strawberry.field(description="`female`, `male` or `neutral`.")


@strawberry.type(description="What a unit of work costs.")
class Price:
    """Read from `providers.protocols.Price`."""

    minor_per_unit: float = strawberry.field(
        description="In minor units of the currency, such as cents; fractions of one are possible."
    )
    currency: str = strawberry.field(description="ISO 4217 code, such as `USD`.")
    unit: str = strawberry.field(
        description="What is counted: `tokens`, `characters`, `images`, `seconds` or `calls`."
    )


@strawberry.type(description="What one provider can do of one capability, here and now.")
class Offer:
    """Read from `providers.protocols.Offer`."""

    capability: Capability = strawberry.field(description="The kind of work.")
    provider: str = strawberry.field(
        description="Name of the provider, as the style's provider fields take it; the first of a "
        "capability is "
        "its default."
    )
    models: list[str] = strawberry.field(description="Its models; the first is its default.")
    voices: list[VoiceOffer] = strawberry.field(description="Its voices, for speech.")
    languages: list[str] = strawberry.field(
        description="Language tags (BCP 47) that it handles well; empty when language does not matter to it."
    )
    styles: list[str] = strawberry.field(
        description="Looks or moods that it knows by name; empty when it takes any words."
    )
    price: Price | None = strawberry.field(description="What it charges; null when it is free.")
    knows_facts: bool = strawberry.field(
        description="False for a writer that only arranges words and knows nothing about the world."
    )

    @strawberry.field(description="Whether it can be asked now.")
    def is_available(self, root: strawberry.Parent[protocols.Offer]) -> bool:
        """Whether it works."""
        return root.available

    @strawberry.field(description="What is missing and which setting provides it; null when it is available.")
    def unavailable_reason(self, root: strawberry.Parent[protocols.Offer]) -> str | None:
        """Why not."""
        return root.reason_unavailable


@strawberry.type
class ProviderQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=list[Offer],
        description="What can be done here now, with which voices, models, languages and styles and at which "
        "price, and what cannot and why. Defaults come first within a capability.",
        metadata=needs(Permission.ACCOUNT_VIEW),
    )
    def providers(
        self,
        info: Info,
        capability: Annotated[
            Capability | None, strawberry.argument(description="Of one kind of work alone.")
        ] = None,
    ) -> Sequence[protocols.Offer]:
        """All offers."""
        return providers.offers(info.context, capability)
