"""What people and workers do to a company's brand assets: one atomic change each."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from beanie import PydanticObjectId
from pymongo import ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.company import Company
from documents.company_asset import ASSETS_MAX, CompanyAsset
from documents.errors import CapReached, NodeMissing, RevisionStale
from documents.media_file import MediaFile

_KIND: Final = CompanyAsset.__name__


async def listed(company_id: PydanticObjectId) -> Sequence[CompanyAsset]:
    """All assets of a company, the newest first."""
    raw = await Company.get_pymongo_collection().find_one({"_id": company_id}, {"assets": 1}) or {}
    assets = [CompanyAsset.model_validate(each) for each in raw.get("assets", ())]
    return sorted(assets, key=lambda asset: (asset.created_at, asset.id), reverse=True)


async def find(
    company_id: PydanticObjectId, asset_ids: Sequence[PydanticObjectId]
) -> Mapping[PydanticObjectId, CompanyAsset]:
    """Those of these assets that the company has, by their ids."""
    wanted = {"$in": ["$$asset._id", list(asset_ids)]}
    chosen = {"$filter": {"input": {"$ifNull": ["$assets", []]}, "as": "asset", "cond": wanted}}
    raw = await Company.get_pymongo_collection().find_one({"_id": company_id}, {"assets": chosen}) or {}
    found = [CompanyAsset.model_validate(each) for each in raw.get("assets", ())]
    return {asset.id: asset for asset in found}


async def add(company_id: PydanticObjectId, asset: CompanyAsset) -> None:
    """Add an asset.

    Raises:
        CapReached: the company has as many as it may.
        NodeMissing: there is no such company.
    """
    count = {"$size": {"$ifNull": ["$assets", []]}}
    companies = Company.get_pymongo_collection()
    result = await companies.update_one(
        {"_id": company_id, "$expr": {"$lt": [count, ASSETS_MAX]}}, {"$push": {"assets": asset.stored()}}
    )
    if result.modified_count:
        return
    if await companies.find_one({"_id": company_id}, {"_id": 1}) is None:
        raise NodeMissing("Company")
    raise CapReached("brand assets of a company", ASSETS_MAX)


async def update(
    company_id: PydanticObjectId,
    asset_id: PydanticObjectId,
    values: Mapping[str, Any],
    *,
    expected_revision: int | None,
    now: datetime,
) -> CompanyAsset:
    """Set fields of an asset to stored values.

    Raises:
        NodeMissing: the company has no such asset.
        RevisionStale: it has another revision than expected.
    """
    raw = await _change(
        company_id,
        asset_id,
        {"$set": {f"assets.$.{name}": value for name, value in {**values, "updated_at": now}.items()}},
        expected_revision=expected_revision,
    )
    return CompanyAsset.model_validate(raw)


async def attach_file(
    company_id: PydanticObjectId,
    asset_id: PydanticObjectId,
    media: MediaFile,
    *,
    now: datetime,
    session: AsyncClientSession | None,
) -> MediaFile | None:
    """Give an asset a checked file, and say which one it had before: nothing holds that one any more.

    Raises:
        NodeMissing: the company has no such asset.
    """
    before = await _change(
        company_id,
        asset_id,
        {"$set": {"assets.$.media": media.stored(), "assets.$.updated_at": now}},
        returned=ReturnDocument.BEFORE,
        session=session,
    )
    return CompanyAsset.model_validate(before).media


async def remove(
    company_id: PydanticObjectId,
    asset_id: PydanticObjectId,
    *,
    expected_revision: int | None,
    session: AsyncClientSession,
) -> CompanyAsset:
    """Take an asset away; returns it as it was.

    Raises:
        NodeMissing, RevisionStale: as for `update`.
    """
    query = _query(company_id, asset_id, expected_revision)
    raw = await Company.get_pymongo_collection().find_one_and_update(
        query,
        {"$pull": {"assets": {"_id": asset_id}}},
        projection={"assets": {"$elemMatch": {"_id": asset_id}}},
        return_document=ReturnDocument.BEFORE,
        session=session,
    )
    if raw is None:
        raise await _refusal(company_id, asset_id, session)
    return CompanyAsset.model_validate(raw["assets"][0])


def _query(
    company_id: PydanticObjectId, asset_id: PydanticObjectId, expected_revision: int | None
) -> dict[str, Any]:
    expected = {} if expected_revision is None else {"revision": expected_revision}
    return {"_id": company_id, "assets": {"$elemMatch": {"_id": asset_id, **expected}}}


async def _change(
    company_id: PydanticObjectId,
    asset_id: PydanticObjectId,
    update: dict[str, Any],
    *,
    expected_revision: int | None = None,
    returned: bool = ReturnDocument.AFTER,
    session: AsyncClientSession | None = None,
) -> dict[str, Any]:
    raw = await Company.get_pymongo_collection().find_one_and_update(
        _query(company_id, asset_id, expected_revision),
        {**update, "$inc": {"assets.$.revision": 1}},
        projection={"assets": {"$elemMatch": {"_id": asset_id}}},
        return_document=returned,
        session=session,
    )
    if raw is None:
        raise await _refusal(company_id, asset_id, session)
    asset: dict[str, Any] = raw["assets"][0]
    return asset


async def _refusal(
    company_id: PydanticObjectId, asset_id: PydanticObjectId, session: AsyncClientSession | None
) -> NodeMissing | RevisionStale:
    raw = await Company.get_pymongo_collection().find_one(
        {"_id": company_id, "assets._id": asset_id},
        {"assets": {"$elemMatch": {"_id": asset_id}}},
        session=session,
    )
    if raw is None:
        return NodeMissing(_KIND)
    return RevisionStale(_KIND, CompanyAsset.model_validate(raw["assets"][0]))
