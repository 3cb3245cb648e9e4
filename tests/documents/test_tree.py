"""One atomic change at a time: what is written, what is refused, and that a refusal writes nothing."""

from datetime import UTC, datetime
from typing import Any

import bson
import pytest
from beanie import PydanticObjectId, init_beanie
from pymongo.asynchronous.database import AsyncDatabase

from documents import MODELS
from documents.errors import CapReached, NodeMissing, RevisionStale
from documents.projects.project import Project
from documents.tree import place as places
from documents.tree.brief import Style
from documents.tree.caps import Caps
from documents.tree.changes import TreeEditor
from documents.tree.script import Frame, Scene, Script

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOSTILE = ("$$ROOT.title", "$5 off", "{\\b1}", "%{pts}", "'; rm -rf /", "a.b.$[x]", "\\")


@pytest.fixture(scope="module", autouse=True)
async def models(database: AsyncDatabase[dict[str, Any]]) -> None:
    await init_beanie(database=database, document_models=list(MODELS))


async def make_project(*scenes: Scene) -> Project:
    project = Project(title="t", owner_id=PydanticObjectId(), created_at=NOW, updated_at=NOW)
    project.script.scenes = list(scenes)
    await project.insert()
    return project


def scene_of(*texts: str) -> Scene:
    return Scene(title="s", frames=[Frame(narration=text) for text in texts])


async def told(project: Project) -> list[list[str]]:
    current = await Project.get(project.id)
    assert current is not None
    return [[frame.narration for frame in scene.frames] for scene in current.script.scenes]


async def raw(project: Project) -> dict[str, Any] | None:
    found: dict[str, Any] | None = await Project.get_pymongo_collection().find_one({"_id": project.id})
    return found


def editor(project: Project, **caps: int) -> TreeEditor:
    return TreeEditor(project.id, Caps(**caps), NOW)


async def test_a_change_raises_the_revisions_of_its_node_and_of_the_project_alone() -> None:
    project = await make_project(scene_of("a", "b"))
    first, second = project.script.scenes[0].frames
    changed = await editor(project).set_fields(places.frame(first.id), {"narration": "new"})
    assert (changed.node.narration, changed.node.revision, changed.project_revision) == ("new", 1, 1)
    assert changed.node.project_id == project.id
    current = await Project.get(project.id)
    assert current is not None
    assert [frame.revision for frame in current.script.scenes[0].frames] == [1, 0]
    assert current.script.scenes[0].frames[1].id == second.id


@pytest.mark.parametrize("text", HOSTILE)
async def test_text_is_stored_as_it_is_through_updates_and_moves(text: str) -> None:
    project = await make_project(scene_of("a", "b"), scene_of("c"))
    moved = project.script.scenes[0].frames[0]
    tree = editor(project)
    await tree.set_fields(places.frame(moved.id), {"narration": text})
    await tree.set_fields(places.scene(project.script.scenes[1].id), {"title": text})
    await tree.move_frame(moved.id, scene_id=project.script.scenes[1].id, position=1)
    await tree.move_scene(project.script.scenes[1].id, position=0)
    assert await told(project) == [["c", text], ["b"]]
    current = await Project.get(project.id)
    assert current is not None
    assert current.script.scenes[0].title == text


@pytest.mark.parametrize(
    ("position", "order"),
    [(0, ["c", "a", "b"]), (1, ["a", "c", "b"]), (2, ["a", "b", "c"]), (99, ["a", "b", "c"])],
)
async def test_a_frame_moves_to_its_position_among_the_others(position: int, order: list[str]) -> None:
    project = await make_project(scene_of("a", "b", "c"))
    scene = project.script.scenes[0]
    changed = await editor(project).move_frame(scene.frames[2].id, scene_id=scene.id, position=position)
    assert changed.node.revision == 1
    assert await told(project) == [order]


async def test_a_stale_revision_is_refused_with_the_current_node() -> None:
    project = await make_project(scene_of("a"))
    scene = project.script.scenes[0]
    frame = scene.frames[0]
    tree = editor(project)
    await tree.set_fields(places.frame(frame.id), {"narration": "newer"}, expected_revision=0)
    before = await raw(project)
    for refused in (
        tree.set_fields(places.frame(frame.id), {"narration": "x"}, expected_revision=0),
        tree.remove_frame(frame.id, expected_revision=0),
        tree.move_frame(frame.id, scene_id=scene.id, position=0, expected_revision=0),
        tree.choose_image(frame.id, PydanticObjectId(), expected_revision=0),
    ):
        with pytest.raises(RevisionStale) as stale:
            await refused
        assert isinstance(stale.value.current, Frame)
        assert stale.value.current.narration == "newer"
    assert await raw(project) == before


async def test_what_is_not_there_is_named_and_nothing_is_written() -> None:
    project = await make_project(scene_of("a"))
    scene = project.script.scenes[0]
    tree, nowhere = editor(project), PydanticObjectId()
    before = await raw(project)
    for refused, kind in (
        (tree.set_fields(places.frame(nowhere), {"narration": "x"}), "Frame"),
        (tree.set_fields(places.image(nowhere), {"width": 1}), "Image"),
        (tree.move_frame(scene.frames[0].id, scene_id=nowhere, position=0), "Scene"),
        (tree.move_scene(nowhere, position=0), "Scene"),
        (tree.remove_scene(nowhere), "Scene"),
        (tree.choose_image(scene.frames[0].id, nowhere), "Frame"),
        (tree.add_frame(nowhere, Frame()), "Scene"),
    ):
        with pytest.raises(NodeMissing) as missing:
            await refused
        assert missing.value.kind == kind
    assert await raw(project) == before


async def test_a_deleted_project_can_no_longer_be_changed() -> None:
    project = await make_project(scene_of("a"))
    await Project.get_pymongo_collection().update_one({"_id": project.id}, {"$set": {"deleted_at": NOW}})
    with pytest.raises(NodeMissing):
        await editor(project).add_scene(scene_of("b"))
    assert await told(project) == [["a"]]


async def test_caps_are_named_and_hold() -> None:
    project = await make_project(scene_of("a", "b"), scene_of("c", "d"))
    one, two = project.script.scenes
    before = await raw(project)
    for refused, what in (
        (editor(project, scenes_per_script=2).add_scene(scene_of("x")), "scenes in a script"),
        (editor(project, frames_per_scene=2).add_frame(one.id, Frame()), "frames in a scene"),
        (editor(project, frames_per_project=4).add_frame(one.id, Frame()), "frames in a project"),
        (editor(project, frames_per_project=4).add_scene(scene_of("x")), "frames in a project"),
        (
            editor(project, frames_per_scene=2).move_frame(one.frames[0].id, scene_id=two.id, position=0),
            "frames in a scene",
        ),
        (
            editor(project, tree_bytes=8_192).set_fields(
                places.frame(one.frames[0].id), {"narration": "x" * 5_000}
            ),
            "bytes in a project's tree",
        ),
    ):
        with pytest.raises(CapReached) as reached:
            await refused
        assert reached.value.what == what
    assert await raw(project) == before


async def test_a_full_scene_can_still_reorder_its_own_frames() -> None:
    project = await make_project(scene_of("a", "b"))
    scene = project.script.scenes[0]
    await editor(project, frames_per_scene=2).move_frame(scene.frames[1].id, scene_id=scene.id, position=0)
    assert await told(project) == [["b", "a"]]


async def size_of(project: Project) -> int:
    """Bytes of the tree, without what viewers are still to be told."""
    document = await raw(project)
    assert document is not None
    return len(bson.encode({name: value for name, value in document.items() if name != "outbox"}))


async def test_text_is_shortened_however_full_the_tree_is() -> None:
    project = await make_project(scene_of("x" * 4_900))
    place = places.frame(project.script.scenes[0].frames[0].id)
    full = editor(project, tree_bytes=await size_of(project))
    await full.set_fields(place, {"narration": "x" * 4_899})
    await full.set_fields(place, {"narration": "y" * 4_900})
    with pytest.raises(CapReached):
        await full.set_fields(place, {"narration": "y" * 4_901})
    overfull = editor(project, tree_bytes=1_000)
    await overfull.set_fields(place, {"narration": "z" * 4_000})
    with pytest.raises(CapReached):
        await overfull.set_fields(place, {"narration": "z" * 4_001})
    assert await told(project) == [["z" * 4_000]]


async def test_replaced_script_counts_without_the_one_that_goes() -> None:
    project = await make_project(scene_of("x" * 5_000))
    full = editor(project, tree_bytes=await size_of(project) + 200)
    await full.replace_script(Script(scenes=[scene_of("y" * 5_000)]))
    assert await told(project) == [["y" * 5_000]]


async def test_news_that_waits_takes_no_room_in_the_tree() -> None:
    project = await make_project(scene_of("a"))
    place = places.frame(project.script.scenes[0].frames[0].id)
    roomy = editor(project, tree_bytes=await size_of(project) + 1)
    for text in ("b", "c", "d", "ee"):
        await roomy.set_fields(place, {"narration": text})
    current = await raw(project)
    assert current is not None
    assert len(current["outbox"]) == 4


async def test_field_inside_of_a_section_counts_as_what_it_replaces() -> None:
    project = await make_project()
    place = places.section(Style)
    await editor(project).set_fields(place, {"captions.font": "x" * 200})
    full = editor(project, tree_bytes=await size_of(project))
    await full.set_fields(place, {"captions.font": "y" * 200})
    with pytest.raises(CapReached):
        await full.set_fields(place, {"captions.font": "y" * 201})
