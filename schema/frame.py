"""Frames: one picture's time on screen each."""

import strawberry

import documents.script as stored
from documents.script import MediaKind
from resolvers.context import Context
from schema.enums import describe
from schema.ids import tree_gid
from schema.image import Image
from schema.look import Motion, SoundEffect, TextEffect, Transition
from schema.node import TreeNode
from schema.voiceover import Voiceover

Info = strawberry.Info[Context, None]

describe(
    MediaKind,
    "What a frame shows.",
    {
        MediaKind.IMAGE: "Its chosen picture.",
        MediaKind.CLIP: "The chosen clip of its scene.",
    },
)


@strawberry.type(description="One picture's time on screen.")
class Frame(TreeNode):
    """Read from `documents.script.Frame`."""

    shows = stored.Frame

    narration: str = strawberry.field(description="What is said, and shown as captions.")
    picture_prompt: str = strawberry.field(description="What the picture shows.")
    optimised_prompt: str | None = strawberry.field(
        description="The prompt as a provider is asked, where it differs from `picturePrompt`."
    )
    negative_prompt: str | None = strawberry.field(
        description="What must not appear, besides what style and scene exclude."
    )
    media_kind: MediaKind = strawberry.field(description="Whether it shows a picture or a clip.")
    duration_s: float | None = strawberry.field(
        description="Length set by hand, in seconds; null to follow the voice. Never shorter than the voice."
    )
    images: list[Image] = strawberry.field(description="Candidates, the oldest first; at most 16.")
    chosen_image: Image | None = strawberry.field(description="The candidate that is shown.")
    voiceover: Voiceover = strawberry.field(description="Its voice.")
    motion: Motion = strawberry.field(description="How the camera moves over the picture.")
    transition: Transition = strawberry.field(description="How it gives way to the next frame.")
    text_effects: list[TextEffect] = strawberry.field(description="Words over the picture; at most 10.")
    sound_effects: list[SoundEffect] = strawberry.field(
        description="Sounds laid under it; at most 10. Kept; not mixed into renders yet."
    )
    particle_overlay: str | None = strawberry.field(
        description="Name of an overlay such as `snow`. Kept; not rendered yet."
    )
    crop_x: float = strawberry.field(
        description="Centre of what is visible of a picture wider than the video, 0 (left) to 1 (right)."
    )
    is_skipped: bool = strawberry.field(description="Whether the video leaves it out.")

    @strawberry.field(graphql_type=strawberry.ID | None, description="Id of the candidate that is shown.")
    def chosen_image_id(self, root: strawberry.Parent[stored.Frame]) -> str | None:
        """Global id of the chosen picture."""
        if root.chosen_image_id is None or root.project_id is None:
            return None
        return tree_gid("Image", root.project_id, root.chosen_image_id)
