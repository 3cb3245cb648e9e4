"""Words for music by the words of the script."""

import pytest

from providers.local.music_adviser import LocalMusicAdviser
from providers.local.music_score import moods
from providers.protocols.music_words import MusicAdviser, MusicWords, MusicWordsRequest


async def suggested(narration: str, title: str = "", **given: object) -> MusicWords:
    adviser: MusicAdviser = LocalMusicAdviser()
    return await adviser.suggest(MusicWordsRequest(title, narration, "en", **given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("narration", "mood"),
    [
        ("The secret of the hidden room is strange to this day.", "mysterious"),
        ("Robots and computers share their data.", "tech"),
        ("Breathe slowly, and rest in the quiet.", "calm"),
        ("It is what it is.", "uplifting"),
        ("", "uplifting"),
    ],
)
async def test_the_words_of_the_script_speak_for_a_mood(narration: str, mood: str) -> None:
    made = await suggested(narration)
    assert made.mood == mood
    assert made.tempo_bpm == moods()[mood]["tempo"]
    assert made.prompt.startswith(f"{mood.capitalize()} instrumental background music, ")


async def test_the_tone_that_was_asked_for_weighs_more() -> None:
    assert (await suggested("Robots share their data.", tone="funny")).mood == "playful"


async def test_only_moods_that_the_composer_knows_are_named() -> None:
    told = "The secret of the hidden room."
    assert (await suggested(told, moods=("Calm", "Mysterious"))).mood == "Mysterious"
    assert (await suggested(told, moods=("calm", "sad"))).mood in {"calm", "sad"}
    strange = await suggested(told, moods=("polka",))
    assert (strange.mood, strange.tempo_bpm) == ("polka", 100)


@pytest.mark.parametrize("mood", moods())
async def test_it_has_words_for_every_mood_of_the_local_composer(mood: str) -> None:
    made = await suggested("", moods=(mood,))
    assert (made.mood, made.tempo_bpm) == (mood, moods()[mood]["tempo"])
    assert made.prompt.count(",") >= 2


async def test_short_signs_are_whole_words() -> None:
    assert (await suggested("A warm category of apples.")).mood == "uplifting"
    assert (await suggested("Wars and a war.")).mood == "dramatic"


def test_it_says_that_it_knows_nothing() -> None:
    assert LocalMusicAdviser().offer.is_free
    assert not LocalMusicAdviser().offer.knows_facts
