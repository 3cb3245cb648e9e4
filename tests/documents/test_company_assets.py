"""A company's brand assets: one atomic change each, within their cap."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from beanie import PydanticObjectId, init_beanie
from pydantic import ValidationError
from pymongo.asynchronous.database import AsyncDatabase

from documents import MODELS
from documents.companies import company_assets
from documents.companies.company import Company
from documents.companies.company_asset import ASSETS_MAX, AssetKind, CompanyAsset, checked_value
from documents.companies.media_file import MediaFile
from documents.errors import CapReached, NodeMissing, RevisionStale
from documents.json_value import JSON_BYTES_MAX
from documents.newest_first import Spot, Window
from documents.transaction import in_transaction
from documents.tree.overlay import Corner
from tests.studio import stored_file

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
async def models(database: AsyncDatabase[dict[str, Any]]) -> None:
    await init_beanie(database=database, document_models=list(MODELS))


async def make_company() -> Company:
    return await Company(name="Acme", created_by=PydanticObjectId(), created_at=NOW, updated_at=NOW).insert()


def make_asset(**values: Any) -> CompanyAsset:
    given = {"kind": AssetKind.LOGO, "name": "Logo", "created_by": PydanticObjectId()}
    return CompanyAsset(**(given | {"created_at": NOW, "updated_at": NOW} | values))


async def stored(company: Company) -> Any:
    return await Company.get_pymongo_collection().find_one({"_id": company.id})


async def test_change_raises_the_assets_revision_alone() -> None:
    company = await make_company()
    asset, other = make_asset(), make_asset(name="Other")
    for each in (asset, other):
        await company_assets.add(company.id, each)
    changed = await company_assets.update(company.id, asset.id, {"name": "New"}, expected_revision=0, now=NOW)
    assert (changed.name, changed.revision) == ("New", 1)
    found = await company_assets.find(company.id, [other.id, PydanticObjectId()])
    assert found == {other.id: other}


async def test_stale_change_is_told_what_is_there() -> None:
    company, asset = await make_company(), make_asset()
    await company_assets.add(company.id, asset)
    before = await stored(company)
    with pytest.raises(RevisionStale) as stale:
        await company_assets.update(company.id, asset.id, {"name": "New"}, expected_revision=7, now=NOW)
    assert stale.value.current == asset
    assert await stored(company) == before


async def test_other_companys_asset_is_missing() -> None:
    company, other, asset = await make_company(), await make_company(), make_asset()
    await company_assets.add(company.id, asset)
    with pytest.raises(NodeMissing):
        await company_assets.update(other.id, asset.id, {"name": "x"}, expected_revision=None, now=NOW)
    with pytest.raises(NodeMissing):
        await in_transaction(
            lambda session: company_assets.remove(other.id, asset.id, expected_revision=None, session=session)
        )
    with pytest.raises(NodeMissing):
        await company_assets.add(PydanticObjectId(), asset)


async def test_asset_of_a_second_delivery_is_there_once() -> None:
    company = await make_company()
    asset = make_asset(media=MediaFile(file=stored_file("companies/c/1.png")))
    for _ in range(2):
        await company_assets.add(company.id, asset)
    page = await company_assets.page(company.id, Window(size=5), kind=None)
    assert page.members == [asset]


async def test_pages_of_assets_meet_in_both_directions() -> None:
    company = await make_company()
    assets = [make_asset(kind=kind) for kind in [AssetKind.LOGO, AssetKind.BADGE] * 3]
    for each in assets:
        await company_assets.add(company.id, each)
    logos = [each.id for each in reversed(assets) if each.kind is AssetKind.LOGO]
    first = await company_assets.page(company.id, Window(size=2), kind=AssetKind.LOGO)
    spot = Spot(first.members[-1].created_at, first.members[-1].id)
    rest = await company_assets.page(company.id, Window(size=2, after=spot), kind=AssetKind.LOGO)
    assert [each.id for each in (*first.members, *rest.members)] == logos
    assert (first.has_more, rest.has_more, rest.has_previous) == (True, False, True)
    last = await company_assets.page(company.id, Window(size=1, from_end=True), kind=AssetKind.LOGO)
    assert ([each.id for each in last.members], last.has_previous) == (logos[-1:], True)
    before = await company_assets.page(company.id, Window(size=9, before=spot), kind=AssetKind.LOGO)
    assert [each.id for each in before.members] == logos[:1]


async def test_racing_adds_never_pass_the_cap() -> None:
    company = await make_company()
    full = [make_asset().stored() for _ in range(ASSETS_MAX - 3)]
    await Company.get_pymongo_collection().update_one({"_id": company.id}, {"$set": {"assets": full}})
    adds = (company_assets.add(company.id, make_asset()) for _ in range(8))
    results = await asyncio.gather(*adds, return_exceptions=True)
    assert [type(each) for each in results if each is not None] == [CapReached] * 5
    assert len((await stored(company))["assets"]) == ASSETS_MAX


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (AssetKind.COLOR_SCHEME, {}),
        (AssetKind.COLOR_SCHEME, {"colors": []}),
        (AssetKind.COLOR_SCHEME, {"colors": ["red"]}),
        (AssetKind.COLOR_SCHEME, {"colors": ["#FF0000"] * 9}),
        (AssetKind.COLOR_SCHEME, {"colors": ["#FF0000"], "other": 1}),
        (AssetKind.LOGO, {"corner": "MIDDLE"}),
        (AssetKind.WATERMARK, {"opacity": float("nan")}),
        (AssetKind.BADGE, {"size": 2}),
    ],
)
def test_value_that_its_kind_does_not_take_is_refused(kind: AssetKind, value: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        checked_value(kind, value)


def test_colours_are_stored_in_one_spelling() -> None:
    assert checked_value(AssetKind.COLOR_SCHEME, {"colors": ["#ff00aa"]}) == {"colors": ["#FF00AA"]}


def test_overlay_looks_as_its_kind_does_where_its_value_is_silent() -> None:
    asset = make_asset(kind=AssetKind.WATERMARK, value={"corner": "BOTTOM_RIGHT"})
    assert (asset.overlay_look.corner, asset.overlay_look.opacity) == (Corner.BOTTOM_RIGHT, 0.4)


@pytest.mark.parametrize(
    "value",
    [
        {"$gt": ""},
        {"a.b": 1},
        {"": 1},
        {"a": {"b": {"c": {"d": {"e": {}}}}}},
        {"a": "\ud800"},
        {"a\x00": 1},
        {"a": 2**60},
        {"a": float("inf")},
        {"a": "x" * JSON_BYTES_MAX},
    ],
)
def test_json_that_could_not_be_stored_is_refused(value: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        make_asset(kind=AssetKind.OTHER, value=value)
