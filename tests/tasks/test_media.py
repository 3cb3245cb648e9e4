"""Clips, seed frames, edits, sounds and moving lips, ordered over the API and made over the wire."""

import asyncio
import base64
import hashlib
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
import pytest_asyncio
from beanie import PydanticObjectId
from PIL import Image as Picture
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from documents.jobs.job import Job, JobKind, JobState
from documents.jobs.usage_record import UsageRecord
from documents.media.library_entry import LibraryEntry, LibraryKind
from documents.media.upload import Upload, UploadState
from documents.projects.project import AssetReuse, Project
from documents.tree.asset import Origin
from documents.tree.brief import Music, Resolution, Style
from documents.tree.look import SoundEffect
from documents.tree.script import ClipStart, Image, MediaKind, Scene
from documents.writers_room.character import Character, CharacterImage
from rendering.intake.desk import IntakeDesk
from rendering.intake.looked import Looked
from schema.ids import document_gid
from storage.object_store import ObjectStore
from tasks.job_engine.work import Retryable
from tests.schema.desk import Desk, made_from
from tests.stand_ins.media import mask, still
from tests.stand_ins.server import Fault
from tests.studio import local_providers, stored_file
from tests.tasks.media_studio import MediaStudio, frame, gid, make_project, open_media_studio
from tests.tasks.open_tickets import HAS_TICKET

STALE = """query($id: ID!) { node(id: $id) { ... on Frame { images { id isStale editedFromId }
  soundEffects { id isStale file { waveform } } lipSync { isStale } }
  ... on Scene { clips { isStale } } } }"""
EDIT = "mutation($input: EditImageInput!) { editImage(input: $input) { job { id } } }"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def studio(
    mongo_client: AsyncMongoClient[dict[str, Any]],
    database: AsyncDatabase[dict[str, Any]],
    redis_url: str,
    object_store: ObjectStore,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[MediaStudio]:
    async with open_media_studio(
        scratch=tmp_path_factory.mktemp("scratch"),
        objects=object_store,
        client=mongo_client,
        database=database,
        redis_url=redis_url,
        prefix=f"{database.name}:",
    ) as opened:
        yield opened


@pytest.fixture(autouse=True)
def fresh(studio: MediaStudio) -> None:
    studio.replicate.forget()
    studio.elevenlabs.forget()


async def drawn(studio: MediaStudio, *scenes: Scene) -> Project:
    """A project whose frames have pictures and voices by the local provider."""
    project = await make_project(studio, *scenes)
    await studio.order(project, "generateImages", {"projectId": gid(project)})
    await studio.order(project, "generateVoiceovers", {"projectId": gid(project)})
    return await studio.now(project)


def sent_file(studio: MediaStudio, address: str) -> bytes:
    """What a prediction was given, in itself or laid up before."""
    if address.startswith("data:"):
        return base64.b64decode(address.partition(",")[2])
    return studio.replicate.files[address.rpartition("/")[2]][0]


def predictions(studio: MediaStudio) -> list[dict[str, Any]]:
    return [each.body for each in studio.replicate.predictions.values()]


async def test_clips_begin_with_the_scenes_first_picture(studio: MediaStudio) -> None:
    project = await drawn(studio, Scene(title="One", clip_prompt="The bee takes off", frames=[frame()]))
    payload = await studio.order(project, "generateClips", {"projectId": gid(project), "count": 2})
    assert len(payload["jobs"]) == 2
    scene = (await studio.now(project)).script.scenes[0]
    first, second = scene.clips
    assert scene.chosen_clip_id == first.id
    assert (first.width, first.height, first.start) == (180, 320, ClipStart.PICTURE)
    assert first.duration_s == pytest.approx(first.wanted_s or 0, abs=0.1)
    image = scene.frames[0].chosen_image
    assert image is not None
    bought = predictions(studio)
    for each in bought:
        assert sent_file(studio, each["input"]["image"]) == await studio.bytes_of(image.file.key)
        assert each["input"]["prompt"] == "The bee takes off. Style: cinematic"
    seeds = [each["input"]["seed"] for each in bought]
    assert len(set(seeds)) == 2
    assert [first.provenance.seed, second.provenance.seed] == seeds
    assert first.provenance.provider_id is None or first.provenance.provider_id == bought[0]["id"]
    assert await studio.bytes_of(first.file.key)
    assert first.file.thumbnail is not None
    with Picture.open(io.BytesIO(await studio.bytes_of(first.file.thumbnail.key))) as small:
        assert small.size == (180, 320)
    assert await UsageRecord.find({"project_id": project.id}).count() == 2
    stale = await studio.desk.ask(STALE, by=project.owner_id, id=gid(project, scene))
    assert [each["isStale"] for each in stale["node"]["clips"]] == [False, False]
    await studio.desk.change(
        "updateScene", {"sceneId": gid(project, scene), "clipPrompt": "It lands"}, by=project.owner_id
    )
    stale = await studio.desk.ask(STALE, by=project.owner_id, id=gid(project, scene))
    assert [each["isStale"] for each in stale["node"]["clips"]] == [True, True]


async def test_a_clip_shows_who_appears_in_its_scene(studio: MediaStudio) -> None:
    now, face = studio.shop.now(), still(64, 64, 7, "PNG")
    key = f"users/u/characters/c/{PydanticObjectId()}.png"
    await studio.shop.objects.put_bytes(key, face, "image/png")
    picture = CharacterImage(file=stored_file(key), width=64, height=64, provenance=made_from())
    ada = Character(
        name="Ada",
        description="red scarf",
        images=[picture],
        created_by=PydanticObjectId(),
        created_at=now,
        updated_at=now,
    )
    await ada.insert()
    project = await drawn(studio, Scene(title="One", frames=[frame()], character_ids=[ada.id]))
    scene = project.script.scenes[0]
    for start in ("TEXT", "PICTURE"):
        order = {"projectId": gid(project), "from": start, "durationS": 2}
        await studio.order(project, "generateClips", order)
    by_words, by_picture = (each["input"] for each in predictions(studio))
    told = "a bee on a flower. Characters: Ada: red scarf. Style: cinematic"
    assert (by_words["prompt"], by_picture["prompt"]) == (told, told)
    assert [sent_file(studio, each) for each in by_words["reference_images"]] == [face]
    assert "reference_images" not in by_picture
    clips = (await studio.now(project)).script.scenes[0].clips
    assert [each.provenance.prompt for each in clips] == [told, told]
    stale = await studio.desk.ask(STALE, by=project.owner_id, id=gid(project, scene))
    assert [each["isStale"] for each in stale["node"]["clips"]] == [False, False]
    await Character.get_pymongo_collection().update_one(
        {"_id": ada.id}, {"$set": {"description": "blue scarf"}}
    )
    stale = await studio.desk.ask(STALE, by=project.owner_id, id=gid(project, scene))
    assert [each["isStale"] for each in stale["node"]["clips"]] == [True, True]


async def test_a_clip_goes_on_where_the_one_before_ends(studio: MediaStudio) -> None:
    project = await drawn(
        studio,
        Scene(title="One", frames=[frame()]),
        Scene(title="Two", use_seed_frame=True, frames=[frame()]),
    )
    one, two = project.script.scenes
    order = {"projectId": gid(project), "sceneIds": [gid(project, one)]}
    await studio.order(project, "generateClips", order)
    following = {"projectId": gid(project), "sceneIds": [gid(project, two)], "from": "SEED_FRAME"}
    await studio.order(project, "generateClips", following)
    last = sent_file(studio, predictions(studio)[-1]["input"]["image"])
    clip = (await studio.now(project)).script.scenes[0].clips[0]
    payload = await studio.order(
        project, "extractSeedFrame", {"clipId": gid(project, clip), "atS": 0.5}, "job { id nodeId }"
    )
    assert payload["job"]["nodeId"] == gid(project, one)
    scene = (await studio.now(project)).script.scenes[0]
    (seed,) = scene.seed_frames
    assert (seed.frame_index, seed.width, seed.height, seed.clip_id) == (6, 180, 320, clip.id)
    assert (seed.provenance.origin, seed.provenance.parent_id) == (Origin.EXTRACTED, clip.id)
    assert scene.chosen_seed_frame_id == seed.id
    await studio.order(project, "generateClips", following)
    assert sent_file(studio, predictions(studio)[-1]["input"]["image"]) == await studio.bytes_of(
        seed.file.key
    )
    await studio.order(project, "extractSeedFrame", {"clipId": gid(project, clip)}, "job { id }")
    ended = (await studio.now(project)).script.scenes[0].seed_frames[1]
    assert await studio.bytes_of(ended.file.key) == last
    removed = await studio.desk.change(
        "removeSeedFrame",
        {"seedFrameId": gid(project, ended)},
        "removedSeedFrameId",
        by=project.owner_id,
    )
    assert removed == {"removedSeedFrameId": gid(project, ended), "userErrors": []}
    left = (await studio.now(project)).script.scenes[0]
    assert ([each.id for each in left.seed_frames], left.chosen_seed_frame_id) == ([seed.id], None)


async def test_an_edited_picture_stands_beside_the_one_it_was_made_from(studio: MediaStudio) -> None:
    project = await drawn(studio, Scene(title="One", frames=[frame()]))
    image = project.script.scenes[0].frames[0].images[0]
    given = {"imageId": gid(project, image), "instruction": " make it night ", "idempotencyKey": "k"}
    first = await studio.order(project, "editImage", given, "job { id }")
    again = await studio.order(project, "editImage", given, "job { id }")
    assert first == again
    after = (await studio.now(project)).script.scenes[0].frames[0]
    edited = after.images[1]
    assert after.chosen_image_id == edited.id
    assert (edited.provenance.prompt, edited.provenance.parent_id) == ("make it night", image.id)
    (bought,) = predictions(studio)
    assert sent_file(studio, bought["input"]["input_image"]) == await studio.bytes_of(image.file.key)
    assert bought["input"]["prompt"] == "make it night"
    shown = (await studio.desk.ask(STALE, by=project.owner_id, id=gid(project, after)))["node"]["images"]
    assert [(each["isStale"], each["editedFromId"]) for each in shown] == [
        (False, None),
        (False, gid(project, image)),
    ]
    await studio.desk.change(
        "updateFrame", {"frameId": gid(project, after), "picturePrompt": "a wasp"}, by=project.owner_id
    )
    shown = (await studio.desk.ask(STALE, by=project.owner_id, id=gid(project, after)))["node"]["images"]
    assert [each["isStale"] for each in shown] == [True, True]


async def sent_mask(studio: MediaStudio, project: Project, image: Image, data: bytes) -> str:
    """Id of an upload that was checked."""
    told = {"fileName": "mask.png", "mimeType": "image/png", "sizeBytes": len(data)}
    announced = await studio.desk.change(
        "createUpload",
        told | {"target": {"editMask": gid(project, image)}},
        "upload { id }",
        by=project.owner_id,
    )
    upload_id = str(announced["upload"]["id"])
    (upload,) = await Upload.find({"target_id": image.id, "state": UploadState.PENDING}).to_list()
    await studio.shop.objects.put_bytes(upload.key, data, "image/png")
    await studio.order(project, "completeUpload", {"uploadId": upload_id}, "upload { id }")
    return upload_id


async def test_an_edit_is_kept_within_its_mask(studio: MediaStudio) -> None:
    project = await drawn(studio, Scene(title="One", frames=[frame(), frame("They rest.")]))
    image, other = (each.images[0] for each in project.script.scenes[0].frames)
    shape = mask(image.width, image.height)
    upload = await sent_mask(studio, project, image, shape)
    given = {"imageId": gid(project, image), "instruction": "a lamp"}
    for wrong, field in (
        (given | {"maskUploadId": await sent_mask(studio, project, other, shape)}, "input.maskUploadId"),
        (
            given | {"maskUploadId": await sent_mask(studio, project, image, still(64, 64, 1, "PNG"))},
            "input.maskUploadId",
        ),
    ):
        answer = await studio.desk.change("editImage", wrong, "job { id }", by=project.owner_id)
        assert [(e["code"], e["field"]) for e in answer["userErrors"]] == [("INVALID", field)]
    stranger = await make_project(studio, Scene(title="One", frames=[frame()]))
    unseen = await studio.desk.run(
        EDIT, {"input": given | {"maskUploadId": document_gid("Upload", stranger.id)}}, by=project.owner_id
    )
    assert [each["extensions"]["code"] for each in unseen["errors"]] == ["NOT_FOUND"]
    assert predictions(studio) == []
    await studio.order(project, "editImage", given | {"maskUploadId": upload}, "job { id }")
    (bought,) = predictions(studio)
    assert bought["model"] == "black-forest-labs/flux-fill-pro"
    assert sent_file(studio, bought["input"]["image"]) == await studio.bytes_of(image.file.key)
    with Picture.open(io.BytesIO(sent_file(studio, bought["input"]["mask"]))) as seen:
        assert (seen.size, seen.getextrema()) == ((image.width, image.height), (0, 255))
    edited = (await studio.now(project)).script.scenes[0].frames[0].images[1]
    inside = edited.provenance.inputs_hash
    await studio.order(project, "editImage", given, "job { id }")
    whole = (await studio.now(project)).script.scenes[0].frames[0].images[2].provenance.inputs_hash
    assert whole != inside


async def test_a_mask_is_refused_by_models_that_take_none(studio: MediaStudio) -> None:
    project = await drawn(studio, Scene(title="One", frames=[frame()]))
    image = project.script.scenes[0].frames[0].images[0]
    upload = await sent_mask(studio, project, image, mask(image.width, image.height))
    await Project.get_pymongo_collection().update_one(
        {"_id": project.id}, {"$set": {"style.image_model": "black-forest-labs/flux-kontext-pro"}}
    )
    given = {"imageId": gid(project, image), "instruction": "a lamp", "maskUploadId": upload}
    answer = await studio.desk.change("editImage", given, "job { id }", by=project.owner_id)
    assert [(e["code"], e["field"]) for e in answer["userErrors"]] == [("UNSUPPORTED", "input.maskUploadId")]
    assert await Job.find({"project_id": project.id, "kind": JobKind.IMAGE_EDIT}).count() == 0


async def test_the_same_seed_makes_the_same_picture_again(studio: MediaStudio) -> None:
    project = await drawn(studio, Scene(title="One", frames=[frame()]))
    order: dict[str, Any] = {"projectId": gid(project)}
    await studio.order(project, "generateImages", order)
    second = (await studio.now(project)).script.scenes[0].frames[0].images[1]
    await studio.order(project, "generateImages", order | {"seed": second.provenance.seed})
    first, second, third = (await studio.now(project)).script.scenes[0].frames[0].images
    assert first.file.sha256 != second.file.sha256 == third.file.sha256
    for given, field in (
        ({"seed": -1}, "seed"),
        ({"seed": 2**32}, "seed"),
        ({"seed": 1, "count": 2}, "count"),
    ):
        wrong = await studio.desk.change("generateImages", order | given, "jobs { id }", by=project.owner_id)
        assert [(e["code"], e["field"]) for e in wrong["userErrors"]] == [("INVALID", f"input.{field}")]


async def test_sounds_are_made_for_a_frame_and_keep_their_place(studio: MediaStudio) -> None:
    project = await make_project(studio, Scene(title="One", frames=[frame()]))
    where = project.script.scenes[0].frames[0]
    given: dict[str, Any] = {
        "frameId": gid(project, where),
        "prompt": "a door creaks",
        "name": "Door",
        "startS": 0.4,
        "volume": 0.8,
        "durationS": 1.5,
    }
    await studio.order(project, "generateSoundEffect", given, "job { id }")
    (sound,) = (await studio.now(project)).script.scenes[0].frames[0].sound_effects
    assert (sound.name, sound.start_s, sound.volume, sound.wanted_s) == ("Door", 0.4, 0.8, 1.5)
    assert sound.file is not None
    assert sound.file.key.startswith(f"projects/{project.id}/scenes/")
    assert "/sounds/" in sound.file.key
    assert sound.duration_s == pytest.approx(1.5, abs=0.1)
    assert studio.elevenlabs.paid[0].json()["text"] == "a door creaks"
    shown = await studio.desk.ask(STALE, by=project.owner_id, id=gid(project, where))
    (told,) = shown["node"]["soundEffects"]
    assert told["isStale"] is False
    assert len(told["file"]["waveform"]) == 400
    changed = await studio.desk.change(
        "updateSoundEffect",
        {"soundEffectId": gid(project, sound), "prompt": "a gate creaks", "volume": 0.1},
        "soundEffect { isStale volume file { sha256 } revision }",
        by=project.owner_id,
    )
    assert changed["soundEffect"]["isStale"] is True
    assert changed["soundEffect"]["file"] == {"sha256": sound.file.sha256}
    for values, field in (
        ({"volume": 2}, "volume"),
        ({"durationS": 99}, "durationS"),
        ({"startS": -1}, "startS"),
        ({"prompt": " "}, "prompt"),
    ):
        given = {"frameId": gid(project, where), "prompt": "wind"} | values
        for name, selection in (
            ("addSoundEffect", "soundEffect { id }"),
            ("generateSoundEffect", "job { id }"),
        ):
            wrong = await studio.desk.change(name, given, selection, by=project.owner_id)
            assert [(e["code"], e["field"]) for e in wrong["userErrors"]] == [("INVALID", f"input.{field}")]
    assert len((await studio.now(project)).script.scenes[0].frames[0].sound_effects) == 1


async def test_clips_and_sounds_that_were_made_before_are_taken_instead_of_bought(
    studio: MediaStudio,
) -> None:
    owner = PydanticObjectId()
    made, again = [
        await make_project(
            studio,
            Scene(title="One", frames=[frame(sound_effects=[SoundEffect(prompt="a bell", wanted_s=1.0)])]),
            owner_id=owner,
            asset_reuse=reuse,
        )
        for reuse in (AssetReuse.NEVER, AssetReuse.WITHIN_LIBRARY)
    ]
    studio.replicate.tell("/predictions", Fault(told="loud"))
    for project in (made, again):
        order: dict[str, Any] = {"projectId": gid(project), "from": "TEXT", "durationS": 2}
        await studio.order(project, "generateClips", order)
        shown = project.script.scenes[0].frames[0]
        sound = {"frameId": gid(project, shown), "prompt": "rustling leaves", "durationS": 1}
        await studio.order(project, "generateSoundEffect", sound, "job { id }")
    assert (len(studio.replicate.predictions), len(studio.elevenlabs.paid)) == (1, 1)
    first, second = [(await studio.now(each)).script.scenes[0] for each in (made, again)]
    for bought, taken in (
        (first.clips[0], second.clips[0]),
        (first.frames[0].sound_effects[1], second.frames[0].sound_effects[1]),
    ):
        assert taken.provenance is not None
        assert bought.file is not None
        assert taken.file is not None
        assert (taken.provenance.origin, taken.provenance.cost_micros) == (Origin.REUSED, 0)
        assert taken.file.sha256 == bought.file.sha256
        assert taken.file.key.startswith(f"projects/{again.id}/")
        assert await studio.bytes_of(taken.file.key) == await studio.bytes_of(bought.file.key)
        assert taken.duration_s == bought.duration_s
    (clip,) = second.clips
    assert (clip.start, clip.wanted_s, clip.has_sound) == (ClipStart.TEXT, 2, True)
    assert clip.file.thumbnail is not None
    assert await studio.bytes_of(clip.file.thumbnail.key)
    entries = await LibraryEntry.find({"owner_id": owner}).to_list()
    assert {(each.kind, each.project_id, each.use_count) for each in entries} == {
        (LibraryKind.CLIP, made.id, 1),
        (LibraryKind.SOUND_EFFECT, made.id, 1),
    }
    for node in (second, second.frames[0]):
        stale = (await studio.desk.ask(STALE, by=owner, id=gid(again, node)))["node"]
        assert not any(each["isStale"] for each in stale.get("clips") or stale["soundEffects"])
    assert (await Job.find_one({"project_id": again.id, "kind": JobKind.CLIP, "cost_micros": 0})) is not None

    await studio.order(again, "generateClips", order)  # who asks again gets something new
    await studio.order(again, "generateSoundEffect", sound, "job { id }")
    assert (len(studio.replicate.predictions), len(studio.elevenlabs.paid)) == (2, 2)
    assert len((await studio.now(again)).script.scenes[0].clips) == 2


async def test_a_sound_that_was_described_takes_what_sounds_alike(studio: MediaStudio) -> None:
    bells = [SoundEffect(prompt="a bell", start_s=at_s, wanted_s=1.0) for at_s in (0.0, 1.0)]
    project = await make_project(
        studio,
        Scene(title="One", frames=[frame("", sound_effects=bells)]),
        asset_reuse=AssetReuse.WITHIN_PROJECT,
    )
    given = {"projectId": gid(project), "stopAfter": "ASSETS"}
    await studio.order(project, "startProduction", given, "job { id }")
    effects = (await studio.now(project)).script.scenes[0].frames[0].sound_effects
    origins = {each.provenance.origin for each in effects if each.provenance}
    assert origins == {Origin.GENERATED, Origin.REUSED}
    assert len(studio.elevenlabs.paid) == 1
    again = given | {"mode": "ALL"}
    await studio.order(project, "startProduction", again, "job { id }")
    assert len(studio.elevenlabs.paid) > 1  # everything anew is asked for anew


async def test_a_sound_out_of_the_library_is_laid_under_another_frame(studio: MediaStudio) -> None:
    project = await make_project(studio, Scene(title="One", frames=[frame(), frame("They rest.")]))
    one, other = project.script.scenes[0].frames
    sound = {"frameId": gid(project, one), "prompt": "a bell", "durationS": 1}
    await studio.order(project, "generateSoundEffect", sound, "job { id }")
    entry = await LibraryEntry.find_one({"project_id": project.id, "kind": LibraryKind.SOUND_EFFECT})
    assert entry is not None
    given = {"entryId": document_gid("LibraryEntry", entry.id), "frameId": gid(project, other)}
    taken = await studio.desk.change(
        "reuseAsset", given, "frame { soundEffects { prompt isStale durationS } }", by=project.owner_id
    )
    assert taken["frame"]["soundEffects"] == [
        {"prompt": "a bell", "isStale": False, "durationS": entry.duration_s}
    ]
    effect = (await studio.now(project)).script.scenes[0].frames[1].sound_effects[0]
    assert effect.file is not None
    assert effect.provenance is not None
    assert effect.provenance.origin is Origin.REUSED
    assert effect.file.key != entry.file.key
    assert await studio.bytes_of(effect.file.key) == await studio.bytes_of(entry.file.key)


async def test_lips_follow_a_frames_voice_in_a_picture_of_its_own(studio: MediaStudio) -> None:
    project = await drawn(studio, Scene(title="One", frames=[frame(), frame("")]))
    spoken, silent = project.script.scenes[0].frames
    order: dict[str, Any] = {"projectId": gid(project)}
    refused = await studio.desk.change(
        "applyLipSync", order | {"frameIds": [gid(project, silent)]}, "jobs { id }", by=project.owner_id
    )
    assert [(e["code"], e["field"]) for e in refused["userErrors"]] == [("INVALID", "input.frameIds")]
    assert refused["userErrors"][0]["message"].startswith(
        "1 of these frames has no voiceover or no chosen pict"
    )
    both = order | {"frameIds": [gid(project, spoken), gid(project, silent)], "from": "CLIP"}
    refused = await studio.desk.change("applyLipSync", both, "jobs { id }", by=project.owner_id)
    assert refused["userErrors"][0]["message"].startswith(
        "2 of these frames have no voiceover or no chosen clip"
    )
    await studio.order(project, "applyLipSync", order | {"frameIds": [gid(project, spoken)]})
    after = (await studio.now(project)).script.scenes[0].frames[0]
    assert after.lip_sync is not None
    assert after.media_kind is MediaKind.CLIP
    assert after.lip_sync.provenance.parent_id == spoken.chosen_image_id
    (bought,) = predictions(studio)
    recording = spoken.voiceover.recording
    assert recording is not None
    assert sent_file(studio, bought["input"]["audio"]) == await studio.bytes_of(recording.file.key)
    shown = await studio.desk.ask(STALE, by=project.owner_id, id=gid(project, after))
    assert shown["node"]["lipSync"] == {"isStale": False}
    found = await studio.desk.ask(
        "query($id: ID!) { node(id: $id) { id ... on Clip { durationS } } }",
        by=project.owner_id,
        id=gid(project, after.lip_sync),
    )
    assert found["node"]["id"] == gid(project, after.lip_sync)
    removed = await studio.desk.change(
        "removeClip", {"clipId": gid(project, after.lip_sync)}, "removedClipId", by=project.owner_id
    )
    assert removed == {"removedClipId": gid(project, after.lip_sync), "userErrors": []}
    assert (await studio.now(project)).script.scenes[0].frames[0].lip_sync is None


async def test_a_file_that_cannot_be_used_fails_the_job_and_is_attached_nowhere(studio: MediaStudio) -> None:
    project = await make_project(studio, Scene(title="One", frames=[frame()]))
    studio.replicate.tell("/delivery", Fault(change=lambda data: data[: len(data) // 2]))
    await studio.order(project, "generateClips", {"projectId": gid(project), "from": "TEXT"})
    job = await Job.find_one({"project_id": project.id, "kind": JobKind.CLIP})
    assert job is not None
    assert (job.state, job.error and job.error.code) == (JobState.FAILED, "MEDIA_UNUSABLE")
    assert (await studio.now(project)).script.scenes[0].clips == []


async def test_a_canceled_job_calls_its_prediction_off(studio: MediaStudio) -> None:
    project = await make_project(studio, Scene(title="One", frames=[frame()]))
    studio.replicate.tell("/predictions", Fault(told="never"))
    order = {"projectId": gid(project), "from": "TEXT"}
    payload = await studio.desk.change("generateClips", order, "jobs { id }", by=project.owner_id)
    work = asyncio.create_task(studio.work(project))
    bought = {"project_id": project.id, **HAS_TICKET}
    async with asyncio.timeout(30):
        while await Job.find_one(bought) is None:
            await asyncio.sleep(0.05)
        await studio.desk.change("cancelJob", {"jobId": payload["jobs"][0]["id"]}, by=project.owner_id)
        (canceled,) = await work
    assert canceled.state is JobState.CANCELED
    call_off = await Job.find_one({"owner_id": project.owner_id, "kind": JobKind.CALL_OFF})
    assert call_off is not None
    await studio.run(call_off)
    assert studio.replicate.canceled == list(studio.replicate.predictions)
    assert await UsageRecord.find({"project_id": project.id}).count() == 0


class Stumbling:
    """An intake desk whose first look comes to nothing, as when its worker is lost there."""

    def __init__(self, desk: IntakeDesk) -> None:
        self._desk = desk
        self._has_stumbled = False

    async def look(self, path: Path, **given: Any) -> Looked:
        if not self._has_stumbled:
            self._has_stumbled = True
            raise Retryable("WORKER_DISK", "The disk is full.")
        return await self._desk.look(path, **given)


async def test_what_was_bought_by_another_worker_is_looked_into(studio: MediaStudio) -> None:
    project = await make_project(studio, Scene(title="One", frames=[frame()]))
    stumbling = replace(studio.shop, intake=cast("Any", Stumbling(studio.shop.intake)))
    again = replace(studio, shop=stumbling)
    await again.order(project, "generateClips", {"projectId": gid(project), "from": "TEXT"})
    (clip,) = (await studio.now(project)).script.scenes[0].clips
    assert clip.file.sha256 == hashlib.sha256(await studio.bytes_of(clip.file.key)).hexdigest()
    assert clip.duration_s > 1
    assert len(studio.replicate.predictions) == 1


async def test_music_lasts_as_long_as_it_sounds(studio: MediaStudio) -> None:
    project = await make_project(
        studio, style=Style(music_provider="replicate"), music=Music(prompt="slow strings", mood="calm")
    )
    await studio.order(project, "generateMusic", {"projectId": gid(project)}, "job { id }")
    track = (await studio.now(project)).music.track
    assert track is not None
    assert track.duration_s == pytest.approx(8, abs=0.1)
    assert track.file.waveform is not None
    assert "slow strings" in predictions(studio)[0]["input"]["prompt"]


async def test_leaving_a_scene_out_cancels_its_clips(studio: MediaStudio) -> None:
    project = await make_project(studio, Scene(title="One", frames=[frame()]))
    order = {"projectId": gid(project), "from": "TEXT"}
    await studio.desk.change("generateClips", order, "jobs { id }", by=project.owner_id)
    skipped = await studio.desk.change(
        "skipScene",
        {"sceneId": gid(project, project.script.scenes[0])},
        "canceledJobs { kind state }",
        by=project.owner_id,
    )
    assert skipped["canceledJobs"] == [{"kind": "CLIP", "state": "CANCELED"}]


async def test_orders_that_could_come_to_nothing_are_refused(studio: MediaStudio) -> None:
    project = await make_project(studio, Scene(title="One", frames=[frame()]))
    order: dict[str, Any] = {"projectId": gid(project)}
    refusals: list[tuple[dict[str, Any], str]] = [
        ({}, "input.from"),
        ({"from": "SEED_FRAME"}, "input.from"),
        ({"from": "TEXT", "count": 0}, "input.count"),
        ({"from": "TEXT", "count": 5}, "input.count"),
        ({"from": "TEXT", "durationS": 0.5}, "input.durationS"),
        ({"from": "TEXT", "durationS": 61}, "input.durationS"),
        ({"from": "TEXT", "sceneIds": []}, "input.sceneIds"),
    ]
    for given, field in refusals:
        answer = await studio.desk.change("generateClips", order | given, "jobs { id }", by=project.owner_id)
        assert [(e["code"], e["field"]) for e in answer["userErrors"]] == [("INVALID", field)], given
    assert await Job.find({"project_id": project.id}).count() == 0


async def test_what_nobody_here_makes_is_unsupported(
    desk_without_services: Desk, studio: MediaStudio
) -> None:
    project = await make_project(studio, Scene(title="One", frames=[frame()]))
    answer = await desk_without_services.change(
        "generateClips", {"projectId": gid(project), "from": "TEXT"}, "jobs { id }", by=project.owner_id
    )
    assert [e["code"] for e in answer["userErrors"]] == ["UNSUPPORTED"]


async def test_a_sound_that_is_not_known_here_is_refused_when_it_is_ordered(
    desk_without_services: Desk, studio: MediaStudio
) -> None:
    shown = frame(sound_effects=[SoundEffect(prompt="a door creaks")])
    project = await make_project(
        studio, Scene(title="One", frames=[shown]), style=Style(resolution=Resolution.P480)
    )
    told: dict[str, Any] = {"frameId": gid(project, shown), "prompt": "a door creaks"}
    orders: list[tuple[str, dict[str, Any], str]] = [
        ("generateSoundEffect", told, "input.prompt"),
        ("startProduction", {"projectId": gid(project)}, "input.projectId"),
    ]
    for operation, given, field in orders:
        answer = await desk_without_services.change(operation, given, "job { id }", by=project.owner_id)
        assert [(e["code"], e["field"]) for e in answer["userErrors"]] == [("INVALID", field)]
        assert "rain, wind, waves" in answer["userErrors"][0]["message"]
    assert await Job.find({"project_id": project.id}).count() == 0
    known = told | {"prompt": "heavy rain"}
    answer = await desk_without_services.change(
        "generateSoundEffect", known, "job { id }", by=project.owner_id
    )
    assert answer["userErrors"] == []


@pytest.fixture
def desk_without_services(studio: MediaStudio) -> Desk:
    services = replace(studio.desk.studio.services, providers=local_providers())
    return Desk(replace(studio.desk.studio, services=services), studio.desk.schema)
