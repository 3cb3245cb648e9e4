"""Rewriting, analysis, characters, prompts, publishing, translation and plans."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from providers.errors import InvalidRequest, ProviderUnavailable
from providers.protocols.analysis import (
    AnalysisRequest,
    CharacterRequest,
    PromptRequest,
    SceneToAnalyse,
)
from providers.protocols.chat import PlanRequest
from providers.protocols.music_words import MusicWordsRequest
from providers.protocols.offer import Capability
from providers.protocols.persona import Persona
from providers.protocols.publishing import MetadataRequest
from providers.protocols.script import RewriteRequest, ScriptBrief, WrittenFrame
from providers.protocols.translation import TranslationRequest
from tests.providers.openai.conftest import Maker
from tests.stand_ins.openai import OpenAiStandIn
from tests.stand_ins.server import Call, Fault
from tests.stand_ins.told_sheet import ToldSheet, told_sheet

PERSONA = Persona(name="Guide", instructions="You are a sailor.")
FRAMES = (WrittenFrame("The sea is big.", "a sea", "BIG"), WrittenFrame("The land is small.", "a land"))


def asked(call: Call) -> ToldSheet:
    content = call.json()["messages"][1]["content"]
    return told_sheet(content if isinstance(content, str) else content[0]["text"])


def answering(change: Callable[[dict[str, Any]], object]) -> Fault:
    """The model's answer with something changed in it."""

    def changed(body: bytes) -> bytes:
        answer = json.loads(body)
        said = json.loads(answer["choices"][0]["message"]["content"])
        change(said)
        answer["choices"][0]["message"]["content"] = json.dumps(said)
        return json.dumps(answer).encode()

    return Fault(change=changed)


def rewriting(**told: Any) -> RewriteRequest:
    usual: dict[str, Any] = {"instruction": "funnier", "frames": FRAMES, "language": "en"}
    return RewriteRequest(**usual | {"scene_title": "Sea", "before": "Once.", "after": "The end."} | told)


async def test_a_part_is_rewritten_in_its_context(maker: Maker, stand_in: OpenAiStandIn) -> None:
    made = await maker(Capability.REWRITE).rewrite(rewriting(persona=PERSONA, tone="dry"))
    assert [frame.narration for frame in made.frames] == [f"Put differently: {f.narration}" for f in FRAMES]
    assert [frame.picture_prompt for frame in made.frames] == ["a sea", "a land"]
    told = asked(stand_in.calls[0])
    assert told.field("wishes", "change") == "funnier"
    assert told.field("wishes", "tone") == "dry"
    assert (told.material["said before"], told.material["said after"]) == ("Once.", "The end.")


@pytest.mark.parametrize(
    "change",
    [lambda said: said["frames"].pop(), lambda said: said["frames"][0].update(narration=" … ")],
    ids=["one-too-few", "one-silent"],
)
async def test_as_many_frames_come_back_or_none(
    maker: Maker, stand_in: OpenAiStandIn, change: Callable[[dict[str, Any]], object]
) -> None:
    stand_in.tell("/chat", answering(change))
    assert len((await maker(Capability.REWRITE).rewrite(rewriting())).frames) == 2
    stand_in.tell("/chat", answering(change), times=2)
    with pytest.raises(ProviderUnavailable):
        await maker(Capability.REWRITE).rewrite(rewriting())


async def test_a_frame_without_a_picture_keeps_its_old_one(maker: Maker, stand_in: OpenAiStandIn) -> None:
    stand_in.tell("/chat", answering(lambda said: said["frames"][1].update(picture_prompt="")))
    made = await maker(Capability.REWRITE).rewrite(rewriting())
    assert made.frames[1].picture_prompt == "a land"


async def test_a_long_script_is_analysed_in_parts(maker: Maker, stand_in: OpenAiStandIn) -> None:
    scenes = tuple(SceneToAnalyse(f"Scene {n}", f"Anna does thing {n}.") for n in range(60))
    made = await maker(Capability.ANALYSIS).analyse(
        AnalysisRequest("The sea", scenes, "en", known_characters=("Anna",))
    )
    assert len(made.scenes) == 60
    assert [asked(call).number("Scenes", 0) for call in stand_in.paid] == [25, 25, 10]
    assert asked(stand_in.paid[1]).material["story so far"]
    assert [sheet.name for sheet in made.characters] == ["Anna"]
    assert made.scenes[0].characters == ("Anna",)
    assert made.scenes[0].dialogue is None


async def test_what_an_analysis_finds_is_kept_in_bounds(maker: Maker, stand_in: OpenAiStandIn) -> None:
    stand_in.tell(
        "/chat", answering(lambda said: said.update(hook_score=12, suggestions=["a"] * 9, genre=""))
    )
    made = await maker(Capability.ANALYSIS).analyse(AnalysisRequest("Sea", (SceneToAnalyse("a", "b"),), "en"))
    assert (made.hook_score, made.suggestions, made.genre) == (10, ("a",), None)


async def test_a_character_is_described_from_pictures(maker: Maker, stand_in: OpenAiStandIn) -> None:
    made = await maker(Capability.CHARACTER).analyse(
        CharacterRequest("Anna", "", "en", pictures=((b"png bytes", "image/png"),))
    )
    assert made.sheet.name == "Anna"
    _, picture = stand_in.calls[0].json()["messages"][1]["content"]
    assert picture["image_url"]["url"] == "data:image/png;base64,cG5nIGJ5dGVz"


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (CharacterRequest("", " ", "en"), "text"),
        (CharacterRequest("Anna", "", "en", pictures=((b"x", "image/tiff"),)), "pictures"),
        (CharacterRequest("Anna", "", "en", pictures=((b"x", "image/png"),) * 9), "pictures"),
    ],
)
async def test_a_character_of_whom_nothing_can_be_known_costs_nothing(
    maker: Maker, stand_in: OpenAiStandIn, request_: CharacterRequest, field: str
) -> None:
    with pytest.raises(InvalidRequest) as caught:
        await maker(Capability.CHARACTER).analyse(request_)
    assert caught.value.field == field
    assert not stand_in.calls


async def test_a_prompt_is_said_better(maker: Maker, stand_in: OpenAiStandIn) -> None:
    made = await maker(Capability.PROMPT).optimise(
        PromptRequest(
            "a lighthouse", "It shines.", "The coast", "watercolour", characters=("Anna: grey hair",)
        )
    )
    assert made.prompt.startswith("a lighthouse, ")
    assert made.negative_prompt == "text, watermark, blur"
    assert asked(stand_in.calls[0]).material["style"] == "watercolour"


async def test_music_is_worded_in_bounds_and_in_the_composers_moods(
    maker: Maker, stand_in: OpenAiStandIn
) -> None:
    def wild(said: dict[str, Any]) -> None:
        said.update(mood="Wistful\nsoul", prompt="loud " * 500, tempo_bpm=900)

    stand_in.tell("/chat", answering(wild))
    adviser = maker(Capability.MUSIC_WORDS)
    made = await adviser.suggest(MusicWordsRequest("Sea", "The sea.", "en", tone="wistful"))
    assert (made.mood, made.tempo_bpm) == ("Wistful soul", 180)
    assert len(made.prompt) <= 1_000
    assert len(stand_in.paid) == 1

    def unknown(said: dict[str, Any]) -> None:
        said.update(mood="polka")

    stand_in.tell("/chat", answering(unknown))
    made = await adviser.suggest(MusicWordsRequest("Sea", "The sea.", "en", moods=("Calm", "Sad")))
    assert made.mood == "Sad"  # asked for once more
    assert len(stand_in.paid) == 3


async def test_publishing_texts_keep_to_the_platforms_limits(maker: Maker, stand_in: OpenAiStandIn) -> None:
    def long(said: dict[str, Any]) -> None:
        said.update(
            title="<b>word " * 40,
            description="line\n" * 2_000,
            tiktok_text="word " * 900,
            tiktok_hashtags=[f"#tag {number}" for number in range(50)],
            youtube_tags=["<how>, it #works", "How it works", *(f"words number {n}" for n in range(90))],
            instagram_text="words\n" * 900,
        )

    stand_in.tell("/chat", answering(long))
    made = await maker(Capability.METADATA).describe(MetadataRequest("Sea", "The sea.", "en"))
    assert len(made.title) <= 100
    assert "<" not in made.title
    assert len(made.description) <= 5_000
    assert len(made.tiktok_hashtags) == 30
    assert len(made.tiktok_text) + sum(len(tag) + 2 for tag in made.tiktok_hashtags) <= 2_200
    assert len(made.instagram_text) + sum(len(tag) + 2 for tag in made.instagram_hashtags) <= 2_200
    assert made.youtube_tags[:2] == ("how it works", "words number 0")
    assert 480 < sum(len(tag) + 3 for tag in made.youtube_tags) <= 500
    assert made.shorts_hashtags == ("Shorts", "didyouknow", "facts")


async def test_translations_come_in_batches_and_in_order(maker: Maker, stand_in: OpenAiStandIn) -> None:
    texts = tuple("" if number % 10 == 3 else f"Text {number}." for number in range(100))
    made = await maker(Capability.TRANSLATION).translate(
        TranslationRequest(texts, "en", "pt", culture="Brazil", terms=("Framewright",))
    )
    assert made.texts == tuple(f"{text} (pt)" if text else "" for text in texts)
    assert [asked(call).number("Texts", 0) for call in stand_in.paid] == [40, 40, 10]
    assert asked(stand_in.paid[1]).listed("translated before")[-1] == "Text 44. => Text 44. (pt)"
    assert asked(stand_in.paid[0]).listed("terms that stay") == ["Framewright"]


async def test_paragraphs_stay_paragraphs(maker: Maker) -> None:
    texts = ('He said: "Go."\n\nShe went.', "[2] is not a number here.")
    made = await maker(Capability.TRANSLATION).translate(TranslationRequest(texts, "en", "pt"))
    assert made.texts == tuple(f"{text} (pt)" for text in texts)


async def test_nothing_to_translate_costs_nothing(maker: Maker, stand_in: OpenAiStandIn) -> None:
    made = await maker(Capability.TRANSLATION).translate(TranslationRequest(("", " "), "en", "pt"))
    assert made.texts == ("", " ")
    assert made.usage.input_tokens == 0
    assert not stand_in.calls


async def test_a_translation_that_lost_a_text_is_asked_for_again(
    maker: Maker, stand_in: OpenAiStandIn
) -> None:
    stand_in.tell("/chat", answering(lambda said: said["texts"].pop()))
    made = await maker(Capability.TRANSLATION).translate(TranslationRequest(("One.", "Two."), "en", "pt"))
    assert len(made.texts) == 2
    assert "it has 1 texts; 2 are asked for" in stand_in.paid[1].json()["messages"][1]["content"]


async def test_a_month_is_planned_some_days_at_once(maker: Maker, stand_in: OpenAiStandIn) -> None:
    days = tuple(f"2026-12-{day:02}" for day in range(1, 31))
    made = await maker(Capability.PLAN).plan(PlanRequest(PERSONA, "The sea", days, "en", per_day=2))
    assert [video.day for video in made.videos] == [day for day in days for _ in range(2)]
    assert len(stand_in.paid) == 3
    assert made.videos[0].title in asked(stand_in.paid[1]).listed("recent videos, not to be repeated")
    assert made.videos[0].hashtags == ("shorts", "learn")


async def test_a_plan_has_the_days_that_are_asked_for(maker: Maker, stand_in: OpenAiStandIn) -> None:
    stand_in.tell("/chat", answering(lambda said: said["videos"][0].update(day="2031-01-01")), times=2)
    with pytest.raises(ProviderUnavailable, match="2031-01-01"):
        await maker(Capability.PLAN).plan(PlanRequest(PERSONA, "The sea", ("2026-12-01",), "en"))


@pytest.mark.parametrize(
    ("days", "per_day", "field"),
    [((), 1, "days"), (("2026-12-01", "Monday"), 1, "days"), (("2026-12-01",), 0, "per_day")],
)
async def test_a_plan_of_nothing_is_refused(
    maker: Maker, days: tuple[str, ...], per_day: int, field: str
) -> None:
    with pytest.raises(InvalidRequest) as caught:
        await maker(Capability.PLAN).plan(PlanRequest(PERSONA, "The sea", days, "en", per_day=per_day))
    assert caught.value.field == field


def limited(tokens: int) -> Persona:
    return replace(PERSONA, temperature=0.3, top_p=0.8, max_output_tokens=tokens)


def days(count: int) -> PlanRequest:
    return PlanRequest(
        limited(4_000), "Bees", tuple(f"2026-12-{day:02}" for day in range(1, count + 1)), "en"
    )


async def test_a_persona_keeps_its_length_and_freedom_in_all_that_it_writes(
    maker: Maker, stand_in: OpenAiStandIn
) -> None:
    persona = limited(4_000)
    await maker(Capability.REWRITE).rewrite(rewriting(persona=persona))
    await maker(Capability.PLAN).plan(days(2))
    await maker(Capability.METADATA).describe(MetadataRequest("Sea", "The sea.", "en", persona=persona))
    for topic, text in (("the sea", None), (None, "The sea is big. The land is small.")):
        brief = ScriptBrief(topic, text, "en", 20.0, persona=persona)
        await maker(Capability.SCRIPT).write(brief)
    assert len(stand_in.calls) >= 5
    for call in stand_in.calls:
        body = call.json()
        assert (body["max_completion_tokens"], body["temperature"], body["top_p"]) == (4_000, 0.3, 0.8)
        assert "at most 4000 tokens" in body["messages"][0]["content"]


async def test_a_persona_of_too_few_words_for_an_answer_is_said_and_its_calls_are_counted(
    maker: Maker, stand_in: OpenAiStandIn
) -> None:
    with pytest.raises(InvalidRequest, match="at most 16 tokens at once") as raised:
        await maker(Capability.REWRITE).rewrite(rewriting(persona=limited(16)))
    assert [call.json()["max_completion_tokens"] for call in stand_in.calls] == [16, 16]
    assert raised.value.usage is not None
    assert raised.value.usage.output_tokens > 0


async def test_an_answer_that_was_cut_off_is_asked_for_again_within_the_personas_length(
    maker: Maker, stand_in: OpenAiStandIn
) -> None:
    stand_in.tell("/chat", Fault(told="cut"))
    made = await maker(Capability.REWRITE).rewrite(rewriting(persona=limited(4_000)))
    assert len(made.frames) == len(FRAMES)
    assert [call.json()["max_completion_tokens"] for call in stand_in.calls] == [4_000, 4_000]
