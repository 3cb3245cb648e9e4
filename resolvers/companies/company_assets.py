"""Brand assets: listed, added, changed, removed. Files come by uploads."""

from collections.abc import Mapping
from typing import Any

from beanie import PydanticObjectId
from pydantic import ValidationError
from pymongo.asynchronous.client_session import AsyncClientSession

from access.errors import NotFound
from access.permissions import Permission
from documents.audit_entry import AuditAction
from documents.companies import company_assets
from documents.companies.company_asset import VALUE_KINDS, AssetKind, CompanyAsset, checked_value
from documents.media import upload_life
from documents.newest_first import Page, Window
from documents.transaction import in_transaction
from resolvers.audit import record
from resolvers.companies.company_changes import answer, own_company
from resolvers.context import Context
from resolvers.fields import checked, explained
from resolvers.outcome import Outcome, UserError, UserErrorCode
from resolvers.tree.changes import nothing_given

_KIND = CompanyAsset.__name__


async def listed(
    context: Context, company_id: PydanticObjectId, window: Window, *, kind: AssetKind | None
) -> Page[CompanyAsset]:
    """A page of a company's assets, the newest first.

    Raises:
        NotFound, Forbidden: the viewer may not see the company.
    """
    context.companies.check(company_id, Permission.COMPANY_VIEW)
    return await company_assets.page(company_id, window, kind=kind)


async def visible(context: Context, asset_id: PydanticObjectId) -> CompanyAsset | None:
    """An asset of the viewer's company; None if there is none to see."""
    try:
        company_id = own_company(context, Permission.COMPANY_VIEW, _KIND)
    except NotFound:
        return None
    return (await company_assets.find(company_id, [asset_id])).get(asset_id)


def read_asset(
    kind: AssetKind, values: Mapping[str, Any], *, at: str
) -> tuple[dict[str, Any], list[UserError]]:
    """Name and value of an asset of this kind as they are stored, and what is wrong with them."""
    good, faults = checked(CompanyAsset, values, at=at)
    if "value" in good:
        try:
            good["value"] = checked_value(kind, good["value"])
        except ValidationError as error:
            faults += explained(error, at=f"{at}.value")
    return good, faults


async def add(
    context: Context, company_id: PydanticObjectId, kind: AssetKind, values: Mapping[str, Any]
) -> Outcome[CompanyAsset]:
    """Add an asset that is a value.

    Raises:
        NotFound, Forbidden: the viewer may not see the company, or not manage its assets.
    """
    context.companies.check(company_id, Permission.ASSETS_MANAGE)
    if kind not in VALUE_KINDS:
        text = f"A {kind.value} is a file: send it with createUpload, for the target companyAsset."
        return Outcome.refused(UserErrorCode.INVALID, text, at="input.kind")
    good, faults = read_asset(kind, {"value": {}, **values}, at="input")
    if faults:
        return Outcome(user_errors=faults)
    viewer, now = context.require_viewer(), context.services.now()
    asset = CompanyAsset(kind=kind, created_by=viewer.user_id, created_at=now, updated_at=now, **good)

    async def added() -> CompanyAsset:
        await company_assets.add(company_id, asset)
        return asset

    return await answer(added())


async def update(
    context: Context,
    asset_id: PydanticObjectId,
    values: Mapping[str, Any],
    *,
    expected_revision: int | None,
) -> Outcome[CompanyAsset]:
    """Change an asset's name or value.

    Raises:
        NotFound, Forbidden: the viewer's company has no such asset, or the viewer may not manage assets.
    """
    company_id = own_company(context, Permission.ASSETS_MANAGE, _KIND)
    asset = (await company_assets.find(company_id, [asset_id])).get(asset_id)
    if asset is None:
        raise NotFound(_KIND)
    if not values:
        return nothing_given()
    good, faults = read_asset(asset.kind, values, at="input")
    if faults:
        return Outcome(user_errors=faults)
    change = company_assets.update(
        company_id, asset_id, good, expected_revision=expected_revision, now=context.services.now()
    )
    return await answer(change)


async def delete(
    context: Context, asset_id: PydanticObjectId, *, expected_revision: int | None
) -> Outcome[CompanyAsset]:
    """Take an asset away; what projects have of it is their own copy, and stays.

    Raises:
        NotFound, Forbidden: as for `update`.
    """
    company_id = own_company(context, Permission.ASSETS_MANAGE, _KIND)

    async def work(session: AsyncClientSession) -> CompanyAsset:
        gone = await company_assets.remove(
            company_id, asset_id, expected_revision=expected_revision, session=session
        )
        await upload_life.release({"company_id": company_id, "asset_id": asset_id}, session=session)
        await record(
            context,
            AuditAction.ASSET_DELETED,
            _KIND,
            asset_id,
            session=session,
            company_id=company_id,
            name=gone.name,
            kind=gone.kind.value,
        )
        return gone

    return await answer(in_transaction(work))
