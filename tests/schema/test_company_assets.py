"""Brand assets through the API: values checked by kind, other companies kept out, removals written down."""

from typing import Any

import pytest
from pydantic import ValidationError

from access.permissions import Permission
from documents.audit_entry import AuditAction, AuditEntry
from documents.companies.company import Company
from documents.companies.company_asset import AssetKind, checked_value
from resolvers.fields import explained
from tests.schema.company_desk import Worker, make_admin, make_member
from tests.schema.desk import Desk

ASSET = "asset { id kind name value revision media { file { url } } }"
LIST = """query($company: ID!, $kind: AssetKind, $first: Int, $after: String) {
  companyAssets(companyId: $company, kind: $kind, first: $first, after: $after) {
    nodes { name value } edges { cursor } pageInfo { hasNextPage endCursor }
  }
}"""


async def scheme(admin: Worker, **values: Any) -> dict[str, Any]:
    given = {"kind": "COLOR_SCHEME", "name": "Corporate", "value": {"colors": ["#ff6600"]}}
    return await admin.change("addCompanyAsset", {"companyId": admin.company} | given | values, ASSET)


async def test_colour_scheme_is_added_changed_listed_and_removed(desk: Desk) -> None:
    admin = await make_admin(desk)
    added = await scheme(admin)
    assert added["userErrors"] == []
    assert added["asset"]["value"] == {"colors": ["#FF6600"]}
    asset_id = added["asset"]["id"]
    given = {"assetId": asset_id, "name": "New", "expectedRevision": 0}
    changed = await admin.change("updateCompanyAsset", given, ASSET)
    assert (changed["asset"]["name"], changed["asset"]["revision"]) == ("New", 1)
    stale = await admin.change("updateCompanyAsset", given, ASSET)
    assert (stale["userErrors"][0]["code"], stale["asset"]["revision"]) == ("REVISION_CONFLICT", 1)
    member = make_member(desk, admin.company_id)
    assert (await member.ask(LIST, company=admin.company))["companyAssets"]["nodes"] == [
        {"name": "New", "value": {"colors": ["#FF6600"]}}
    ]
    gone = await admin.change("deleteCompanyAsset", {"assetId": asset_id}, f"deletedAssetId {ASSET}")
    assert (gone["deletedAssetId"], gone["asset"]) == (asset_id, None)
    assert (await member.ask(LIST, company=admin.company))["companyAssets"]["nodes"] == []
    entry = await AuditEntry.find_one({"action": AuditAction.ASSET_DELETED, "actor_id": admin.user_id})
    assert entry is not None
    assert (entry.company_id, entry.details) == (admin.company_id, {"name": "New", "kind": "COLOR_SCHEME"})


async def test_assets_come_page_by_page_and_by_kind(desk: Desk) -> None:
    admin = await make_admin(desk)
    for number in range(3):
        await scheme(admin, name=f"S{number}")
        await scheme(admin, name=f"O{number}", kind="OTHER", value={"note": "$5 off"})
    first = (await admin.ask(LIST, company=admin.company, kind="COLOR_SCHEME", first=2))["companyAssets"]
    after = first["pageInfo"]["endCursor"]
    rest = (await admin.ask(LIST, company=admin.company, kind="COLOR_SCHEME", after=after))["companyAssets"]
    assert [each["name"] for each in (*first["nodes"], *rest["nodes"])] == ["S2", "S1", "S0"]
    assert (first["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]) == (True, False)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"value": {"colors": ["red"]}}, "input.value.colors.0"),
        ({"value": {"colors": []}}, "input.value.colors"),
        ({"value": {}}, "input.value.colors"),
        ({"value": {"colors": ["#FF0000"], "size": 1}}, "input.value.size"),
        ({"value": {"$where": 1}}, "input.value"),
        ({"value": {"a": "\ud800"}}, "input.value"),
        ({"value": None}, "input.value"),
        ({"name": ""}, "input.name"),
        ({"kind": "LOGO", "value": {}}, "input.kind"),
    ],
)
async def test_what_does_not_fit_the_kind_is_refused_and_nothing_is_written(
    desk: Desk, given: dict[str, Any], field: str
) -> None:
    admin = await make_admin(desk)
    payload = await scheme(admin, **given)
    assert [(error["code"], error["field"]) for error in payload["userErrors"]] == [("INVALID", field)]
    company = await Company.get_pymongo_collection().find_one({"_id": admin.company_id})
    assert company is not None
    assert "assets" not in company


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("COLOR_SCHEME", {"colors": ["red"]}, "A colour is #RRGGBB, such as #FFCC00."),
        ("COLOR_SCHEME", {"colors": [7]}, "Must be a text."),
        ("COLOR_SCHEME", {"colors": [None]}, "Must not be null."),
        ("COLOR_SCHEME", {"colors": "#FFCC00"}, "Must be a list."),
        ("COLOR_SCHEME", {"text": "#FFCC00"}, "Must be given."),
        ("COLOR_SCHEME", {"colors": ["#FFCC00"], "colour": "#FFCC00"}, "There is no field of this name."),
        ("LOGO", {"corner": "LEFT"}, "One of 'TOP_LEFT', 'TOP_RIGHT', 'BOTTOM_LEFT' or 'BOTTOM_RIGHT'."),
        ("LOGO", {"size": "big"}, "Must be a number."),
    ],
)
def test_what_is_wrong_with_a_value_is_said_in_words_for_people(
    kind: str, value: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        checked_value(AssetKind(kind), value)
    assert [error.message for error in explained(refused.value, at="input.value")] == [message]


async def test_colour_scheme_without_a_value_is_refused(desk: Desk) -> None:
    admin = await make_admin(desk)
    given = {"companyId": admin.company, "kind": "COLOR_SCHEME", "name": "Empty"}
    payload = await admin.change("addCompanyAsset", given, ASSET)
    assert [error["field"] for error in payload["userErrors"]] == ["input.value.colors"]


async def test_members_see_and_do_not_change_and_others_see_nothing(desk: Desk) -> None:
    admin, other = await make_admin(desk), await make_admin(desk)
    member, outsider = make_member(desk, admin.company_id), make_member(desk, None)
    asset_id = (await scheme(admin))["asset"]["id"]
    change = {"assetId": asset_id, "name": "Stolen"}
    assert await member.code("updateCompanyAsset", change, ASSET) == "FORBIDDEN"
    assert await member.code("deleteCompanyAsset", {"assetId": asset_id}) == "FORBIDDEN"
    assert await other.code("updateCompanyAsset", change, ASSET) == "NOT_FOUND"
    assert await other.code("deleteCompanyAsset", {"assetId": asset_id}) == "NOT_FOUND"
    given = {"companyId": admin.company, "kind": "OTHER", "name": "Stolen"}
    assert await other.code("addCompanyAsset", given, ASSET) == "NOT_FOUND"
    assert await outsider.code("addCompanyAsset", given, ASSET) == "FORBIDDEN"
    answer = await other.run(LIST, company=admin.company)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["NOT_FOUND"]
    node = "query($id: ID!) { node(id: $id) { id ... on CompanyAsset { name } } }"
    assert (await other.ask(node, id=asset_id))["node"] is None
    assert (await outsider.ask(node, id=asset_id))["node"] is None
    assert (await member.ask(node, id=asset_id))["node"] == {"id": asset_id, "name": "Corporate"}


async def test_api_key_without_the_scope_changes_nothing(desk: Desk) -> None:
    admin = await make_admin(desk)
    asset_id = (await scheme(admin))["asset"]["id"]
    admin.scopes = frozenset({Permission.COMPANY_VIEW})
    assert await admin.code("deleteCompanyAsset", {"assetId": asset_id}) == "FORBIDDEN"
    admin.scopes = frozenset({Permission.ASSETS_MANAGE})
    assert await admin.code("deleteCompanyAsset", {"assetId": asset_id}) == "NOT_FOUND"


@pytest.mark.parametrize(
    ("target", "fields"),
    [
        ({"kind": "LOGO", "name": "Logo"}, []),
        ({"kind": "LOGO", "name": ""}, ["input.target.companyAsset.name"]),
        ({"kind": "LOGO", "name": "x", "value": {"size": 3}}, ["input.target.companyAsset.value.size"]),
        ({"kind": "COLOR_SCHEME", "name": "x"}, ["input.target.companyAsset.kind"]),
        ({"kind": "MUSIC", "name": "x"}, ["input.mimeType"]),
    ],
)
async def test_file_of_an_asset_is_announced_if_all_of_it_fits(
    desk: Desk, target: dict[str, Any], fields: list[str]
) -> None:
    admin = await make_admin(desk)
    given = {
        "target": {"companyAsset": {"companyId": admin.company} | target},
        "fileName": "logo.png",
        "mimeType": "image/png",
        "sizeBytes": 9,
    }
    announced = await admin.change("createUpload", given, "upload { targetId } request { url }")
    assert [error["field"] for error in announced["userErrors"]] == fields
    assert (announced["request"] is None) == bool(fields)
    member, other = make_member(desk, admin.company_id), await make_admin(desk)
    assert await member.code("createUpload", given) == "FORBIDDEN"
    assert await other.code("createUpload", given) == "NOT_FOUND"
