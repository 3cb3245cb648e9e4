"""Objects go when nothing names them, and not before."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest_asyncio
from beanie import PydanticObjectId
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from documents.audit_entry import AuditAction, AuditEntry
from documents.house_mark import HouseMark
from documents.jobs.cached_segment import CachedSegment
from documents.jobs.job import Job, JobKind, JobState
from documents.jobs.render import Render
from documents.projects.project import Project
from documents.tree.caps import Caps
from documents.tree.changes import TreeEditor
from documents.tree.script import Frame, Image, Scene, Script
from documents.tree.script_version import ScriptVersion
from storage import keys
from storage.object_store import ObjectStore
from tasks.housekeeping.project_removal import ProjectRemoval
from tasks.housekeeping.project_tidying import ProjectTidying
from tasks.housekeeping.segment_cache import SegmentCache
from tests.studio import Studio, made, make_frame, make_project, make_render, open_studio, stored_file
from tests.tasks.test_engine import job_of


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def studio(
    mongo_client: AsyncMongoClient[dict[str, Any]],
    database: AsyncDatabase[dict[str, Any]],
    redis_url: str,
    object_store: ObjectStore,
) -> AsyncIterator[Studio]:
    opened = open_studio(
        client=mongo_client,
        database=database,
        redis_url=redis_url,
        prefix=f"test:{database.name}:",
        objects=object_store,
    )
    async with opened as studio:
        yield studio


def in_days(days: float) -> Callable[[], datetime]:
    later = datetime.now(UTC) + timedelta(days=days)
    return lambda: later


async def put(studio: Studio, key: str) -> str:
    await studio.services.objects.put_bytes(key, b"abc", "image/png")
    return key


async def listed(studio: Studio, prefix: str) -> set[str]:
    return {each.key async for each in studio.services.objects.list(prefix)}


async def furnished(studio: Studio) -> tuple[Project, dict[str, str]]:
    """A project with a chosen, a removed and an earlier script's picture, a replaced voice and a render."""
    project = await make_project(studio.context(), frames=[make_frame()])
    scene = project.script.scenes[0]
    place = str(project.id), str(scene.id)
    objects = {
        "chosen": await put(studio, keys.scene_asset(*place, "images", "kept", "png")),
        "removed": await put(studio, keys.scene_asset(*place, "images", "removed", "png")),
        "replaced": await put(studio, keys.scene_asset(*place, "voiceovers", "old", "wav")),
        "video": await put(studio, keys.render_file(str(project.id), "r1", "video", "mp4")),
    }
    image = Image(file=stored_file(objects["chosen"]), width=8, height=8, provenance=made())
    project.script.scenes[0].frames[0].images = [image]
    await project.save()
    objects["earlier"] = await put(studio, keys.scene_asset(*place, "images", "earlier", "png"))
    seen = Image(file=stored_file(objects["earlier"]), width=8, height=8, provenance=made())
    await ScriptVersion(
        project_id=project.id,
        owner_id=project.owner_id,
        scenes=1,
        frames=1,
        script=Script(scenes=[Scene(frames=[Frame(images=[seen])])]),
        replaced_at=datetime.now(UTC),
    ).insert()
    job = job_of(JobKind.RENDER, project_id=project.id, owner_id=project.owner_id)
    await make_render(project, job, video=stored_file(objects["video"]))
    return project, objects


async def test_what_no_document_names_goes_and_the_rest_stays(studio: Studio) -> None:
    project, objects = await furnished(studio)
    tidying = ProjectTidying(studio.services.objects, in_days(2))
    assert await tidying.tidy(project.id) == 2
    prefix = keys.project_prefix(str(project.id))
    assert await listed(studio, prefix) == {objects[name] for name in ("chosen", "video", "earlier")}
    assert await tidying.tidy(project.id) == 0


async def test_what_is_young_or_still_being_made_is_left_alone(studio: Studio) -> None:
    project, _ = await furnished(studio)
    prefix = keys.project_prefix(str(project.id))
    before = await listed(studio, prefix)
    assert await ProjectTidying(studio.services.objects, in_days(0.5)).tidy(project.id) == 0
    job = job_of(JobKind.IMAGE, project_id=project.id, owner_id=project.owner_id)
    await job.insert()
    tidying = ProjectTidying(studio.services.objects, in_days(2))
    assert await tidying.tidy(project.id) == 0
    assert await listed(studio, prefix) == before
    await Job.find({"_id": job.id}).update({"$set": {"state": JobState.SUCCEEDED.value}})
    assert await tidying.tidy(project.id) == 2


async def test_sources_of_a_render_that_may_be_retried_stay(studio: Studio) -> None:
    project, objects = await furnished(studio)
    job = job_of(JobKind.RENDER, project_id=project.id, owner_id=project.owner_id, state=JobState.FAILED)
    job.checkpoint = {"timeline": "{}", "sources": {"a.png": objects["removed"]}}
    await job.insert()
    assert await ProjectTidying(studio.services.objects, in_days(2)).tidy(project.id) == 1
    assert objects["removed"] in await listed(studio, keys.project_prefix(str(project.id)))


async def test_what_is_changed_while_its_names_are_read_is_left_for_the_next_time(studio: Studio) -> None:
    project, _ = await furnished(studio)
    (version,) = await ScriptVersion.find({"project_id": project.id}).to_list()
    prefix = keys.project_prefix(str(project.id))
    before = await listed(studio, prefix)

    class Overtaken(ProjectTidying):
        async def _named(self, project_id: PydanticObjectId, prefix: str) -> set[str]:
            named = await super()._named(project_id, prefix)
            await TreeEditor(project_id, Caps(), datetime.now(UTC)).restore_script(version.id)
            return named

    assert await Overtaken(studio.services.objects, in_days(2)).tidy(project.id) == 0
    assert await listed(studio, prefix) == before


async def test_the_walk_visits_each_quiet_project_once_and_again_after_a_change(studio: Studio) -> None:
    projects = [await make_project(studio.context(), frames=[]) for _ in range(3)]
    tidying = ProjectTidying(studio.services.objects, in_days(2))
    seen: list[PydanticObjectId] = []

    async def tidy(project_id: PydanticObjectId) -> int:
        seen.append(project_id)
        return 0

    tidying.tidy = tidy  # type: ignore[method-assign]
    await tidying.run()
    assert {each.id for each in projects} <= set(seen)
    seen.clear()
    await tidying.run()
    assert seen == []
    now = datetime.now(UTC) + timedelta(minutes=1)
    await Project.find({"_id": projects[0].id}).update({"$set": {"updated_at": now}})
    await tidying.run()
    assert seen == [projects[0].id]
    assert (await HouseMark.of("projects to tidy")).last_id == projects[0].id
    plan = await Project.get_pymongo_collection().find({"updated_at": {"$gte": now}}).explain()
    assert "COLLSCAN" not in str(plan["queryPlanner"]["winningPlan"])


async def test_segments_go_when_no_render_asked_for_them_in_30_days(studio: Studio) -> None:
    owner = str(PydanticObjectId())
    old_key, used_key = [await put(studio, keys.segment("users", owner, digit * 64)) for digit in "ab"]
    await CachedSegment.note_use([old_key, used_key], datetime.now(UTC))
    await CachedSegment.note_use([used_key], datetime.now(UTC) + timedelta(days=5))
    await SegmentCache(studio.services.objects, in_days(29)).run()
    assert len(await listed(studio, f"users/{owner}/")) == 2
    await SegmentCache(studio.services.objects, in_days(31)).run()
    assert await listed(studio, f"users/{owner}/") == {used_key}
    assert await CachedSegment.find({"_id": {"$in": [old_key, used_key]}}).count() == 1


async def test_a_use_is_noted_once_a_day(studio: Studio) -> None:
    del studio
    key, now = f"users/{PydanticObjectId()}/segments/{'c' * 64}.mp4", datetime.now(UTC)
    noted = []
    for hours in (0, 1, 23, 25, 2):
        await CachedSegment.note_use([key, key], now + timedelta(hours=hours))
        segment = await CachedSegment.find_one({"_id": key})
        assert segment is not None
        noted.append(round((segment.used_at - now) / timedelta(hours=1)))
    assert noted == [0, 0, 0, 25, 25]


async def test_a_project_whose_30_days_are_over_leaves_an_entry_in_the_trail_and_nothing_else(
    studio: Studio,
) -> None:
    project, _ = await furnished(studio)
    other, _ = await furnished(studio)
    deleted_at = datetime.now(UTC) - timedelta(days=1)
    company = PydanticObjectId()
    await Project.find({"_id": project.id}).update(
        {"$set": {"deleted_at": deleted_at, "company_id": company}}
    )
    await job_of(JobKind.IMAGE, project_id=project.id, owner_id=project.owner_id).insert()
    await ProjectRemoval(studio.services.objects, in_days(28)).run()
    assert await Project.get(project.id) is not None
    removal = ProjectRemoval(studio.services.objects, in_days(30))
    await removal.run()
    await removal.run()
    assert await Project.get(project.id) is None
    assert await Job.find({"project_id": project.id}).count() == 0
    assert await Render.find({"project_id": project.id}).count() == 0
    assert await listed(studio, keys.project_prefix(str(project.id))) == set()
    (entry,) = await AuditEntry.find({"project_id": project.id}).to_list()
    assert (entry.action, entry.company_id, entry.actor_id) == (AuditAction.PROJECT_ERASED, company, None)
    assert await Project.get(other.id) is not None
    assert len(await listed(studio, keys.project_prefix(str(other.id)))) == 5
