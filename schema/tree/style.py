"""The style: how everything in a project looks and sounds."""

import strawberry

import documents.tree.brief as stored
from access.permissions import Permission
from documents.tree.brief import AspectRatio, Resolution
from documents.tree.look import TransitionKind
from documents.tree.style_preset import StylePreset
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.tree import briefs
from schema.enums import describe
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import project_id
from schema.inputs import given
from schema.scalars import Color
from schema.tree import style_preset as _style_preset  # noqa: F401 - describes the presets
from schema.tree.look import CaptionLook, CaptionLookInput
from schema.tree.overlay import BrandFont, Overlay
from schema.tree.reference_image import ReferenceImage

Info = strawberry.Info[Context, None]

describe(
    AspectRatio,
    "Shape of a video.",
    {
        AspectRatio.PORTRAIT: "9:16, for shorts and reels.",
        AspectRatio.SQUARE: "1:1.",
        AspectRatio.LANDSCAPE: "16:9.",
        AspectRatio.FEED: "4:5.",
    },
)
describe(
    Resolution,
    "Length of a video's shorter side.",
    {
        Resolution.P480: "480 pixels.",
        Resolution.P720: "720 pixels.",
        Resolution.P1080: "1,080 pixels.",
    },
)


@strawberry.type(description="How everything in a project looks and sounds.")
class Style:
    """Read from `documents.tree.brief.Style`."""

    look: str = strawberry.field(description="Words for the pictures, such as `watercolor`.")
    palette: list[Color] = strawberry.field(description="Colours that pictures keep to; at most 8.")
    negative_prompt: str = strawberry.field(description="What must not appear in any picture.")
    aspect_ratio: AspectRatio = strawberry.field(description="Shape of the video.")
    resolution: Resolution = strawberry.field(description="Length of its shorter side.")
    fps: int = strawberry.field(description="Video frames a second.")
    voice: str | None = strawberry.field(description="Id of the voice; null for the language's first.")
    speech_speed: float = strawberry.field(description="1 is the voice's own pace; 0.5 to 2.")
    voice_volume: float = strawberry.field(description="The voice beside the music: 0 (hardly heard) to 1.")
    transition: TransitionKind = strawberry.field(description="Between frames that name none.")
    captions: CaptionLook = strawberry.field(description="How captions look.")
    caption_font: BrandFont | None = strawberry.field(
        description="Font of captions and titles; null for the usual one, which also draws the letters that "
        "this one has not."
    )
    overlays: list[Overlay] = strawberry.field(
        description="Pictures over the whole video, under captions and titles; at most 4."
    )
    reference_images: list[ReferenceImage] = strawberry.field(
        description="Of things that must look as they do in all pictures; at most 4."
    )
    seed: int = strawberry.field(description="Makes every generated thing anew when it changes.")
    writer_provider: str | None = strawberry.field(description="Who writes; null for the installation's.")
    writer_model: str | None = strawberry.field(description="With which model; null for the provider's.")
    image_provider: str | None = strawberry.field(description="Who draws; null for the installation's.")
    image_model: str | None = strawberry.field(description="With which model; null for the provider's.")
    speech_provider: str | None = strawberry.field(description="Who speaks; null for the installation's.")
    speech_model: str | None = strawberry.field(description="With which model; null for the provider's.")
    transcribe_voices: bool = strawberry.field(
        description="Whether a transcriber is asked when the words of a voice come where its maker does "
        "not say so. It may cost money; else the studio's own voice is compared with it, for nothing."
    )
    music_provider: str | None = strawberry.field(description="Who composes; null for the installation's.")
    music_model: str | None = strawberry.field(description="With which model; null for the provider's.")
    sound_effect_provider: str | None = strawberry.field(
        description="Who makes sound effects; null for the installation's."
    )
    clip_provider: str | None = strawberry.field(description="Who animates; null for the installation's.")
    clip_model: str | None = strawberry.field(description="With which model; null for the provider's.")
    lip_sync_provider: str | None = strawberry.field(
        description="Who makes lips follow the voice; null for the installation's."
    )
    lip_sync_model: str | None = strawberry.field(description="With which model; null for the provider's.")
    revision: int = strawberry.field(description="Raised with each change to the style itself.")


_PROVIDER = "at most 200 characters; null for the installation's."
_MODEL = "With which model, at most 200 characters; null for the provider's."


@strawberry.input(description="A style; what is left out stays, or is as it is by default.")
class StyleInput:
    """Unpacked by `schema.inputs.given`."""

    look: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Words for the pictures, such as `watercolor`; at most 200 characters. With a `preset`, "
        "they follow its words, and 120 characters fit beside any of them.",
    )
    preset: StylePreset | None = strawberry.field(
        default=strawberry.UNSET,
        description="A look by name: its words, which `stylePresets` lists, become the look.",
    )
    palette: list[Color] | None = strawberry.field(
        default=strawberry.UNSET, description="Colours that pictures keep to; at most 8."
    )
    negative_prompt: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="What must not appear in any picture; at most 5,000 characters.",
    )
    aspect_ratio: AspectRatio | None = strawberry.field(
        default=strawberry.UNSET, description="Shape of the video."
    )
    resolution: Resolution | None = strawberry.field(
        default=strawberry.UNSET, description="Length of its shorter side."
    )
    voice: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="Id of the voice, as `providers` lists them; null for the language's first.",
    )
    speech_speed: float | None = strawberry.field(
        default=strawberry.UNSET, description="1 is the voice's own pace; 0.5 to 2."
    )
    voice_volume: float | None = strawberry.field(
        default=strawberry.UNSET, description="The voice beside the music: 0 (hardly heard) to 1."
    )
    transition: TransitionKind | None = strawberry.field(
        default=strawberry.UNSET, description="Between frames that name none."
    )
    captions: CaptionLookInput | None = strawberry.field(
        default=strawberry.UNSET, description="What to change of the captions."
    )
    seed: int | None = strawberry.field(
        default=strawberry.UNSET,
        description="0 to 2,147,483,647; makes every generated thing anew when it changes.",
    )
    writer_provider: str | None = strawberry.field(
        default=strawberry.UNSET, description=f"Who writes, {_PROVIDER}"
    )
    writer_model: str | None = strawberry.field(default=strawberry.UNSET, description=_MODEL)
    image_provider: str | None = strawberry.field(
        default=strawberry.UNSET, description=f"Who draws, {_PROVIDER}"
    )
    image_model: str | None = strawberry.field(default=strawberry.UNSET, description=_MODEL)
    speech_provider: str | None = strawberry.field(
        default=strawberry.UNSET, description=f"Who speaks, {_PROVIDER}"
    )
    speech_model: str | None = strawberry.field(default=strawberry.UNSET, description=_MODEL)
    transcribe_voices: bool | None = strawberry.field(
        default=strawberry.UNSET,
        description="Whether a transcriber is asked when the words of a voice come where its maker does "
        "not say so.",
    )
    music_provider: str | None = strawberry.field(
        default=strawberry.UNSET, description=f"Who composes, {_PROVIDER}"
    )
    music_model: str | None = strawberry.field(default=strawberry.UNSET, description=_MODEL)
    sound_effect_provider: str | None = strawberry.field(
        default=strawberry.UNSET, description=f"Who makes sound effects, {_PROVIDER}"
    )
    clip_provider: str | None = strawberry.field(
        default=strawberry.UNSET, description=f"Who animates, {_PROVIDER}"
    )
    clip_model: str | None = strawberry.field(default=strawberry.UNSET, description=_MODEL)
    lip_sync_provider: str | None = strawberry.field(
        default=strawberry.UNSET, description=f"Who makes lips follow the voice, {_PROVIDER}"
    )
    lip_sync_model: str | None = strawberry.field(default=strawberry.UNSET, description=_MODEL)


@strawberry.input(description="What to change of a style; what is left out stays.")
class UpdateStyleInput(StyleInput):
    """Unpacked by `StyleMutations.update_style`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    expected_revision: int | None = strawberry.field(
        default=None, description="The style's revision as the client knows it; null to change it anyhow."
    )


@strawberry.type(description="What came of changing a style.")
class UpdateStylePayload(Payload):
    """Over `Outcome[Style]`."""

    style = result_field(
        Style, "The style as it is now, also on a conflict; null if the change was refused otherwise."
    )


@strawberry.type
class StyleMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=UpdateStylePayload,
        description="Change how everything looks and sounds. What was made before stays, and may be stale.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def update_style(self, info: Info, input: UpdateStyleInput) -> Outcome[stored.Style]:
        """Change."""
        return await briefs.update_style(
            info.context,
            project_id(input.project_id, "input.projectId"),
            given(input, without=("project_id", "expected_revision")),
            expected_revision=input.expected_revision,
        )
