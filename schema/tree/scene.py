"""Scenes: frames that belong together, with their clips and seed frames."""

from typing import Any

import strawberry

import documents.tree.script as stored
from resolvers.context import Context
from resolvers.projects import projects
from schema.ids import document_gid, tree_gid
from schema.node import TreeNode
from schema.tree.clip import Clip, SeedFrame
from schema.tree.frame import Frame
from schema.tree.reference_image import ReferenceImage

Info = strawberry.Info[Context, None]


@strawberry.type(description="What is sent for a clip, besides the picture that it begins with.")
class AssembledClipPrompt:
    """Read from `documents.tree.clip_prompt.ClipPrompt`."""

    prompt: str = strawberry.field(
        description="All of it: what happens, who appears and what they look like, where, and the style; at "
        "most 5,000 characters."
    )
    negative_prompt: str = strawberry.field(
        description="What must not appear: the style's and the scene's together; may be empty."
    )


@strawberry.type(description="Frames that belong together: one place, one time, one thought.")
class Scene(TreeNode):
    """Read from `documents.tree.script.Scene`."""

    shows = stored.Scene

    title: str = strawberry.field(description="At most 200 characters.")
    summary: str = strawberry.field(description="What happens; at most 5,000 characters.")
    visual_description: str = strawberry.field(description="What all its pictures have in common.")
    location: str | None = strawberry.field(description="Where it plays.")
    time_of_day: str | None = strawberry.field(description="When it plays, such as `dusk`.")
    heading: str | None = strawberry.field(description="Heading of a screenplay, such as `INT. KITCHEN`.")
    action: str | None = strawberry.field(description="What is done, as in a screenplay.")
    dialogue: str | None = strawberry.field(description="What is said, as in a screenplay.")
    hook_text: str | None = strawberry.field(
        description="A line that stands on the screen as the scene begins, to keep people watching; null for "
        "none. A `HOOK` among the text effects of its first frame goes before it."
    )
    negative_prompt: str | None = strawberry.field(
        description="What must not appear in its pictures, besides what the style excludes."
    )
    clip_prompt: str | None = strawberry.field(
        description="What happens in its clip; null for what its first frame shows."
    )
    clip_model: str | None = strawberry.field(description="Model for its clips; null for the style's.")
    clip_volume: float = strawberry.field(
        description="How loud the own sound of its clips is in the video, beside voice, sounds and music: 0 "
        "(silent) to 1 (as it is in the file). Clips without a sound are silent anyhow (`hasSound`)."
    )
    use_seed_frame: bool = strawberry.field(
        description="Whether its clip goes on from the scene before: from that one's chosen seed frame, or "
        "else from the last picture of its chosen clip."
    )
    props: list[str] = strawberry.field(description="Things that appear; at most 50.")
    frames: list[Frame] = strawberry.field(description="In the order in which they are told; at most 30.")
    clips: list[Clip] = strawberry.field(description="Candidates, the oldest first; at most 16.")
    seed_frames: list[SeedFrame] = strawberry.field(description="Taken out of its clips; at most 16.")
    reference_images: list[ReferenceImage] = strawberry.field(
        description="Of things that must look as they do in its pictures; they go before the style's. "
        "At most 4."
    )
    is_skipped: bool = strawberry.field(description="Whether the video leaves it out.")

    @strawberry.field(
        graphql_type=AssembledClipPrompt,
        description="What would be sent for a clip of it now. `clipPrompt` says what happens in it.",
    )
    def assembled_clip_prompt(self, root: strawberry.Parent[stored.Scene], info: Info) -> Any:
        """At once where the tree is known; else something to wait for."""
        return projects.assembled_clip_prompt(info.context, root)

    @strawberry.field(graphql_type=list[strawberry.ID], description="Ids of those who appear; at most 50.")
    def character_ids(self, root: strawberry.Parent[stored.Scene]) -> list[str]:
        """Global ids of the characters."""
        return [document_gid("Character", each) for each in root.character_ids]

    @strawberry.field(graphql_type=strawberry.ID | None, description="Id of the clip that is shown.")
    def chosen_clip_id(self, root: strawberry.Parent[stored.Scene]) -> str | None:
        """Global id of the chosen clip."""
        return _gid("Clip", root, root.chosen_clip_id)

    @strawberry.field(
        graphql_type=strawberry.ID | None,
        description="Id of the seed frame that the next clip goes on from: the next of this scene, or with "
        "`useSeedFrame` there, that of the scene after.",
    )
    def chosen_seed_frame_id(self, root: strawberry.Parent[stored.Scene]) -> str | None:
        """Global id of the chosen seed frame."""
        return _gid("SeedFrame", root, root.chosen_seed_frame_id)


def _gid(kind: str, root: Any, node_id: Any) -> str | None:
    return None if node_id is None else tree_gid(kind, root.project_id, node_id)
