"""The car catalogue of a company: models, variants, media."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import relay

import documents.companies.car_model as stored
from access.permissions import Permission
from resolvers.companies import car_models
from resolvers.companies.car_models import CarModelPage
from resolvers.context import Context
from resolvers.projects.project_list import Paging
from schema.companies.company_kinds import CarMediaKind
from schema.companies.media_file import MediaFile
from schema.connection import page_info
from schema.guarding.rules import needs
from schema.ids import document_gid, document_id
from schema.paging_arguments import PageAfter, PageBefore, PageFirst, PageLast
from schema.projects.project_list import field_names

Info = strawberry.Info[Context, None]


@strawberry.type(description="A picture, sound or 3D model of a variant.")
class CarMedia(relay.Node):
    """Read from `documents.companies.car_model.CarMedia`."""

    id: relay.NodeID[str]
    kind: CarMediaKind = strawberry.field(description="What it shows or sounds like.")
    title: str = strawberry.field(description="What people call it; may be empty.")
    revision: int = strawberry.field(description="Raised with each change; for `expectedRevision`.")
    created_at: datetime = strawberry.field(description="When it was added.")

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Stored media are shown as they are."""
        return isinstance(obj, stored.CarMedia)

    @strawberry.field(graphql_type=MediaFile, description="The file.")
    def media(self, root: strawberry.Parent[stored.CarMedia]) -> stored.CarMedia:
        """The file's facts stand beside the rest."""
        return root

    @strawberry.field(description="Id of the variant that has it.")
    def variant_id(self, root: strawberry.Parent[stored.CarMedia]) -> strawberry.ID:
        """The variant's id, stamped as it was read."""
        return strawberry.ID(document_gid("CarVariant", root.variant_id or root.id))

    @strawberry.field(description="Who added it.")
    def created_by_id(self, root: strawberry.Parent[stored.CarMedia]) -> strawberry.ID:
        """Id of the user."""
        return strawberry.ID(document_gid("User", root.created_by))


@strawberry.type(description="A model as it was sold in a year, with a trim.")
class CarVariant(relay.Node):
    """Read from `documents.companies.car_model.CarVariant`."""

    id: relay.NodeID[str]
    year: int = strawberry.field(description="Model year, 1885 to 2100.")
    trim: str = strawberry.field(description="Such as `GTI`; empty where there is only one.")
    revision: int = strawberry.field(
        description="Raised with each change of the variant's own fields; for `expectedRevision`."
    )
    created_at: datetime = strawberry.field(description="When it was added.")

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Stored variants are shown as they are."""
        return isinstance(obj, stored.CarVariant)

    @strawberry.field(graphql_type=list[CarMedia], description="Its files, as they were added; at most 100.")
    def media(
        self,
        root: strawberry.Parent[stored.CarVariant],
        kind: Annotated[
            CarMediaKind | None, strawberry.argument(description="Only those of this kind; null for all.")
        ] = None,
    ) -> list[stored.CarMedia]:
        """Its files."""
        return [each for each in root.media if kind in {None, each.kind}]

    @strawberry.field(description="Id of the model.")
    def model_id(self, root: strawberry.Parent[stored.CarVariant]) -> strawberry.ID:
        """The model's id, stamped as it was read."""
        return strawberry.ID(document_gid("CarModel", root.model_id or root.id))


@strawberry.type(description="A model of a company's car catalogue.")
class CarModel(relay.Node):
    """Read from `documents.companies.car_model.CarModel`."""

    id: relay.NodeID[str]
    name: str = strawberry.field(description="Such as `Golf`.")
    variants: list[CarVariant] = strawberry.field(
        description="Its variants, as they were added; at most 100."
    )
    revision: int = strawberry.field(
        description="Raised with each change of the model's own fields; for `expectedRevision`."
    )
    created_at: datetime = strawberry.field(description="When it was added.")
    updated_at: datetime = strawberry.field(
        description="When it, or one of its variants or files, was last changed."
    )

    @classmethod
    def is_type_of(cls, obj: object, _info: Any) -> bool:
        """Stored models are shown as they are."""
        return isinstance(obj, stored.CarModel)

    @strawberry.field(description="Id of the company whose catalogue it stands in.")
    def company_id(self, root: strawberry.Parent[stored.CarModel]) -> strawberry.ID:
        """The company's id."""
        return strawberry.ID(document_gid("Company", root.company_id))


@strawberry.type(description="A car model in a list.")
class CarModelEdge:
    """Over `documents.companies.car_model.CarModel`."""

    @strawberry.field(description="Where it stands in the list.")
    def cursor(self, root: strawberry.Parent[stored.CarModel]) -> str:
        """Its place."""
        return CarModelPage.cursor(root)

    @strawberry.field(graphql_type=CarModel, description="The model.")
    def node(self, root: strawberry.Parent[stored.CarModel]) -> stored.CarModel:
        """The model."""
        return root


@strawberry.type(description="A page of a car catalogue.")
class CarModelConnection:
    """Over `resolvers.companies.car_models.CarModelPage`."""

    @strawberry.field(graphql_type=list[CarModelEdge], description="The models with their places.")
    def edges(self, root: strawberry.Parent[CarModelPage]) -> Sequence[stored.CarModel]:
        """The models."""
        return root.models

    @strawberry.field(graphql_type=list[CarModel], description="The models alone.")
    def nodes(self, root: strawberry.Parent[CarModelPage]) -> Sequence[stored.CarModel]:
        """The models."""
        return root.models

    @strawberry.field(
        description="How many models the whole catalogue has, whatever was searched for.",
        metadata={"cost": 2},
    )
    async def catalogue_count(self, root: strawberry.Parent[CarModelPage], info: Info) -> int:
        """Counted by the company as models come and go."""
        return await car_models.total(info.context, root.company_id)

    @strawberry.field(description="Whether there is more, and where to go on.")
    def page_info(self, root: strawberry.Parent[CarModelPage]) -> relay.PageInfo:
        """The page's borders."""
        return page_info(root, root.models, root.cursor)


@strawberry.type
class CarModelQueries:
    """Part of the query root."""

    @strawberry.field(
        graphql_type=CarModel | None,
        description="A model of the viewer's company with all its variants and media; null when there is "
        "none to see.",
        metadata=needs(Permission.COMPANY_VIEW),
    )
    async def car_model(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Id of the model.")],
    ) -> stored.CarModel | None:
        """One model."""
        return await car_models.visible_model(info.context, document_id(id, "CarModel", "id"))

    @strawberry.field(
        graphql_type=CarModelConnection,
        description="A company's car catalogue by name, letter case and accents aside.",
        metadata={"cost": 2} | needs(Permission.COMPANY_VIEW),
    )
    async def car_models(
        self,
        info: Info,
        company_id: Annotated[strawberry.ID, strawberry.argument(description="Id of the company.")],
        *,
        search: Annotated[
            str | None,
            strawberry.argument(
                description="Only models in whose names each of these words begins a word: `gol var` finds "
                "`Golf Variant`. At most 200 characters; null for all."
            ),
        ] = None,
        first: PageFirst = None,
        after: PageAfter = None,
        last: PageLast = None,
        before: PageBefore = None,
    ) -> CarModelPage:
        """A page; media are loaded only where they are asked for."""
        return await car_models.listed(
            info.context,
            document_id(company_id, "Company", "companyId"),
            search=search,
            paging=Paging(first, after, last, before),
            with_media="media" in field_names(info.selected_fields),
        )
