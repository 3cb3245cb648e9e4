"""Pictures of things that must look as they do: copied from wherever they are, in order, and taken away."""

from typing import Any

import pytest
from beanie import PydanticObjectId

from documents.companies.car_model import CarMediaKind
from documents.companies.company_asset import AssetKind
from documents.projects.cast import Cast
from documents.tree.inputs import image_inputs
from documents.tree.reference_image import REFERENCES_MAX
from documents.tree.script import Clip
from schema.ids import tree_gid
from tasks.making.library_assets import scene_film
from tests.schema.company_desk import make_admin
from tests.schema.desk import Desk, Film, made_from, make_film, mutation
from tests.schema.test_branding import make_asset, make_media
from tests.schema.test_library import enter, gid, stored_picture
from tests.studio import stored_file

IMAGES = "referenceImages { id title width file { sha256 } provenance { origin sourceId } }"
SELECTION = f"style {{ revision {IMAGES} }} scene {{ revision {IMAGES} }}"


async def candidate(desk: Desk, film: Film) -> str:
    """Id of a frame's picture whose object is there."""
    await desk.studio.services.objects.put_bytes(stored_file().key, b"a bottle", "image/png")
    return film.gid(film.frame.images[0])


async def add(desk: Desk, film: Film, source: str, target: str | None = None, **given: Any) -> dict[str, Any]:
    given = {"targetId": target or film.id, "sourceId": source} | given
    return await desk.change("addReferenceImage", given, SELECTION, by=film.owner)


async def references(film: Film, desk: Desk) -> list[str]:
    listed = desk.studio.services.objects.list(f"projects/{film.project.id}/references/")
    return [each.key async for each in listed]


async def test_a_frames_picture_is_kept_for_all_pictures_or_for_those_of_a_scene(desk: Desk) -> None:
    film = await make_film()
    scene, frame = film.scenes[0], film.frame
    source = await candidate(desk, film)
    payload = await add(desk, film, source, title="the bottle", expectedRevision=0)
    assert (payload["userErrors"], payload["scene"]) == ([], None)
    (shown,) = payload["style"]["referenceImages"]
    assert (payload["style"]["revision"], shown["title"], shown["width"]) == (1, "the bottle", 9)
    assert shown["provenance"] == {"origin": "EXTRACTED", "sourceId": None}
    payload = await add(desk, film, source, film.gid(scene))
    assert (payload["userErrors"], payload["style"], payload["scene"]["revision"]) == ([], None, 1)
    now = await film.now()
    kept = now.style.reference_images[0], now.script.scenes[0].reference_images[0]
    assert sorted(await references(film, desk)) == sorted(each.file.key for each in kept)
    data = await desk.studio.services.objects.get_bytes(kept[0].file.key)
    assert data == b"a bottle"
    before = image_inputs(film.project, scene, frame, Cast())
    after = image_inputs(now, now.script.scenes[0], now.script.scenes[0].frames[0], Cast())
    assert after.hash != before.hash
    assert after.things == (("", kept[1].file.sha256), ("the bottle", kept[0].file.sha256))
    assert now.revision == film.project.revision + 2
    assert now.outbox == []


async def test_pictures_come_from_the_library_the_car_catalogue_and_the_brand(desk: Desk) -> None:
    admin = await make_admin(desk)
    film = await make_film(admin.user_id)
    entry = await stored_picture(desk, film, data=b"from the library")
    (car,) = await make_media(admin, "c1")
    logo = await make_asset(admin, AssetKind.LOGO)
    for source in (gid(entry), car, logo):
        given = {"targetId": film.id, "sourceId": source}
        payload = await admin.change("addReferenceImage", given, SELECTION)
        assert payload["userErrors"] == []
    images = payload["style"]["referenceImages"]
    assert [each["provenance"] for each in images] == [
        {"origin": "REUSED", "sourceId": gid(entry)},
        {"origin": "COMPANY", "sourceId": car},
        {"origin": "COMPANY", "sourceId": logo},
    ]
    kept = (await film.now()).style.reference_images
    objects = desk.studio.services.objects
    assert [await objects.get_bytes(each.file.key) for each in kept] == [
        b"from the library",
        b"picture c1",
        b"the LOGO",
    ]


async def test_there_are_few_and_a_refusal_leaves_nothing_behind(desk: Desk) -> None:
    film = await make_film()
    source = await candidate(desk, film)
    stale = await add(desk, film, source, expectedRevision=7)
    assert [(e["code"], e["field"]) for e in stale["userErrors"]] == [
        ("REVISION_CONFLICT", "input.expectedRevision")
    ]
    assert stale["style"]["referenceImages"] == []
    assert await references(film, desk) == []
    for _ in range(REFERENCES_MAX):
        assert (await add(desk, film, source))["userErrors"] == []
    full = await add(desk, film, source)
    assert [error["code"] for error in full["userErrors"]] == ["LIMIT_EXCEEDED"]
    long = await add(desk, film, source, film.gid(film.scenes[0]), title="x" * 201)
    assert [(e["code"], e["field"]) for e in long["userErrors"]] == [("INVALID", "input.title")]
    assert len(await references(film, desk)) == REFERENCES_MAX


async def test_what_is_no_picture_is_refused(desk: Desk) -> None:
    admin = await make_admin(desk)
    film = await make_film(admin.user_id)
    file = stored_file("projects/p/c.mp4", mime_type="video/mp4")
    clip = Clip(file=file, width=9, height=16, duration_s=2, provenance=made_from())
    scheme = await make_asset(admin, AssetKind.COLOR_SCHEME, {"colors": ["#112233"]})
    for source in (gid(await enter(film, scene_film(film.scenes[0].id, clip))), scheme):
        payload = await admin.change(
            "addReferenceImage", {"targetId": film.id, "sourceId": source}, SELECTION
        )
        assert [(e["code"], e["field"]) for e in payload["userErrors"]] == [("INVALID", "input.sourceId")]
    assert await references(film, desk) == []


async def test_references_are_ordered_renamed_and_taken_away(desk: Desk) -> None:
    film = await make_film()
    target, source = film.gid(film.scenes[0]), await candidate(desk, film)
    for title in ("one", "two", "three"):
        payload = await add(desk, film, source, target, title=title)
    one, two, three = (each["id"] for each in payload["scene"]["referenceImages"])
    order = {
        "targetId": target,
        "images": [{"referenceImageId": three}, {"referenceImageId": one, "title": "the car"}],
        "expectedRevision": 3,
    }
    payload = await desk.change("arrangeReferenceImages", order, SELECTION, by=film.owner)
    assert payload["userErrors"] == []
    shown = [(each["id"], each["title"]) for each in payload["scene"]["referenceImages"]]
    assert shown == [(three, "three"), (one, "the car")]
    before = await film.stored()
    stale = await desk.change("arrangeReferenceImages", order, SELECTION, by=film.owner)
    assert [error["code"] for error in stale["userErrors"]] == ["REVISION_CONFLICT"]
    assert stale["scene"]["revision"] == 4
    wrong = order | {
        "images": [{"referenceImageId": two}, {"referenceImageId": one, "title": "x" * 201}],
        "expectedRevision": 4,
    }
    payload = await desk.change("arrangeReferenceImages", wrong, SELECTION, by=film.owner)
    assert [(e["code"], e["field"]) for e in payload["userErrors"]] == [
        ("INVALID", "input.images.0.referenceImageId"),
        ("INVALID", "input.images.1.title"),
    ]
    assert await film.stored() == before
    none: dict[str, Any] = {"targetId": target, "images": [], "expectedRevision": 4}
    payload = await desk.change("arrangeReferenceImages", none, SELECTION, by=film.owner)
    assert payload["scene"]["referenceImages"] == []


async def test_what_one_may_not_see_is_not_there(desk: Desk) -> None:
    admin, other = await make_admin(desk), await make_admin(desk)
    (car,) = await make_media(admin, "a1", kind=CarMediaKind.EXTERIOR)
    logo = await make_asset(admin, AssetKind.LOGO)
    hidden = await make_film(admin.user_id)
    picture = await candidate(desk, hidden)
    entry = gid(await stored_picture(desk, hidden))
    film = await make_film(other.user_id)
    before = await film.stored()
    for source in (car, logo, picture, entry):
        given = {"targetId": film.id, "sourceId": source}
        assert await other.code("addReferenceImage", given) == "NOT_FOUND"
        assert await admin.code("addReferenceImage", given) == "NOT_FOUND"  # the target this time
    assert await film.stored() == before
    assert await references(film, desk) == []


@pytest.mark.parametrize("field", ["targetId", "sourceId"])
async def test_ids_of_something_else_are_refused(desk: Desk, field: str) -> None:
    film = await make_film()
    given = {"targetId": film.id, "sourceId": film.gid(film.frame.images[0]), field: film.gid(film.frame)}
    answer = await desk.run(mutation("addReferenceImage"), {"input": given}, by=film.owner)
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["extensions"]["field"] == f"input.{field}"


async def test_a_scene_or_picture_that_is_gone_is_not_found(desk: Desk) -> None:
    film = await make_film()
    source = await candidate(desk, film)
    gone = tree_gid("Scene", film.project.id, PydanticObjectId())
    lost = tree_gid("Image", film.project.id, PydanticObjectId())
    for given in ({"targetId": gone, "sourceId": source}, {"targetId": film.id, "sourceId": lost}):
        answer = await desk.run(mutation("addReferenceImage"), {"input": given}, by=film.owner)
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["NOT_FOUND"]
