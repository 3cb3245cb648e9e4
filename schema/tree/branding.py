"""What a company has, put to use in a project: its brand, and pictures of its cars."""

from typing import TYPE_CHECKING, Annotated

import strawberry

import documents.tree.brief as stored_brief
import documents.tree.script as stored
from access.permissions import Permission
from documents.tree.overlay import Corner
from resolvers.context import Context
from resolvers.outcome import Outcome
from resolvers.tree import branding, car_images
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import document_id, project_id, tree_ref
from schema.inputs import given
from schema.tree.style import Style

if TYPE_CHECKING:
    from schema.tree.frame import Frame

Info = strawberry.Info[Context, None]
_Frame = Annotated["Frame", strawberry.lazy("schema.tree.frame")]


@strawberry.input(description="Brand assets to put into a style.")
class ApplyBrandingInput:
    """Unpacked by `BrandingMutations.apply_branding`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    asset_ids: list[strawberry.ID] = strawberry.field(
        description="1 to 6 brand assets of your company: at most one `COLOR_SCHEME`, one `FONT`, and up to "
        "4 of `LOGO`, `BADGE` and `WATERMARK`, which stand in this order where they share a corner."
    )
    expected_revision: int | None = strawberry.field(
        default=None, description="The style's revision as the client knows it; null to change it anyhow."
    )


@strawberry.input(description="An overlay that stays, and how it is to look; what is left out stays.")
class OverlayInput:
    """Unpacked by `BrandingMutations.arrange_overlays`."""

    overlay_id: strawberry.ID = strawberry.field(description="Id of the overlay in this style.")
    corner: Corner | None = strawberry.field(default=strawberry.UNSET, description="Where it stands.")
    size: float | None = strawberry.field(
        default=strawberry.UNSET,
        description="Its longer side as a share of the video's shorter side, 0.04 to 0.5.",
    )
    opacity: float | None = strawberry.field(default=strawberry.UNSET, description="0.05 to 1.")


@strawberry.input(description="The overlays of a style, in their order; those that are not named go.")
class ArrangeOverlaysInput:
    """Unpacked by `BrandingMutations.arrange_overlays`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    overlays: list[OverlayInput] = strawberry.field(description="At most 4; none takes all away.")
    expected_revision: int = strawberry.field(
        description="The style's revision as the client knows it: with it the list that the order is made of."
    )


@strawberry.input(description="A project whose texts are to have the usual font again.")
class RemoveCaptionFontInput:
    """Unpacked by `BrandingMutations.remove_caption_font`."""

    project_id: strawberry.ID = strawberry.field(description="Id of the project.")
    expected_revision: int | None = strawberry.field(
        default=None, description="The style's revision as the client knows it; null to change it anyhow."
    )


@strawberry.input(description="Pictures of the car catalogue for a frame.")
class AddCarImagesInput:
    """Unpacked by `BrandingMutations.add_car_images`."""

    frame_id: strawberry.ID = strawberry.field(description="Id of the frame.")
    media_ids: list[strawberry.ID] = strawberry.field(
        description="1 to 16 pictures (`EXTERIOR` or `INTERIOR`) of your company's catalogue."
    )
    choose: bool = strawberry.field(
        default=False, description="Whether the frame shows the first of them from now on."
    )


@strawberry.type(description="What came of applying brand assets.")
class ApplyBrandingPayload(Payload):
    """Over `Outcome[Style]`."""

    style = result_field(
        Style, "The style as it is now, also on a conflict; null if the change was refused otherwise."
    )


@strawberry.type(description="What came of arranging overlays.")
class ArrangeOverlaysPayload(Payload):
    """Over `Outcome[Style]`."""

    style = result_field(
        Style, "The style as it is now, also on a conflict; null if the change was refused otherwise."
    )


@strawberry.type(description="What came of going back to the usual font.")
class RemoveCaptionFontPayload(Payload):
    """Over `Outcome[Style]`."""

    style = result_field(
        Style, "The style as it is now, also on a conflict; null if the change was refused otherwise."
    )


@strawberry.type(description="What came of adding pictures of the catalogue.")
class AddCarImagesPayload(Payload):
    """Over `Outcome[Frame]`."""

    frame = result_field(_Frame, "The frame with its new candidates; null if they were refused.")


@strawberry.type
class BrandingMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=ApplyBrandingPayload,
        description="Put brand assets of your company into a project's style. A colour scheme sets the "
        "palette, and the colours of captions that it names; a font draws captions and titles; logos, badges "
        "and watermarks become the overlays, in the place of those that are there. The project gets copies: "
        "later changes of the assets do not reach it. It also takes `COMPANY_VIEW` in the company.",
        metadata={"cost": 10} | needs(Permission.PROJECT_EDIT),
    )
    async def apply_branding(self, info: Info, input: ApplyBrandingInput) -> Outcome[stored_brief.Style]:
        """Apply."""
        asset_ids = [
            document_id(each, "CompanyAsset", f"input.assetIds.{number}")
            for number, each in enumerate(input.asset_ids)
        ]
        return await branding.apply(
            info.context,
            project_id(input.project_id, "input.projectId"),
            asset_ids,
            expected_revision=input.expected_revision,
        )

    @strawberry.mutation(
        graphql_type=ArrangeOverlaysPayload,
        description="Change order, places and looks of a style's overlays, and take some or all away.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def arrange_overlays(self, info: Info, input: ArrangeOverlaysInput) -> Outcome[stored_brief.Style]:
        """Arrange."""
        return await branding.arrange(
            info.context,
            project_id(input.project_id, "input.projectId"),
            [(str(each.overlay_id), given(each, without=("overlay_id",))) for each in input.overlays],
            expected_revision=input.expected_revision,
        )

    @strawberry.mutation(
        graphql_type=RemoveCaptionFontPayload,
        description="Give captions and titles the usual font again.",
        metadata=needs(Permission.PROJECT_EDIT),
    )
    async def remove_caption_font(
        self, info: Info, input: RemoveCaptionFontInput
    ) -> Outcome[stored_brief.Style]:
        """Go back."""
        return await branding.remove_font(
            info.context,
            project_id(input.project_id, "input.projectId"),
            expected_revision=input.expected_revision,
        )

    @strawberry.mutation(
        graphql_type=AddCarImagesPayload,
        description="Offer pictures of your company's car catalogue as candidates of a frame; those that it "
        "has already are left as they are. The project gets copies. It also takes `COMPANY_VIEW` in the "
        "company. `LIMIT_EXCEEDED`: a frame has at most 16 candidates.",
        metadata={"cost": 10} | needs(Permission.PROJECT_EDIT),
    )
    async def add_car_images(self, info: Info, input: AddCarImagesInput) -> Outcome[stored.Frame]:
        """Add."""
        ref = tree_ref(input.frame_id, "Frame", "input.frameId")
        media_ids = [
            document_id(each, "CarMedia", f"input.mediaIds.{number}")
            for number, each in enumerate(input.media_ids)
        ]
        return await car_images.add(info.context, ref.project_id, ref.node_id, media_ids, choose=input.choose)
