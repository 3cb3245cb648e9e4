"""What can be done with reference pictures of things."""

from typing import Final

import strawberry

import documents.tree.brief as stored_brief
import documents.tree.script as stored
from access.permissions import Permission
from resolvers.context import Context
from resolvers.errors import BadUserInput
from resolvers.outcome import Outcome
from resolvers.tree import reference_images
from resolvers.tree.reference_images import Source, Target
from schema.errors import Payload
from schema.guarding.rules import needs
from schema.ids import any_ref, project_or_scene
from schema.tree.scene import Scene
from schema.tree.style import Style

Info = strawberry.Info[Context, None]
_TARGET: Final = "Id of the project, for all its pictures, or of one of its scenes."
_SOURCES: Final = {"LibraryEntry", "CarMedia", "CompanyAsset"}


@strawberry.input(description="A picture to keep as a reference.")
class AddReferenceImageInput:
    """Unpacked by `ReferenceImageMutations.add_reference_image`."""

    target_id: strawberry.ID = strawberry.field(description=_TARGET)
    source_id: strawberry.ID = strawberry.field(
        description="Id of a frame's candidate (made or sent), a picture of the library, a picture of your "
        "company's car catalogue, or a brand asset; PNG, JPEG or WebP."
    )
    title: str = strawberry.field(
        default="",
        description="What it shows, such as `the bottle`; at most 200 characters. Makers are told it.",
    )
    expected_revision: int | None = strawberry.field(
        default=None,
        description="The style's or the scene's revision as the client knows it; null to change it anyhow.",
    )


@strawberry.input(description="A reference that stays.")
class ReferenceImageInput:
    """Unpacked by `ReferenceImageMutations.arrange_reference_images`."""

    reference_image_id: strawberry.ID = strawberry.field(description="Id of it in its style or scene.")
    title: str | None = strawberry.field(
        default=None, description="What it shows, at most 200 characters; null for what it is called now."
    )


@strawberry.input(description="The references of a style or scene in their order; those not named go.")
class ArrangeReferenceImagesInput:
    """Unpacked by `ReferenceImageMutations.arrange_reference_images`."""

    target_id: strawberry.ID = strawberry.field(description=_TARGET)
    images: list[ReferenceImageInput] = strawberry.field(description="At most 4; none takes all away.")
    expected_revision: int = strawberry.field(
        description="The style's or the scene's revision as the client knows it: with it the list that the "
        "order is made of."
    )


@strawberry.type
class _ReferencePayload(Payload):
    """What the payloads of changes of references share."""

    @strawberry.field(
        graphql_type=Style | None,
        description="The project's style as it is now, also on a conflict, where the project was named; null "
        "if the change was refused otherwise.",
    )
    def style(
        self, root: strawberry.Parent[Outcome[stored_brief.Style | stored.Scene]]
    ) -> stored_brief.Style | None:
        """The style."""
        return root.result if isinstance(root.result, stored_brief.Style) else None

    @strawberry.field(
        graphql_type=Scene | None,
        description="The scene as it is now, also on a conflict, where a scene was named; null if the change "
        "was refused otherwise.",
    )
    def scene(
        self, root: strawberry.Parent[Outcome[stored_brief.Style | stored.Scene]]
    ) -> stored.Scene | None:
        """The scene."""
        return root.result if isinstance(root.result, stored.Scene) else None


@strawberry.type(description="What came of keeping a picture as a reference.")
class AddReferenceImagePayload(_ReferencePayload):
    """Over `Outcome[Style | Scene]`."""


@strawberry.type(description="What came of arranging references.")
class ArrangeReferenceImagesPayload(_ReferencePayload):
    """Over `Outcome[Style | Scene]`."""


@strawberry.type
class ReferenceImageMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=AddReferenceImagePayload,
        description="Keep a copy of a picture as a reference for all pictures of a project or of a scene: of "
        "something that must look as it does, such as a product. Makers that take references are shown those "
        "of the characters first, then the scene's, then the project's; pictures made before are stale. "
        "`INVALID`: it is no PNG, JPEG or WebP picture. `LIMIT_EXCEEDED`: there are 4 already.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def add_reference_image(
        self, info: Info, input: AddReferenceImageInput
    ) -> Outcome[stored_brief.Style | stored.Scene]:
        """Keep a copy."""
        return await reference_images.add(
            info.context,
            Target(*project_or_scene(input.target_id, "input.targetId")),
            _source(input.source_id),
            title=input.title,
            expected_revision=input.expected_revision,
        )

    @strawberry.mutation(
        graphql_type=ArrangeReferenceImagesPayload,
        description="Change the order and the titles of references, and take some or all away. Pictures made "
        "before are stale.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def arrange_reference_images(
        self, info: Info, input: ArrangeReferenceImagesInput
    ) -> Outcome[stored_brief.Style | stored.Scene]:
        """Arrange."""
        return await reference_images.arrange(
            info.context,
            Target(*project_or_scene(input.target_id, "input.targetId")),
            [(str(each.reference_image_id), each.title) for each in input.images],
            expected_revision=input.expected_revision,
        )


def _source(given: strawberry.ID) -> Source:
    ref = any_ref(given, "input.sourceId")
    if (ref.kind == "Image") if ref.project_id is not None else (ref.kind in _SOURCES):
        return Source(ref.kind, ref.oid, ref.project_id)
    raise BadUserInput(
        "input.sourceId", "Send the id of an Image, a LibraryEntry, a CarMedia or a CompanyAsset."
    )
