"""Texts that look like somebody's syntax are texts, through every operation that takes one."""

from collections.abc import Callable
from typing import Any

import pytest
from beanie import PydanticObjectId

from tests.schema.desk import Desk, Film, make_film

HOSTILE = [
    "$$ROOT.x",
    "$title",
    "$5 off",
    '{"$where": "sleep(9)"}',
    r"{\b1}bold{\b0}",
    "%{pts}",
    "'; rm -rf / #",
    "drawtext=text='x':[0:v]",
    "<script>alert(1)</script>",
    "нет, עברית, 日本語, 👩\u200d🚀",
]

Given = Callable[[Film, str], dict[str, Any]]
TEXTS: list[tuple[str, Given, str]] = [
    ("updateProject", lambda f, t: {"projectId": f.id, "title": t, "description": t, "tags": [t]},
     "project { title description tags }"),
    ("updateBrief", lambda f, t: {"projectId": f.id, "topic": t, "text": t, "prompt": t, "tone": t},
     "brief { topic text prompt tone }"),
    ("updateStyle", lambda f, t: {"projectId": f.id, "look": t, "negativePrompt": t},
     "style { look negativePrompt }"),
    ("updateMusic", lambda f, t: {"projectId": f.id, "mood": t, "prompt": t}, "music { mood prompt }"),
    ("updatePublishing", lambda f, t: {"projectId": f.id, "title": t, "tiktokHashtags": [t],
      "youtubeTags": [t]},
     "publishing { title tiktokHashtags youtubeTags }"),
    ("writeScript", lambda f, t: {"projectId": f.id, "title": t, "scenes": [
        {"title": t, "summary": t, "frames": [{"narration": t, "picturePrompt": t}]}]},
     "script { title scenes { title summary frames { narration picturePrompt } } }"),
    ("addScene", lambda f, t: {"projectId": f.id, "title": t, "props": [t], "frames": [{"narration": t}]},
     "scene { title props frames { narration } }"),
    ("updateScene", lambda f, t: {"sceneId": f.gid(f.scenes[0]), "title": t, "visualDescription": t},
     "scene { title visualDescription }"),
    ("addFrame", lambda f, t: {"sceneId": f.gid(f.scenes[0]), "narration": t, "negativePrompt": t},
     "frame { narration negativePrompt }"),
    ("updateFrame", lambda f, t: {"frameId": f.gid(f.frame), "narration": t, "optimisedPrompt": t},
     "frame { narration optimisedPrompt }"),
    ("setTextEffects", lambda f, t: {"frameId": f.gid(f.frame), "textEffects": [{"kind": "HOOK", "text": t}]},
     "frame { textEffects { text } }"),
    ("updateVoiceover", lambda f, t: {"voiceoverId": f.gid(f.frame.voiceover), "text": t},
     "voiceover { text }"),
    ("arrangeTimeline", lambda f, t: {"projectId": f.id, "clips": [
        {"frameId": f.gid(f.frame), "durationS": 1, "title": t}]},
     "timeline { clips { title } }"),
    ("createUpload", lambda f, t: {**for_frame(f), "fileName": t, "mimeType": "image/png",
                                   "sizeBytes": 5},
     "upload { fileName }"),
    ("createProject", lambda _, t: {"title": t, "topic": t, "description": t, "tags": [t],
                                    "style": {"look": t}, "music": {"mood": t}},
     "project { title description tags brief { topic } style { look } music { mood } }"),
]  # fmt: skip


def for_frame(film: Film) -> dict[str, Any]:
    return {"target": {"frameImage": film.gid(film.frame)}}


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for each in value.values() for leaf in leaves(each)]
    if isinstance(value, list):
        return [leaf for each in value for leaf in leaves(each)]
    return [value]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize(("name", "given", "selection"), TEXTS, ids=[each[0] for each in TEXTS])
async def test_text_is_stored_and_returned_as_it_is(
    desk: Desk, name: str, given: Given, selection: str, text: str
) -> None:
    film = await make_film()
    payload = await desk.change(name, given(film, text), selection, by=film.owner)
    assert payload.pop("userErrors") == []
    assert set(leaves(payload)) == {text}


@pytest.mark.parametrize("text", HOSTILE)
async def test_moved_nodes_keep_their_texts(desk: Desk, text: str) -> None:
    film = await make_film()
    frame, scene = film.gid(film.frame), film.gid(film.scenes[1])
    await desk.change("updateFrame", {"frameId": frame, "narration": text}, by=film.owner)
    await desk.change("updateScene", {"sceneId": scene, "title": text}, by=film.owner)
    await desk.change("moveFrame", {"frameId": frame, "sceneId": scene, "position": 1}, by=film.owner)
    await desk.change("moveScene", {"sceneId": scene, "position": 0}, by=film.owner)
    now = await film.now()
    assert [scene.title for scene in now.script.scenes] == [text, "One"]
    assert [frame.narration for frame in now.script.scenes[0].frames] == ["They rest.", text]


async def test_title_comes_from_the_topic_where_none_is_given(desk: Desk) -> None:
    owner = PydanticObjectId()
    topic = "  Why $5\n\tcoffee   " + "is dear " * 30
    payload = await desk.change("createProject", {"topic": topic}, "project { title }", by=owner)
    assert payload["project"]["title"].startswith("Why $5 coffee is dear")
    assert len(payload["project"]["title"]) <= 80
    long_word = await desk.change("createProject", {"text": "x" * 900}, "project { title }", by=owner)
    assert long_word["project"]["title"] == "x" * 80
    headed = await desk.change(
        "createProject", {"text": "\n# How bees dance\n\nThey turn."}, "project { title }", by=owner
    )
    assert headed["project"]["title"] == "How bees dance"
    empty = await desk.change("createProject", {}, "project { title }", by=owner)
    assert empty["project"]["title"] == "Untitled project"


INVALID: list[tuple[str, Given, list[str]]] = [
    ("createProject", lambda _, t: {"title": t}, ["input.title"]),
    ("createProject", lambda _, t: {"topic": "x", "description": t, "tags": [t]},
     ["input.description", "input.tags.0"]),
    ("createProject", lambda _, t: {"style": {"look": t}, "music": {"mood": t}, "tone": t},
     ["input.tone", "input.style.look", "input.music.mood"]),
    ("updateProject", lambda f, t: {"projectId": f.id, "title": t}, ["input.title"]),
    ("updateFrame", lambda f, t: {"frameId": f.gid(f.frame), "narration": t}, ["input.narration"]),
    ("addScene", lambda f, t: {"projectId": f.id, "title": t, "frames": [{}, {"narration": t}]},
     ["input.title", "input.frames.1.narration"]),
    ("writeScript", lambda f, t: {"projectId": f.id, "scenes": [{}, {"frames": [{"picturePrompt": t}]}]},
     ["input.scenes.1.frames.0.picturePrompt"]),
    ("setTextEffects", lambda f, t: {"frameId": f.gid(f.frame), "textEffects": [{"kind": "HOOK", "text": t}]},
     ["input.textEffects.0.text"]),
    ("createUpload", lambda f, t: {**for_frame(f), "fileName": t, "mimeType": "image/png",
                                   "sizeBytes": 5}, ["input.fileName"]),
]  # fmt: skip


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "x" * 5_001, "\ud800"])
@pytest.mark.parametrize(("name", "given", "fields"), INVALID)
async def test_control_characters_and_overlong_texts_name_their_field(
    desk: Desk, name: str, given: Given, fields: list[str], text: str
) -> None:
    film = await make_film()
    before = await film.stored()
    payload = await desk.change(name, given(film, text), by=film.owner)
    assert [(error["code"], error["field"]) for error in payload["userErrors"]] == [
        ("INVALID", each) for each in fields
    ]
    assert await film.stored() == before
