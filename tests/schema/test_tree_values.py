"""Values that break a rule are refused with the field's name, and nothing is written."""

from collections.abc import Callable
from typing import Any

import pytest
from beanie import PydanticObjectId

from schema.ids import tree_gid
from tests.schema.desk import Desk, Film, make_film, make_image, mutation

Given = Callable[[Film], dict[str, Any]]


def for_frame(film: Film) -> dict[str, Any]:
    return {"target": {"frameImage": film.gid(film.frame)}}


def sound_file(**values: Any) -> tuple[str, Given]:
    def given(film: Film) -> dict[str, Any]:
        target = {"soundEffect": {"frameId": film.gid(film.frame), **values}}
        return {"target": target, "fileName": "a.wav", "mimeType": "audio/wav", "sizeBytes": 5}

    return "createUpload", given


def frame(**values: Any) -> tuple[str, Given]:
    return "updateFrame", lambda film: {"frameId": film.gid(film.frame), **values}


def style(**values: Any) -> tuple[str, Given]:
    return "updateStyle", lambda film: {"projectId": film.id, **values}


def brief(**values: Any) -> tuple[str, Given]:
    return "updateBrief", lambda film: {"projectId": film.id, **values}


def motion(**values: Any) -> tuple[str, Given]:
    return "setMotion", lambda film: {"frameId": film.gid(film.frame), "motion": values}


def clip(**values: Any) -> tuple[str, Given]:
    def given(film: Film) -> dict[str, Any]:
        one = {"frameId": film.gid(film.frame), "durationS": 1.0} | values
        return {"projectId": film.id, "clips": [one]}

    return "arrangeTimeline", given


HALF = {"x": 0.6, "y": 0, "width": 0.5, "height": 0.5}
REFUSED: list[tuple[tuple[str, Given], str]] = [
    (frame(durationS=0), "input.durationS"),
    (frame(durationS=601), "input.durationS"),
    (frame(cropX=-0.1), "input.cropX"),
    (frame(cropX=None), "input.cropX"),
    (frame(narration=None), "input.narration"),
    (frame(isSkipped=None), "input.isSkipped"),
    (frame(motion=None), "input.motion"),
    (frame(textEffects=[{"kind": "HOOK", "text": "x"}] * 11), "input.textEffects"),
    (frame(textEffects=[{"kind": "HOOK", "text": ""}]), "input.textEffects.0.text"),
    (frame(), "input"),
    (motion(kind="RECTANGLES"), "input.motion"),
    (motion(kind="RECTANGLES", fromRectangle=HALF, toRectangle=HALF), "input.motion.fromRectangle"),
    (motion(kind="NONE", strength=0.6), "input.motion.strength"),
    (("setTransition", lambda film: {
        "frameId": film.gid(film.frame), "transition": {"kind": "CUT", "durationS": 3}}),
     "input.transition.durationS"),
    (style(speechSpeed=3), "input.speechSpeed"),
    (style(seed=-1), "input.seed"),
    (style(captions={"maxWords": 13}), "input.captions.maxWords"),
    (style(palette=["#000000"] * 9), "input.palette"),
    (style(), "input"),
    (brief(language="klingon"), "input.language"),
    (brief(language="pt_BR"), "input.language"),
    (brief(language=None), "input.language"),
    (brief(targetDurationS=4), "input.targetDurationS"),
    (brief(minDurationS=90, maxDurationS=30), "input.minDurationS"),
    (brief(), "input"),
    (("updateProject", lambda film: {"projectId": film.id, "title": "   "}), "input.title"),
    (("updateProject", lambda film: {"projectId": film.id, "title": None}), "input.title"),
    (("updateProject", lambda film: {"projectId": film.id, "tags": ["x"] * 31}), "input.tags"),
    (("updateMusic", lambda film: {"projectId": film.id, "volume": 1.5}), "input.volume"),
    (("updateVoiceover", lambda film: {"voiceoverId": film.gid(film.frame.voiceover), "speed": 0.1}),
     "input.speed"),
    (("addScene", lambda film: {"projectId": film.id, "position": -1}), "input.position"),
    (("addFrame", lambda film: {"sceneId": film.gid(film.scenes[0]), "position": -1}), "input.position"),
    (("moveScene", lambda film: {"sceneId": film.gid(film.scenes[0]), "position": -2}), "input.position"),
    (("moveFrame", lambda film: {"frameId": film.gid(film.frame), "sceneId": film.gid(film.scenes[0]),
                                 "position": -2}), "input.position"),
    (("moveFrame", lambda film: {
        "frameId": film.gid(film.frame), "position": 0,
        "sceneId": tree_gid("Scene", PydanticObjectId(), film.scenes[0].id)}), "input.sceneId"),
    (("deleteImage", lambda film: {"imageId": film.gid(film.frame.images[0])}), "input.imageId"),
    (("writeScript", lambda film: {"projectId": film.id}), "input.scenes"),
    (("writeScript", lambda film: {"projectId": film.id, "scenes": [], "text": "x"}), "input.scenes"),
    (clip(durationS=0), "input.clips.0.durationS"),
    (clip(trimStartS=-1), "input.clips.0.trimStartS"),
    (clip(imageId=tree_gid("Image", PydanticObjectId(), PydanticObjectId())), "input.clips.0.imageId"),
    (clip(clipId=tree_gid("Clip", PydanticObjectId(), PydanticObjectId())), "input.clips.0.clipId"),
    (clip(frameId=tree_gid("Frame", PydanticObjectId(), PydanticObjectId())), "input.clips.0.frameId"),
    (("arrangeTimeline", lambda film: {"projectId": film.id, "clips": []}), "input.clips"),
    (("createUpload", lambda film: {**for_frame(film), "fileName": "a", "sizeBytes": 5,
                                    "mimeType": "text/html"}), "input.mimeType"),
    (("createUpload", lambda film: {**for_frame(film), "fileName": "a", "sizeBytes": 0,
                                    "mimeType": "image/png"}), "input.sizeBytes"),
    (("createUpload", lambda film: {**for_frame(film), "fileName": " ",
                                    "sizeBytes": 2**40, "mimeType": "image/png"}), "input.fileName"),
    (("updateScene", lambda film: {"sceneId": film.gid(film.scenes[0]), "clipVolume": 1.5}),
     "input.clipVolume"),
    (("updateScene", lambda film: {"sceneId": film.gid(film.scenes[0]), "clipVolume": None}),
     "input.clipVolume"),
    (sound_file(startS=-1), "input.target.soundEffect.startS"),
    (sound_file(volume=1.1), "input.target.soundEffect.volume"),
    (sound_file(name=None), "input.target.soundEffect.name"),
    (("completeUpload", lambda film: {"uploadId": film.gid(film.upload)}), "input.uploadId"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "at"), REFUSED)
async def test_refused_value_names_its_field_and_nothing_is_written(
    desk: Desk, change: tuple[str, Given], at: str
) -> None:
    film = await make_film()
    before = await film.stored()
    name, given = change
    payload = await desk.change(name, given(film), by=film.owner)
    assert payload["userErrors"][0]["code"] == "INVALID"
    assert payload["userErrors"][0]["field"] == at
    assert payload["userErrors"][0]["message"]
    assert await film.stored() == before


@pytest.mark.parametrize("number", ["1e999", "-1e999"])
async def test_number_beyond_all_bounds_names_its_field(desk: Desk, number: str) -> None:
    film = await make_film()
    document = (
        f'mutation {{ updateFrame(input: {{frameId: "{film.gid(film.frame)}", durationS: {number}}})'
        "{ userErrors { code field } } }"
    )
    payload = (await desk.ask(document, by=film.owner))["updateFrame"]
    assert payload["userErrors"] == [{"code": "INVALID", "field": "input.durationS"}]


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
async def test_variable_that_is_no_number_is_bad_input(desk: Desk, number: float) -> None:
    film = await make_film()
    name, given = frame(durationS=number)
    answer = await desk.run(mutation(name), {"input": given(film)}, by=film.owner)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]
    assert "durationS" in answer["errors"][0]["message"]


async def test_bounds_given_one_at_a_time_stay_in_order(desk: Desk) -> None:
    film = await make_film()
    name, given = brief(minDurationS=60)
    assert (await desk.change(name, given(film), by=film.owner))["userErrors"] == []
    name, given = brief(maxDurationS=30)
    refused = await desk.change(name, given(film), by=film.owner)
    assert [error["field"] for error in refused["userErrors"]] == ["input.maxDurationS"]
    name, given = brief(maxDurationS=60)
    assert (await desk.change(name, given(film), by=film.owner))["userErrors"] == []
    name, given = brief(minDurationS=61)
    refused = await desk.change(name, given(film), by=film.owner)
    assert [error["field"] for error in refused["userErrors"]] == ["input.minDurationS"]
    name, given = brief(maxDurationS=None, minDurationS=61)
    assert (await desk.change(name, given(film), by=film.owner))["userErrors"] == []


async def test_null_clears_what_may_be_null_and_leaving_out_keeps_it(desk: Desk) -> None:
    film = await make_film()
    name, given = frame(negativePrompt="fog", durationS=2.5)
    await desk.change(name, given(film), by=film.owner)
    name, given = frame(negativePrompt=None)
    payload = await desk.change(name, given(film), "frame { negativePrompt durationS }", by=film.owner)
    assert payload["frame"] == {"negativePrompt": None, "durationS": 2.5}


async def test_captions_change_one_field_at_a_time(desk: Desk) -> None:
    film = await make_film()
    name, given = style(captions={"colour": "#00ff00"})
    await desk.change(name, given(film), by=film.owner)
    name, given = style(captions={"maxWords": 3, "background": "#123456"})
    selection = "style { captions { colour maxWords background } }"
    payload = await desk.change(name, given(film), selection, by=film.owner)
    assert payload["style"]["captions"] == {
        "colour": "#00FF00",
        "maxWords": 3,
        "background": "#123456",
    }


async def test_position_past_the_end_is_the_end(desk: Desk) -> None:
    film = await make_film()
    given = {"sceneId": film.gid(film.scenes[0]), "narration": "last", "position": 2**31 - 1}
    assert (await desk.change("addFrame", given, by=film.owner))["userErrors"] == []
    moved = {"frameId": film.gid(film.frame), "sceneId": film.gid(film.scenes[0]), "position": 999}
    assert (await desk.change("moveFrame", moved, by=film.owner))["userErrors"] == []
    now = await film.now()
    narrations = [each.narration for each in now.script.scenes[0].frames]
    assert narrations == ["They turn.", "last", "Bees dance."]


CAPS: list[tuple[str, Given, str]] = [
    ("addScene", lambda film: {"projectId": film.id}, "At most 2 scenes in a script."),
    ("addFrame", lambda film: {"sceneId": film.gid(film.scenes[0])}, "At most 2 frames in a scene."),
    ("addFrame", lambda film: {"sceneId": film.gid(film.scenes[1])}, "At most 3 frames in a project."),
    ("moveFrame", lambda film: {"frameId": film.gid(film.scenes[1].frames[0]), "position": 0,
                                "sceneId": film.gid(film.scenes[0])}, "At most 2 frames in a scene."),
    ("writeScript", lambda film: {"projectId": film.id, "scenes": [{}] * 3}, "At most 2 scenes in a script."),
    ("writeScript", lambda film: {"projectId": film.id, "scenes": [{"frames": [{}] * 3}]},
     "At most 2 frames in a scene."),
    ("writeScript", lambda film: {"projectId": film.id, "scenes": [{"frames": [{}] * 2}] * 2},
     "At most 3 frames in a project."),
    ("updateBrief", lambda film: {"projectId": film.id, "text": "x" * 20_000},
     "At most 20000 bytes in a project's tree."),
    ("arrangeTimeline", lambda film: {"projectId": film.id, "clips": [
        {"frameId": film.gid(film.frame), "durationS": 1}] * 4}, "At most 3 clips in a timeline."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "given", "message"), CAPS)
async def test_cap_is_named_and_nothing_is_written(
    small_desk: Desk, name: str, given: Given, message: str
) -> None:
    film = await make_film()
    before = await film.stored()
    payload = await small_desk.change(name, given(film), by=film.owner)
    assert [(error["code"], error["message"]) for error in payload["userErrors"]] == [
        ("LIMIT_EXCEEDED", message)
    ]
    assert await film.stored() == before


async def test_chosen_picture_is_removed_once_another_is_chosen(desk: Desk) -> None:
    film = await make_film()
    first, second = film.frame.images
    await desk.change("chooseImage", {"imageId": film.gid(second)}, by=film.owner)
    payload = await desk.change("deleteImage", {"imageId": film.gid(first)}, "deletedImageId", by=film.owner)
    assert payload["deletedImageId"] == film.gid(first)
    assert [image.id for image in (await film.now()).frames()[0][1].images] == [second.id]


async def test_unknown_picture_is_not_found(desk: Desk) -> None:
    film = await make_film()
    stranger = make_image()
    for name in ("chooseImage", "deleteImage"):
        answer = await desk.run(
            mutation(name),
            {"input": {"imageId": tree_gid("Image", film.project.id, stranger.id)}},
            by=film.owner,
        )
        assert [error["message"] for error in answer["errors"]] == ["Image not found."]
