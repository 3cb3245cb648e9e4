"""Files of companies, from their announcement to what they become, through storage and a worker."""

import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import font_roboto
import httpx
import imageio_ffmpeg
import pytest
import pytest_asyncio
from beanie import PydanticObjectId
from PIL import Image
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from access.built_in_roles import ADMIN
from access.permissions import ACCOUNT_PERMISSIONS
from documents.companies import car_models, company_assets
from documents.companies.car_model import CarMediaKind, CarModel, CarVariant, naming
from documents.companies.company import Company
from documents.companies.company_asset import AssetKind
from documents.jobs.job import Job, JobKind
from documents.media.upload import Upload, UploadState
from documents.tree.caps import Caps
from documents.writers_room.character import Character
from rendering.fonts import FontShelf
from rendering.intake.desk import IntakeDesk
from resolvers.companies import car_changes
from resolvers.companies import company_assets as company_asset_acts
from resolvers.context import Context
from resolvers.media import upload_targets, uploads
from resolvers.media.upload_targets import Destination
from resolvers.writers_room import characters
from storage.object_store import ObjectStore
from tasks.job_engine.kill_points import KillPoints
from tasks.job_engine.work import Done, Report
from tasks.uploads.targets.registry import TARGETS
from tasks.uploads.targets.target import TargetRefused
from tasks.uploads.upload_check import check_upload
from tasks.workshop import Workshop
from tests.studio import Studio, open_studio

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def studio(
    mongo_client: AsyncMongoClient[dict[str, Any]],
    database: AsyncDatabase[dict[str, Any]],
    redis_url: str,
    object_store: ObjectStore,
) -> AsyncIterator[Studio]:
    async with open_studio(
        client=mongo_client,
        database=database,
        redis_url=redis_url,
        prefix=f"{database.name}:",
        objects=object_store,
    ) as opened:
        yield opened


@pytest_asyncio.fixture
async def admin(studio: Studio) -> Context:
    company = await Company(
        name="Acme", created_by=PydanticObjectId(), created_at=NOW, updated_at=NOW
    ).insert()
    context = studio.context()
    assert context.viewer is not None
    permissions = ACCOUNT_PERMISSIONS | ADMIN.permissions
    context.viewer = replace(context.viewer, company_id=company.id, permissions=permissions)
    return context


def company_of(context: Context) -> PydanticObjectId:
    assert context.viewer is not None
    assert context.viewer.company_id is not None
    return context.viewer.company_id


def png() -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((64, 32), 80).convert("RGBA").save(buffer, "PNG")
    return buffer.getvalue()


async def sent(
    studio: Studio,
    by: Context,
    destination: Destination,
    data: bytes,
    folder: Path,
    *,
    mime_type: str = "image/png",
) -> Upload:
    """An upload after a worker has looked into its file."""
    unused = cast("Any", None)
    shop = Workshop(
        objects=studio.services.objects,
        providers=unused,
        caps=Caps(),
        engine=unused,
        intake=IntakeDesk(Path(imageio_ffmpeg.get_ffmpeg_exe())),
        scratch=folder,
        kill_points=KillPoints(),
        now=studio.services.now,
        correspondence=unused,
    )

    async def work(job: Job, report: Report) -> Done:
        return await check_upload(shop, job, report)

    announced = await uploads.create(
        by, destination, file_name="front.png", mime_type=mime_type, size_bytes=len(data)
    )
    assert announced.user_errors == ()
    assert announced.result is not None
    assert announced.result.request is not None
    upload, request = announced.result.upload, announced.result.request
    async with httpx.AsyncClient() as client:
        await client.request(request.method, request.url, headers=request.headers, content=data)
    await uploads.complete(by, upload.id, choose=None)
    (job,) = await Job.find({"node_id": upload.id}).to_list()
    await studio.engine({JobKind.UPLOAD_CHECK: work}).run(job.id)
    await shop.intake.close()
    try:
        await studio.engine({JobKind.UPLOAD_CHECK: work}).run(job.id)
    finally:
        await shop.intake.close()
    done = await Upload.get(upload.id)
    assert done is not None
    return done


async def make_variant(company_id: PydanticObjectId) -> CarVariant:
    variant = CarVariant(year=2024, created_at=NOW)
    model = CarModel(
        company_id=company_id,
        variants=[variant],
        created_by=PydanticObjectId(),
        created_at=NOW,
        updated_at=NOW,
        **naming("Golf"),
    )
    await CarModel.get_pymongo_collection().insert_one(
        model.model_dump(by_alias=True, exclude={"revision_id"})
    )
    return variant


async def test_logo_that_is_sent_becomes_a_brand_asset(
    studio: Studio, admin: Context, tmp_path: Path
) -> None:
    company_id, data = company_of(admin), png()
    look = {"corner": "BOTTOM_LEFT"}
    destination = upload_targets.company_asset(company_id, AssetKind.LOGO, "Logo", look, at="input")
    upload = await sent(studio, admin, destination, data, tmp_path)
    assert (upload.state, upload.reason) == (UploadState.ATTACHED, None)
    assert upload.asset_id is not None
    asset = (await company_assets.find(company_id, [upload.asset_id]))[upload.asset_id]
    assert (asset.kind, asset.name, asset.value) == (AssetKind.LOGO, "Logo", look)
    assert asset.media is not None
    assert (asset.media.width, asset.media.height, asset.media.file_name) == (64, 32, "front.png")
    assert asset.media.file.key.startswith(f"companies/{company_id}/assets/logos/")
    assert await studio.services.objects.get_bytes(asset.media.file.key) == data
    await company_asset_acts.delete(admin, asset.id, expected_revision=None)
    released = await Upload.get(upload.id)
    assert released is not None
    assert released.is_released


async def test_font_that_is_sent_becomes_a_brand_asset_that_draws_captions(
    studio: Studio, admin: Context, tmp_path: Path
) -> None:
    company_id, data = company_of(admin), Path(font_roboto.RobotoLight).read_bytes()
    destination = upload_targets.company_asset(company_id, AssetKind.FONT, "House font", {}, at="input")
    upload = await sent(studio, admin, destination, data, tmp_path, mime_type="font/ttf")
    assert (upload.state, upload.reason) == (UploadState.ATTACHED, None)
    assert upload.asset_id is not None
    asset = (await company_assets.find(company_id, [upload.asset_id]))[upload.asset_id]
    assert asset.media is not None
    clean = tmp_path / "clean.ttf"
    await studio.services.objects.get_file(asset.media.file.key, clean)
    face = FontShelf(tmp_path / "fonts", fetch=None).brand_face(clean, asset.media.file.sha256)
    assert face.covers("B")


async def test_picture_of_a_car_is_added_to_its_variant_once(
    studio: Studio, admin: Context, tmp_path: Path
) -> None:
    company_id, data = company_of(admin), png()
    variant = await make_variant(company_id)
    for _ in range(2):
        destination = upload_targets.car_media(admin, variant.id, CarMediaKind.INTERIOR, "Seats", at="input")
        upload = await sent(studio, admin, destination, data, tmp_path)
        assert (upload.state, upload.reason) == (UploadState.ATTACHED, None)
    now = await car_models.with_variant(company_id, variant.id)
    assert now is not None
    (media,) = now.media
    assert (media.id, media.kind, media.title) == (upload.asset_id, CarMediaKind.INTERIOR, "Seats")
    assert f"/cars/{now.model_id}/{variant.id}/interior/" in media.file.key
    await car_changes.delete_variant(admin, variant.id, expected_revision=None)
    assert await Upload.find({"asset_id": media.id, "is_released": False}).count() == 0


async def test_variant_that_went_meanwhile_refuses_the_file(admin: Context) -> None:
    variant = await make_variant(company_of(admin))
    destination = upload_targets.car_media(admin, variant.id, CarMediaKind.EXTERIOR, "", at="input")
    announced = await uploads.create(
        admin, destination, file_name="a.png", mime_type="image/png", size_bytes=9
    )
    assert announced.result is not None
    await car_changes.delete_variant(admin, variant.id, expected_revision=None)
    target = TARGETS[announced.result.upload.purpose]
    with pytest.raises(TargetRefused, match="removed"):
        await target.place(announced.result.upload, Caps(), "")


@pytest.mark.parametrize("is_companys", [True, False])
async def test_picture_of_a_character_is_kept_once_with_its_owner(
    studio: Studio, admin: Context, tmp_path: Path, *, is_companys: bool
) -> None:
    company_id, user_id, data = company_of(admin), admin.require_viewer().user_id, png()
    made = await characters.create(admin, {"name": "Ada"}, company_id=company_id if is_companys else None)
    assert made.result is not None
    for _ in range(2):
        destination = await upload_targets.character_image(admin, made.result.id, "front", at="input")
        upload = await sent(studio, admin, destination, data, tmp_path)
        assert (upload.state, upload.reason) == (UploadState.ATTACHED, None)
    now = await Character.get(made.result.id)
    assert now is not None
    (image,) = now.images
    assert (image.id, image.title, image.width) == (upload.asset_id, "front", 64)
    home = f"companies/{company_id}" if is_companys else f"users/{user_id}"
    assert image.file.key.startswith(f"{home}/characters/{now.id}/")
    assert await studio.services.objects.get_bytes(image.file.key) == data
    await characters.delete(admin, now.id, expected_revision=None)
    with pytest.raises(TargetRefused, match="removed"):
        await TARGETS[upload.purpose].place(upload, Caps(), "")
