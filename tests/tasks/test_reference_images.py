"""What makers are shown of things that must look as they do."""

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from documents.projects.project import Project
from documents.tree.asset import Origin, Provenance
from documents.tree.brief import Resolution, Style
from documents.tree.reference_image import ReferenceImage
from documents.tree.script import Scene
from documents.writers_room.character import Character, CharacterImage
from storage.object_store import ObjectStore
from tests.stand_ins.media import still
from tests.studio import stored_file
from tests.tasks.media_studio import MediaStudio, frame, gid, make_project, open_media_studio
from tests.tasks.test_media import sent_file


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def studio(
    mongo_client: AsyncMongoClient[dict[str, Any]],
    database: AsyncDatabase[dict[str, Any]],
    redis_url: str,
    object_store: ObjectStore,
    tmp_path_factory: Any,
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


async def picture(studio: MediaStudio, number: int, *, is_stored: bool = True) -> dict[str, Any]:
    """What there is of a small picture, each of other bytes."""
    file = stored_file(f"projects/p/references/{number}.png", sha256=f"{number:02x}" * 32)
    if is_stored:
        await studio.shop.objects.put_bytes(file.key, still(32, 32, number, "PNG"), "image/png")
    provenance = Provenance(origin=Origin.COMPANY, created_at=studio.shop.now())
    return {"file": file, "width": 32, "height": 32, "provenance": provenance}


async def advert(studio: MediaStudio) -> Project:
    """A project with somebody who appears, a bottle in one scene, and a logo everywhere."""
    style = Style(
        resolution=Resolution.P480,
        image_provider="replicate",
        reference_images=[ReferenceImage(title="the logo", **await picture(studio, 3))],
    )
    lost = ReferenceImage(title="lost", **await picture(studio, 9, is_stored=False))
    bottle = ReferenceImage(title="the bottle", **await picture(studio, 2))
    scenes = [
        Scene(title="One", frames=[frame()], reference_images=[bottle, lost]),
        Scene(title="Two", frames=[frame()]),
    ]
    project = await make_project(studio, *scenes, style=style)
    now = studio.shop.now()
    made = {"created_by": project.owner_id, "created_at": now, "updated_at": now}
    ada = await Character(
        name="Ada",
        owner_id=project.owner_id,
        images=[CharacterImage(**await picture(studio, 1))],
        **made,
    ).insert()
    project.script.scenes[0].character_ids = [ada.id]
    await project.replace()
    return project


async def test_makers_of_pictures_are_shown_characters_then_the_scenes_things_then_the_projects(
    studio: MediaStudio,
) -> None:
    studio.replicate.forget()
    project = await advert(studio)
    await studio.order(project, "generateImages", {"projectId": gid(project)})
    shown = [
        [sent_file(studio, each) for each in made.body["input"]["image_input"]]
        for made in studio.replicate.predictions.values()
    ]
    one, two, three = (still(32, 32, number, "PNG") for number in (1, 2, 3))
    assert shown == [[one, two, three], [three]]
    stale = """query($id: ID!) { project(id: $id) { script { scenes { frames { images { isStale } } } } } }"""
    answer = await studio.desk.ask(stale, by=project.owner_id, id=gid(project))
    scenes = answer["project"]["script"]["scenes"]
    assert [each["frames"][0]["images"][0]["isStale"] for each in scenes] == [False, False]
    given = {"targetId": gid(project, project.script.scenes[0]), "images": [], "expectedRevision": 1}
    revision = (await studio.now(project)).script.scenes[0].revision
    payload = await studio.desk.change(
        "arrangeReferenceImages", given | {"expectedRevision": revision}, by=project.owner_id
    )
    assert payload["userErrors"] == []
    answer = await studio.desk.ask(stale, by=project.owner_id, id=gid(project))
    scenes = answer["project"]["script"]["scenes"]
    assert [each["frames"][0]["images"][0]["isStale"] for each in scenes] == [True, False]


async def test_makers_of_clips_are_shown_things_where_no_picture_shows_them(studio: MediaStudio) -> None:
    studio.replicate.forget()
    project = await advert(studio)
    await studio.order(project, "generateClips", {"projectId": gid(project), "from": "TEXT"})
    shown = [
        [sent_file(studio, each) for each in made.body["input"]["reference_images"]]
        for made in studio.replicate.predictions.values()
    ]
    one, two, three = (still(32, 32, number, "PNG") for number in (1, 2, 3))
    assert shown == [[one, two, three], [three]]
    stale = "query($id: ID!) { project(id: $id) { script { scenes { clips { isStale } } } } }"
    answer = await studio.desk.ask(stale, by=project.owner_id, id=gid(project))
    assert [each["clips"][0]["isStale"] for each in answer["project"]["script"]["scenes"]] == [False, False]
