import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from providers.errors import InvalidRequest, ProviderUnavailable
from providers.language.prompts.text_script import FrameCut, SceneCut, TextPlan
from providers.language.text_pieces import letters, text_pieces, told
from providers.openai.text_writing import FRAME_PIECES, STRETCH_PIECES, _assembled, _complaint
from providers.protocols.offer import Capability
from providers.protocols.script import ScriptBrief, WrittenScript
from tests.providers.openai.conftest import Maker
from tests.stand_ins.openai import OpenAiStandIn
from tests.stand_ins.server import Fault
from tests.stand_ins.told_sheet import told_sheet

STORY = """# The keeper

Anna kept the light for forty years. She never missed a night, whatever the sea did to the stairs.

## The storm

One winter the lamp went out! What could she do? She lit every candle in the house, and stood in the window.
"""
JAPANESE = "灯台は海を照らします。船はその光を見て、安全に港へ帰ることができました。"


def brief(text: str, **told: Any) -> ScriptBrief:
    usual: dict[str, Any] = {"topic": None, "text": text, "language": "en", "target_duration_s": 60.0}
    return ScriptBrief(**usual | told)


def said(script: WrittenScript) -> str:
    return letters("".join(frame.narration for scene in script.scenes for frame in scene.frames))


async def test_every_word_is_told_once_and_headings_name_scenes(
    maker: Maker, stand_in: OpenAiStandIn
) -> None:
    made = await maker(Capability.SCRIPT).write(brief(STORY))
    assert said(made) == letters(
        STORY.replace("# The keeper", "").replace("## The storm", "").replace("#", "")
    )
    assert [scene.title for scene in made.scenes] == ["The keeper", "The storm"]
    assert len(stand_in.paid) == 1
    assert all(frame.picture_prompt for scene in made.scenes for frame in scene.frames)


async def test_a_text_without_spaces_gets_none(maker: Maker) -> None:
    made = await maker(Capability.SCRIPT).write(brief(JAPANESE, language="ja"))
    assert "".join(frame.narration for scene in made.scenes for frame in scene.frames) == JAPANESE


async def test_a_long_text_is_planned_in_stretches(maker: Maker, stand_in: OpenAiStandIn) -> None:
    text = "\n\n".join(
        f"This is paragraph number {number}, and it says something new." for number in range(300)
    )
    made = await maker(Capability.SCRIPT).write(brief(text, target_duration_s=900.0))
    assert said(made) == letters(text)
    sheets = [told_sheet(call.json()["messages"][1]["content"]) for call in stand_in.paid]
    assert len(sheets) > 1
    assert all(sheet.number("Pieces", 0) <= STRETCH_PIECES for sheet in sheets)
    assert "scenes so far" not in sheets[0].material
    assert all(sheet.material["scenes so far"] for sheet in sheets[1:])


async def test_the_limits_of_the_brief_hold(maker: Maker) -> None:
    text = " ".join(f"Sentence number {number} says something." for number in range(60))
    made = await maker(Capability.SCRIPT).write(brief(text, max_scenes=5, max_frames_per_scene=12))
    assert said(made) == letters(text)
    assert len(made.scenes) <= 5
    assert all(len(scene.frames) <= 12 for scene in made.scenes)


async def test_a_text_that_needs_more_frames_than_allowed_is_refused(maker: Maker) -> None:
    text = " ".join(f"Sentence number {number} says something." for number in range(60))
    with pytest.raises(InvalidRequest) as caught:
        await maker(Capability.SCRIPT).write(brief(text, max_scenes=1, max_frames_per_scene=2))
    assert caught.value.field == "text"


async def test_a_text_without_words_is_refused(maker: Maker, stand_in: OpenAiStandIn) -> None:
    with pytest.raises(InvalidRequest):
        await maker(Capability.SCRIPT).write(brief("— … !"))
    assert not stand_in.calls


async def test_numbers_that_do_not_grow_are_asked_for_again(maker: Maker, stand_in: OpenAiStandIn) -> None:
    def shuffled(body: bytes) -> bytes:
        answer = json.loads(body)
        plan = json.loads(answer["choices"][0]["message"]["content"])
        for scene in plan["scenes"]:
            for frame in scene["frames"]:
                frame["first_piece"] = 1
        answer["choices"][0]["message"]["content"] = json.dumps(plan)
        return json.dumps(answer).encode()

    stand_in.tell("/chat", Fault(change=shuffled))
    made = await maker(Capability.SCRIPT).write(brief(STORY))
    assert said(made) == told(STORY)
    assert len(stand_in.paid) == 2
    stand_in.tell("/chat", Fault(change=shuffled), times=2)
    with pytest.raises(ProviderUnavailable, match="do not grow"):
        await maker(Capability.SCRIPT).write(brief(STORY))


@st.composite
def plans(draw: st.DrawFn, count: int) -> TextPlan:
    """Any plan that passes: numbers that grow, in scenes of any size."""
    firsts = sorted(draw(st.sets(st.integers(1, count), min_size=1, max_size=count)))
    scenes: list[SceneCut] = []
    for first in firsts:
        cut = FrameCut(
            first_piece=first, picture_prompt=draw(st.sampled_from(["", "a sea"])), on_screen_text=None
        )
        if not scenes or draw(st.booleans()):
            scenes.append(SceneCut(title="", summary="", frames=[]))
        scenes[-1].frames.append(cut)
    return TextPlan(title="", scenes=scenes)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(["en", "ja"]), st.text(min_size=1, max_size=400))
def test_whatever_the_plan_every_letter_is_told(data: st.DataObject, language: str, text: str) -> None:
    whole = text_pieces(text, language)
    assert letters("".join(whole.texts)) == told(text)
    if not whole.texts:
        return
    plan = data.draw(plans(len(whole.texts)))
    assert not _complaint(plan, count=len(whole.texts)).is_fatal
    scenes = list(_assembled(plan, whole, brief(text, language=language)))
    assert letters("".join(f.narration for scene in scenes for f in scene.frames)) == told(text)
    assert sum(len(scene.frames) for scene in scenes) >= len(whole.texts) / FRAME_PIECES
    assert all(f.picture_prompt.strip() for scene in scenes for f in scene.frames if letters(f.narration))
