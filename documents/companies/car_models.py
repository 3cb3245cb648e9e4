"""What people and workers do to a company's car catalogue: one atomic change each."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from beanie import PydanticObjectId
from pymongo import ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.companies.car_model import (
    MEDIA_MAX,
    MODEL_MEDIA_MAX,
    MODELS_MAX,
    VARIANTS_MAX,
    CarMedia,
    CarModel,
    CarVariant,
    naming,
)
from documents.companies.company import Company
from documents.errors import CapReached, NodeMissing, RevisionStale

_VARIANT_FILTER: Final = "variant._id"
_MEDIA_FILTER: Final = "media._id"


def _size(array: Any) -> dict[str, Any]:
    return {"$size": {"$ifNull": [array, []]}}


_MODEL_MEDIA: Final = {"$sum": {"$map": {"input": "$variants", "as": "each", "in": _size("$$each.media")}}}


async def add_model(model: CarModel, *, session: AsyncClientSession) -> None:
    """Store a new model; the company counts them in the same transaction.

    Raises:
        CapReached: the company has as many as it may.
        NodeMissing: there is no such company.
    """
    counted = await Company.get_pymongo_collection().update_one(
        {"_id": model.company_id, "car_model_count": {"$not": {"$gte": MODELS_MAX}}},
        {"$inc": {"car_model_count": 1}},
        session=session,
    )
    if not counted.modified_count:
        if await Company.get_pymongo_collection().find_one({"_id": model.company_id}, {"_id": 1}) is None:
            raise NodeMissing("Company")
        raise CapReached("car models of a company", MODELS_MAX)
    values = model.model_dump(by_alias=True, exclude={"revision_id"})
    await CarModel.get_pymongo_collection().insert_one(values, session=session)


async def remove_model(
    company_id: PydanticObjectId,
    model_id: PydanticObjectId,
    *,
    expected_revision: int | None,
    session: AsyncClientSession,
) -> CarModel:
    """Take a model out of the catalogue with all that it holds; returns it as it was.

    Raises:
        NodeMissing: the company has no such model.
        RevisionStale: it has another revision than expected.
    """
    query = {"_id": model_id, "company_id": company_id}
    raw = await CarModel.get_pymongo_collection().find_one_and_delete(
        query if expected_revision is None else {**query, "revision": expected_revision}, session=session
    )
    if raw is None:
        raise await _refusal(query, CarModel, model_id, session=session)
    await Company.get_pymongo_collection().update_one(
        {"_id": company_id}, {"$inc": {"car_model_count": -1}}, session=session
    )
    model: CarModel = CarModel.model_validate(raw)
    return model


async def rename_model(
    company_id: PydanticObjectId,
    model_id: PydanticObjectId,
    name: str,
    *,
    expected_revision: int | None,
    now: datetime,
) -> CarModel:
    """Give a model another name.

    Raises:
        NodeMissing, RevisionStale: as for `remove_model`.
    """
    query = {"_id": model_id, "company_id": company_id}
    expected = {} if expected_revision is None else {"revision": expected_revision}
    update = {"$set": {**naming(name), "updated_at": now}, "$inc": {"revision": 1}}
    found = await _updated({**query, **expected}, update)
    if found is None:
        raise await _refusal(query, CarModel, model_id)
    return found


async def add_variant(
    company_id: PydanticObjectId, model_id: PydanticObjectId, variant: CarVariant, *, now: datetime
) -> CarVariant:
    """Add a variant at the end.

    Raises:
        NodeMissing: the company has no such model.
        CapReached: the model has as many as it may.
    """
    query = {"_id": model_id, "company_id": company_id}
    room = {"$expr": {"$lt": [_size("$variants"), VARIANTS_MAX]}}
    update = {"$push": {"variants": variant.stored()}, "$set": {"updated_at": now}}
    found = await _updated({**query, **room}, update)
    if found is None:
        if await CarModel.get_pymongo_collection().find_one(query, {"_id": 1}) is None:
            raise NodeMissing(CarModel.__name__)
        raise CapReached("variants of a car model", VARIANTS_MAX)
    return _variant(found, variant.id)


async def update_variant(
    company_id: PydanticObjectId,
    variant_id: PydanticObjectId,
    values: Mapping[str, Any],
    *,
    expected_revision: int | None,
    now: datetime,
) -> CarVariant:
    """Set a variant's own fields to stored values.

    Raises:
        NodeMissing: the company has no such variant.
        RevisionStale: it has another revision than expected.
    """
    query = _having(company_id, variant_id)
    update = {
        "$set": {"updated_at": now, **{f"variants.$.{name}": value for name, value in values.items()}},
        "$inc": {"variants.$.revision": 1},
    }
    found = await _updated(_having(company_id, variant_id, expected_revision=expected_revision), update)
    if found is None:
        raise await _refusal(query, CarVariant, variant_id)
    return _variant(found, variant_id)


async def remove_variant(
    company_id: PydanticObjectId,
    variant_id: PydanticObjectId,
    *,
    expected_revision: int | None,
    now: datetime,
    session: AsyncClientSession,
) -> CarVariant:
    """Take a variant away with its media; returns it as it was.

    Raises:
        NodeMissing, RevisionStale: as for `update_variant`.
    """
    found = await _updated(
        _having(company_id, variant_id, expected_revision=expected_revision),
        {"$pull": {"variants": {"_id": variant_id}}, "$set": {"updated_at": now}},
        returned=ReturnDocument.BEFORE,
        session=session,
    )
    if found is None:
        raise await _refusal(_having(company_id, variant_id), CarVariant, variant_id, session=session)
    return _variant(found, variant_id)


async def attach_media(
    company_id: PydanticObjectId,
    variant_id: PydanticObjectId,
    media: CarMedia,
    *,
    now: datetime,
    session: AsyncClientSession | None,
) -> None:
    """Add a checked file to a variant; one that is there already (a second delivery) is left as it is.

    Raises:
        NodeMissing: the company has no such variant.
        CapReached: the variant, or the model, has as many as it may.
    """
    chosen = {"$filter": {"input": "$variants", "as": "each", "cond": {"$eq": ["$$each._id", variant_id]}}}
    own = _size({"$getField": {"field": "media", "input": {"$first": chosen}}})
    query = {
        **_having(company_id, variant_id),
        "variants.media._id": {"$ne": media.id},
        "$expr": {"$and": [{"$lt": [own, MEDIA_MAX]}, {"$lt": [_MODEL_MEDIA, MODEL_MEDIA_MAX]}]},
    }
    update = {"$push": {"variants.$[variant].media": media.stored()}, "$set": {"updated_at": now}}
    models = CarModel.get_pymongo_collection()
    result = await models.update_one(
        query, update, array_filters=[{_VARIANT_FILTER: variant_id}], session=session
    )
    if result.modified_count:
        return
    raw = await models.find_one(_having(company_id, variant_id), session=session)
    if raw is None:
        raise NodeMissing(CarVariant.__name__)
    model = CarModel.model_validate(raw)
    if any(each.id == media.id for variant in model.variants for each in variant.media):
        return
    if len(_variant(model, variant_id).media) >= MEDIA_MAX:
        raise CapReached("media of a car variant", MEDIA_MAX)
    raise CapReached("media of a car model", MODEL_MEDIA_MAX)


async def update_media(
    company_id: PydanticObjectId,
    media_id: PydanticObjectId,
    values: Mapping[str, Any],
    *,
    expected_revision: int | None,
    now: datetime,
) -> CarMedia:
    """Set fields of a file to stored values.

    Raises:
        NodeMissing: the company has no such file.
        RevisionStale: it has another revision than expected.
    """
    path = "variants.$[].media.$[media]"
    found = await _updated(
        _holding(company_id, media_id, expected_revision=expected_revision),
        {
            "$set": {"updated_at": now, **{f"{path}.{name}": value for name, value in values.items()}},
            "$inc": {f"{path}.revision": 1},
        },
        array_filters=[{_MEDIA_FILTER: media_id}],
    )
    if found is None:
        raise await _refusal(_holding(company_id, media_id), CarMedia, media_id)
    return _media(found, media_id)


async def remove_media(
    company_id: PydanticObjectId,
    media_id: PydanticObjectId,
    *,
    expected_revision: int | None,
    now: datetime,
    session: AsyncClientSession,
) -> CarMedia:
    """Take a file away; returns it as it was.

    Raises:
        NodeMissing, RevisionStale: as for `update_media`.
    """
    found = await _updated(
        _holding(company_id, media_id, expected_revision=expected_revision),
        {"$pull": {"variants.$[].media": {"_id": media_id}}, "$set": {"updated_at": now}},
        returned=ReturnDocument.BEFORE,
        session=session,
    )
    if found is None:
        raise await _refusal(_holding(company_id, media_id), CarMedia, media_id, session=session)
    return _media(found, media_id)


async def with_model(company_id: PydanticObjectId, model_id: PydanticObjectId) -> CarModel | None:
    """A model of the company."""
    return await _found({"_id": model_id, "company_id": company_id})


async def with_variant(company_id: PydanticObjectId, variant_id: PydanticObjectId) -> CarVariant | None:
    """A variant of a model of the company."""
    model = await _found({"company_id": company_id, "variants._id": variant_id})
    return None if model is None else _variant(model, variant_id)


async def with_media(
    company_id: PydanticObjectId, media_ids: Sequence[PydanticObjectId]
) -> Mapping[PydanticObjectId, CarMedia]:
    """Those of these files that the company's catalogue has, by their ids."""
    wanted = {"company_id": company_id, "variants.media._id": {"$in": list(media_ids)}}
    found: dict[PydanticObjectId, CarMedia] = {}
    async for raw in CarModel.get_pymongo_collection().find(wanted):
        for variant in CarModel.model_validate(raw).variants:
            found |= {each.id: each for each in variant.media if each.id in media_ids}
    return found


def _having(
    company_id: PydanticObjectId, variant_id: PydanticObjectId, *, expected_revision: int | None = None
) -> dict[str, Any]:
    expected = {} if expected_revision is None else {"revision": expected_revision}
    return {"company_id": company_id, "variants": {"$elemMatch": {"_id": variant_id, **expected}}}


def _holding(
    company_id: PydanticObjectId, media_id: PydanticObjectId, *, expected_revision: int | None = None
) -> dict[str, Any]:
    expected = {} if expected_revision is None else {"revision": expected_revision}
    media = {"$elemMatch": {"_id": media_id, **expected}}
    return {
        "company_id": company_id,
        "variants.media._id": media_id,
        "variants": {"$elemMatch": {"media": media}},
    }


async def _updated(
    query: Mapping[str, Any],
    update: Mapping[str, Any],
    *,
    array_filters: Sequence[Mapping[str, Any]] | None = None,
    returned: bool = ReturnDocument.AFTER,
    session: AsyncClientSession | None = None,
) -> CarModel | None:
    raw = await CarModel.get_pymongo_collection().find_one_and_update(
        query, update, array_filters=array_filters, return_document=returned, session=session
    )
    return None if raw is None else CarModel.model_validate(raw)


async def _found(query: Mapping[str, Any], *, session: AsyncClientSession | None = None) -> CarModel | None:
    raw = await CarModel.get_pymongo_collection().find_one(query, session=session)
    return None if raw is None else CarModel.model_validate(raw)


async def _refusal(
    query: Mapping[str, Any],
    kind: type[CarModel | CarVariant | CarMedia],
    node_id: PydanticObjectId,
    *,
    session: AsyncClientSession | None = None,
) -> NodeMissing | RevisionStale:
    """Why nothing was changed: the node is gone, or another than was expected."""
    model = await _found(query, session=session)
    if model is None:
        return NodeMissing(kind.__name__)
    if kind is CarModel:
        return RevisionStale(kind.__name__, model)
    current = _variant(model, node_id) if kind is CarVariant else _media(model, node_id)
    return RevisionStale(kind.__name__, current)


def _variant(model: CarModel, variant_id: PydanticObjectId) -> CarVariant:
    return next(variant for variant in model.variants if variant.id == variant_id)


def _media(model: CarModel, media_id: PydanticObjectId) -> CarMedia:
    return next(each for variant in model.variants for each in variant.media if each.id == media_id)
