"""Candidate pictures of a frame."""

from typing import TYPE_CHECKING, Annotated

import strawberry

import documents.tree.script as stored
from access.permissions import Permission
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.tree import images
from resolvers.tree.changes import Removed
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import tree_gid, tree_ref
from schema.node import TreeNode, current_field, removed_field, stale_field
from schema.tree.media import Provenance, StoredFile

if TYPE_CHECKING:
    from schema.tree.frame import Frame

Info = strawberry.Info[Context, None]
_Frame = Annotated["Frame", strawberry.lazy("schema.tree.frame")]


@strawberry.type(description="A candidate picture of a frame.")
class Image(TreeNode):
    """Read from `documents.tree.script.Image`."""

    shows = stored.Image

    file: StoredFile = strawberry.field(description="The picture.")
    width: int = strawberry.field(description="In pixels, as displayed.")
    height: int = strawberry.field(description="In pixels, as displayed.")
    provenance: Provenance = strawberry.field(description="Where it came from.")
    is_stale = stale_field(
        "Whether it was drawn from something else than would be asked for now. Always false for an upload; "
        "an edited one is stale when the picture that it was made from is."
    )

    @strawberry.field(
        graphql_type=strawberry.ID | None,
        description="Id of the candidate that it was changed out of by `editImage`, which may be gone; null "
        "for all others.",
    )
    def edited_from_id(self, root: strawberry.Parent[stored.Image]) -> str | None:
        """Global id of the earlier picture."""
        if root.edited_from is None or root.project_id is None:
            return None
        return tree_gid("Image", root.project_id, root.edited_from.image_id)


@strawberry.input(description="The picture to show.")
class ChooseImageInput:
    """Unpacked by `ImageMutations.choose_image`."""

    image_id: strawberry.ID = strawberry.field(description="Id of the picture.")
    expected_revision: int | None = strawberry.field(
        default=None, description="The frame's revision as the client knows it; null to choose anyhow."
    )


@strawberry.type(description="What came of choosing a picture.")
class ChooseImagePayload(Payload):
    """Over `Outcome[Frame]`."""

    frame = result_field(_Frame, "The frame as it is now; null if the choice was refused.")


@strawberry.input(description="The picture to remove.")
class DeleteImageInput:
    """Unpacked by `ImageMutations.delete_image`."""

    image_id: strawberry.ID = strawberry.field(description="Id of the picture.")
    expected_revision: int | None = strawberry.field(
        default=None, description="The frame's revision as the client knows it; null to remove it anyhow."
    )


@strawberry.type(description="What came of removing a picture.")
class DeleteImagePayload(Payload):
    """Over `Outcome[Frame | Removed]`."""

    deleted_image_id = removed_field("Id of the picture that is gone; null if it was not removed.")
    frame = current_field(_Frame, "The frame as it is, where the picture was not removed.")


@strawberry.type
class ImageMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=ChooseImagePayload,
        description="Show this candidate instead of the chosen one.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def choose_image(self, info: Info, input: ChooseImageInput) -> Outcome[stored.Frame]:
        """Choose."""
        ref = tree_ref(input.image_id, "Image", "input.imageId")
        return await images.choose(
            info.context, ref.project_id, ref.node_id, expected_revision=input.expected_revision
        )

    @strawberry.mutation(
        graphql_type=DeleteImagePayload,
        description="Remove a candidate. `INVALID`: it is the one that the frame shows.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def delete_image(self, info: Info, input: DeleteImageInput) -> Outcome[stored.Frame | Removed]:
        """Remove."""
        ref = tree_ref(input.image_id, "Image", "input.imageId")
        return await images.delete(
            info.context, ref.project_id, ref.node_id, expected_revision=input.expected_revision
        )
