"""A script that another one takes the place of is kept, and can be brought back whole."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from beanie import PydanticObjectId, init_beanie
from pymongo.asynchronous.database import AsyncDatabase

from documents import MODELS
from documents.errors import CapReached, NodeMissing, RevisionStale
from documents.projects.project import Project
from documents.tree import script_version
from documents.tree.caps import Caps
from documents.tree.changes import TreeEditor
from documents.tree.script import Frame, Scene, Script
from documents.tree.script_version import ScriptVersion
from tests.documents.test_tree import NOW, editor, make_project, scene_of, told


@pytest.fixture(scope="module", autouse=True)
async def models(database: AsyncDatabase[dict[str, Any]]) -> None:
    await init_beanie(database=database, document_models=list(MODELS))


async def versions(project: Project) -> list[ScriptVersion]:
    found = ScriptVersion.find({"project_id": project.id}).sort("-replaced_at", "-_id")
    kept: list[ScriptVersion] = await found.to_list()
    return kept


async def test_the_old_script_is_kept_with_all_that_hung_on_it() -> None:
    project = await make_project(scene_of("a", "b"), scene_of("c"))
    before = project.script.stored()["scenes"]
    await editor(project).replace_script(Script(title="new", scenes=[scene_of("x")]))
    assert await told(project) == [["x"]]
    [kept] = await versions(project)
    assert (kept.scenes, kept.frames, kept.replaced_at, kept.owner_id) == (2, 3, NOW, project.owner_id)
    assert kept.script is not None
    assert kept.script.stored()["scenes"] == before
    assert await ScriptVersion.narration(kept.id) == [("s", ["a", "b"]), ("s", ["c"])]


async def test_an_empty_script_is_not_kept() -> None:
    project = await make_project()
    await editor(project).replace_script(Script(scenes=[scene_of("x")]))
    assert await versions(project) == []


async def test_bringing_one_back_makes_the_other_a_version() -> None:
    project = await make_project(scene_of("a"))
    first = project.script.scenes[0]
    await editor(project).replace_script(Script(title="second", scenes=[scene_of("b")]))
    [kept] = await versions(project)
    changed = await editor(project).restore_script(kept.id, expected_revision=1)
    assert (changed.node.scenes[0].id, changed.node.revision) == (first.id, 2)
    assert await told(project) == [["a"]]
    [other] = await versions(project)
    assert (other.title, await ScriptVersion.narration(other.id)) == ("second", [("s", ["b"])])


async def test_what_is_refused_changes_neither_script_nor_versions() -> None:
    project, stranger = await make_project(scene_of("a", "b")), await make_project(scene_of("z"))
    await editor(project).replace_script(Script(scenes=[scene_of("x")]))
    [kept] = await versions(project)
    with pytest.raises(RevisionStale):
        await editor(project).restore_script(kept.id, expected_revision=7)
    with pytest.raises(RevisionStale):
        await editor(project).replace_script(Script(scenes=[scene_of("y")]), expected_revision=7)
    with pytest.raises(CapReached):
        await editor(project, frames_per_scene=1).restore_script(kept.id)
    with pytest.raises(NodeMissing):
        await editor(stranger).restore_script(kept.id)
    with pytest.raises(NodeMissing):
        await TreeEditor(PydanticObjectId(), Caps(), NOW).restore_script(kept.id)
    assert [each.id for each in await versions(project)] == [kept.id]
    assert await versions(stranger) == []
    assert await told(project) == [["x"]]


async def test_the_oldest_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script_version, "KEPT", 3)
    project = await make_project(scene_of("0"))
    for number in range(1, 6):
        now = datetime(2026, 1, number, tzinfo=UTC)
        written = Script(title=str(number), scenes=[scene_of(str(number))])
        await TreeEditor(project.id, Caps(), now).replace_script(written)
    assert [each.title for each in await versions(project)] == ["4", "3", "2"]


async def test_of_writers_at_once_none_loses_what_another_wrote() -> None:
    project = await make_project(scene_of("0"))
    written = [Script(title=str(n), scenes=[scene_of(str(n))]) for n in range(1, 9)]
    await asyncio.gather(*(editor(project).replace_script(each) for each in written))
    [[last]] = await told(project)
    kept = [await ScriptVersion.narration(each.id) for each in await versions(project)]
    texts = [narrations[0] for version in kept for _, narrations in version]
    assert sorted([*texts, last]) == [str(n) for n in range(9)]


async def test_a_candidate_of_a_version_comes_back_with_it() -> None:
    frame = Frame(narration="a", is_skipped=True, picture_prompt="a bee")
    project = await make_project(Scene(frames=[frame]))
    await editor(project).replace_script(Script(scenes=[scene_of("x")]))
    [kept] = await versions(project)
    changed = await editor(project).restore_script(kept.id)
    [found] = changed.node.scenes[0].frames
    assert found.stored() == frame.stored()
