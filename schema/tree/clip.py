"""Moving pictures, and the pictures that are taken out of them."""

import strawberry

import documents.tree.script as stored
from documents.tree.script import ClipStart, LipSyncSource
from schema.enums import describe
from schema.ids import tree_gid
from schema.node import TreeNode, stale_field
from schema.tree.media import Provenance, StoredFile

describe(
    ClipStart,
    "What a clip begins with, besides its words.",
    {
        ClipStart.TEXT: "With nothing: words alone say what is seen.",
        ClipStart.PICTURE: "With the chosen picture of the scene's first shown frame.",
        ClipStart.SEED_FRAME: "With the scene's chosen seed frame; where the scene has `useSeedFrame`, with "
        "that of the scene before, or else with the last picture of that scene's chosen clip.",
    },
)
describe(
    LipSyncSource,
    "Whose lips move.",
    {
        LipSyncSource.PICTURE: "Those of the frame's chosen picture.",
        LipSyncSource.CLIP: "Those of the chosen clip of the frame's scene.",
    },
)


@strawberry.type(
    description="A moving picture: a candidate of a scene, or a frame's own whose lips follow its voice. "
    "Its own sound is as loud as `Scene.clipVolume` says; that of moving lips is not heard beside the voice."
)
class Clip(TreeNode):
    """Read from `documents.tree.script.Clip`."""

    shows = stored.Clip

    file: StoredFile = strawberry.field(description="The video file; its thumbnail is a picture out of it.")
    width: int = strawberry.field(description="In pixels, as displayed.")
    height: int = strawberry.field(description="In pixels, as displayed.")
    duration_s: float = strawberry.field(description="Length in seconds.")
    has_sound: bool = strawberry.field(description="Whether there is a sound of its own in the file.")
    start: ClipStart | None = strawberry.field(
        description="What it was made to begin with; null for an upload and for moving lips."
    )
    wanted_s: float | None = strawberry.field(
        description="Length that was asked for, in seconds; null where nobody asked."
    )
    provenance: Provenance = strawberry.field(description="Where it came from.")
    is_stale = stale_field(
        "Whether it was made from something else than would be asked for now. Always false for an upload."
    )


@strawberry.type(description="A picture taken out of a clip, from which the next clip goes on.")
class SeedFrame(TreeNode):
    """Read from `documents.tree.script.SeedFrame`."""

    shows = stored.SeedFrame

    file: StoredFile = strawberry.field(description="The picture, as PNG.")
    width: int = strawberry.field(description="In pixels.")
    height: int = strawberry.field(description="In pixels.")
    frame_index: int = strawberry.field(description="Which picture of the clip it is, from 0.")
    provenance: Provenance = strawberry.field(description="Where it came from.")

    @strawberry.field(graphql_type=strawberry.ID, description="Id of the clip, which may be gone.")
    def clip_id(self, root: strawberry.Parent[stored.SeedFrame]) -> str | None:
        """Global id of the clip."""
        return None if root.project_id is None else tree_gid("Clip", root.project_id, root.clip_id)
