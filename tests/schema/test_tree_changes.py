"""What holds for every mutation of a project, one after the other."""

from collections.abc import Callable
from typing import Any

import pytest
from beanie import PydanticObjectId

from access.permissions import Permission
from documents.projects.project_role import ProjectRole
from schema.guarding.rules import operations, rule_of
from schema.ids import document_gid, tree_gid
from tests.schema.desk import Desk, Film, make_film, mutation

Given = Callable[[Film], dict[str, Any]]

OF_THEIR_OWN = {"projectId": "Project", "versionId": "ScriptVersion"}
"""Ids of documents; all others are of nodes in the tree."""

CHANGES: dict[str, tuple[Given, str]] = {
    "updateProject": (lambda film: {"projectId": film.id, "title": "New"}, "project { title revision }"),
    "deleteProject": (lambda film: {"projectId": film.id}, "project { deletedAt revision }"),
    "setProjectPersona": (lambda film: {"projectId": film.id}, "project { personaVersion revision }"),
    "setProjectEpisode": (lambda film: {"projectId": film.id}, "project { episodeNumber revision }"),
    "updateBrief": (lambda film: {"projectId": film.id, "tone": "dry"}, "brief { tone revision }"),
    "updateStyle": (lambda film: {"projectId": film.id, "look": "ink"}, "style { look revision }"),
    "removeCaptionFont": (lambda film: {"projectId": film.id}, "style { captionFont { name } revision }"),
    "updateMusic": (lambda film: {"projectId": film.id, "mood": "calm"}, "music { mood revision }"),
    "updatePublishing": (
        lambda film: {"projectId": film.id, "tiktokText": "look"},
        "publishing { tiktokText revision }",
    ),
    "updateLexicon": (
        lambda film: {"projectId": film.id, "entries": [{"written": "Wu", "spoken": "woo"}]},
        "lexicon { entries { written spoken language } revision }",
    ),
    "writeScript": (
        lambda film: {"projectId": film.id, "title": "S", "scenes": [{"frames": [{"narration": "x"}]}]},
        "script { title revision scenes { id } }",
    ),
    "restoreScript": (
        lambda film: {"projectId": film.id, "versionId": film.beside["versionId"]},
        "script { title revision scenes { id } }",
    ),
    "addScene": (lambda film: {"projectId": film.id, "title": "Three"}, "scene { title revision }"),
    "updateScene": (
        lambda film: {"sceneId": film.gid(film.scenes[0]), "title": "T"},
        "scene { title revision }",
    ),
    "moveScene": (
        lambda film: {"sceneId": film.gid(film.scenes[0]), "position": 1},
        "scene { title revision }",
    ),
    "deleteScene": (
        lambda film: {"sceneId": film.gid(film.scenes[0])},
        "deletedSceneId scene { revision }",
    ),
    "addFrame": (
        lambda film: {"sceneId": film.gid(film.scenes[0]), "narration": "n"},
        "frame { narration revision }",
    ),
    "updateFrame": (
        lambda film: {"frameId": film.gid(film.frame), "narration": "n"},
        "frame { narration revision }",
    ),
    "moveFrame": (
        lambda film: {
            "frameId": film.gid(film.frame),
            "sceneId": film.gid(film.scenes[1]),
            "position": 0,
        },
        "frame { narration revision }",
    ),
    "deleteFrame": (
        lambda film: {"frameId": film.gid(film.frame)},
        "deletedFrameId frame { revision }",
    ),
    "setTransition": (
        lambda film: {"frameId": film.gid(film.frame), "transition": {"kind": "CUT"}},
        "frame { transition { kind } revision }",
    ),
    "setMotion": (
        lambda film: {"frameId": film.gid(film.frame), "motion": {"kind": "NONE"}},
        "frame { motion { kind } revision }",
    ),
    "setTextEffects": (
        lambda film: {"frameId": film.gid(film.frame), "textEffects": [{"kind": "TITLE", "text": "t"}]},
        "frame { textEffects { text } revision }",
    ),
    "updateVoiceover": (
        lambda film: {"voiceoverId": film.gid(film.frame.voiceover), "text": "bee"},
        "voiceover { text revision }",
    ),
    "chooseImage": (
        lambda film: {"imageId": film.gid(film.frame.images[1])},
        "frame { chosenImageId revision }",
    ),
    "deleteImage": (
        lambda film: {"imageId": film.gid(film.frame.images[1])},
        "deletedImageId frame { revision }",
    ),
    "chooseClip": (
        lambda film: {"clipId": film.gid(film.scenes[0].clips[1])},
        "scene { chosenClipId revision }",
    ),
    "removeClip": (
        lambda film: {"clipId": film.gid(film.scenes[0].clips[0])},
        "removedClipId scene { revision }",
    ),
    "chooseSeedFrame": (
        lambda film: {"seedFrameId": film.gid(film.scenes[0].seed_frames[0])},
        "scene { chosenSeedFrameId revision }",
    ),
    "removeSeedFrame": (
        lambda film: {"seedFrameId": film.gid(film.scenes[0].seed_frames[0])},
        "removedSeedFrameId scene { revision }",
    ),
    "addSoundEffect": (
        lambda film: {"frameId": film.gid(film.frame), "prompt": "wind"},
        "soundEffect { prompt revision }",
    ),
    "updateSoundEffect": (
        lambda film: {"soundEffectId": film.gid(film.frame.sound_effects[0]), "volume": 0.1},
        "soundEffect { volume revision }",
    ),
    "removeSoundEffect": (
        lambda film: {"soundEffectId": film.gid(film.frame.sound_effects[0])},
        "removedSoundEffectId soundEffect { revision }",
    ),
    "arrangeTimeline": (
        lambda film: {
            "projectId": film.id,
            "clips": [{"frameId": film.gid(film.frame), "durationS": 1.5}],
        },
        "timeline { clips { durationS } revision }",
    ),
    "followScript": (
        lambda film: {"projectId": film.id},
        "project { timeline { revision } } timeline { revision }",
    ),
}
UNCONDITIONAL = {"addScene", "addFrame", "addSoundEffect"}
COMPARING = sorted(set(CHANGES) - UNCONDITIONAL)


def test_every_mutation_that_edits_a_tree_is_tried_here(desk: Desk) -> None:
    rules = {name: rule_of(field) for _, name, field in operations(desk.schema._schema)}
    editing = {name for name, rule in rules.items() if rule and rule.permission is Permission.PROJECT_EDIT}
    # These need more than a film: a company that has something, a file that was sent, a script that was read.
    elsewhere = {"applyBranding", "arrangeOverlays", "addCarImages", "reuseAsset", "updateLibraryEntry"}
    elsewhere |= {"addReferenceImage", "arrangeReferenceImages", "createCharactersFromAnalysis"}
    beside = {"takeEditLock", "releaseEditLock"}  # of the project, and no change of its tree
    assert {name for name in editing - set(CHANGES) - elsewhere - beside if "Upload" not in name} == set()


@pytest.mark.parametrize("name", sorted(CHANGES))
async def test_change_is_done_told_and_raises_the_revision(desk: Desk, name: str) -> None:
    film = await make_film()
    given, selection = CHANGES[name]
    payload = await desk.change(name, given(film), selection, by=film.owner)
    assert payload["userErrors"] == []
    now = await film.stored()
    assert now["revision"] == film.project.revision + 1
    assert now["outbox"] == []  # told, and struck off


@pytest.mark.parametrize("name", sorted(CHANGES))
async def test_stranger_finds_nothing_and_changes_nothing(desk: Desk, name: str) -> None:
    film = await make_film()
    before = await film.stored()
    given, selection = CHANGES[name]
    answer = await desk.run(mutation(name, selection), {"input": given(film)}, by=PydanticObjectId())
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["NOT_FOUND"]
    assert answer["errors"][0]["message"] == "Project not found."
    assert await film.stored() == before


@pytest.mark.parametrize("name", sorted(CHANGES))
async def test_viewer_is_forbidden_and_changes_nothing(desk: Desk, name: str) -> None:
    viewer = PydanticObjectId()
    film = await make_film(people={viewer: ProjectRole.VIEWER})
    before = await film.stored()
    given, selection = CHANGES[name]
    answer = await desk.run(mutation(name, selection), {"input": given(film)}, by=viewer)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"]
    assert await film.stored() == before


@pytest.mark.parametrize("name", sorted(CHANGES))
async def test_nobody_is_told_to_sign_in(desk: Desk, name: str) -> None:
    film = await make_film()
    given, selection = CHANGES[name]
    answer = await desk.run(mutation(name, selection), {"input": given(film)}, by=None)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"]


@pytest.mark.parametrize("name", COMPARING)
async def test_stale_revision_is_a_conflict_with_the_current_node(desk: Desk, name: str) -> None:
    film = await make_film()
    before = await film.stored()
    given, selection = CHANGES[name]
    payload = await desk.change(name, given(film) | {"expectedRevision": 77}, selection, by=film.owner)
    errors = payload.pop("userErrors")
    assert [(error["code"], error["field"]) for error in errors] == [
        ("REVISION_CONFLICT", "input.expectedRevision")
    ]
    current = [value for value in payload.values() if value is not None]
    assert [node["revision"] for node in current] == [0]
    assert await film.stored() == before


@pytest.mark.parametrize("name", COMPARING)
async def test_revision_as_it_is_is_no_conflict(desk: Desk, name: str) -> None:
    film = await make_film()
    given, selection = CHANGES[name]
    payload = await desk.change(name, given(film) | {"expectedRevision": 0}, selection, by=film.owner)
    assert payload["userErrors"] == []


@pytest.mark.parametrize("name", sorted(CHANGES))
async def test_what_is_gone_is_not_found(desk: Desk, name: str) -> None:
    film = await make_film()
    given, selection = CHANGES[name]
    stands_in = {
        key: document_gid(OF_THEIR_OWN[key], PydanticObjectId())
        if key in OF_THEIR_OWN
        else tree_gid(key[0].upper() + key[1:-2], film.project.id, PydanticObjectId())
        for key in given(film)
        if key.endswith("Id")
    }
    before = await film.stored()
    answer = await desk.run(mutation(name, selection), {"input": given(film) | stands_in}, by=film.owner)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["NOT_FOUND"]
    assert await film.stored() == before


@pytest.mark.parametrize("name", sorted(CHANGES))
@pytest.mark.parametrize("kind", ["another", "garbage"])
async def test_id_of_another_kind_names_the_field(desk: Desk, name: str, kind: str) -> None:
    film = await make_film()
    given, selection = CHANGES[name]
    good = given(film)
    key = next(key for key in good if key.endswith("Id"))
    wrong = "garbage" if kind == "garbage" else document_gid("User", PydanticObjectId())
    answer = await desk.run(mutation(name, selection), {"input": good | {key: wrong}}, by=film.owner)
    assert [(e["extensions"]["code"], e["extensions"]["field"]) for e in answer["errors"]] == [
        ("BAD_USER_INPUT", f"input.{key}")
    ]
