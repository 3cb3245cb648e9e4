"""What people change in the car catalogue."""

import strawberry

import documents.companies.car_model as stored
from access.permissions import Permission
from resolvers.companies import car_changes
from resolvers.context import Context
from resolvers.outcome import Outcome
from schema.companies.car_model import CarMedia, CarModel, CarVariant
from schema.companies.company_kinds import CarMediaKind
from schema.errors import Payload, result_field
from schema.guarding.rules import needs
from schema.ids import document_id
from schema.inputs import given
from schema.removal import gone_field, kept_field

Info = strawberry.Info[Context, None]

_EDITING = needs(Permission.CATALOGUE_MANAGE)
_NAME = "Such as `Golf`: 1 to 200 characters, a letter or digit among them."
_YEAR = "Model year, 1885 to 2100."
_TRIM = "Such as `GTI`: at most 200 characters."
_TITLE = "What people call it: at most 200 characters."


def _revision(what: str, act: str) -> int | None:
    revision: int | None = strawberry.field(
        default=None, description=f"The {what}'s revision as the client knows it; null to {act} it anyhow."
    )
    return revision


@strawberry.input(description="A model to add.")
class CreateCarModelInput:
    """Unpacked by `CarMutations.create_car_model`."""

    company_id: strawberry.ID = strawberry.field(description="Id of the company.")
    name: str = strawberry.field(description=_NAME)


@strawberry.input(description="A model's new name.")
class UpdateCarModelInput:
    """Unpacked by `CarMutations.update_car_model`."""

    car_model_id: strawberry.ID = strawberry.field(description="Id of the model.")
    name: str = strawberry.field(description=_NAME)
    expected_revision: int | None = _revision("model", "change")


@strawberry.input(description="A model to remove.")
class DeleteCarModelInput:
    """Unpacked by `CarMutations.delete_car_model`."""

    car_model_id: strawberry.ID = strawberry.field(description="Id of the model.")
    expected_revision: int | None = _revision("model", "remove")


@strawberry.input(description="A variant to add to a model.")
class AddCarVariantInput:
    """Unpacked by `CarMutations.add_car_variant`."""

    car_model_id: strawberry.ID = strawberry.field(description="Id of the model.")
    year: int = strawberry.field(description=_YEAR)
    trim: str = strawberry.field(default="", description=_TRIM)


@strawberry.input(description="What to change of a variant; what is left out stays.")
class UpdateCarVariantInput:
    """Unpacked by `CarMutations.update_car_variant`."""

    variant_id: strawberry.ID = strawberry.field(description="Id of the variant.")
    year: int | None = strawberry.field(default=strawberry.UNSET, description=_YEAR)
    trim: str | None = strawberry.field(default=strawberry.UNSET, description=_TRIM)
    expected_revision: int | None = _revision("variant", "change")


@strawberry.input(description="A variant to remove.")
class DeleteCarVariantInput:
    """Unpacked by `CarMutations.delete_car_variant`."""

    variant_id: strawberry.ID = strawberry.field(description="Id of the variant.")
    expected_revision: int | None = _revision("variant", "remove")


@strawberry.input(description="What to change of a variant's file; what is left out stays.")
class UpdateCarMediaInput:
    """Unpacked by `CarMutations.update_car_media`."""

    media_id: strawberry.ID = strawberry.field(description="Id of the file.")
    kind: CarMediaKind | None = strawberry.field(
        default=strawberry.UNSET, description="For a picture `EXTERIOR` or `INTERIOR`; nothing else changes."
    )
    title: str | None = strawberry.field(default=strawberry.UNSET, description=_TITLE)
    expected_revision: int | None = _revision("file", "change")


@strawberry.input(description="A variant's file to remove.")
class DeleteCarMediaInput:
    """Unpacked by `CarMutations.delete_car_media`."""

    media_id: strawberry.ID = strawberry.field(description="Id of the file.")
    expected_revision: int | None = _revision("file", "remove")


@strawberry.type(description="What came of adding a model.")
class CreateCarModelPayload(Payload):
    """Over `Outcome[CarModel]`."""

    car_model = result_field(CarModel, "The new model; null if it was refused.")


@strawberry.type(description="What came of renaming a model.")
class UpdateCarModelPayload(Payload):
    """Over `Outcome[CarModel]`."""

    car_model = result_field(
        CarModel, "The model as it is now, also on a conflict; null if the change was refused otherwise."
    )


@strawberry.type(description="What came of removing a model.")
class DeleteCarModelPayload(Payload):
    """Over `Outcome[CarModel]`."""

    deleted_car_model_id = gone_field("CarModel", "Id of the model that is gone; null if it was not removed.")
    car_model = kept_field(CarModel, "The model as it is, where it was not removed.")


@strawberry.type(description="What came of adding a variant.")
class AddCarVariantPayload(Payload):
    """Over `Outcome[CarVariant]`."""

    variant = result_field(CarVariant, "The new variant; null if it was refused.")


@strawberry.type(description="What came of changing a variant.")
class UpdateCarVariantPayload(Payload):
    """Over `Outcome[CarVariant]`."""

    variant = result_field(
        CarVariant, "The variant as it is now, also on a conflict; null if the change was refused otherwise."
    )


@strawberry.type(description="What came of removing a variant.")
class DeleteCarVariantPayload(Payload):
    """Over `Outcome[CarVariant]`."""

    deleted_variant_id = gone_field(
        "CarVariant", "Id of the variant that is gone; null if it was not removed."
    )
    variant = kept_field(CarVariant, "The variant as it is, where it was not removed.")


@strawberry.type(description="What came of changing a variant's file.")
class UpdateCarMediaPayload(Payload):
    """Over `Outcome[CarMedia]`."""

    media = result_field(
        CarMedia, "The file as it is now, also on a conflict; null if the change was refused otherwise."
    )


@strawberry.type(description="What came of removing a variant's file.")
class DeleteCarMediaPayload(Payload):
    """Over `Outcome[CarMedia]`."""

    deleted_media_id = gone_field("CarMedia", "Id of the file that is gone; null if it was not removed.")
    media = kept_field(CarMedia, "The file as it is, where it was not removed.")


@strawberry.type
class CarMutations:
    """Part of the mutation root."""

    @strawberry.mutation(
        graphql_type=CreateCarModelPayload,
        description="Add a model to a company's car catalogue. `LIMIT_EXCEEDED`: it has at most 20,000.",
        metadata=_EDITING,
    )
    async def create_car_model(self, info: Info, input: CreateCarModelInput) -> Outcome[stored.CarModel]:
        """Add."""
        company_id = document_id(input.company_id, "Company", "input.companyId")
        return await car_changes.create_model(info.context, company_id, input.name)

    @strawberry.mutation(graphql_type=UpdateCarModelPayload, description="Rename a model.", metadata=_EDITING)
    async def update_car_model(self, info: Info, input: UpdateCarModelInput) -> Outcome[stored.CarModel]:
        """Rename."""
        return await car_changes.rename_model(
            info.context,
            document_id(input.car_model_id, "CarModel", "input.carModelId"),
            input.name,
            expected_revision=input.expected_revision,
        )

    @strawberry.mutation(
        graphql_type=DeleteCarModelPayload,
        description="Remove a model with all its variants and media. Projects keep their copies of pictures.",
        metadata=_EDITING,
    )
    async def delete_car_model(self, info: Info, input: DeleteCarModelInput) -> Outcome[stored.CarModel]:
        """Remove."""
        return await car_changes.delete_model(
            info.context,
            document_id(input.car_model_id, "CarModel", "input.carModelId"),
            expected_revision=input.expected_revision,
        )

    @strawberry.mutation(
        graphql_type=AddCarVariantPayload,
        description="Add a variant to a model. Its media come by `createUpload`, for the target `carMedia`. "
        "`LIMIT_EXCEEDED`: a model has at most 100.",
        metadata=_EDITING,
    )
    async def add_car_variant(self, info: Info, input: AddCarVariantInput) -> Outcome[stored.CarVariant]:
        """Add."""
        return await car_changes.add_variant(
            info.context,
            document_id(input.car_model_id, "CarModel", "input.carModelId"),
            {"year": input.year, "trim": input.trim},
        )

    @strawberry.mutation(
        graphql_type=UpdateCarVariantPayload,
        description="Change a variant's year or trim.",
        metadata=_EDITING,
    )
    async def update_car_variant(
        self, info: Info, input: UpdateCarVariantInput
    ) -> Outcome[stored.CarVariant]:
        """Change."""
        return await car_changes.update_variant(
            info.context,
            document_id(input.variant_id, "CarVariant", "input.variantId"),
            given(input, without=("variant_id", "expected_revision")),
            expected_revision=input.expected_revision,
        )

    @strawberry.mutation(
        graphql_type=DeleteCarVariantPayload,
        description="Remove a variant with its media. Projects keep their copies of pictures.",
        metadata=_EDITING,
    )
    async def delete_car_variant(
        self, info: Info, input: DeleteCarVariantInput
    ) -> Outcome[stored.CarVariant]:
        """Remove."""
        return await car_changes.delete_variant(
            info.context,
            document_id(input.variant_id, "CarVariant", "input.variantId"),
            expected_revision=input.expected_revision,
        )

    @strawberry.mutation(
        graphql_type=UpdateCarMediaPayload,
        description="Change what a variant's file is called, or from where a picture shows the car.",
        metadata=_EDITING,
    )
    async def update_car_media(self, info: Info, input: UpdateCarMediaInput) -> Outcome[stored.CarMedia]:
        """Change."""
        return await car_changes.update_media(
            info.context,
            document_id(input.media_id, "CarMedia", "input.mediaId"),
            given(input, without=("media_id", "expected_revision")),
            expected_revision=input.expected_revision,
        )

    @strawberry.mutation(
        graphql_type=DeleteCarMediaPayload,
        description="Remove a variant's file. Projects keep their copies of pictures.",
        metadata=_EDITING,
    )
    async def delete_car_media(self, info: Info, input: DeleteCarMediaInput) -> Outcome[stored.CarMedia]:
        """Remove."""
        return await car_changes.delete_media(
            info.context,
            document_id(input.media_id, "CarMedia", "input.mediaId"),
            expected_revision=input.expected_revision,
        )
