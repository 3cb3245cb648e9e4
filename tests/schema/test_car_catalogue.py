"""The car catalogue through the API: edited whole, searched by name, kept inside of its company."""

from datetime import UTC, datetime
from typing import Any

import pytest
from beanie import PydanticObjectId

from documents.audit_entry import AuditAction, AuditEntry
from documents.companies import car_models
from documents.companies.car_model import CarMedia, CarMediaKind, CarModel
from schema.ids import any_ref, document_gid
from tests.schema.company_desk import Worker, make_admin, make_member
from tests.schema.desk import Desk
from tests.studio import stored_file

MODEL = "carModel { id name revision variants { id year trim media { id kind title media { width } } } }"
VARIANT = "variant { id modelId year trim revision }"
MEDIA = "media { id variantId kind title revision media { fileName file { url } } }"
LIST = """query($company: ID!, $search: String, $first: Int, $after: String,
  $last: Int, $before: String) {
  carModels(companyId: $company, search: $search, first: $first, after: $after,
    last: $last, before: $before) {
    catalogueCount
    nodes { name variants { trim } }
    edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""


async def make_model(admin: Worker, name: str = "Golf") -> str:
    payload = await admin.change("createCarModel", {"companyId": admin.company, "name": name}, MODEL)
    assert payload["userErrors"] == []
    return str(payload["carModel"]["id"])


async def make_variant(admin: Worker, model_id: str, **values: Any) -> str:
    given = {"carModelId": model_id, "year": 2024, "trim": "GTI"} | values
    return str((await admin.change("addCarVariant", given, VARIANT))["variant"]["id"])


async def make_media(admin: Worker, variant_id: str, kind: CarMediaKind = CarMediaKind.EXTERIOR) -> str:
    assert admin.company_id is not None
    media = CarMedia(
        kind=kind,
        file=stored_file("companies/c/cars/m/v/exterior/x.png"),
        file_name="front.png",
        width=640,
        height=480,
        created_by=admin.user_id,
        created_at=datetime.now(UTC),
    )
    await car_models.attach_media(
        admin.company_id, any_ref(variant_id, "id").oid, media, now=datetime.now(UTC), session=None
    )
    return document_gid("CarMedia", media.id)


async def names(worker: Worker, search: str | None = None, **paging: Any) -> list[str]:
    answer = await worker.ask(LIST, company=worker.company, search=search, **paging)
    return [node["name"] for node in answer["carModels"]["nodes"]]


async def test_catalogue_is_edited_whole(desk: Desk) -> None:
    admin = await make_admin(desk)
    model_id = await make_model(admin)
    variant_id = await make_variant(admin, model_id)
    media_id = await make_media(admin, variant_id)
    renamed = await admin.change(
        "updateCarModel", {"carModelId": model_id, "name": "Golf VIII", "expectedRevision": 0}, MODEL
    )
    assert (renamed["carModel"]["name"], renamed["carModel"]["revision"]) == ("Golf VIII", 1)
    changed = await admin.change("updateCarVariant", {"variantId": variant_id, "year": 2025}, VARIANT)
    assert changed["variant"] == {
        "id": variant_id,
        "modelId": model_id,
        "year": 2025,
        "trim": "GTI",
        "revision": 1,
    }
    moved = await admin.change(
        "updateCarMedia", {"mediaId": media_id, "kind": "INTERIOR", "title": "Seat"}, MEDIA
    )
    assert (moved["media"]["kind"], moved["media"]["title"], moved["media"]["variantId"]) == (
        "INTERIOR",
        "Seat",
        variant_id,
    )
    member = make_member(desk, admin.company_id)
    whole = await member.ask(
        f"query($id: ID!) {{ {MODEL.replace('carModel', 'carModel(id: $id)')} }}", id=model_id
    )
    assert whole["carModel"]["variants"][0]["media"] == [
        {"id": media_id, "kind": "INTERIOR", "title": "Seat", "media": {"width": 640}}
    ]
    for name, given, gone in (
        ("deleteCarMedia", {"mediaId": media_id}, "deletedMediaId"),
        ("deleteCarVariant", {"variantId": variant_id}, "deletedVariantId"),
        ("deleteCarModel", {"carModelId": model_id}, "deletedCarModelId"),
    ):
        payload = await admin.change(name, given, gone)
        assert payload[gone] == next(iter(given.values()))
    assert await names(admin) == []
    entries = (
        await AuditEntry.find({"action": AuditAction.CAR_DELETED, "actor_id": admin.user_id})
        .sort("_id")
        .to_list()
    )
    assert [entry.target_kind for entry in entries] == ["CarMedia", "CarVariant", "CarModel"]


async def test_catalogue_is_searched_and_paged_by_name(desk: Desk) -> None:
    admin = await make_admin(desk)
    for name in ("Škoda Enyaq", "Golf Variant", "golf", "Polo", "e-Golf"):
        await make_model(admin, name)
    assert await names(admin) == ["e-Golf", "golf", "Golf Variant", "Polo", "Škoda Enyaq"]
    assert await names(admin, "GOL") == ["e-Golf", "golf", "Golf Variant"]
    assert await names(admin, "skoda") == ["Škoda Enyaq"]
    assert await names(admin, "gol x") == []
    assert await names(admin, "!!!") == []
    assert await names(admin, " ") == await names(admin)
    first = (await admin.ask(LIST, company=admin.company, first=2))["carModels"]
    assert first["catalogueCount"] == 5
    assert first["pageInfo"]["hasNextPage"] is True
    rest = (await admin.ask(LIST, company=admin.company, after=first["pageInfo"]["endCursor"]))["carModels"]
    assert [node["name"] for node in rest["nodes"]] == ["Golf Variant", "Polo", "Škoda Enyaq"]
    last = await admin.ask(LIST, company=admin.company, last=1, before=rest["pageInfo"]["startCursor"])
    assert [node["name"] for node in last["carModels"]["nodes"]] == ["golf"]


@pytest.mark.parametrize("cursor", ["", "x", "W10=", "WzEsMl0=", "\ud800", "[]" * 20_000])
async def test_made_up_cursors_are_refused(desk: Desk, cursor: str) -> None:
    admin = await make_admin(desk)
    answer = await admin.run(LIST, company=admin.company, after=cursor)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("name", ["", "   ", "!!!", "x" * 201, "\ud800", "a\x00b"])
async def test_name_that_nobody_could_find_is_refused(desk: Desk, name: str) -> None:
    admin = await make_admin(desk)
    payload = await admin.change("createCarModel", {"companyId": admin.company, "name": name}, MODEL)
    assert [(error["code"], error["field"]) for error in payload["userErrors"]] == [("INVALID", "input.name")]
    assert await CarModel.find({"company_id": admin.company_id}).count() == 0


async def test_year_out_of_bounds_and_sounds_that_would_be_pictures_are_refused(desk: Desk) -> None:
    admin = await make_admin(desk)
    variant_id = await make_variant(admin, await make_model(admin))
    sound_id = await make_media(admin, variant_id, CarMediaKind.SOUND)
    early = await admin.change("updateCarVariant", {"variantId": variant_id, "year": 1700}, VARIANT)
    wrong = await admin.change("updateCarMedia", {"mediaId": sound_id, "kind": "EXTERIOR"}, MEDIA)
    nothing = await admin.change("updateCarVariant", {"variantId": variant_id}, VARIANT)
    fields = [payload["userErrors"][0]["field"] for payload in (early, wrong, nothing)]
    assert fields == ["input.year", "input.kind", "input"]


async def test_members_see_and_do_not_edit_and_others_see_nothing(desk: Desk) -> None:
    admin, other = await make_admin(desk), await make_admin(desk)
    member = make_member(desk, admin.company_id)
    model_id = await make_model(admin)
    variant_id = await make_variant(admin, model_id)
    media_id = await make_media(admin, variant_id)
    before = await CarModel.get_pymongo_collection().find({"company_id": admin.company_id}).to_list()
    changes: dict[str, dict[str, Any]] = {
        "createCarModel": {"companyId": admin.company, "name": "Stolen"},
        "updateCarModel": {"carModelId": model_id, "name": "Stolen"},
        "deleteCarModel": {"carModelId": model_id},
        "addCarVariant": {"carModelId": model_id, "year": 2000},
        "updateCarVariant": {"variantId": variant_id, "trim": "Stolen"},
        "deleteCarVariant": {"variantId": variant_id},
        "updateCarMedia": {"mediaId": media_id, "title": "Stolen"},
        "deleteCarMedia": {"mediaId": media_id},
    }
    for name, given in changes.items():
        assert (name, await member.code(name, given)) == (name, "FORBIDDEN")
        assert (name, await other.code(name, given)) == (name, "NOT_FOUND")
    answer = await other.run(LIST, company=admin.company)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["NOT_FOUND"]
    node = "query($id: ID!) { node(id: $id) { id } }"
    for node_id in (model_id, variant_id, media_id):
        assert (await other.ask(node, id=node_id))["node"] is None
        assert (await member.ask(node, id=node_id))["node"] == {"id": node_id}
    assert await CarModel.get_pymongo_collection().find({"company_id": admin.company_id}).to_list() == before


async def test_model_of_nobody_is_missing(desk: Desk) -> None:
    admin = await make_admin(desk)
    missing = document_gid("CarModel", PydanticObjectId())
    assert await admin.code("updateCarModel", {"carModelId": missing, "name": "x"}, MODEL) == "NOT_FOUND"


async def test_files_are_announced_for_the_own_companys_variants_alone(desk: Desk) -> None:
    admin, other = await make_admin(desk), await make_admin(desk)
    member = make_member(desk, admin.company_id)
    variant_id = await make_variant(admin, await make_model(admin))
    given = {
        "target": {"carMedia": {"variantId": variant_id, "kind": "EXTERIOR", "title": "Front"}},
        "fileName": "front.png",
        "mimeType": "image/png",
        "sizeBytes": 9,
    }
    selection = "upload { targetId purpose } request { url }"
    announced = await admin.change("createUpload", given, selection)
    assert announced["upload"] == {"targetId": variant_id, "purpose": "CAR_MEDIA"}
    assert await other.code("createUpload", given, selection) == "NOT_FOUND"
    assert await member.code("createUpload", given, selection) == "FORBIDDEN"
    given["target"] = {"carMedia": {"variantId": variant_id, "kind": "MODEL_3D"}}
    refused = await admin.change("createUpload", given, selection)
    assert [error["field"] for error in refused["userErrors"]] == ["input.mimeType"]
