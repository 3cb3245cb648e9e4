"""Brand assets of a company."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import relay

import documents.companies.company_asset as stored
from access.permissions import Permission
from documents.newest_first import Page
from resolvers.companies import company_assets
from resolvers.context import Context
from resolvers.outcome import Outcome
from schema.companies.company_kinds import AssetKind
from schema.companies.media_file import MediaFile
from schema.connection import connection_of
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import document_gid, document_id
from schema.inputs import given
from schema.newest_first import After, Before, First, Last, cursor, window
from schema.removal import gone_field, kept_field
from schema.scalars import JSONObject

Info = strawberry.Info[Context, None]

_VALUE = (
    "For a `COLOR_SCHEME` its `colors` (1 to 8, `#RRGGBB`), and if wanted the captions' `text`, `highlight`, "
    "`outline` and `background`. For a `LOGO`, `BADGE` or `WATERMARK` how it is laid over a video, as far as "
    "it is not as usual: `corner` (`TOP_LEFT`, `TOP_RIGHT`, `BOTTOM_LEFT`, `BOTTOM_RIGHT`), `size` (its "
    "longer side as a share of the video's shorter side, 0.04 to 0.5), `opacity` (0.05 to 1). For the others "
    "whatever the company likes to note."
)


@strawberry.type(description="A brand asset of a company: a value, a file, or both.")
class CompanyAsset(relay.Node):
    """Read from `documents.companies.company_asset.CompanyAsset`."""

    id: relay.NodeID[str]
    kind: AssetKind = strawberry.field(description="What it is for.")
    name: str = strawberry.field(description="What people call it.")
    value: JSONObject = strawberry.field(description=_VALUE)
    media: MediaFile | None = strawberry.field(description="Its file; null for one that is a value alone.")
    revision: int = strawberry.field(description="Raised with each change; for `expectedRevision`.")
    created_at: datetime = strawberry.field(description="When it was added.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Stored assets are shown as they are."""
        return isinstance(obj, stored.CompanyAsset)

    @strawberry.field(description="Who added it.")
    def created_by_id(self, root: strawberry.Parent[stored.CompanyAsset]) -> strawberry.ID:
        """Id of the user."""
        return strawberry.ID(document_gid("User", root.created_by))


CompanyAssetConnection = connection_of(
    CompanyAsset,
    "A page of brand assets.",
    one="asset",
    place=lambda each: cursor(each.created_at, each.id),
)


@strawberry.input(
    description="A brand asset that is a value: a colour scheme, or something else without a file."
)
class AddCompanyAssetInput:
    """Unpacked by `CompanyAssetMutations.add_company_asset`."""

    company_id: strawberry.ID = strawberry.field(description="Id of the company.")
    kind: AssetKind = strawberry.field(
        description="`COLOR_SCHEME` or `OTHER`: the rest comes by `createUpload`."
    )
    name: str = strawberry.field(description="What people call it: 1 to 200 characters.")
    value: JSONObject | None = strawberry.field(default=strawberry.UNSET, description=_VALUE)


@strawberry.input(description="What to change of a brand asset; what is left out stays.")
class UpdateCompanyAssetInput:
    """Unpacked by `CompanyAssetMutations.update_company_asset`."""

    asset_id: strawberry.ID = strawberry.field(description="Id of the asset.")
    name: str | None = strawberry.field(
        default=strawberry.UNSET, description="What people call it: 1 to 200 characters."
    )
    value: JSONObject | None = strawberry.field(
        default=strawberry.UNSET, description=f"The whole value, in the place of the last. {_VALUE}"
    )
    expected_revision: int | None = strawberry.field(
        default=None, description="The asset's revision as the client knows it; null to change it anyhow."
    )


@strawberry.input(description="A brand asset to remove.")
class DeleteCompanyAssetInput:
    """Unpacked by `CompanyAssetMutations.delete_company_asset`."""

    asset_id: strawberry.ID = strawberry.field(description="Id of the asset.")
    expected_revision: int | None = strawberry.field(
        default=None, description="The asset's revision as the client knows it; null to remove it anyhow."
    )


@strawberry.type(description="What came of adding a brand asset.")
class AddCompanyAssetPayload(Payload):
    """Over `Outcome[CompanyAsset]`."""

    asset = result_field(CompanyAsset, "The new asset; null if it was refused.")


@strawberry.type(description="What came of changing a brand asset.")
class UpdateCompanyAssetPayload(Payload):
    """Over `Outcome[CompanyAsset]`."""

    asset = result_field(
        CompanyAsset, "The asset as it is now, also on a conflict; null if the change was refused otherwise."
    )


@strawberry.type(description="What came of removing a brand asset.")
class DeleteCompanyAssetPayload(Payload):
    """Over `Outcome[CompanyAsset]`."""

    deleted_asset_id = gone_field("CompanyAsset", "Id of the asset that is gone; null if it was not removed.")
    asset = kept_field(CompanyAsset, "The asset as it is, where it was not removed.")


@strawberry.type
class CompanyAssetQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=CompanyAssetConnection,
        description="A company's brand assets, the newest first; it has at most 500.",
        metadata=needs(Permission.COMPANY_VIEW),
    )
    async def company_assets(
        self,
        info: Info,
        company_id: Annotated[strawberry.ID, strawberry.argument(description="Id of the company.")],
        *,
        kind: Annotated[
            AssetKind | None, strawberry.argument(description="Only those of this kind; null for all.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Page[stored.CompanyAsset]:
        """A page of assets."""
        return await company_assets.listed(
            info.context,
            document_id(company_id, "Company", "companyId"),
            window(first, after, last, before),
            kind=kind,
        )


@strawberry.type
class CompanyAssetMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=AddCompanyAssetPayload,
        description="Add a brand asset that is a value. One that is a file comes by `createUpload`, for the "
        "target `companyAsset`. `LIMIT_EXCEEDED`: a company has at most 500.",
        metadata=needs(Permission.ASSETS_MANAGE),
    )
    async def add_company_asset(
        self, info: Info, input: AddCompanyAssetInput
    ) -> Outcome[stored.CompanyAsset]:
        """Add."""
        return await company_assets.add(
            info.context,
            document_id(input.company_id, "Company", "input.companyId"),
            input.kind,
            given(input, without=("company_id", "kind")),
        )

    @strawberry.mutation(
        graphql_type=UpdateCompanyAssetPayload,
        description="Change a brand asset's name or value. Projects that it was applied to stay as they are.",
        metadata=needs(Permission.ASSETS_MANAGE),
    )
    async def update_company_asset(
        self, info: Info, input: UpdateCompanyAssetInput
    ) -> Outcome[stored.CompanyAsset]:
        """Change."""
        return await company_assets.update(
            info.context,
            document_id(input.asset_id, "CompanyAsset", "input.assetId"),
            given(input, without=("asset_id", "expected_revision")),
            expected_revision=input.expected_revision,
        )

    @strawberry.mutation(
        graphql_type=DeleteCompanyAssetPayload,
        description="Remove a brand asset. Projects that it was applied to keep their copy.",
        metadata=needs(Permission.ASSETS_MANAGE),
    )
    async def delete_company_asset(
        self, info: Info, input: DeleteCompanyAssetInput
    ) -> Outcome[stored.CompanyAsset]:
        """Remove."""
        return await company_assets.delete(
            info.context,
            document_id(input.asset_id, "CompanyAsset", "input.assetId"),
            expected_revision=input.expected_revision,
        )
