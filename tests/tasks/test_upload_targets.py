"""Clips, voices, music and people's pictures come the same way as pictures of frames."""

import io
import wave
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
import pytest_asyncio
from beanie import PydanticObjectId
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from access.errors import Forbidden, NotFound
from access.permissions import Permission
from documents.accounts.user import User
from documents.jobs.job import Job, JobKind
from documents.media.library_entry import LibraryEntry, LibraryKind
from documents.media.upload import Upload, UploadPurpose, UploadRefusal, UploadState
from documents.projects.project import Project
from documents.tree.asset import Origin
from documents.tree.look import EFFECTS_MAX, SoundEffect
from documents.tree.reference_image import REFERENCES_MAX
from documents.tree.script import WordTimes
from providers.local.speech import LocalSpeaker
from providers.protocols.speech import SpeechRequest
from rendering.engine import RenderEngine
from rendering.fonts import FontShelf
from rendering.intake.desk import IntakeDesk
from resolvers.accounts import avatars
from resolvers.context import Context
from resolvers.media import upload_targets, uploads
from resolvers.media.upload_targets import Destination
from resolvers.outcome import UserErrorCode
from schema.ids import document_gid, tree_gid
from schema.media.upload_target import asset_gid, target_gid
from storage.object_store import ObjectStore
from tasks.housekeeping.project_tidying import ProjectTidying
from tasks.housekeeping.upload_sweep import UploadSweep
from tasks.job_engine.kill_points import KillPoints
from tasks.uploads.targets.edit_mask import mask_key
from tasks.uploads.upload_check import check_upload
from tasks.workshop import Workshop
from tests.intake.good_files import FFMPEG, drawn, good_files
from tests.intake.malformed_files import MIME
from tests.stand_ins.media import mask
from tests.studio import Studio, make_frame, make_project, open_studio


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
    """One owner with an account and a project, and a worker."""

    def __init__(self, studio: Studio, owner: Context, project: Project, scratch: Path) -> None:
        unused = cast("Any", None)
        self.studio = studio
        self.owner = owner
        self.image_id = PydanticObjectId()
        self.project = project
        self.objects = studio.services.objects
        self.shop = Workshop(
            objects=self.objects,
            providers=studio.services.providers,
            caps=studio.services.caps,
            engine=RenderEngine(FFMPEG, FontShelf(scratch, fetch=None), ""),
            intake=IntakeDesk(FFMPEG),
            scratch=scratch,
            kill_points=KillPoints(),
            now=studio.services.now,
            correspondence=unused,
        )

    @property
    def user_id(self) -> PydanticObjectId:
        return self.owner.require_viewer().user_id

    def to(self, purpose: UploadPurpose, **options: Any) -> Destination:
        scene = self.project.script.scenes[0]
        targets = {
            UploadPurpose.SCENE_CLIP: scene.id,
            UploadPurpose.VOICEOVER: scene.frames[0].id,
            UploadPurpose.FRAME_IMAGE: scene.frames[0].id,
            UploadPurpose.SOUND_EFFECT: scene.frames[0].id,
            UploadPurpose.EDIT_MASK: self.image_id,
            UploadPurpose.MUSIC: self.project.id,
            UploadPurpose.REFERENCE_IMAGE: scene.id,
        }
        if purpose is UploadPurpose.AVATAR:
            return Destination(purpose, self.user_id, user_id=self.user_id)
        return Destination(purpose, targets[purpose], project_id=self.project.id, options=options)

    async def announced(
        self,
        purpose: UploadPurpose,
        extension: str,
        data: bytes,
        *,
        is_resumable: bool | None = None,
        **options: Any,
    ) -> uploads.Announced:
        outcome = await uploads.create(
            self.owner,
            self.to(purpose, **options),
            file_name=f"a.{extension}",
            mime_type=MIME[extension],
            size_bytes=len(data),
            is_resumable=is_resumable,
        )
        assert outcome.result is not None, outcome.user_errors
        return outcome.result

    async def sent(
        self,
        purpose: UploadPurpose,
        extension: str,
        data: bytes,
        *,
        choose: bool | None = None,
        **options: Any,
    ) -> Upload:
        """The upload after a worker has looked into it."""
        announced = await self.announced(purpose, extension, data, **options)
        await self.objects.put_bytes(announced.upload.key, data, MIME[extension])
        return await self.checked(announced.upload, choose=choose)

    async def checked(self, upload: Upload, *, choose: bool | None = None) -> Upload:
        outcome = await uploads.complete(self.owner, upload.id, choose=choose)
        assert not outcome.user_errors
        (job,) = await self.jobs(upload)
        engine = self.studio.engine({JobKind.UPLOAD_CHECK: lambda j, r: check_upload(self.shop, j, r)})
        await engine.run(job)
        checked = await self.now(upload)
        if checked.purpose is UploadPurpose.FRAME_IMAGE and checked.asset_id is not None:
            self.image_id = checked.asset_id
        return checked

    async def jobs(self, upload: Upload) -> list[PydanticObjectId]:
        return [job.id for job in await Job.find({"node_id": upload.id}).to_list()]

    async def now(self, upload: Upload) -> Upload:
        found = await Upload.get(upload.id)
        assert found is not None
        return found

    async def tree(self) -> Project:
        found = await Project.get(self.project.id)
        assert found is not None
        return found

    async def swept(self, *, after: timedelta) -> None:
        await UploadSweep(self.objects, lambda: self.studio.services.now() + after).run()


@pytest_asyncio.fixture
async def desk(studio: Studio, tmp_path: Path) -> AsyncIterator[Desk]:
    owner = studio.context()
    now, user_id = studio.services.now(), owner.require_viewer().user_id
    user = User(
        id=user_id, email="a@a.example", email_key=str(user_id), name="A", created_at=now, updated_at=now
    )
    await user.insert()
    project = await make_project(owner, frames=[make_frame(narration="Bees dance.")])
    opened = Desk(studio, owner, project, tmp_path)
    yield opened
    await opened.shop.intake.close()


async def test_a_film_becomes_the_chosen_clip_of_its_scene(desk: Desk) -> None:
    upload = await desk.sent(UploadPurpose.SCENE_CLIP, "mp4", good_files()["mp4"])
    assert upload.state is UploadState.ATTACHED
    scene = (await desk.tree()).script.scenes[0]
    (clip,) = scene.clips
    assert scene.chosen_clip_id == clip.id == upload.asset_id
    assert (clip.width, clip.height) == (64, 48)
    assert clip.file.thumbnail is not None
    assert await desk.objects.exists(clip.file.key)
    assert (await desk.objects.stat(clip.file.thumbnail.key)) is not None
    await desk.sent(UploadPurpose.SCENE_CLIP, "mov", good_files()["mov"])
    clips = (await desk.tree()).script.scenes[0].clips
    assert [each.has_sound for each in clips] == [True, False]
    entries = await LibraryEntry.find({"project_id": desk.project.id}).sort("_id").to_list()
    assert {each.id: each.has_sound for each in entries} == {each.id: each.has_sound for each in clips}


async def test_a_sound_becomes_the_voice_of_its_frame_with_words_over_its_length(desk: Desk) -> None:
    upload = await desk.sent(UploadPurpose.VOICEOVER, "mp3", good_files()["mp3"])
    assert upload.state is UploadState.ATTACHED
    recording = (await desk.tree()).script.scenes[0].frames[0].voiceover.recording
    assert recording is not None
    assert [word.text for word in recording.words] == ["Bees", "dance."]
    assert 0 < recording.words[-1].end_s <= recording.duration_s
    assert len(recording.file.waveform or b"") == 400


async def test_words_of_a_voice_that_was_sent_stand_where_they_are_heard(desk: Desk) -> None:
    speech = await LocalSpeaker().speak(SpeechRequest("Bees dance.", "en", voice="en-gb+f2", speed=0.7))
    with wave.open(io.BytesIO(speech.data)) as file:
        form, pcm = file.getparams(), file.readframes(file.getnframes())
    sound = io.BytesIO()
    with wave.open(sound, "wb") as late:
        late.setparams(form)
        late.writeframes(bytes(2 * form.framerate) + pcm)  # a second passes before anything is said
    upload = await desk.sent(UploadPurpose.VOICEOVER, "wav", sound.getvalue())
    assert upload.state is UploadState.ATTACHED
    recording = (await desk.tree()).script.scenes[0].frames[0].voiceover.recording
    assert recording is not None
    assert recording.word_times is WordTimes.ALIGNED
    assert [word.text for word in recording.words] == ["Bees", "dance."]
    for word, truth in zip(recording.words, speech.words, strict=True):
        assert word.start_s == pytest.approx(1 + truth.start_s, abs=0.06)


async def test_a_sound_becomes_the_music_of_its_project(desk: Desk) -> None:
    first = await desk.sent(UploadPurpose.MUSIC, "ogg", good_files()["ogg"])
    second = await desk.sent(UploadPurpose.MUSIC, "flac", good_files()["flac"])
    track = (await desk.tree()).music.track
    assert track is not None
    assert (first.state, second.state) == (UploadState.ATTACHED, UploadState.ATTACHED)
    assert track.id == second.asset_id
    assert track.file.mime_type == "audio/flac"


async def test_a_sound_is_laid_under_its_frame_where_it_was_said_to_be(desk: Desk) -> None:
    told: dict[str, Any] = {"name": "A door", "start_s": 0.4, "volume": 0.8}
    upload = await desk.sent(UploadPurpose.SOUND_EFFECT, "mp3", good_files()["mp3"], choose=True, **told)
    assert (upload.state, upload.reason) == (UploadState.ATTACHED, None)
    (effect,) = (await desk.tree()).script.scenes[0].frames[0].sound_effects
    assert effect.model_dump(include=set(told)) == told
    assert (effect.id, effect.prompt, effect.wanted_s) == (upload.asset_id, "", None)
    assert effect.file is not None
    assert effect.duration_s == pytest.approx(4, abs=0.1)
    assert await desk.objects.get_bytes(effect.file.key) == good_files()["mp3"]
    assert len(effect.file.waveform or b"") == 400
    assert effect.provenance is not None
    assert effect.provenance.origin is Origin.UPLOADED
    entry = await LibraryEntry.find_one({"project_id": desk.project.id, "kind": LibraryKind.SOUND_EFFECT})
    assert entry is not None
    assert (entry.id, entry.file.sha256) == (effect.id, effect.file.sha256)


async def test_a_sound_is_stored_once_for_each_time_at_which_it_is_heard(desk: Desk) -> None:
    data = good_files()["wav"]
    first = await desk.sent(UploadPurpose.SOUND_EFFECT, "wav", data, start_s=1.0)
    again = await desk.sent(UploadPurpose.SOUND_EFFECT, "wav", data, start_s=1.0)
    later = await desk.sent(UploadPurpose.SOUND_EFFECT, "wav", data)
    effects = (await desk.tree()).script.scenes[0].frames[0].sound_effects
    assert [(effect.id, effect.start_s) for effect in effects] == [
        (first.asset_id, 1.0),
        (later.asset_id, 0.0),
    ]
    assert again.asset_id == first.asset_id
    assert again.stored_keys == []


async def test_a_frame_that_is_full_of_sounds_takes_no_more(desk: Desk) -> None:
    frame = desk.project.script.scenes[0].frames[0]
    await Project.get_pymongo_collection().update_one(
        {"_id": desk.project.id},
        {
            "$set": {
                "script.scenes.0.frames.0.sound_effects": [
                    SoundEffect(prompt="a door").stored() for _ in range(EFFECTS_MAX)
                ]
            }
        },
    )
    refused = await desk.sent(UploadPurpose.SOUND_EFFECT, "wav", good_files()["wav"])
    assert (refused.target_id, refused.state) == (frame.id, UploadState.REFUSED)
    assert refused.reason_code is UploadRefusal.TARGET_FULL
    effects = (await desk.tree()).script.scenes[0].frames[0].sound_effects
    assert [effect.file for effect in effects] == [None] * EFFECTS_MAX


async def test_a_picture_becomes_a_reference_of_a_scene_or_of_all_once(desk: Desk) -> None:
    data = drawn("PNG", (40, 30))
    first = await desk.sent(UploadPurpose.REFERENCE_IMAGE, "png", data, title="the bottle")
    again = await desk.sent(UploadPurpose.REFERENCE_IMAGE, "png", data, title="once more")
    assert (first.state, again.asset_id) == (UploadState.ATTACHED, first.asset_id)
    for_all = upload_targets.reference_image(desk.project.id, None, "everywhere", at="input")
    announced = await uploads.create(
        desk.owner, for_all, file_name="a.png", mime_type="image/png", size_bytes=len(data)
    )
    assert announced.result is not None
    await desk.objects.put_bytes(announced.result.upload.key, data, "image/png")
    whole = await desk.checked(announced.result.upload)
    tree = await desk.tree()
    (of_scene,), (of_all,) = tree.script.scenes[0].reference_images, tree.style.reference_images
    assert (of_scene.title, of_scene.width, of_scene.height) == ("the bottle", 40, 30)
    assert (of_all.id, of_all.title) == (whole.asset_id, "everywhere")
    for kept in (of_scene, of_all):
        assert kept.file.key == f"projects/{desk.project.id}/references/{kept.id}.png"
        assert await desk.objects.get_bytes(kept.file.key) == data
        assert kept.provenance.origin is Origin.UPLOADED
    gids = [(target_gid(each), asset_gid(each)) for each in (first, whole)]
    scene = desk.project.script.scenes[0]
    assert gids == [
        (tree_gid("Scene", desk.project.id, scene.id), str(of_scene.id)),
        (document_gid("Project", desk.project.id), str(of_all.id)),
    ]


async def test_there_are_never_more_references_than_there_may_be(desk: Desk) -> None:
    for number in range(REFERENCES_MAX):
        await desk.sent(UploadPurpose.REFERENCE_IMAGE, "png", drawn("PNG", (40, 30 + number)), title="")
    refused = await desk.sent(UploadPurpose.REFERENCE_IMAGE, "png", drawn("PNG", (40, 60)), title="")
    assert (refused.state, refused.reason_code) == (UploadState.REFUSED, UploadRefusal.TARGET_FULL)
    assert len((await desk.tree()).script.scenes[0].reference_images) == REFERENCES_MAX


async def masked(desk: Desk, data: bytes) -> Upload:
    """What became of a mask for a picture of 40 x 30 pixels."""
    await desk.sent(UploadPurpose.FRAME_IMAGE, "png", drawn("PNG", (40, 30)))
    return await desk.sent(UploadPurpose.EDIT_MASK, "png", data)


async def test_a_mask_is_as_large_as_its_picture_and_transparent_somewhere(desk: Desk) -> None:
    upload = await masked(desk, mask(40, 30))
    assert (upload.state, upload.reason) == (UploadState.ATTACHED, None)
    assert upload.asset_id is not None
    assert await desk.objects.get_bytes(mask_key(upload, upload.asset_id)) == mask(40, 30)
    (image,) = (await desk.tree()).script.scenes[0].frames[0].images
    assert image.id == upload.target_id
    assert await LibraryEntry.find({"project_id": desk.project.id}).count() == 1  # the picture's


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (mask(30, 40), UploadRefusal.DIMENSIONS),
        (drawn("PNG", (40, 30)), UploadRefusal.OPAQUE),
        (drawn("JPEG", (40, 30)), UploadRefusal.TYPE_UNSUPPORTED),
    ],
)
async def test_a_mask_that_fits_no_edit_is_refused(desk: Desk, data: bytes, code: UploadRefusal) -> None:
    upload = await masked(desk, data)
    assert (upload.state, upload.reason_code, upload.asset_id) == (UploadState.REFUSED, code, None)
    await desk.swept(after=timedelta(hours=3))
    stored = [each.key async for each in desk.objects.list(f"projects/{desk.project.id}/uploads/")]
    assert stored == []


async def test_a_mask_stands_until_its_upload_is_forgotten(desk: Desk) -> None:
    upload = await masked(desk, mask(40, 30))
    assert upload.asset_id is not None
    key = mask_key(upload, upload.asset_id)
    in_two_days = desk.studio.services.now() + timedelta(days=2)
    tidying = ProjectTidying(desk.objects, lambda: in_two_days)
    await tidying.tidy(desk.project.id)
    assert await desk.objects.exists(key)
    await desk.swept(after=timedelta(hours=3))
    assert await desk.objects.exists(key)
    await tidying.tidy(desk.project.id)
    assert not await desk.objects.exists(key)


async def test_a_picture_of_a_person_is_small_and_the_last_one_goes(desk: Desk) -> None:
    first = await desk.sent(UploadPurpose.AVATAR, "gif", drawn("GIF", (900, 600)))
    user = await User.get(desk.user_id)
    assert user is not None
    assert user.avatar is not None
    assert (user.avatar.width, user.avatar.height) == (512, 341)
    assert user.avatar.file.mime_type == "image/webp"
    old_key = user.avatar.file.key
    assert first.state is UploadState.ATTACHED
    await desk.sent(UploadPurpose.AVATAR, "png", drawn("PNG"))
    await desk.swept(after=timedelta(hours=3))
    user = await User.get(desk.user_id)
    assert user is not None
    assert user.avatar is not None
    assert await desk.objects.exists(user.avatar.file.key)
    assert not await desk.objects.exists(old_key)


async def test_a_picture_of_a_person_can_be_taken_away(desk: Desk) -> None:
    await desk.sent(UploadPurpose.AVATAR, "png", drawn("PNG"))
    outcome = await avatars.remove(desk.owner)
    assert outcome.result is not None
    assert outcome.result.avatar is None
    await desk.swept(after=timedelta(hours=3))
    own = [each.key async for each in desk.objects.list(f"users/{desk.user_id}/")]
    assert own == []


async def test_the_same_bytes_for_the_same_frame_are_stored_once(desk: Desk) -> None:
    data = drawn("PNG")
    first = await desk.sent(UploadPurpose.FRAME_IMAGE, "png", data)
    again = await desk.sent(UploadPurpose.FRAME_IMAGE, "png", data)
    assert again.state is UploadState.ATTACHED
    assert (again.asset_id, again.duplicate_of) == (first.asset_id, first.id)
    assert again.stored_keys == []
    (image,) = (await desk.tree()).script.scenes[0].frames[0].images
    assert image.id == first.asset_id


async def test_the_same_bytes_in_the_same_project_are_told(desk: Desk) -> None:
    data = good_files()["wav"]
    first = await desk.sent(UploadPurpose.MUSIC, "wav", data)
    second = await desk.sent(UploadPurpose.VOICEOVER, "wav", data)
    assert second.duplicate_of == first.id
    assert second.state is UploadState.ATTACHED


async def test_a_large_file_comes_in_parts_and_goes_on_after_a_break(desk: Desk) -> None:
    data = good_files()["wav"]
    announced = await desk.announced(UploadPurpose.MUSIC, "wav", data, is_resumable=True)
    upload = announced.upload
    assert announced.request is None
    part_bytes = 5_000
    await Upload.get_pymongo_collection().update_one(
        {"_id": upload.id}, {"$set": {"part_size_bytes": part_bytes}}
    )
    upload = await desk.now(upload)
    total = upload.parts_total
    assert total == -(-len(data) // part_bytes)
    early = await uploads.complete(desk.owner, upload.id, choose=None)
    assert "No part has arrived" in early.user_errors[0].message

    async def send(numbers: list[int]) -> None:
        signed = (await uploads.sign_parts(desk.owner, upload.id, numbers)).result
        assert signed is not None
        async with httpx.AsyncClient() as client:
            for part in signed:
                start = (part.number - 1) * part_bytes
                piece = data[start : start + part_bytes]
                assert len(piece) == part.size_bytes
                answer = await client.put(part.request.url, content=piece)
                assert answer.is_success

    await send(list(range(2, total + 1)))
    arrived = await uploads.arrived_parts(desk.owner, await desk.now(upload))
    assert [part.number for part in arrived] == list(range(2, total + 1))
    missing = await uploads.complete(desk.owner, upload.id, choose=None)
    assert [error.code for error in missing.user_errors] == [UserErrorCode.INVALID]
    assert "not whole: 1." in missing.user_errors[0].message
    await send([1])
    done = await desk.checked(upload)
    assert (done.state, done.reason) == (UploadState.ATTACHED, None)
    track = (await desk.tree()).music.track
    assert track is not None
    assert await desk.objects.get_bytes(track.file.key) == data
    again = await uploads.sign_parts(desk.owner, upload.id, [1])
    assert [error.code for error in again.user_errors] == [UserErrorCode.INVALID]


async def test_parts_that_there_are_not_are_not_signed(desk: Desk) -> None:
    whole = await desk.announced(UploadPurpose.MUSIC, "wav", b"x" * 9, is_resumable=False)
    parted = await desk.announced(UploadPurpose.MUSIC, "wav", b"x" * 9, is_resumable=True)
    for upload, numbers in (
        (whole.upload, [1]),
        (parted.upload, []),
        (parted.upload, [0]),
        (parted.upload, [2]),
        (parted.upload, [-1, 1]),
    ):
        outcome = await uploads.sign_parts(desk.owner, upload.id, numbers)
        assert [error.code for error in outcome.user_errors] == [UserErrorCode.INVALID]
    assert (await desk.now(parted.upload)).multipart_id is None


async def test_what_never_came_is_swept_with_its_parts(desk: Desk) -> None:
    announced = await desk.announced(UploadPurpose.MUSIC, "wav", b"x" * 9, is_resumable=True)
    upload = announced.upload
    (part,) = (await uploads.sign_parts(desk.owner, upload.id, [1])).result or ()
    async with httpx.AsyncClient() as client:
        assert (await client.put(part.request.url, content=b"x" * 9)).is_success
    await desk.swept(after=timedelta(hours=24))
    assert (await desk.now(upload)).state is UploadState.PENDING
    assert len(await uploads.arrived_parts(desk.owner, await desk.now(upload))) == 1
    await desk.swept(after=timedelta(hours=26))
    swept = await desk.now(upload)
    assert (swept.state, swept.is_swept) == (UploadState.CANCELED, True)
    assert not await desk.objects.exists(upload.key)
    assert await Upload.find({"_id": upload.id, "is_swept": True}).count() == 1
    await Upload.get_pymongo_collection().update_one(
        {"_id": upload.id}, {"$set": {"decided_at": desk.studio.services.now() - timedelta(days=8)}}
    )
    await desk.swept(after=timedelta(0))
    assert await Upload.get(upload.id) is None


async def test_raw_files_and_leftovers_go_and_what_was_attached_stays(desk: Desk) -> None:
    good = await desk.sent(UploadPurpose.FRAME_IMAGE, "png", drawn("PNG"))
    called_off = await desk.announced(UploadPurpose.FRAME_IMAGE, "png", drawn("PNG"))
    leftover = f"projects/{desk.project.id}/scenes/s/images/left.png"
    await desk.objects.put_bytes(leftover, b"left", "image/png")
    await Upload.get_pymongo_collection().update_one(
        {"_id": called_off.upload.id}, {"$set": {"stored_keys": [leftover]}}
    )
    await uploads.cancel(desk.owner, called_off.upload.id)
    await desk.objects.put_bytes(called_off.upload.key, b"late", "image/png")  # the request is still good
    await desk.swept(after=timedelta(hours=3))
    assert not await desk.objects.exists(good.key)
    assert not await desk.objects.exists(called_off.upload.key)
    assert not await desk.objects.exists(leftover)
    (image,) = (await desk.tree()).script.scenes[0].frames[0].images
    assert await desk.objects.exists(image.file.key)


async def test_a_target_that_is_gone_refuses_with_its_code(desk: Desk) -> None:
    data = drawn("PNG")
    announced = await desk.announced(UploadPurpose.FRAME_IMAGE, "png", data)
    await desk.objects.put_bytes(announced.upload.key, data, "image/png")
    await Project.get_pymongo_collection().update_one(
        {"_id": desk.project.id}, {"$set": {"script.scenes": []}}
    )
    refused = await desk.checked(announced.upload)
    assert (refused.state, refused.reason_code) == (UploadState.REFUSED, UploadRefusal.TARGET_GONE)
    assert not await desk.objects.exists(announced.upload.key)


async def test_nobody_sends_what_is_for_somebody_else(desk: Desk) -> None:
    other = desk.studio.context()
    for destination in (desk.to(UploadPurpose.AVATAR), desk.to(UploadPurpose.MUSIC)):
        with pytest.raises(NotFound):
            await uploads.create(other, destination, file_name="a", mime_type="audio/wav", size_bytes=5)
    assert await Upload.find({"created_by": other.require_viewer().user_id}).count() == 0


async def test_an_api_key_changes_no_picture_of_a_person(desk: Desk) -> None:
    viewer = replace(desk.owner.require_viewer(), session_id=None, scopes=frozenset(Permission))
    desk.owner.viewer = viewer
    with pytest.raises(Forbidden):
        await uploads.create(
            desk.owner, desk.to(UploadPurpose.AVATAR), file_name="a", mime_type="image/png", size_bytes=5
        )
