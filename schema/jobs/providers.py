"""What can be done here now, and by whom."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated

import strawberry

from access.permissions import Permission
from providers.prices import Price as StoredPrice
from providers.protocols import offer as protocols
from providers.protocols.offer import Capability
from providers.service import Whose
from resolvers.context import Context
from resolvers.jobs import providers
from schema.enums import describe
from schema.guarding.rules import needs
from schema.ids import project_id as read_project_id

Info = strawberry.Info[Context, None]
_ModelPrice = tuple[str, StoredPrice]

describe(
    Capability,
    "A kind of work that a provider may offer.",
    {
        Capability.SCRIPT: "Writing scripts.",
        Capability.REWRITE: "Telling scenes and frames differently.",
        Capability.ANALYSIS: "Reading scripts closely.",
        Capability.CHARACTER: "Describing characters.",
        Capability.PROMPT: "Saying picture prompts better.",
        Capability.METADATA: "Title, description and hashtags for the platforms.",
        Capability.MUSIC_WORDS: "Words for the music: mood, wishes, tempo.",
        Capability.TRANSLATION: "Translating projects.",
        Capability.CHAT: "Talking as a persona.",
        Capability.PLAN: "Planning what to make on which day.",
        Capability.IMAGE: "Drawing still pictures.",
        Capability.IMAGE_EDIT: "Changing still pictures as words say.",
        Capability.SPEECH: "Speaking texts, with the time of each word.",
        Capability.TRANSCRIPTION: "Writing down what is said, with the time of each word.",
        Capability.SOUND_EFFECT: "Making sounds.",
        Capability.MUSIC: "Composing music.",
        Capability.CLIP: "Making moving pictures.",
        Capability.LIP_SYNC: "Moving a face's lips to a voice.",
    },
)


describe(
    Whose,
    "Whose key at a provider is used.",
    {
        Whose.USER: "One's own.",
        Whose.COMPANY: "One's company's, in its projects.",
        Whose.INSTALLATION: "That of the installation; or no key is needed.",
    },
    name="KeyOwner",
)


@strawberry.type(description="A voice that a provider speaks with.")
class VoiceOffer:
    """Read from `providers.protocols.offer.VoiceOffer`."""

    @strawberry.field(description="What `style.voice` and `voiceover.voice` name. No global id.")
    def voice_id(self, root: strawberry.Parent[protocols.VoiceOffer]) -> str:
        """The provider's own id of it."""
        return root.id

    name: str = strawberry.field(description="For people.")
    language: str = strawberry.field(
        description="Language tag (BCP 47) that it speaks, such as `pt-BR`; empty if it speaks several."
    )
    gender: str = strawberry.field(description="`female`, `male` or `neutral`.")
    preview_url: str | None = strawberry.field(
        description="A recording of it at the provider's, for anybody to hear; null where there is none."
    )


@strawberry.type(description="What a model charges; 0 for what it does not charge for.")
class Price:
    """Read from `providers.prices.Price`."""

    currency: str = strawberry.field(description="ISO 4217 code, such as `USD`; amounts are its major unit.")
    per_call: Decimal = strawberry.field(description="For a call, whatever comes of it.")
    per_image: Decimal = strawberry.field(description="For a picture.")
    per_second: Decimal = strawberry.field(description="For a second of sound or moving picture.")
    per_thousand_characters: Decimal = strawberry.field(description="For a thousand characters spoken.")
    per_million_input_tokens: Decimal = strawberry.field(description="For a million tokens read.")
    per_million_output_tokens: Decimal = strawberry.field(description="For a million tokens written.")


@strawberry.type(description="The price of one model.")
class ModelPrice:
    """Over a model's name and its `providers.prices.Price`."""

    @strawberry.field(description="The model.")
    def model(self, root: strawberry.Parent[_ModelPrice]) -> str:
        """Its name."""
        return root[0]

    @strawberry.field(graphql_type=Price, description="What it charges.")
    def price(self, root: strawberry.Parent[_ModelPrice]) -> StoredPrice:
        """Its price."""
        return root[1]


@strawberry.type(
    description="What is known of a model that makes pictures, sound or moving pictures. What is empty or "
    "null is not bounded, or not known."
)
class ModelFacts:
    """Read from `providers.protocols.offer.ModelFacts`."""

    model: str = strawberry.field(description="The model.")
    takes_seeds: bool = strawberry.field(
        description="Whether the same seed and the same words make the same again."
    )
    takes_negative_prompts: bool = strawberry.field(
        description="Whether it has an input for what must not appear; if not, it is told in words."
    )
    takes_references: bool = strawberry.field(
        description="Whether it makes things after reference pictures, such as a character's."
    )
    takes_first_image: bool = strawberry.field(
        description="Whether its clips can begin with a picture that is given."
    )
    lengths_s: list[float] = strawberry.field(
        description="The lengths in seconds that it makes, if not any: the next longer one is asked for."
    )
    shortest_s: float | None = strawberry.field(description="The least length in seconds.")
    longest_s: float | None = strawberry.field(description="The greatest length in seconds.")
    aspect_ratios: list[str] = strawberry.field(
        description="Shapes that it makes, such as `9:16`, if not any: the nearest one is asked for."
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
    voices: list[VoiceOffer] = strawberry.field(
        description="Its voices, for speech; empty where the provider keeps a long list: ask `voices`."
    )
    languages: list[str] = strawberry.field(
        description="Language tags (BCP 47) that it handles well; empty when language does not matter to it."
    )
    styles: list[str] = strawberry.field(
        description="Looks or moods that it knows by name; empty when it takes any words."
    )
    is_free: bool = strawberry.field(description="Whether it charges nothing.")
    is_default: bool = strawberry.field(
        description="Whether it does this kind of work unless the style names another."
    )
    takes_references: bool = strawberry.field(
        description="Whether pictures and clips may be made after reference pictures, such as a character's."
    )
    takes_masks: bool = strawberry.field(
        description="Whether edits of pictures can be kept within a mask: `editImage(maskUploadId)`."
    )
    times_words: bool = strawberry.field(
        description="Whether a speaker says itself when each word is heard; if not, "
        "`style.transcribeVoices` has a transcriber asked, who may charge for it."
    )
    knows_facts: bool = strawberry.field(
        description="False for a writer that only arranges words and knows nothing about the world."
    )

    max_text_characters: int | None = strawberry.field(
        description="How much text it takes at once: of `brief.text` for a writer of scripts, of a narration "
        "for a speaker; null for no bound of its own."
    )
    max_topic_characters: int | None = strawberry.field(
        description="How long a `brief.topic` a writer of scripts takes; null for no bound of its own."
    )

    @strawberry.field(
        graphql_type=list[ModelFacts],
        description="What is known of its models that make pictures, sound or moving pictures.",
    )
    def model_facts(self, root: strawberry.Parent[protocols.Offer]) -> list[protocols.ModelFacts]:
        """Model by model."""
        return list(root.facts)

    @strawberry.field(
        graphql_type=list[ModelPrice],
        description="What its models charge, as far as the operator has set it.",
    )
    def prices(self, root: strawberry.Parent[protocols.Offer]) -> list[_ModelPrice]:
        """The known prices."""
        return list(root.prices)

    @strawberry.field(graphql_type=Whose, description="Whose key is used, and so who pays.")
    def whose_key(self, root: strawberry.Parent[protocols.Offer]) -> Whose:
        """Whose it is."""
        return Whose(root.whose_key)

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
        description="What can be done here now for the viewer, with which voices, models, languages, styles "
        "and at which price, and what cannot and why. Defaults come first within a capability.",
        metadata=needs(Permission.ACCOUNT_VIEW),
    )
    async def providers(
        self,
        info: Info,
        capability: Annotated[
            Capability | None, strawberry.argument(description="Of one kind of work alone.")
        ] = None,
        project_id: Annotated[
            strawberry.ID | None,
            strawberry.argument(
                description="For work in this project: its company's keys and preferences count. Takes "
                "`PROJECT_VIEW` there."
            ),
        ] = None,
    ) -> Sequence[protocols.Offer]:
        """All offers."""
        found = None if project_id is None else read_project_id(project_id, "projectId")
        return await providers.offers(info.context, capability, found)
