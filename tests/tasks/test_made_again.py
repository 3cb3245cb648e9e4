"""Music, sounds and clips that are ordered once more: something new, unless a seed says what."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from documents.jobs.job import Job, JobKind
from documents.projects.project import AssetReuse, Project
from documents.tree.asset import Origin
from documents.tree.brief import MusicTrack, Resolution, Style
from documents.tree.look import SoundEffect
from documents.tree.script import Scene
from storage.object_store import ObjectStore
from tasks.making.music import compose_music
from tests.schema.desk import Desk
from tests.studio import local_providers
from tests.tasks.media_studio import MediaStudio, frame, gid, make_project, open_media_studio

SMALL = Style(resolution=Resolution.P480)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def services(
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


@pytest.fixture
def studio(services: MediaStudio) -> MediaStudio:
    """One where all is local: bytes follow from inputs and seed."""
    services.replicate.forget()
    studio = services.desk.studio
    desk = Desk(
        replace(studio, services=replace(studio.services, providers=local_providers())), services.desk.schema
    )
    return replace(services, desk=desk, shop=replace(services.shop, providers=local_providers()))


async def composed(studio: MediaStudio, project: Project, **given: Any) -> MusicTrack:
    payload = await studio.order(project, "generateMusic", {"projectId": gid(project)} | given, "job { id }")
    assert payload["userErrors"] == []
    track = (await studio.now(project)).music.track
    assert track is not None
    return track


async def test_music_that_is_ordered_again_is_other_music_and_a_seed_brings_it_back(
    studio: MediaStudio,
) -> None:
    project = await make_project(studio)
    made = [await composed(studio, project) for _ in range(3)]
    assert len({each.file.sha256 for each in made}) == 3
    assert len({each.provenance.inputs_hash for each in made}) == 1
    again = await composed(studio, project, seed=made[1].provenance.seed)
    assert (again.file.sha256, again.provenance.seed) == (made[1].file.sha256, made[1].provenance.seed)
    assert again.id != made[1].id


async def test_music_of_a_job_that_is_done_again_is_the_same(studio: MediaStudio) -> None:
    project = await make_project(studio)
    await composed(studio, project)
    order = {"projectId": gid(project)}
    await studio.desk.change("generateMusic", order, "job { id }", by=project.owner_id)
    (job,) = await Job.find({"project_id": project.id, "finished_at": None}).to_list()
    first = await compose_music(studio.shop, job, lambda *_, **__: None)
    data = await studio.bytes_of(first.result["key"])
    second = await compose_music(studio.shop, job, lambda *_, **__: None)
    assert second.result == first.result
    assert await studio.bytes_of(second.result["key"]) == data


async def test_music_that_is_ordered_again_is_never_taken_from_the_project_itself(
    studio: MediaStudio,
) -> None:
    project = await make_project(studio)
    await project.set({"asset_reuse": AssetReuse.WITHIN_PROJECT})
    made = [await composed(studio, project) for _ in range(3)]
    assert {each.provenance.origin for each in made} == {Origin.GENERATED}
    assert len({each.file.sha256 for each in made}) == 3


async def test_a_sound_that_is_ordered_again_is_another_one_and_a_seed_brings_it_back(
    studio: MediaStudio,
) -> None:
    shown = frame()
    project = await make_project(studio, Scene(title="One", frames=[shown]), style=SMALL)
    order: dict[str, Any] = {"frameId": gid(project, shown), "prompt": "heavy rain", "durationS": 1}
    for _ in range(2):
        await studio.order(project, "generateSoundEffect", order, "job { id }")
    first, second = await sounds(studio, project)
    again = order | {"seed": second.provenance and second.provenance.seed}
    await studio.order(project, "generateSoundEffect", again, "job { id }")
    third = (await sounds(studio, project))[2]
    assert first.file and second.file and third.file  # noqa: PT018 - for the type checker
    assert first.file.sha256 != second.file.sha256 == third.file.sha256


async def sounds(studio: MediaStudio, project: Project) -> list[SoundEffect]:
    return (await studio.now(project)).script.scenes[0].frames[0].sound_effects


async def test_a_production_of_everything_brings_other_music_and_sounds(studio: MediaStudio) -> None:
    rain = SoundEffect(prompt="heavy rain", wanted_s=1)
    project = await make_project(
        studio, Scene(title="One", frames=[frame(sound_effects=[rain])]), style=SMALL
    )
    await project.set({"music.is_enabled": True})
    made = []
    for mode in ("MISSING", "ALL", "ALL"):
        order = {"projectId": gid(project), "mode": mode, "stopAfter": "ASSETS"}
        await studio.order(project, "startProduction", order, "job { id }")
        track, (sound,) = (await studio.now(project)).music.track, await sounds(studio, project)
        assert track is not None
        assert sound.file is not None
        made.append((track.file.sha256, sound.file.sha256))
    assert [len(set(each)) for each in zip(*made, strict=True)] == [3, 3]


async def test_clips_are_ordered_by_seed(services: MediaStudio) -> None:
    services.replicate.forget()
    project = await make_project(services, Scene(title="One", frames=[frame()]))
    order = {"projectId": gid(project), "from": "TEXT"}
    await services.order(project, "generateClips", order)
    await services.order(project, "generateClips", order)
    first, second = (await services.now(project)).script.scenes[0].clips
    assert first.provenance.seed != second.provenance.seed
    await services.order(project, "generateClips", order | {"seed": first.provenance.seed})
    asked = [each.body["input"]["seed"] for each in services.replicate.predictions.values()]
    assert asked == [first.provenance.seed, second.provenance.seed, first.provenance.seed]


async def test_music_of_a_service_has_the_seed_that_it_was_asked_with(services: MediaStudio) -> None:
    services.replicate.forget()
    project = await make_project(services, style=Style(music_provider="replicate"))
    for given in ({}, {"seed": 2**31 + 4}):
        await services.order(project, "generateMusic", {"projectId": gid(project)} | given, "job { id }")
        track = (await services.now(project)).music.track
        assert track is not None
        asked = list(services.replicate.predictions.values())[-1].body["input"]["seed"]
        assert track.provenance.seed == asked
    assert asked == 4  # of 31 bits


@pytest.mark.parametrize("operation", ["generateMusic", "generateSoundEffect", "generateClips"])
async def test_a_seed_out_of_range_is_refused(studio: MediaStudio, operation: str) -> None:
    shown = frame()
    project = await make_project(studio, Scene(title="One", frames=[shown]), style=SMALL)
    orders: dict[str, dict[str, Any]] = {
        "generateMusic": {"projectId": gid(project)},
        "generateSoundEffect": {"frameId": gid(project, shown), "prompt": "rain"},
        "generateClips": {"projectId": gid(project), "from": "TEXT"},
    }
    selection = "jobs { id }" if operation == "generateClips" else "job { id }"
    wrong: list[tuple[dict[str, Any], str]] = [({"seed": -1}, "seed"), ({"seed": 2**32}, "seed")]
    if operation == "generateClips":
        wrong.append(({"seed": 1, "count": 2}, "count"))
    for given, field in wrong:
        answer = await studio.desk.change(
            operation, orders[operation] | given, selection, by=project.owner_id
        )
        assert [(e["code"], e["field"]) for e in answer["userErrors"]] == [("INVALID", f"input.{field}")]
    assert await Job.find({"project_id": project.id, "kind": {"$ne": JobKind.IMAGE}}).count() == 0
