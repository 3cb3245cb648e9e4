"""Many workers and people at once: nothing of what was written is lost."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from beanie import PydanticObjectId, init_beanie
from pymongo.asynchronous.database import AsyncDatabase

from documents import MODELS
from documents.errors import CapReached, RevisionStale
from documents.projects import project_life
from documents.projects.project import Project
from documents.tree import place as places
from documents.tree.asset import Origin, Provenance, StoredFile
from documents.tree.caps import Caps
from documents.tree.changes import TreeEditor
from documents.tree.script import Frame, Image, Scene

NOW = datetime(2026, 3, 1, tzinfo=UTC)
FILE = StoredFile(key="projects/p/a.png", sha256="ab" * 32, size_bytes=3, mime_type="image/png")


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def _documents(database: AsyncDatabase[dict[str, Any]]) -> None:
    await init_beanie(database=database, document_models=list(MODELS))


def picture() -> Image:
    provenance = Provenance(origin=Origin.GENERATED, created_at=NOW)
    return Image(file=FILE, width=1, height=1, provenance=provenance)


@pytest_asyncio.fixture
async def project() -> Project:
    scenes = [Scene(title=f"s{n}", frames=[Frame(narration="") for _ in range(10)]) for n in range(5)]
    made = Project(title="T", owner_id=PydanticObjectId(), created_at=NOW, updated_at=NOW)
    made.script.scenes = scenes
    await project_life.create(made)
    return made


async def reread(project: Project) -> Project:
    raw = await Project.get_pymongo_collection().find_one({"_id": project.id})
    found: Project = Project.model_validate(raw)
    return found


async def test_fifty_pictures_arrive_while_people_edit_and_nothing_is_lost(project: Project) -> None:
    editor = TreeEditor(project.id, Caps(), NOW)
    frames = [frame for _, frame in project.frames()]
    pictures = [picture() for _ in frames]
    pairs = list(zip(frames, pictures, strict=True))
    scenes = project.script.scenes
    await asyncio.gather(
        *(editor.add_image(frame.id, image, choose=True) for frame, image in pairs),
        *(
            editor.set_fields(places.frame(frame.id), {"narration": f"n{number}"})
            for number, frame in enumerate(frames)
        ),
        *(
            editor.set_fields(places.voiceover(frame.id), {"text": f"v{number}"})
            for number, frame in enumerate(frames)
        ),
        *(editor.set_fields(places.scene(scene.id), {"summary": scene.title}) for scene in scenes),
        *(
            editor.move_frame(frame.id, scene_id=scenes[number % 5].id, position=number % 7)
            for number, frame in enumerate(frames)
        ),
        *(editor.move_scene(scene.id, position=number) for number, scene in enumerate(scenes)),
        *(editor.add_scene(Scene(title="new")) for _ in range(5)),
    )
    now = await reread(project)
    changes = 50 * 4 + 5 * 3
    assert now.revision == changes
    assert len(now.outbox) == changes
    assert len({event.id for event in now.outbox}) == changes
    found = {frame.id: frame for _, frame in now.frames()}
    assert set(found) == {frame.id for frame in frames}
    assert len(now.frames()) == len(frames)
    for number, (frame, image) in enumerate(pairs):
        stored = found[frame.id]
        assert [each.id for each in stored.images] == [image.id]
        assert stored.chosen_image_id == image.id
        assert stored.narration == f"n{number}"
        assert stored.voiceover.text == f"v{number}"
        assert stored.revision == 3
    assert {scene.title for scene in now.script.scenes} == {f"s{n}" for n in range(5)} | {"new"}
    assert all(scene.summary == scene.title for scene in now.script.scenes if scene.title != "new")


async def test_as_many_candidates_as_fit_are_taken_of_fifty(project: Project) -> None:
    frame = project.frames()[0][1]
    editor = TreeEditor(project.id, Caps(), NOW)
    results = await asyncio.gather(
        *(editor.add_image(frame.id, picture(), choose=False) for _ in range(50)), return_exceptions=True
    )
    refused = [each for each in results if isinstance(each, CapReached)]
    assert len(refused) == 50 - Caps().candidates_per_frame
    now = await reread(project)
    assert len(now.frames()[0][1].images) == Caps().candidates_per_frame
    assert now.revision == Caps().candidates_per_frame


async def test_one_of_fifty_with_the_same_revision_wins(project: Project) -> None:
    frame = project.frames()[0][1]
    editor = TreeEditor(project.id, Caps(), NOW)
    results = await asyncio.gather(
        *(
            editor.set_fields(places.frame(frame.id), {"narration": f"n{number}"}, expected_revision=0)
            for number in range(50)
        ),
        return_exceptions=True,
    )
    (winner,) = [each for each in results if not isinstance(each, BaseException)]
    losers = [each for each in results if isinstance(each, RevisionStale)]
    assert len(losers) == 49
    assert {loser.current.narration for loser in losers} == {winner.node.narration}  # type: ignore[attr-defined]  # a Frame
    assert (await reread(project)).frames()[0][1].narration == winner.node.narration


async def test_tree_that_is_full_refuses_and_stays(project: Project) -> None:
    editor = TreeEditor(project.id, Caps(tree_bytes=20_000), NOW)
    frame = project.frames()[0][1]
    with pytest.raises(CapReached, match="20000 bytes"):
        await editor.set_fields(places.frame(frame.id), {"narration": "x" * 5_000})
    assert (await reread(project)).revision == 0
