"""A language model's answers without a model: sensible, valid, and the same for the same question."""

import json
from collections.abc import Callable
from itertools import cycle, islice
from typing import Any

from tests.stand_ins.told_sheet import ToldSheet

_STORY = """\
Most people never notice how much happens here in a single day. Look closely and a pattern appears. It began
long ago with one small change that nobody planned. Then came years of patient work and a few lucky accidents.
Today the result is close enough to touch. Every part depends on every other part. Take one away and the whole
thing slows down. That is why people who know it best move so carefully. The numbers are larger than they seem
at first. The reason is simpler than you would guess. Now you know what to look for the next time you pass."""
_UNSPACED = "これはとてもおもしろいはなしですだれもしらない。ひみつがあります。"


def answer_in(name: str, sheet: ToldSheet, *, length: float = 1.0) -> dict[str, Any] | None:
    """An answer in the shape of that name; None for a shape that nobody taught."""
    if name == "ScriptDraft":
        return _script(sheet, length)
    known: dict[str, Callable[[ToldSheet], dict[str, Any]]] = {
        "TextPlan": _text_plan,
        "Rewriting": _rewriting,
        "ScriptFindings": _findings,
        "SheetDraft": _character,
        "BetterPrompt": _better_prompt,
        "MetadataDraft": _metadata,
        "MusicWordsDraft": _music_words,
        "TranslatedTexts": _translated,
        "PlanDraft": _plan,
    }
    return known[name](sheet) if name in known else None


def chat_answer(last: str) -> str:
    words = " ".join(last.split()[:8])
    return f"You said: {words}. Begin with one clear picture, and let the first sentence ask a question."


def _script(sheet: ToldSheet, length: float) -> dict[str, Any]:
    topic = " ".join(sheet.material.get("topic", "the world").split())
    seconds = sheet.number("Seconds", 30)
    most_frames = sheet.number("Frames in a scene at most", 30)
    scenes = min(sheet.number("Scenes", max(1, round(seconds / 12))), sheet.number("Scenes at most", 200))
    frames = min(max(scenes, round(seconds / 4)), scenes * most_frames)
    in_words = "Length in words" in sheet.facts
    total = round(sheet.number("Length in words", sheet.number("Length in characters", 75)) * length)
    story = _STORY.split() if in_words else list(_UNSPACED)
    said = list(islice(cycle(story), total))
    characters = [line.partition(":")[0] for line in sheet.listed("characters") if line]
    part = int(sheet.facts.get("Part", "1").split()[0])
    made: list[dict[str, Any]] = []
    for scene in range(scenes):
        first, end = round(scene * frames / scenes), round((scene + 1) * frames / scenes)
        made.append(
            {
                "title": f"Part {part}.{scene + 1}",
                "summary": f"{topic}, seen in the same evening light.",
                "location": "a quiet place",
                "time_of_day": "evening",
                "characters": characters[:1],
                "frames": [
                    {
                        "narration": _told(said, frame, frames, joint=" " if in_words else ""),
                        "picture_prompt": f"{topic}, view {frame + 1}, evening light, wide view",
                        "on_screen_text": topic[:30] if frame == 0 else None,
                    }
                    for frame in range(first, end)
                ],
            }
        )
    return {"title": f"{topic[:1].upper()}{topic[1:50]}", "scenes": made}


def _told(said: list[str], frame: int, frames: int, *, joint: str) -> str:
    """A frame's share of what is said, cut behind a sentence where one ends near."""
    share = len(said) / frames
    ends = [at + 1 for at, word in enumerate(said) if word.endswith((".", "。"))]

    def border(number: int) -> int:
        aim = round(number * share)
        near = [end for end in ends if abs(end - aim) < share / 2]
        return aim if number in {0, frames} else min(near, key=lambda end: abs(end - aim), default=aim)

    words = said[border(frame) : max(border(frame + 1), border(frame) + 1)] or said[:1]
    narration = joint.join(words)
    return narration if narration.endswith((".", "。")) else narration + ("." if joint else "。")


def _text_plan(sheet: ToldSheet) -> dict[str, Any]:
    pieces = sheet.numbered("pieces")
    scenes: list[dict[str, Any]] = []
    for number, piece in enumerate(pieces, 1):
        if number == 1 or piece.startswith("(new section)") or len(scenes[-1]["frames"]) == 5:
            words = " ".join(piece.removeprefix("(new section) ").split()[:4])
            scenes.append(
                {
                    "title": words,
                    "summary": f"What is told of: {words}",
                    "location": None,
                    "time_of_day": None,
                    "characters": [],
                    "frames": [],
                }
            )
        scenes[-1]["frames"].append(
            {"first_piece": number, "picture_prompt": f"A picture of: {piece[:80]}", "on_screen_text": None}
        )
    return {"title": " ".join(pieces[0].removeprefix("(new section) ").split()[:6]), "scenes": scenes}


def _rewriting(sheet: ToldSheet) -> dict[str, Any]:
    pictures = sheet.numbered("pictures")
    return {
        "frames": [
            {
                "narration": f"Put differently: {told}",
                "picture_prompt": pictures[index],
                "on_screen_text": None,
            }
            for index, told in enumerate(sheet.numbered("frames"))
        ]
    }


def _findings(sheet: ToldSheet) -> dict[str, Any]:
    known = [name for name in sheet.listed("known characters") if name]
    scenes = [
        {
            "visual_description": f"A scene about {told[:60]}",
            "location": "a kitchen",
            "time_of_day": "night",
            "heading": "INT. KITCHEN - NIGHT",
            "action": "Somebody looks up.",
            "dialogue": None,
            "hook": "Wait for it",
            "props": ["a lamp", "a letter"],
            "characters": [name for name in known if name in told],
        }
        for told in sheet.numbered("scenes")
    ]
    return {
        "summary": f"A short video in {len(scenes)} scenes.",
        "genre": "documentary",
        "kind": "explainer",
        "scenes": scenes,
        "characters": [_sheet(name) for name in known],
        "hook_score": 7,
        "suggestions": ["Begin with the question."],
    }


def _sheet(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "description": "A woman of about forty with short grey hair, round glasses and a long green coat.",
        "age": "about forty",
        "gender": "woman",
        "role": "narrator",
        "cultural_context": None,
    }


def _character(sheet: ToldSheet) -> dict[str, Any]:
    return _sheet(sheet.material.get("name", "Somebody"))


def _better_prompt(sheet: ToldSheet) -> dict[str, Any]:
    prompt = " ".join(sheet.material.get("prompt", "").split())
    return {
        "prompt": f"{prompt}, soft side light, eye level, upright composition",
        "negative_prompt": "text, watermark, blur",
    }


def _metadata(sheet: ToldSheet) -> dict[str, Any]:
    title = " ".join(sheet.material.get("title", "A video").split())
    return {
        "title": title[:70],
        "description": f"What there is to know about {title}, in one minute.",
        "shorts_hashtags": ["#Shorts", "did you know", "facts", "#Facts"],
        "tiktok_text": f"Bet you did not know this about {title}.",
        "tiktok_hashtags": ["learn", "#fyp"],
        "youtube_tags": ["how it works", "Facts, explained", "how it works"],
        "instagram_text": f"Stop for a minute.\n\nHere is {title}.",
        "instagram_hashtags": ["#reels", "learn"],
    }


def _music_words(sheet: ToldSheet) -> dict[str, Any]:
    moods = sheet.listed("moods")
    return {
        "mood": moods[-1] if moods else "Wistful",
        "prompt": "Slow piano over soft strings,\nwarm and close, no vocals.",
        "tempo_bpm": 72,
    }


def _translated(sheet: ToldSheet) -> dict[str, Any]:
    return {"texts": [f"{json.loads(text)} ({sheet.facts['To']})" for text in sheet.numbered("texts")]}


def _plan(sheet: ToldSheet) -> dict[str, Any]:
    brief = " ".join(sheet.material.get("brief", "our channel").split()[:5])
    return {
        "videos": [
            {
                "day": day,
                "title": f"{brief}, idea {number + 1} of {day}",
                "topic": f"One surprising side of {brief}.",
                "hook": f"What does nobody tell you about {brief}?",
                "hashtags": ["#shorts", "learn"],
            }
            for day in sheet.facts["Days"].split(", ")
            for number in range(sheet.number("Videos a day", 1))
        ]
    }
