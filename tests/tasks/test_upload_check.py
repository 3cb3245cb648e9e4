import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import httpx
import imageio_ffmpeg
import pytest
import pytest_asyncio
from beanie import PydanticObjectId
from PIL import Image
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from devstack.stack import StackAddresses
from documents.accounts.user import User
from documents.jobs.job import Job, JobKind, JobState
from documents.media.upload import Upload, UploadPurpose, UploadRefusal, UploadState
from documents.media.upload_life import UploadAllowance
from documents.projects.project import Project
from documents.tree.asset import Origin
from documents.tree.caps import Caps
from rendering.intake.desk import IntakeDesk
from resolvers.context import Context
from resolvers.media import uploads
from resolvers.media.upload_targets import Destination
from resolvers.outcome import Outcome, UserErrorCode
from storage.errors import StorageUnavailable
from storage.object_store import ObjectFacts, ObjectStore
from tasks.job_engine.kill_points import KillPoints
from tasks.job_engine.work import Done, Hopeless, Report
from tasks.uploads.upload_check import check_upload
from tasks.workshop import Workshop
from tests.studio import Studio, make_frame, make_project, open_studio


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 32), **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise(size, 80).convert("RGB").save(buffer, kind, **options)
    return buffer.getvalue()


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


class Desk:
    """One owner, one project with one frame, and a worker."""

    def __init__(self, studio: Studio, owner: Context, project: Project, scratch: Path) -> None:
        self.studio = studio
        self.owner = owner
        self.project = project
        self.frame = project.script.scenes[0].frames[0]
        unused = cast("Any", None)
        self.shop = Workshop(
            objects=studio.services.objects,
            providers=unused,
            caps=Caps(candidates_per_frame=2),
            engine=unused,
            intake=IntakeDesk(Path(imageio_ffmpeg.get_ffmpeg_exe())),
            scratch=scratch,
            kill_points=KillPoints(),
            now=studio.services.now,
            correspondence=unused,
        )

    async def announced(self, data: bytes, mime_type: str = "image/png") -> uploads.Announced:
        outcome = await uploads.create(
            self.owner, self.destination(), file_name="bee.png", mime_type=mime_type, size_bytes=len(data)
        )
        assert outcome.result is not None
        return outcome.result

    def destination(self) -> Destination:
        return Destination(UploadPurpose.FRAME_IMAGE, self.frame.id, project_id=self.project.id)

    async def sent(self, data: bytes, mime_type: str = "image/png") -> Upload:
        announced = await self.announced(data, mime_type)
        async with httpx.AsyncClient() as client:
            request = announced.request
            assert request is not None
            answer = await client.request(request.method, request.url, headers=request.headers, content=data)
        assert answer.is_success
        return announced.upload

    async def completed(self, upload: Upload, *, choose: bool = True) -> Upload:
        outcome = await uploads.complete(self.owner, upload.id, choose=choose)
        assert outcome.result is not None
        assert not outcome.user_errors
        return outcome.result

    async def job(self, upload: Upload) -> Job:
        (job,) = await Job.find({"node_id": upload.id, "kind": JobKind.UPLOAD_CHECK}).to_list()
        return job

    async def worked(self, upload: Upload) -> Job:
        """The job after a worker has done it."""

        async def work(job: Job, report: Report) -> Done:
            return await check_upload(self.shop, job, report)

        await self.studio.engine({JobKind.UPLOAD_CHECK: work}).run((await self.job(upload)).id)
        return await self.job(upload)

    async def now(self) -> Project:
        project = await Project.get(self.project.id)
        assert project is not None
        return project

    async def upload(self, upload: Upload) -> Upload:
        found = await Upload.get(upload.id)
        assert found is not None
        return found

    async def age(self, upload: Upload, **values: Any) -> None:
        """Let time do something to an upload."""
        await Upload.get_pymongo_collection().update_one({"_id": upload.id}, {"$set": values})


@pytest_asyncio.fixture
async def desk(studio: Studio, tmp_path: Path) -> AsyncIterator[Desk]:
    owner = studio.context()
    desk = Desk(studio, owner, await make_project(owner, frames=[make_frame()]), tmp_path)
    yield desk
    await desk.shop.intake.close()


@pytest.mark.parametrize(
    ("kind", "mime_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("WEBP", "image/webp")]
)
async def test_picture_that_fits_becomes_the_chosen_candidate(desk: Desk, kind: str, mime_type: str) -> None:
    data = picture(kind)
    upload = await desk.sent(data, mime_type)
    assert (await desk.completed(upload)).state is UploadState.CHECKING
    job = await desk.worked(upload)
    assert job.state is JobState.SUCCEEDED
    frame = (await desk.now()).frames()[0][1]
    (image,) = frame.images
    assert frame.chosen_image_id == image.id
    assert (image.width, image.height, image.file.size_bytes) == (64, 32, len(data))
    assert image.provenance.origin is Origin.UPLOADED
    assert await desk.shop.objects.get_bytes(image.file.key) == data
    assert image.file.key.startswith(f"projects/{desk.project.id}/scenes/")
    done = await desk.upload(upload)
    assert (done.state, done.asset_id, done.reason) == (UploadState.ATTACHED, image.id, None)


async def test_picture_may_wait_to_be_chosen(desk: Desk) -> None:
    upload = await desk.sent(picture())
    await desk.completed(upload, choose=False)
    await desk.worked(upload)
    frame = (await desk.now()).frames()[0][1]
    assert len(frame.images) == 1
    assert frame.chosen_image_id is None


@pytest.mark.parametrize(
    ("data", "mime_type", "code", "reason"),
    [
        (b"<html>not a picture</html>", "image/png", UploadRefusal.TYPE_UNSUPPORTED, "Taken are image/png"),
        (picture()[:300], "image/png", UploadRefusal.UNREADABLE, "cut off"),
        (picture("JPEG"), "image/png", UploadRefusal.TYPE_DIFFERS, "This is image/jpeg"),
        (picture("GIF"), "image/png", UploadRefusal.TYPE_UNSUPPORTED, "it is image/gif"),
        (picture(size=(8, 8)), "image/png", UploadRefusal.DIMENSIONS, "8 x 8 pixels"),
        (picture(size=(16_500, 16)), "image/png", UploadRefusal.DIMENSIONS, "16500 x 16 pixels"),
    ],
)
async def test_file_that_does_not_fit_is_refused_and_deleted(
    desk: Desk, data: bytes, mime_type: str, code: UploadRefusal, reason: str
) -> None:
    upload = await desk.sent(data, mime_type)
    await desk.completed(upload)
    job = await desk.worked(upload)
    assert job.state is JobState.SUCCEEDED
    assert job.result["state"] == "REFUSED"
    refused = await desk.upload(upload)
    assert refused.state is UploadState.REFUSED
    assert refused.reason_code is code
    assert reason in (refused.reason or "")
    assert (await desk.now()).frames()[0][1].images == []
    assert not await desk.shop.objects.exists(upload.key)
    assert list(desk.shop.scratch.iterdir()) == []


async def test_file_that_was_swapped_for_a_larger_one_is_not_downloaded(desk: Desk) -> None:
    upload = await desk.sent(picture())
    await desk.completed(upload)
    await desk.shop.objects.put_bytes(upload.key, picture(size=(640, 320)), "image/png")
    await desk.worked(upload)
    assert "bytes have arrived" in ((await desk.upload(upload)).reason or "")


class Hasty(ObjectStore):
    """Storage in which somebody sends another file right after the old one was measured."""

    other = b""

    async def stat(self, key: str) -> ObjectFacts | None:
        facts = await super().stat(key)
        await self.put_bytes(key, self.other, "image/png")
        return facts


@pytest.mark.parametrize(("size", "reason"), [((640, 320), "More than"), ((20, 20), "bytes have arrived")])
async def test_file_that_is_swapped_during_the_check_is_refused(
    desk: Desk, stack: StackAddresses, object_store: ObjectStore, size: tuple[int, int], reason: str
) -> None:
    upload = await desk.sent(picture())
    await desk.completed(upload)
    hasty = Hasty(
        endpoint=stack.s3_endpoint,
        access_key=stack.s3_access_key,
        secret_key=stack.s3_secret_key,
        bucket=object_store._bucket,
    )
    hasty.other = picture(size=size)
    desk.shop = replace(desk.shop, objects=hasty)
    await desk.worked(upload)
    await hasty.close()
    assert reason in ((await desk.upload(upload)).reason or "")
    assert (await desk.now()).frames()[0][1].images == []
    assert list(desk.shop.scratch.iterdir()) == []


class Frail(ObjectStore):
    """Storage that fails whenever something is to be deleted."""

    async def delete(self, key: str) -> None:
        raise StorageUnavailable(f"{key} stays")


async def test_file_is_deleted_after_its_refusal_is_written(
    desk: Desk, stack: StackAddresses, object_store: ObjectStore
) -> None:
    upload = await desk.sent(b"<html>not a picture</html>")
    await desk.completed(upload)
    frail = Frail(
        endpoint=stack.s3_endpoint,
        access_key=stack.s3_access_key,
        secret_key=stack.s3_secret_key,
        bucket=object_store._bucket,
    )
    sound = desk.shop
    desk.shop = replace(sound, objects=frail)
    with pytest.raises(StorageUnavailable):
        await check_upload(desk.shop, await desk.job(upload), lambda *_, **__: None)
    await frail.close()
    refused = await desk.upload(upload)
    assert "Taken are" in (refused.reason or "")
    assert await sound.objects.exists(upload.key)
    desk.shop = sound
    job = await desk.worked(upload)
    assert job.result == {"state": "REFUSED", "reason": refused.reason}
    assert await desk.upload(upload) == refused
    assert not await sound.objects.exists(upload.key)


async def test_incomplete_file_is_not_taken_and_may_be_sent_again(desk: Desk) -> None:
    data = picture()
    announced = await desk.announced(data)
    missing = await uploads.complete(desk.owner, announced.upload.id, choose=True)
    assert [error.code for error in missing.user_errors] == [UserErrorCode.INVALID]
    await desk.shop.objects.put_bytes(announced.upload.key, data[:-1], "image/png")
    short = await uploads.complete(desk.owner, announced.upload.id, choose=True)
    assert "were announced" in short.user_errors[0].message
    assert (await desk.upload(announced.upload)).state is UploadState.PENDING
    assert await Job.find({"node_id": announced.upload.id}).count() == 0
    await desk.shop.objects.put_bytes(announced.upload.key, data, "image/png")
    await desk.completed(announced.upload)
    await desk.worked(announced.upload)
    assert (await desk.upload(announced.upload)).state is UploadState.ATTACHED


async def test_completing_twice_checks_once(desk: Desk) -> None:
    upload = await desk.sent(picture())
    await desk.completed(upload)
    assert (await desk.completed(upload)).state is UploadState.CHECKING
    await desk.worked(upload)
    assert (await desk.completed(upload)).state is UploadState.ATTACHED
    assert len((await desk.now()).frames()[0][1].images) == 1


async def ended(desk: Desk, upload: Upload, state: JobState) -> None:
    """Let the upload's check come to nothing."""
    job = await desk.job(upload)
    if state is JobState.CANCELED:
        await desk.studio.services.dispatcher.cancel(job)
        return

    async def fail(job: Job, report: Report) -> Done:
        del job, report
        raise Hopeless("STORAGE_UNAVAILABLE", "No.")

    await desk.studio.engine({JobKind.UPLOAD_CHECK: fail}).run(job.id)


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.CANCELED])
async def test_check_that_came_to_nothing_is_started_again(desk: Desk, state: JobState) -> None:
    upload = await desk.sent(picture())
    await desk.completed(upload)
    await ended(desk, upload, state)
    past = desk.studio.services.now() - timedelta(minutes=1)
    await desk.age(upload, expires_at=past)  # in which time it had to be sent; it was
    again = await asyncio.gather(*(desk.completed(upload) for _ in range(3)))
    assert {each.state for each in again} == {UploadState.CHECKING}
    old, new = await Job.find({"node_id": upload.id}).sort("_id").to_list()
    if new.state is state:
        old, new = new, old
    assert (old.state, new.state) == (state, JobState.QUEUED)

    async def work(job: Job, report: Report) -> Done:
        return await check_upload(desk.shop, job, report)

    await desk.studio.engine({JobKind.UPLOAD_CHECK: work}).run(new.id)
    assert (await desk.upload(upload)).state is UploadState.ATTACHED
    assert len((await desk.now()).frames()[0][1].images) == 1


async def test_upload_whose_check_came_to_nothing_can_be_canceled(desk: Desk) -> None:
    upload = await desk.sent(picture())
    await desk.completed(upload)
    await ended(desk, upload, JobState.FAILED)
    outcome = await uploads.cancel(desk.owner, upload.id)
    assert outcome.user_errors == ()
    assert (await desk.upload(upload)).state is UploadState.CANCELED
    assert not await desk.shop.objects.exists(upload.key)


async def test_only_uploads_under_way_count_against_the_allowance(desk: Desk) -> None:
    desk.owner.services = replace(desk.owner.services, upload_allowance=UploadAllowance(2, 1_000))
    past = desk.studio.services.now() - timedelta(minutes=1)

    async def announced(size_bytes: int = 5) -> Outcome[uploads.Announced]:
        return await uploads.create(
            desk.owner, desk.destination(), file_name="a", mime_type="image/png", size_bytes=size_bytes
        )

    first, second = (await announced()).result, (await announced()).result
    assert first is not None
    assert second is not None
    assert [error.code for error in (await announced()).user_errors] == [UserErrorCode.LIMIT_EXCEEDED]
    await desk.age(first.upload, state=UploadState.ATTACHED)
    assert [error.code for error in (await announced(996)).user_errors] == [UserErrorCode.LIMIT_EXCEEDED]
    await desk.age(second.upload, expires_at=past)
    assert not (await announced(1_000)).user_errors


async def test_uploads_that_are_announced_at_once_keep_to_the_allowance(desk: Desk) -> None:
    user = User(
        id=desk.owner.require_viewer().user_id,
        email="a@example.com",
        email_key=str(PydanticObjectId()),
        name="A",
        created_at=desk.studio.services.now(),
        updated_at=desk.studio.services.now(),
    )
    await user.insert()
    desk.owner.services = replace(desk.owner.services, upload_allowance=UploadAllowance(3, 1_000))
    outcomes = await asyncio.gather(
        *(
            uploads.create(desk.owner, desk.destination(), file_name="a", mime_type="image/png", size_bytes=5)
            for _ in range(8)
        )
    )
    assert sum(outcome.result is not None for outcome in outcomes) == 3


async def test_check_that_is_done_twice_attaches_once(desk: Desk) -> None:
    upload = await desk.sent(picture())
    await desk.completed(upload)
    job = await desk.job(upload)
    first = await check_upload(desk.shop, job, lambda *_, **__: None)  # died before it was attached
    await desk.worked(upload)
    assert first.attach is not None
    async with desk.studio.client.start_session() as session:
        await session.with_transaction(first.attach)
    again = await check_upload(desk.shop, job, lambda *_, **__: None)
    assert again.result == {"state": "ATTACHED", "reason": None}
    assert len((await desk.now()).frames()[0][1].images) == 1


async def test_full_frame_refuses_with_the_cap(desk: Desk) -> None:
    sent = [await desk.sent(picture(size=(20, 20 + number))) for number in range(3)]
    for upload in sent:
        await desk.completed(upload)
        await desk.worked(upload)
    assert (await desk.upload(sent[2])).reason == "At most 2 candidates of a frame: remove one first."


async def test_cap_that_is_reached_meanwhile_refuses_in_the_same_transaction(desk: Desk) -> None:
    first, second, third = [await desk.sent(picture(size=(20, 20 + number))) for number in range(3)]
    for upload in (first, second, third):
        await desk.completed(upload)
    late = await check_upload(desk.shop, await desk.job(third), lambda *_, **__: None)
    await desk.worked(first)
    await desk.worked(second)
    assert late.attach is not None
    async with desk.studio.client.start_session() as session:
        await session.with_transaction(late.attach)
    refused = await desk.upload(third)
    assert (refused.state, refused.asset_id) == (UploadState.REFUSED, None)
    assert len((await desk.now()).frames()[0][1].images) == 2


async def test_canceled_upload_is_forgotten_and_attaches_nothing(desk: Desk) -> None:
    upload = await desk.sent(picture())
    await desk.completed(upload)
    late = await check_upload(desk.shop, await desk.job(upload), lambda *_, **__: None)
    await uploads.cancel(desk.owner, upload.id)
    assert not await desk.shop.objects.exists(upload.key)
    assert late.attach is not None
    async with desk.studio.client.start_session() as session:
        await session.with_transaction(late.attach)
    job = await desk.worked(upload)
    assert job.result["state"] == "CANCELED"
    assert (await desk.upload(upload)).state is UploadState.CANCELED
    assert (await desk.now()).frames()[0][1].images == []


async def test_expired_upload_is_not_taken(desk: Desk) -> None:
    upload = await desk.sent(picture())
    past = desk.studio.services.now() - timedelta(minutes=1)
    await desk.age(upload, expires_at=past)
    outcome = await uploads.complete(desk.owner, upload.id, choose=True)
    assert "expired" in outcome.user_errors[0].message


async def test_uploads_of_another_project_are_not_found(desk: Desk, studio: Studio) -> None:
    stranger = studio.context(PydanticObjectId())
    upload = await desk.sent(picture())
    before = await desk.now()
    for act in (
        lambda: uploads.complete(stranger, upload.id, choose=True),
        lambda: uploads.cancel(stranger, upload.id),
    ):
        with pytest.raises(Exception, match="Upload not found"):
            await act()
    assert await desk.now() == before
