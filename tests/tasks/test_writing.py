"""Work on words, ordered through the API and done by OpenAI's client."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast
from unittest.mock import AsyncMock

import pytest
import pytest_asyncio
from beanie import PydanticObjectId
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from access.built_in_roles import ADMIN, MEMBER
from documents.accounts.user import User
from documents.house_mark import HouseMark
from documents.jobs import job_claim
from documents.jobs.job import Job, JobState
from documents.jobs.usage_record import UsageRecord
from documents.projects.cast import cast_of
from documents.projects.project import Project
from documents.projects.project_role import ProjectRole
from documents.tree.asset import Origin, Provenance
from documents.tree.brief import MusicTrack
from documents.tree.inputs import image_inputs, script_is_stale
from documents.tree.script import Image
from documents.writers_room.character import Character, CharacterImage
from schema.ids import document_gid
from storage.object_store import ObjectStore
from tasks.housekeeping.copy_removal import CopyRemoval
from tasks.housekeeping.project_removal import ProjectRemoval
from tasks.job_engine.work import Retryable
from tasks.writing.project_copy import copy_id
from tasks.writing.translation import translate_project
from tests.people import make_user
from tests.schema.desk import Desk, Film, made_from, make_film
from tests.stand_ins.media import still
from tests.stand_ins.openai import OpenAiStandIn, open_ai_stand_in
from tests.studio import Studio, open_studio, stored_file
from tests.tasks.writing_room import WritingRoom, open_room

WRITTEN = """query($id: ID!) { node(id: $id) { ... on Job {
  state nodeId error { code } writtenFrames { frameId narration picturePrompt negativePrompt }
  createdProject { id title translatedFromId brief { language } }
} } }"""


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


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def server() -> AsyncIterator[OpenAiStandIn]:
    async with open_ai_stand_in() as stand_in:
        yield stand_in


@pytest_asyncio.fixture
async def room(studio: Studio, server: OpenAiStandIn, tmp_path: Path) -> AsyncIterator[WritingRoom]:
    server.calls.clear()
    async with open_room(studio, server, tmp_path) as opened:
        yield opened


async def make_character(owner: PydanticObjectId, name: str = "Ada", **values: Any) -> Character:
    now = made_from().created_at
    return await Character(
        name=name, owner_id=owner, created_by=owner, created_at=now, updated_at=now, **values
    ).insert()


async def set_on(film: Film, **values: Any) -> None:
    await Project.get_pymongo_collection().update_one({"_id": film.project.id}, {"$set": values})


async def told(room: WritingRoom, film: Film, job: Job) -> dict[str, Any]:
    answer = await room.desk.ask(WRITTEN, by=film.owner, id=document_gid("Job", job.id))
    node: dict[str, Any] = answer["node"]
    return node


async def test_a_reading_is_kept_and_fills_in_what_nobody_wrote(room: WritingRoom) -> None:
    film = await make_film()
    ada = await make_character(film.owner)
    await set_on(
        film,
        **{
            "script.scenes.0.frames.0.narration": "Ada dances.",
            "script.scenes.0.location": "my own place",
            "script.scenes.0.props": ["$lamp"],
        },
    )
    given = {"projectId": film.id, "apply": True}
    job = await room.done("analyseScript", given, by=film.owner)
    assert (job.state, job.error) == (JobState.SUCCEEDED, None)
    now = await film.now()
    analysis = now.script.analysis
    assert analysis is not None
    assert (analysis.hook_score, analysis.genre, now.script.genre) == (7, "documentary", "documentary")
    assert [(each.name, each.character_id, each.scene_ids) for each in analysis.characters] == [
        ("Ada", ada.id, [now.script.scenes[0].id])
    ]
    first, second = now.script.scenes
    assert (first.location, first.props, first.character_ids) == ("my own place", ["$lamp"], [ada.id])
    assert (second.location, second.time_of_day, second.heading) == (
        "a kitchen",
        "night",
        "INT. KITCHEN - NIGHT",
    )
    assert [first.revision, second.revision] == [1, 1]
    assert job.cost_micros > 0
    assert now.budget.spent_micros == job.cost_micros
    assert job.estimate.cost_micros > 0
    (record,) = await UsageRecord.find({"job_id": job.id}).to_list()
    assert (record.provider, record.kind) == ("openai", job.kind)


async def test_a_reading_without_apply_changes_no_scene(room: WritingRoom) -> None:
    film = await make_film()
    await room.done("analyseScript", {"projectId": film.id}, by=film.owner)
    now = await film.now()
    assert now.script.analysis is not None
    assert [scene.location for scene in now.script.scenes] == [None, None]


async def test_characters_are_made_of_those_whom_a_reading_found_once(room: WritingRoom) -> None:
    film = await make_film()
    await set_on(film, **{"brief.character_ids": [(await make_character(PydanticObjectId(), "Bo")).id]})
    known = await make_character(film.owner)
    await set_on(film, **{"script.scenes.0.frames.0.narration": "Ada dances."})
    await room.done("analyseScript", {"projectId": film.id}, by=film.owner)
    await Character.get_pymongo_collection().delete_one({"_id": known.id})
    given = {"projectId": film.id}
    selection = "project { script { scenes { characterIds } analysis { characters { name characterId } } } }"
    for _ in range(2):
        made = await room.change("createCharactersFromAnalysis", given, selection, by=film.owner)
        assert made["userErrors"] == []
    (ada,) = await Character.find({"owner_id": film.owner, "name": "Ada"}).to_list()
    gid = document_gid("Character", ada.id)
    script = made["project"]["script"]
    assert [scene["characterIds"] for scene in script["scenes"]] == [[gid], []]
    assert script["analysis"]["characters"] == [{"name": "Ada", "characterId": gid}]
    assert "grey hair" in ada.description
    wrong = await room.change(
        "createCharactersFromAnalysis", given | {"names": ["Zoe"]}, selection, by=film.owner
    )
    assert [each["field"] for each in wrong["userErrors"]] == ["input.names"]


async def test_a_character_is_described_from_its_pictures(
    room: WritingRoom, object_store: ObjectStore
) -> None:
    owner = PydanticObjectId()
    key = f"users/{owner}/characters/c/{PydanticObjectId()}.png"
    await object_store.put_bytes(key, b"\x89PNG not really", "image/png")
    picture = CharacterImage(
        file=stored_file(key),
        width=1,
        height=1,
        provenance=Provenance(origin=Origin.UPLOADED, created_at=made_from().created_at),
    )
    ada = await make_character(owner, images=[picture], age="ten")
    job = await room.done("analyseCharacter", {"characterId": document_gid("Character", ada.id)}, by=owner)
    assert (job.state, job.error) == (JobState.SUCCEEDED, None)
    now = await Character.get(ada.id)
    assert now is not None
    assert (now.age, now.role) == ("ten", "narrator")
    assert "grey hair" in now.description
    assert "data:image/png;base64," in room.texts()[-1]
    answer = await room.desk.ask(WRITTEN, by=PydanticObjectId(), id=document_gid("Job", job.id))
    assert answer["node"] is None, "a job outside of projects is its owner's alone"
    (record,) = await UsageRecord.find({"job_id": job.id}).to_list()
    assert record.owner_id == owner


async def test_who_left_a_company_has_its_characters_described_no_more(room: WritingRoom) -> None:
    admin, company_id = await make_user(), PydanticObjectId()
    users = User.get_pymongo_collection()
    inside = {"company_id": company_id, "role_id": ADMIN.id}
    await users.update_one({"_id": admin.id}, {"$set": inside})
    ada = await make_character(admin.id, age="ten")
    await Character.get_pymongo_collection().update_one(
        {"_id": ada.id}, {"$set": {"owner_id": None, "company_id": company_id}}
    )
    given = {"characterId": document_gid("Character", ada.id)}
    job = await room.done("analyseCharacter", given, by=admin.id)
    assert (job.state, job.error) == (JobState.SUCCEEDED, None)
    (record,) = await UsageRecord.find({"job_id": job.id}).to_list()
    assert record.company_id == company_id
    job = await room.ordered("analyseCharacter", given, by=admin.id)
    await users.update_one({"_id": admin.id}, {"$set": {"company_id": None, "role_id": None}})
    before = len(room.stand_in.calls)
    job = await room.work(job)
    assert (job.state, job.error and job.error.code) == (JobState.FAILED, "NODE_GONE")
    assert len(room.stand_in.calls) == before


async def test_who_lost_a_companys_project_has_nothing_made_there_any_more(room: WritingRoom) -> None:
    editor = await make_user()
    film = await make_film(people={editor.id: ProjectRole.EDITOR}, company_id=PydanticObjectId())
    given = {"projectId": film.id}
    job = await room.done("analyseScript", given, by=editor.id)
    assert (job.state, job.error) == (JobState.SUCCEEDED, None)
    job = await room.ordered("analyseScript", given, by=editor.id)
    await set_on(film, collaborators=[])
    before = len(room.stand_in.calls)
    job = await room.work(job)
    assert (job.state, job.error and job.error.code) == (JobState.FAILED, "FORBIDDEN")
    assert len(room.stand_in.calls) == before


async def test_what_nobody_here_does_any_more_fails_at_once_and_says_so(room: WritingRoom) -> None:
    film = await make_film()
    job = await room.ordered("analyseScript", {"projectId": film.id}, by=film.owner)
    await set_on(film, **{"style.writer_provider": "gone"})
    job = await room.work(job)
    assert job.error is not None
    assert (job.state, job.error.code, job.attempt) == (JobState.FAILED, "UNSUPPORTED", 1)
    assert "'gone'" in job.error.message


async def test_a_scene_is_told_differently_in_its_context(room: WritingRoom) -> None:
    film = await make_film()
    await set_on(film, **{"script.scenes.0.frames.1.picture_prompt": "two bees"})
    given = {"sceneId": film.gid(film.scenes[0]), "instruction": "funnier"}
    job = await room.done("rewriteScene", given, by=film.owner)
    assert (job.state, job.error) == (JobState.SUCCEEDED, None)
    now = await film.now()
    assert [frame.narration for _, frame in now.frames()] == [
        "Put differently: Bees dance.",
        "Put differently: They turn.",
        "They rest.",
    ]
    assert "They rest." in room.texts()[-1]
    shown = await told(room, film, job)
    assert shown["nodeId"] == film.gid(film.scenes[0])
    assert [each["narration"] for each in shown["writtenFrames"]] == [
        "Put differently: Bees dance.",
        "Put differently: They turn.",
    ]


async def test_words_that_were_changed_meanwhile_stay_and_what_was_paid_is_kept(
    room: WritingRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = await make_film()
    given = {"frameId": film.gid(film.frame), "instruction": "funnier"}
    early = await room.ordered("rewriteFrame", given, by=film.owner)
    await room.change(
        "updateFrame", {"frameId": film.gid(film.frame), "narration": "Mine."}, "", by=film.owner
    )
    calls = len(room.stand_in.calls)
    ended = await room.work(early)
    assert ended.error is not None
    assert (ended.state, ended.error.code) == (JobState.FAILED, "REVISION_CONFLICT")
    assert len(room.stand_in.calls) == calls, "nothing is bought for words that are gone"

    late = await room.ordered("rewriteFrame", given, by=film.owner)
    with monkeypatch.context() as patched:
        patched.setattr("tasks.writing.rewrite.require_unchanged", AsyncMock(side_effect=Retryable("X", "x")))
        assert (await room.work(late)).state is JobState.QUEUED
    await Job.get_pymongo_collection().update_one({"_id": late.id}, {"$set": {"run_after": None}})
    calls = len(room.stand_in.calls)
    await room.change(
        "updateFrame", {"frameId": film.gid(film.frame), "narration": "Mine again."}, "", by=film.owner
    )
    ended = await room.work(late)
    assert ended.error is not None
    assert (ended.state, ended.error.code) == (JobState.FAILED, "REVISION_CONFLICT")
    shown = await told(room, film, ended)
    assert [each["narration"] for each in shown["writtenFrames"]] == ["Put differently: Mine."]
    assert len(room.stand_in.calls) == calls
    assert (await film.now()).script.scenes[0].frames[0].narration == "Mine again."


async def test_prompts_are_said_better_for_one_frame_or_for_all(room: WritingRoom) -> None:
    film = await make_film()
    brief = {"projectId": film.id, "characterDescription": "a fox in a raincoat"}
    await room.change("updateBrief", brief, "brief { revision }", by=film.owner)
    selection = "jobs { id nodeId estimate { cost { micros } } }"
    one = await room.change(
        "optimisePrompts",
        {"projectId": film.id, "frameIds": [film.gid(film.frame)]},
        selection,
        by=film.owner,
    )
    assert [each["nodeId"] for each in one["jobs"]] == [film.gid(film.frame)]
    (job,) = await Job.find({"owner_id": film.owner}).to_list()
    ended = await room.work(job)
    assert (ended.state, ended.error) == (JobState.SUCCEEDED, None)
    frame = (await film.now()).script.scenes[0].frames[0]
    assert frame.optimised_prompt == "a bee, soft side light, eye level, upright composition"
    assert frame.negative_prompt == "text, watermark, blur"
    assert "a fox in a raincoat" in room.texts()[0]
    many = await room.change("optimisePrompts", {"projectId": film.id}, selection, by=film.owner)
    assert len(many["jobs"]) == 3


async def test_words_for_the_platforms_leave_alone_what_was_changed_meanwhile(room: WritingRoom) -> None:
    film = await make_film()
    job = await room.ordered("generateMetadata", {"projectId": film.id}, by=film.owner)
    await room.change("updatePublishing", {"projectId": film.id, "title": "Mine"}, "", by=film.owner)
    ended = await room.work(job)
    assert (ended.state, ended.error) == (JobState.SUCCEEDED, None)
    texts = (await film.now()).publishing
    assert texts.title == "Mine"
    assert texts.shorts_hashtags == ["Shorts", "didyouknow", "facts"]
    assert texts.tiktok_hashtags == ["learn", "fyp"]
    assert texts.youtube_tags == ["how it works", "Facts explained"]
    assert texts.instagram_hashtags == ["reels", "learn"]
    assert texts.provenance is not None
    assert texts.provenance.provider == "openai"


async def test_words_for_the_music_leave_alone_what_was_changed_meanwhile(room: WritingRoom) -> None:
    film = await make_film()
    job = await room.ordered("suggestMusic", {"projectId": film.id}, by=film.owner)
    assert job.estimate.cost_micros > 0
    await room.change("updateMusic", {"projectId": film.id, "prompt": "A lute."}, "", by=film.owner)
    ended = await room.work(job)
    assert (ended.state, ended.error) == (JobState.SUCCEEDED, None)
    music = (await film.now()).music
    assert (music.mood, music.prompt, music.tempo_bpm) == ("dreamy", "A lute.", 72)
    assert ended.result["prompt"] == "Slow piano over soft strings, warm and close, no vocals."
    (told,) = room.texts()
    assert "- mysterious" in told  # the local composer's moods, of which the last one was chosen
    assert ended.cost_micros == (await film.now()).budget.spent_micros > 0
    revision = music.revision
    again = await room.ordered("suggestMusic", {"projectId": film.id}, by=film.owner)
    given = {"projectId": film.id, "mood": "epic", "prompt": None, "tempoBpm": 99}
    await room.change("updateMusic", given, "music { tempoBpm }", by=film.owner)
    assert (await room.work(again)).state is JobState.SUCCEEDED
    music = (await film.now()).music
    assert (music.mood, music.prompt, music.tempo_bpm, music.revision) == ("epic", None, 99, revision + 1)


async def whole_film(object_store: ObjectStore) -> Film:
    """A film with a stored picture that fits its words, music, a hook, publishing texts and a voice."""
    film = await make_film()
    project = film.project
    scene, frame = project.script.scenes[0], project.script.scenes[0].frames[0]
    prefix = f"projects/{project.id}"
    image = Image(
        file=stored_file(f"{prefix}/scenes/{scene.id}/images/{PydanticObjectId()}.png"),
        width=9,
        height=16,
        provenance=made_from(image_inputs(project, scene, frame, await cast_of(project)).hash),
    )
    track = MusicTrack(
        file=stored_file(f"{prefix}/music/{PydanticObjectId()}.wav"), duration_s=9, provenance=made_from()
    )
    for file in (image.file, track.file):
        await object_store.put_bytes(file.key, file.key.encode(), file.mime_type)
    path = "script.scenes.0.frames.0"
    await set_on(
        film,
        **{
            f"{path}.images": [image.stored()],
            f"{path}.chosen_image_id": image.id,
            f"{path}.text_effects": [{"kind": "HOOK", "text": "Bees!"}],
            "music.track": track.stored(),
            "publishing.title": "About bees",
            "publishing.shorts_hashtags": ["bees", "dance"],
            "budget.ceiling_micros": 5_000_000,
        },
    )
    return film


async def test_a_project_appears_whole_in_another_language(
    room: WritingRoom, object_store: ObjectStore
) -> None:
    film = await whole_film(object_store)
    given = {"projectId": film.id, "language": "pt-BR", "title": "Abelhas"}
    job = await room.done("translateProject", given, by=film.owner)
    assert (job.state, job.error) == (JobState.SUCCEEDED, None)
    shown = (await told(room, film, job))["createdProject"]
    assert (shown["title"], shown["translatedFromId"]) == ("Abelhas", film.id)
    assert shown["brief"] == {"language": "pt-BR"}
    original = await film.now()
    (made,) = await Project.find({"translated_from": film.project.id}).to_list()
    assert (made.owner_id, made.company_id, made.timeline) == (film.owner, None, None)
    assert made.budget.ceiling_micros is None
    assert original.budget.spent_micros == job.cost_micros > 0
    scene, frame = made.frames()[0]
    assert frame.narration == "Bees dance. (pt-BR)"
    assert frame.text_effects[0].text == "Bees! (pt-BR)"
    assert made.publishing.title == "About bees (pt-BR)"
    assert made.publishing.shorts_hashtags == ["bees(pt-BR)", "dance(pt-BR)"]
    (image,) = frame.images
    (source,) = original.frames()[0][1].images
    assert (frame.chosen_image_id, image.provenance.parent_id) == (image.id, source.id)
    assert image.provenance.inputs_hash == image_inputs(made, scene, frame, await cast_of(made)).hash
    assert not script_is_stale(made)
    assert image.file.key.startswith(f"projects/{made.id}/scenes/{scene.id}/images/")
    assert await object_store.get_bytes(image.file.key) == source.file.key.encode()
    assert made.music.track is not None
    assert made.music.track.file.key.startswith(f"projects/{made.id}/music/")
    assert await object_store.exists(made.music.track.file.key)
    ids = {str(each.id) for each in original.script.scenes} | {str(f.id) for _, f in original.frames()}
    assert not ids & ({str(each.id) for each in made.script.scenes} | {str(f.id) for _, f in made.frames()})


async def test_a_translation_that_is_worked_on_twice_is_bought_and_made_once(
    room: WritingRoom, object_store: ObjectStore
) -> None:
    film = await whole_film(object_store)
    given = {"projectId": film.id, "language": "pt-BR", "idempotencyKey": "once"}
    job = await room.ordered("translateProject", given, by=film.owner)
    image = (await film.now()).frames()[0][1].images[0]
    data = await object_store.get_bytes(image.file.key)
    await object_store.delete(image.file.key)
    waiting = await room.work(job)
    assert waiting.error is not None
    assert (waiting.state, waiting.error.code) == (JobState.QUEUED, "ASSETS_MISSING")
    assert await Project.find({"translated_from": film.project.id}).count() == 0
    bought = len(room.stand_in.calls)
    await object_store.put_bytes(image.file.key, data, "image/png")
    await Job.get_pymongo_collection().update_one({"_id": job.id}, {"$set": {"run_after": None}})
    ended = await room.work(waiting)
    assert (ended.state, ended.error) == (JobState.SUCCEEDED, None)
    assert len(room.stand_in.calls) == bought, "what was bought is not bought again"
    again = await room.change("translateProject", given, by=film.owner)
    assert again["job"] == {"id": document_gid("Job", job.id)}
    assert await Project.find({"translated_from": film.project.id}).count() == 1


class HaltingStore:
    """An object store where copying stops after one object until it is cancelled."""

    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects
        self.has_copied = asyncio.Event()

    async def copy(self, source: str, target: str) -> None:
        if self.has_copied.is_set():
            await asyncio.Event().wait()
        self.has_copied.set()
        await self._objects.copy(source, target)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._objects, name)


async def copies_of(object_store: ObjectStore, job: Job) -> list[list[str]]:
    """Keys of what each try of a translation has copied."""
    prefixes = [f"projects/{copy_id(job.id, fence)}/" for fence in range(1, job.fence + 1)]
    return [[each.key async for each in object_store.list(prefix)] for prefix in prefixes]


async def test_copies_of_a_translation_that_is_called_off_are_swept(
    room: WritingRoom, object_store: ObjectStore
) -> None:
    film = await whole_film(object_store)
    job = await room.ordered("translateProject", {"projectId": film.id, "language": "pt-BR"}, by=film.owner)
    store = HaltingStore(object_store)
    halting = replace(room, shop=replace(room.shop, objects=cast("ObjectStore", store)))
    working = asyncio.create_task(halting.work(job))
    await asyncio.wait_for(store.has_copied.wait(), 30)
    await room.change("cancelJob", {"jobId": document_gid("Job", job.id)}, by=film.owner)
    ended = await working
    assert ended.state is JobState.CANCELED
    (left,) = await copies_of(object_store, ended)
    assert len(left) == 1
    now = room.shop.now()
    await CopyRemoval(object_store, lambda: now).run()
    assert await copies_of(object_store, ended) == [left], "a worker may still be copying"
    await CopyRemoval(object_store, lambda: now + timedelta(days=2)).run()
    assert await copies_of(object_store, ended) == [[]]
    assert (await film.now()).deleted_at is None
    (image,) = (await film.now()).frames()[0][1].images
    assert await object_store.exists(image.file.key)


async def test_a_worker_that_dies_behind_its_copies_leaves_them_to_the_sweep(
    room: WritingRoom, object_store: ObjectStore
) -> None:
    film = await whole_film(object_store)
    job = await room.ordered("translateProject", {"projectId": film.id, "language": "pt-BR"}, by=film.owner)
    held = await job_claim.claim(job.id, owner="dies", now=room.shop.now(), lease_s=0)
    assert held is not None
    done = await translate_project(room.shop, held, lambda *_, **__: None)
    assert done.result["project_id"] == str(copy_id(job.id, 1))
    ended = await room.work(job)
    assert (ended.state, ended.deaths, ended.error) == (JobState.SUCCEEDED, 1, None)
    (made,) = await Project.find({"translated_from": film.project.id}).to_list()
    first, second = await copies_of(object_store, ended)
    assert len(first) == len(second) == 2
    later = room.shop.now() + timedelta(days=2)
    await HouseMark.get_pymongo_collection().delete_many({})
    await CopyRemoval(object_store, lambda: later).run()
    assert await copies_of(object_store, ended) == [[], second]
    (image,) = made.frames()[0][1].images
    assert await object_store.exists(image.file.key)


async def test_copies_go_with_the_project_that_was_to_be_translated(
    room: WritingRoom, object_store: ObjectStore
) -> None:
    film = await whole_film(object_store)
    job = await room.ordered("translateProject", {"projectId": film.id, "language": "pt-BR"}, by=film.owner)
    held = await job_claim.claim(job.id, owner="dies", now=room.shop.now(), lease_s=60)
    assert held is not None
    await translate_project(room.shop, held, lambda *_, **__: None)
    (left,) = await copies_of(object_store, held)
    assert len(left) == 2
    await ProjectRemoval(object_store, room.shop.now).remove_all({"_id": film.project.id})
    assert await copies_of(object_store, held) == [[]]


async def test_a_script_gets_its_characters_places_and_what_to_avoid(room: WritingRoom) -> None:
    owner = PydanticObjectId()
    await make_film(owner, title="Last week's wasps")
    film = await make_film(owner)
    ada = await make_character(owner, description="red scarf")
    given = {"projectId": film.id, "topic": "bees", "characterIds": [document_gid("Character", ada.id)]}
    briefed = await room.change("updateBrief", given, "brief { characterIds }", by=owner)
    assert briefed["brief"]["characterIds"] == [document_gid("Character", ada.id)]
    job = await room.done("generateScript", {"projectId": film.id}, by=owner)
    assert (job.state, job.error) == (JobState.SUCCEEDED, None)
    assert "red scarf" in room.texts()[-1]
    assert "Last week's wasps" in room.texts()[-1]
    scene = (await film.now()).script.scenes[0]
    assert (scene.location, scene.time_of_day) == ("a quiet place", "evening")
    assert scene.character_ids == [ada.id]


async def test_a_picture_is_drawn_from_the_assembled_prompt_and_the_characters_picture(
    room: WritingRoom, object_store: ObjectStore
) -> None:
    film = await make_film()
    key = f"users/{film.owner}/characters/c/{PydanticObjectId()}.png"
    await object_store.put_bytes(key, still(64, 64, 7, "PNG"), "image/png")
    provenance = made_from()
    picture = CharacterImage(file=stored_file(key), width=64, height=64, provenance=provenance)
    ada = await make_character(film.owner, description="red scarf", images=[picture])
    await set_on(film, **{"script.scenes.0.character_ids": [ada.id]})
    given = {"projectId": film.id, "frameIds": [film.gid(film.frame)]}
    payload = await room.change("generateImages", given, "jobs { id }", by=film.owner)
    assert payload["userErrors"] == []
    (job,) = await Job.find({"owner_id": film.owner}).to_list()
    ended = await room.work(job)
    assert (ended.state, ended.error) == (JobState.SUCCEEDED, None)
    asked = room.stand_in.calls[-1]
    assert asked.path.endswith("/images/edits"), "with a reference a picture is drawn after it"
    assert b"a bee. Characters: Ada: red scarf. Scene: One." in asked.body
    drawn = (await film.now()).script.scenes[0].frames[0].images[-1]
    assert (drawn.provenance.prompt or "").startswith("a bee. Characters: Ada: red scarf.")


async def test_words_for_the_platforms_are_found_without_a_key(studio: Studio, tmp_path: Path) -> None:
    film = await make_film()
    async with open_ai_stand_in() as unused, open_room(studio, unused, tmp_path) as room:
        shop = replace(room.shop, providers=studio.services.providers)
        job = await replace(room, desk=Desk(studio), shop=shop).done(
            "generateMetadata", {"projectId": film.id}, by=film.owner
        )
    assert (job.state, job.error, job.cost_micros) == (JobState.SUCCEEDED, None, 0)
    texts = (await film.now()).publishing
    assert texts.title
    assert texts.provenance is not None
    assert texts.provenance.provider == "local"


async def test_a_companys_project_is_translated_inside_of_it_by_a_member_and_outside_by_others(
    room: WritingRoom,
) -> None:
    member, company_id = await make_user(), PydanticObjectId()
    await member.get_pymongo_collection().update_one(
        {"_id": member.id}, {"$set": {"company_id": company_id, "role_id": MEMBER.id}}
    )
    guest = PydanticObjectId()
    film = await make_film(member.id, people={guest: ProjectRole.EDITOR}, company_id=company_id)
    for who, home in ((member.id, company_id), (guest, None)):
        job = await room.done("translateProject", {"projectId": film.id, "language": "de"}, by=who)
        assert (job.state, job.error) == (JobState.SUCCEEDED, None)
        (made,) = await Project.find({"translated_from": film.project.id, "owner_id": who}).to_list()
        assert (made.company_id, made.collaborators) == (home, [])


@pytest.mark.parametrize(
    ("name", "given", "field"),
    [
        ("rewriteScene", {"instruction": " "}, "input.instruction"),
        ("rewriteScene", {"instruction": "x" * 5_001}, "input.instruction"),
        ("translateProject", {"language": "portuguese"}, "input.language"),
        ("translateProject", {"language": "en"}, "input.language"),
        ("translateProject", {"language": "de", "title": ""}, "input.title"),
        ("optimisePrompts", {"frameIds": []}, "input.frameIds"),
        ("createCharactersFromAnalysis", {}, "input.projectId"),
    ],
)
async def test_orders_that_make_no_sense_are_refused_by_their_field(
    room: WritingRoom, name: str, given: dict[str, Any], field: str
) -> None:
    film = await make_film()
    node = {"sceneId": film.gid(film.scenes[0])} if name == "rewriteScene" else {"projectId": film.id}
    payload = await room.change(name, node | given, "", by=film.owner)
    assert [(each["code"], each["field"]) for each in payload["userErrors"]] == [("INVALID", field)]
    assert await Job.find({"owner_id": film.owner}).count() == 0


@pytest.mark.parametrize("name", ["analyseScript", "optimisePrompts", "translateProject", "rewriteScene"])
async def test_without_a_writer_the_refusal_names_what_would_provide_one(studio: Studio, name: str) -> None:
    film = await make_film()
    node = {"sceneId": film.gid(film.scenes[0])} if name == "rewriteScene" else {"projectId": film.id}
    more = {"translateProject": {"language": "de"}, "rewriteScene": {"instruction": "funnier"}}
    payload = await Desk(studio).change(name, node | more.get(name, {}), "", by=film.owner)
    ((code, message),) = [(each["code"], each["message"]) for each in payload["userErrors"]]
    assert code == "UNSUPPORTED"
    assert "PROVIDERS" in message or "FRAMEWRIGHT" in message
