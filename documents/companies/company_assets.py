"""What people and workers do to a company's brand assets: one atomic change each."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from beanie import PydanticObjectId
from pymongo import ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession

from documents.companies.company import Company
from documents.companies.company_asset import ASSETS_MAX, AssetKind, CompanyAsset
from documents.errors import CapReached, NodeMissing, RevisionStale
from documents.newest_first import Page, Window

_KIND: Final = CompanyAsset.__name__


async def page(company_id: PydanticObjectId, window: Window, *, kind: AssetKind | None) -> Page[CompanyAsset]:
    """A page of a company's assets, the newest first, of one kind if one is named.

    A company has few of them and they stand together: all are read, and the page is cut here.
    """
    raw = await Company.get_pymongo_collection().find_one({"_id": company_id}, {"assets": 1}) or {}
    assets = [CompanyAsset.model_validate(each) for each in raw.get("assets", ())]
    assets.sort(key=_spot, reverse=True)
    after, before = ((spot.at, spot.id) if spot else None for spot in (window.after, window.before))
    shown = [
        asset
        for asset in assets
        if kind in {None, asset.kind}
        and (after is None or _spot(asset) < after)
        and (before is None or _spot(asset) > before)
    ]
    has_more = len(shown) > window.size
    cut = shown[max(0, len(shown) - window.size) :] if window.from_end else shown[: window.size]
    return Page(cut, has_more, window)


def _spot(asset: CompanyAsset) -> tuple[datetime, PydanticObjectId]:
    return asset.created_at, asset.id


async def find(
    company_id: PydanticObjectId, asset_ids: Sequence[PydanticObjectId]
) -> Mapping[PydanticObjectId, CompanyAsset]:
    """Those of these assets that the company has, by their ids."""
    wanted = {"$in": ["$$asset._id", list(asset_ids)]}
    chosen = {"$filter": {"input": {"$ifNull": ["$assets", []]}, "as": "asset", "cond": wanted}}
    raw = await Company.get_pymongo_collection().find_one({"_id": company_id}, {"assets": chosen}) or {}
    found = [CompanyAsset.model_validate(each) for each in raw.get("assets", ())]
    return {asset.id: asset for asset in found}


async def add(
    company_id: PydanticObjectId, asset: CompanyAsset, *, session: AsyncClientSession | None = None
) -> None:
    """Add an asset; one that is there already (a second delivery) is left as it is.

    Raises:
        CapReached: the company has as many as it may.
        NodeMissing: there is no such company.
    """
    companies = Company.get_pymongo_collection()
    room = {"$lt": [{"$size": {"$ifNull": ["$assets", []]}}, ASSETS_MAX]}
    result = await companies.update_one(
        {"_id": company_id, "assets._id": {"$ne": asset.id}, "$expr": room},
        {"$push": {"assets": asset.stored()}},
        session=session,
    )
    if result.modified_count:
        return
    raw = await companies.find_one({"_id": company_id}, {"assets._id": 1}, session=session)
    if raw is None:
        raise NodeMissing("Company")
    if all(each["_id"] != asset.id for each in raw["assets"]):
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
    raw = await Company.get_pymongo_collection().find_one_and_update(
        _query(company_id, asset_id, expected_revision),
        {
            "$set": {f"assets.$.{name}": value for name, value in {**values, "updated_at": now}.items()},
            "$inc": {"assets.$.revision": 1},
        },
        projection={"assets": {"$elemMatch": {"_id": asset_id}}},
        return_document=ReturnDocument.AFTER,
    )
    if raw is None:
        raise await _refusal(company_id, asset_id, None)
    return CompanyAsset.model_validate(raw["assets"][0])


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
