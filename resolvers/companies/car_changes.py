"""What people change in the car catalogue: models, variants and what is said of their media.

Files come by uploads.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from access.errors import NotFound
from access.permissions import Permission
from documents.audit_entry import AuditAction
from documents.companies import car_models
from documents.companies.car_model import PICTURES, CarMedia, CarMediaKind, CarModel, CarVariant, naming
from documents.media import upload_life
from documents.name_search import name_key
from documents.transaction import in_transaction
from resolvers.audit import record
from resolvers.companies.company_changes import answer, own_company
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.outcome import Outcome, UserError, UserErrorCode
from resolvers.tree.changes import nothing_given

_MODEL, _VARIANT, _MEDIA = CarModel.__name__, CarVariant.__name__, CarMedia.__name__
_WORDLESS: Final = "Must hold a letter or a digit, or nobody will find it."


def _checked_name(name: str) -> tuple[str, list[UserError]]:
    good, faults = checked(CarModel, {"name": name}, at="input")
    if not faults and not name_key(good["name"]):
        faults = [UserError(UserErrorCode.INVALID, "input.name", _WORDLESS)]
    return good.get("name", ""), faults


async def create_model(context: Context, company_id: PydanticObjectId, name: str) -> Outcome[CarModel]:
    """Add a model without variants.

    Raises:
        NotFound, Forbidden: the viewer may not see the company, or not edit its catalogue.
    """
    context.companies.check(company_id, Permission.CATALOGUE_MANAGE)
    good, faults = _checked_name(name)
    if faults:
        return Outcome(user_errors=faults)
    now = context.services.now()
    made_by = context.require_viewer().user_id
    model = CarModel(
        company_id=company_id, created_by=made_by, created_at=now, updated_at=now, **naming(good)
    )

    async def work(session: AsyncClientSession) -> CarModel:
        await car_models.add_model(model, session=session)
        return model

    return await answer(in_transaction(work))


async def rename_model(
    context: Context, model_id: PydanticObjectId, name: str, *, expected_revision: int | None
) -> Outcome[CarModel]:
    """Give a model another name.

    Raises:
        NotFound, Forbidden: the viewer's company has no such model, or the viewer may not edit the catalogue.
        NodeMissing: likewise.
    """
    company_id = own_company(context, Permission.CATALOGUE_MANAGE, _MODEL)
    good, faults = _checked_name(name)
    if faults:
        return Outcome(user_errors=faults)
    change = car_models.rename_model(
        company_id, model_id, good, expected_revision=expected_revision, now=context.services.now()
    )
    return await answer(change)


async def delete_model(
    context: Context, model_id: PydanticObjectId, *, expected_revision: int | None
) -> Outcome[CarModel]:
    """Take a model out with its variants and media; what projects have of them are their own copies.

    Raises:
        NotFound, Forbidden, NodeMissing: as for `rename_model`.
    """
    company_id = own_company(context, Permission.CATALOGUE_MANAGE, _MODEL)

    async def work(session: AsyncClientSession) -> CarModel:
        gone = await car_models.remove_model(
            company_id, model_id, expected_revision=expected_revision, session=session
        )
        media = [each for variant in gone.variants for each in variant.media]
        await _note_removal(context, _MODEL, model_id, media, session, name=gone.name)
        return gone

    return await answer(in_transaction(work))


async def add_variant(
    context: Context, model_id: PydanticObjectId, values: Mapping[str, Any]
) -> Outcome[CarVariant]:
    """Add a variant without media.

    Raises:
        NotFound, Forbidden, NodeMissing: as for `rename_model`.
    """
    company_id = own_company(context, Permission.CATALOGUE_MANAGE, _MODEL)
    good, faults = checked(CarVariant, values, at="input")
    if faults:
        return Outcome(user_errors=faults)
    now = context.services.now()
    return await answer(
        car_models.add_variant(company_id, model_id, CarVariant(**good, created_at=now), now=now)
    )


async def update_variant(
    context: Context,
    variant_id: PydanticObjectId,
    values: Mapping[str, Any],
    *,
    expected_revision: int | None,
) -> Outcome[CarVariant]:
    """Change a variant's year or trim.

    Raises:
        NotFound, Forbidden: the viewer's company has no such variant, or the viewer may not edit the
            catalogue.
        NodeMissing: likewise.
    """
    company_id = own_company(context, Permission.CATALOGUE_MANAGE, _VARIANT)
    if not values:
        return nothing_given()
    good, faults = checked(CarVariant, values, at="input")
    if faults:
        return Outcome(user_errors=faults)
    change = car_models.update_variant(
        company_id, variant_id, good, expected_revision=expected_revision, now=context.services.now()
    )
    return await answer(change)


async def delete_variant(
    context: Context, variant_id: PydanticObjectId, *, expected_revision: int | None
) -> Outcome[CarVariant]:
    """Take a variant away with its media.

    Raises:
        NotFound, Forbidden, NodeMissing: as for `update_variant`.
    """
    company_id = own_company(context, Permission.CATALOGUE_MANAGE, _VARIANT)
    now = context.services.now()

    async def work(session: AsyncClientSession) -> CarVariant:
        gone = await car_models.remove_variant(
            company_id, variant_id, expected_revision=expected_revision, now=now, session=session
        )
        named = {"year": gone.year, "trim": gone.trim}
        await _note_removal(context, _VARIANT, variant_id, gone.media, session, **named)
        return gone

    return await answer(in_transaction(work))


async def update_media(
    context: Context,
    media_id: PydanticObjectId,
    values: Mapping[str, Any],
    *,
    expected_revision: int | None,
) -> Outcome[CarMedia]:
    """Change what a file is called, or whether a picture shows the car from outside or inside.

    Raises:
        NotFound, Forbidden: the viewer's catalogue has no such file, or the viewer may not edit it.
        NodeMissing: likewise.
    """
    company_id = own_company(context, Permission.CATALOGUE_MANAGE, _MEDIA)
    media = (await car_models.with_media(company_id, [media_id])).get(media_id)
    if media is None:
        raise NotFound(_MEDIA)
    if not values:
        return nothing_given()
    good, faults = checked(CarMedia, values, at="input")
    if not faults and not _may_become(media.kind, good.get("kind", media.kind)):
        text = "A picture may become EXTERIOR or INTERIOR; a sound and a 3D model stay what they are."
        faults = [UserError(UserErrorCode.INVALID, "input.kind", text)]
    if faults:
        return Outcome(user_errors=faults)
    change = car_models.update_media(
        company_id, media_id, good, expected_revision=expected_revision, now=context.services.now()
    )
    return await answer(change)


def _may_become(kind: CarMediaKind, other: CarMediaKind) -> bool:
    return kind == other or {kind, other} <= PICTURES


async def delete_media(
    context: Context, media_id: PydanticObjectId, *, expected_revision: int | None
) -> Outcome[CarMedia]:
    """Take a file away.

    Raises:
        NotFound, Forbidden, NodeMissing: as for `update_media`.
    """
    company_id = own_company(context, Permission.CATALOGUE_MANAGE, _MEDIA)
    now = context.services.now()

    async def work(session: AsyncClientSession) -> CarMedia:
        gone = await car_models.remove_media(
            company_id, media_id, expected_revision=expected_revision, now=now, session=session
        )
        await _note_removal(context, _MEDIA, media_id, [gone], session, file_name=gone.file_name)
        return gone

    return await answer(in_transaction(work))


async def _note_removal(
    context: Context,
    kind: str,
    node_id: PydanticObjectId,
    media: Sequence[CarMedia],
    session: AsyncClientSession,
    **details: Any,
) -> None:
    """Write down that a part of the catalogue is gone, and let go of its objects."""
    ids = [each.id for each in media]
    if ids:
        company_id = context.require_viewer().company_id
        await upload_life.release({"company_id": company_id, "asset_id": {"$in": ids}}, session=session)
    await record(
        context,
        AuditAction.CAR_DELETED,
        kind,
        node_id,
        session=session,
        media_count=len(media),
        **details,
    )
