"""Frames: one picture's time on screen each."""

from typing import Any

import strawberry

import documents.tree.script as stored
from documents.tree.script import LipSyncSource, MediaKind
from providers.spoken.text import SpokenText as StoredSpokenText
from resolvers.context import Context
from resolvers.projects import projects
from schema.enums import describe
from schema.ids import document_gid, tree_gid
from schema.node import TreeNode
from schema.tree.clip import Clip
from schema.tree.image import Image
from schema.tree.lexicon import SpokenText
from schema.tree.look import Motion, TextEffect, Transition
from schema.tree.sound_effect import SoundEffect
from schema.tree.voiceover import Voiceover

Info = strawberry.Info[Context, None]

describe(
    MediaKind,
    "What a frame shows.",
    {
        MediaKind.IMAGE: "Its chosen picture.",
        MediaKind.CLIP: "Its own lip-synced clip if it has one, else the chosen clip of its scene, which "
        "plays on from frame to frame; while there is neither, its picture.",
    },
)


@strawberry.type(description="What is sent for a picture.")
class AssembledPrompt:
    """Read from `documents.tree.picture_prompt.AssembledPrompt`."""

    prompt: str = strawberry.field(
        description="All of it: what the picture shows, who appears and what they look like, place and time, "
        "what the scene shares, style and colours; at most 5,000 characters."
    )
    negative_prompt: str = strawberry.field(
        description="What must not appear: the style's, the scene's and the frame's together; may be empty."
    )
    is_edited: bool = strawberry.field(
        description="Whether `optimisedPrompt` is sent, as it stands, instead of what would be put together."
    )


@strawberry.type(description="One picture's time on screen.")
class Frame(TreeNode):
    """Read from `documents.tree.script.Frame`."""

    shows = stored.Frame

    narration: str = strawberry.field(description="What is said, and shown as captions.")
    picture_prompt: str = strawberry.field(description="What the picture shows.")
    optimised_prompt: str | None = strawberry.field(
        description="The whole prompt as it is sent; null to put it together as `assembledPrompt` shows."
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
        description="Sounds laid under it; at most 10. Those that are made are heard in renders."
    )
    lip_sync: Clip | None = strawberry.field(
        description="A moving picture of its own whose lips follow its voice; shown where `mediaKind` is "
        "CLIP."
    )
    lip_sync_from: LipSyncSource | None = strawberry.field(
        description="Whose lips productions move for it, where `mediaKind` is CLIP; null for no lip-sync."
    )
    particle_overlay: str | None = strawberry.field(
        description="Name of an overlay such as `snow`. Kept; not rendered yet."
    )

    @strawberry.field(
        graphql_type=AssembledPrompt,
        description="What would be sent for a picture of it now. `updateFrame(optimisedPrompt)` edits it.",
    )
    def assembled_prompt(self, root: strawberry.Parent[stored.Frame], info: Info) -> Any:
        """At once where the tree is known; else something to wait for."""
        return projects.assembled_prompt(info.context, root)

    @strawberry.field(
        graphql_type=SpokenText,
        description="What would be spoken for it now, to be read before it is bought. `updateLexicon`, or a "
        "text of the voiceover's own, changes it.",
        metadata={"cost": 2},
    )
    async def spoken_text(self, root: strawberry.Parent[stored.Frame], info: Info) -> StoredSpokenText:
        """Read aloud on paper."""
        return await projects.spoken_text(info.context, root)

    @strawberry.field(
        graphql_type=strawberry.ID | None,
        description="Id of the character whose voice speaks the narration; null for the project's voice.",
    )
    def speaker_id(self, root: strawberry.Parent[stored.Frame]) -> str | None:
        """Global id of the character."""
        return None if root.speaker_id is None else document_gid("Character", root.speaker_id)

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
