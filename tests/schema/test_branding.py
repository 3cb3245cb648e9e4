"""A company's brand and cars in a project: copied, named after, and out of reach of everybody else."""

from datetime import UTC, datetime
from typing import Any

import pytest
from beanie import PydanticObjectId

from access.permissions import Permission
from documents.companies import car_models, company_assets
from documents.companies.car_model import CarMedia, CarMediaKind, CarModel, CarVariant, naming
from documents.companies.company_asset import AssetKind, CompanyAsset
from documents.companies.media_file import MediaFile
from documents.projects.project import Project
from documents.transaction import in_transaction
from documents.tree.asset import StoredFile, Thumbnail
from rendering.timeline import Corner, Profile
from schema.ids import document_gid
from tasks.rendering.timeline import snapshot
from tests.schema.company_desk import Worker, make_admin, make_member
from tests.schema.desk import Desk, Film, make_film

STYLE = """style { revision palette captions { colour highlight outline background }
  overlays {
    id corner size opacity width file { sha256 thumbnailUrl } provenance { origin sourceId }
  }
}"""
FONT_STYLE = "style { captionFont { name provenance { sourceId } } overlays { id } }"
FRAME = "frame { chosenImageId images { id width file { sha256 } provenance { origin sourceId } } }"
NOW = datetime.now(UTC)


async def put(worker: Worker, name: str, sha256: str = "ab" * 32) -> StoredFile:
    """A stored picture of the company, with a small one beside it."""
    objects = worker.desk.studio.services.objects
    key = f"companies/{worker.company_id}/{PydanticObjectId()}"
    await objects.put_bytes(f"{key}.png", name.encode(), "image/png")
    await objects.put_bytes(f"{key}-small.webp", b"small", "image/webp")
    thumbnail = Thumbnail(key=f"{key}-small.webp", mime_type="image/webp")
    return StoredFile(
        key=f"{key}.png",
        sha256=sha256,
        size_bytes=len(name),
        mime_type="image/png",
        thumbnail=thumbnail,
    )


async def make_asset(
    worker: Worker, kind: AssetKind, value: dict[str, Any] | None = None, **media: Any
) -> str:
    assert worker.company_id is not None
    made: dict[str, Any] = {"created_by": worker.user_id, "created_at": NOW, "updated_at": NOW}
    asset = CompanyAsset(kind=kind, name=kind.value.lower(), value=value or {}, **made)
    if kind is not AssetKind.COLOR_SCHEME:
        size = {"width": 300, "height": 150} | media
        asset.media = MediaFile(file=await put(worker, f"the {kind.value}"), **size)
    await company_assets.add(worker.company_id, asset)
    return document_gid("CompanyAsset", asset.id)


async def make_media(worker: Worker, *sha256: str, kind: CarMediaKind = CarMediaKind.EXTERIOR) -> list[str]:
    assert worker.company_id is not None
    media = [
        CarMedia(
            kind=kind,
            file=await put(worker, f"picture {each}", each * 32),
            width=640,
            height=480,
            created_by=worker.user_id,
            created_at=NOW,
        )
        for each in sha256
    ]
    model = CarModel(
        company_id=worker.company_id,
        variants=[CarVariant(year=2024, media=media, created_at=NOW)],
        created_by=worker.user_id,
        created_at=NOW,
        updated_at=NOW,
        **naming("Golf"),
    )
    await in_transaction(lambda session: car_models.add_model(model, session=session))
    return [document_gid("CarMedia", each.id) for each in media]


async def objects_of(worker: Worker, film: Film) -> list[str]:
    objects = worker.desk.studio.services.objects
    return [each.key async for each in objects.list(f"projects/{film.project.id}/")]


async def test_brand_reaches_the_style_and_the_timeline_as_the_projects_own_copy(desk: Desk) -> None:
    admin = await make_admin(desk)
    film = await make_film(admin.user_id)
    scheme = {"colors": ["#112233", "#FF6600"], "text": "#FFFFFF", "highlight": "#FF6600"}
    asset_ids = [
        await make_asset(admin, AssetKind.COLOR_SCHEME, scheme),
        await make_asset(admin, AssetKind.LOGO, {"size": 0.3}),
        await make_asset(admin, AssetKind.WATERMARK),
    ]
    payload = await admin.change("applyBranding", {"projectId": film.id, "assetIds": asset_ids}, STYLE)
    assert payload["userErrors"] == []
    style = payload["style"]
    assert style["palette"] == ["#112233", "#FF6600"]
    assert style["captions"] == {
        "colour": "#FFFFFF",
        "highlight": "#FF6600",
        "outline": "#101010",
        "background": None,
    }
    assert [(each["corner"], each["size"], each["opacity"]) for each in style["overlays"]] == [
        ("TOP_RIGHT", 0.3, 1.0),
        ("TOP_LEFT", 0.25, 0.4),
    ]
    assert [each["provenance"] for each in style["overlays"]] == [
        {"origin": "COMPANY", "sourceId": each} for each in asset_ids[1:]
    ]
    for each in asset_ids:
        await admin.change("deleteCompanyAsset", {"assetId": each})
    project = await film.now()
    logo = project.style.overlays[0]
    assert logo.file.key.startswith(f"projects/{film.project.id}/brand/")
    assert await desk.studio.services.objects.get_bytes(logo.file.key) == b"the LOGO"
    assert logo.file.thumbnail is not None
    assert await desk.studio.services.objects.get_bytes(logo.file.thumbnail.key) == b"small"
    assert len(await objects_of(admin, film)) == 4


async def test_font_is_applied_beside_what_is_there_and_taken_back(desk: Desk) -> None:
    admin = await make_admin(desk)
    film = await make_film(admin.user_id)
    logo, font = await make_asset(admin, AssetKind.LOGO), await make_asset(admin, AssetKind.FONT)
    for each in (logo, font):
        payload = await admin.change("applyBranding", {"projectId": film.id, "assetIds": [each]}, FONT_STYLE)
    assert payload["style"]["captionFont"] == {"name": "font", "provenance": {"sourceId": font}}
    assert len(payload["style"]["overlays"]) == 1
    own = (await film.now()).style.caption_font
    assert own is not None
    assert await desk.studio.services.objects.get_bytes(own.file.key) == b"the FONT"
    usual = await admin.change("removeCaptionFont", {"projectId": film.id}, FONT_STYLE)
    assert usual["style"]["captionFont"] is None


async def test_overlays_of_the_style_stand_in_the_rendered_timeline(desk: Desk) -> None:
    admin = await make_admin(desk)
    film = await make_film(admin.user_id)
    asset_id = await make_asset(admin, AssetKind.BADGE, {"corner": "BOTTOM_RIGHT", "opacity": 0.7})
    await admin.change("applyBranding", {"projectId": film.id, "assetIds": [asset_id]}, STYLE)
    project: Project = await film.now()
    for _, frame in project.frames():
        frame.narration = ""
        frame.images = [project.frames()[0][1].images[0]]
        frame.chosen_image_id = frame.images[0].id
    taken = snapshot(project, Profile.STANDARD)
    (overlay,) = taken.timeline.overlays
    assert (overlay.corner, overlay.opacity, overlay.width) == (Corner.BOTTOM_RIGHT, 0.7, 300)
    assert taken.keys[overlay.sha256] == project.style.overlays[0].file.key


async def test_overlays_are_rearranged_and_taken_away(desk: Desk) -> None:
    admin = await make_admin(desk)
    film = await make_film(admin.user_id)
    asset_ids = [await make_asset(admin, AssetKind.LOGO), await make_asset(admin, AssetKind.BADGE)]
    payload = await admin.change("applyBranding", {"projectId": film.id, "assetIds": asset_ids}, STYLE)
    logo, badge = (each["id"] for each in payload["style"]["overlays"])
    given = {
        "projectId": film.id,
        "overlays": [{"overlayId": badge, "opacity": 0.5}, {"overlayId": logo, "corner": "TOP_LEFT"}],
        "expectedRevision": 1,
    }
    arranged = await admin.change("arrangeOverlays", given, STYLE)
    assert [(each["id"], each["corner"], each["opacity"]) for each in arranged["style"]["overlays"]] == [
        (badge, "TOP_LEFT", 0.5),
        (logo, "TOP_LEFT", 1.0),
    ]
    stale = await admin.change("arrangeOverlays", given, STYLE)
    assert (stale["userErrors"][0]["code"], stale["style"]["revision"]) == ("REVISION_CONFLICT", 2)
    for overlays, field in (
        ([{"overlayId": "x"}], "input.overlays.0.overlayId"),
        ([{"overlayId": logo}, {"overlayId": logo}], "input.overlays.1.overlayId"),
        ([{"overlayId": logo, "size": 2}], "input.overlays.0.size"),
        ([{"overlayId": logo, "corner": None}], "input.overlays.0.corner"),
    ):
        given = {"projectId": film.id, "overlays": overlays, "expectedRevision": 2}
        refused = await admin.change("arrangeOverlays", given, STYLE)
        assert [error["field"] for error in refused["userErrors"]] == [field]
    given = {"projectId": film.id, "overlays": [], "expectedRevision": 2}
    assert (await admin.change("arrangeOverlays", given, STYLE))["style"]["overlays"] == []


@pytest.mark.parametrize(
    ("kinds", "media"),
    [
        ([], {}),
        ([AssetKind.COLOR_SCHEME, AssetKind.COLOR_SCHEME], {}),
        ([AssetKind.MUSIC], {}),
        ([AssetKind.FONT] * 2, {}),
        ([AssetKind.LOGO] * 5, {}),
        ([AssetKind.LOGO], {"width": 5_000, "height": 5_000}),
    ],
)
async def test_assets_that_make_no_style_are_refused_and_leave_nothing(
    desk: Desk, kinds: list[AssetKind], media: dict[str, int]
) -> None:
    admin = await make_admin(desk)
    film = await make_film(admin.user_id)
    before = await film.stored()
    values = {AssetKind.COLOR_SCHEME: {"colors": ["#FFFFFF"]}}
    asset_ids = [await make_asset(admin, kind, values.get(kind), **media) for kind in kinds]
    payload = await admin.change("applyBranding", {"projectId": film.id, "assetIds": asset_ids}, STYLE)
    assert [(error["code"], error["field"]) for error in payload["userErrors"]] == [
        ("INVALID", "input.assetIds")
    ]
    assert await film.stored() == before
    assert await objects_of(admin, film) == []


async def test_stale_style_leaves_no_copies_behind(desk: Desk) -> None:
    admin = await make_admin(desk)
    film = await make_film(admin.user_id)
    given = {
        "projectId": film.id,
        "assetIds": [await make_asset(admin, AssetKind.LOGO)],
        "expectedRevision": 7,
    }
    payload = await admin.change("applyBranding", given, STYLE)
    assert [error["code"] for error in payload["userErrors"]] == ["REVISION_CONFLICT"]
    assert await objects_of(admin, film) == []


async def test_cars_pictures_become_candidates_once(desk: Desk) -> None:
    admin = await make_admin(desk)
    film = await make_film(admin.user_id)
    media_ids = await make_media(admin, "c1", "c2")
    given = {"frameId": film.gid(film.frame), "mediaIds": media_ids, "choose": True}
    for _ in range(2):
        payload = await admin.change("addCarImages", given, FRAME)
        assert payload["userErrors"] == []
        images = payload["frame"]["images"]
        assert [each["file"]["sha256"] for each in images[2:]] == ["c1" * 32, "c2" * 32]
        assert [each["provenance"] for each in images[2:]] == [
            {"origin": "COMPANY", "sourceId": each} for each in media_ids
        ]
        assert payload["frame"]["chosenImageId"] == images[2]["id"]
    keys = [image.file.key for image in (await film.now()).frames()[0][1].images[2:]]
    assert all(
        key.startswith(f"projects/{film.project.id}/scenes/{film.scenes[0].id}/images/") for key in keys
    )
    assert [await desk.studio.services.objects.get_bytes(key) for key in keys] == [
        b"picture c1",
        b"picture c2",
    ]


async def test_sounds_and_a_full_frame_are_refused_and_leave_nothing(desk: Desk) -> None:
    admin = await make_admin(desk)
    film = await make_film(admin.user_id)
    frame_id = film.gid(film.frame)
    sounds = await make_media(admin, "d1", kind=CarMediaKind.SOUND)
    many = await make_media(admin, *(f"e{number:x}" for number in range(15)))
    for media_ids, code in ((sounds, "INVALID"), ([], "INVALID"), (many, "LIMIT_EXCEEDED")):
        payload = await admin.change("addCarImages", {"frameId": frame_id, "mediaIds": media_ids}, FRAME)
        assert [(error["code"], error["field"]) for error in payload["userErrors"]] == [
            (code, "input.mediaIds")
        ]
    assert await objects_of(admin, film) == []


async def test_original_that_is_gone_leaves_the_project_as_it_was(desk: Desk) -> None:
    admin = await make_admin(desk)
    film = await make_film(admin.user_id)
    first, second = await make_media(admin, "f1", "f2")
    model = await CarModel.find_one({"company_id": admin.company_id})
    assert model is not None
    await desk.studio.services.objects.delete(model.variants[0].media[1].file.key)
    before = await film.stored()
    given = {"frameId": film.gid(film.frame), "mediaIds": [first, second]}
    assert await admin.code("addCarImages", given, FRAME) == "NOT_FOUND"
    assert await film.stored() == before
    assert await objects_of(admin, film) == []


async def test_other_companies_brand_and_cars_are_not_there(desk: Desk) -> None:
    admin, other = await make_admin(desk), await make_admin(desk)
    outsider = make_member(desk, None)
    asset_id, (media_id,) = await make_asset(admin, AssetKind.LOGO), await make_media(admin, "a1")
    for stranger in (other, outsider):
        film = await make_film(stranger.user_id)
        brand = {"projectId": film.id, "assetIds": [asset_id]}
        pictures = {"frameId": film.gid(film.frame), "mediaIds": [media_id]}
        assert await stranger.code("applyBranding", brand, STYLE) == "NOT_FOUND"
        assert await stranger.code("addCarImages", pictures, FRAME) == "NOT_FOUND"
        assert await objects_of(admin, film) == []
    film = await make_film(other.user_id)
    assert await admin.code("applyBranding", {"projectId": film.id, "assetIds": [asset_id]}) == "NOT_FOUND"
    member = make_member(desk, admin.company_id)
    own = await make_film(member.user_id)
    given = {"projectId": own.id, "assetIds": [asset_id]}
    member.scopes = frozenset({Permission.PROJECT_VIEW, Permission.PROJECT_EDIT})
    assert await member.code("applyBranding", given, STYLE) == "NOT_FOUND"
    member.scopes = None
    assert (await member.change("applyBranding", given, STYLE))["userErrors"] == []
