from itertools import pairwise

import pytest

from providers.local.speech import LocalSpeaker
from providers.protocols.speech import SpeechRequest, SpokenWord
from providers.spoken.captions import says_the_same, shown_words
from providers.spoken.lexicon import Pronunciation
from providers.spoken.text import spoken_text


def heard(text: str) -> list[SpokenWord]:
    return [SpokenWord(word, place / 2, place / 2 + 0.4) for place, word in enumerate(text.split())]


def test_a_written_word_is_shown_as_long_as_its_spoken_words_last() -> None:
    spoken = spoken_text("It costs $5.50 today.", "en")
    words = heard("It costs five dollars and fifty cents today.")
    assert says_the_same(spoken, words)
    shown = shown_words(spoken, words)
    assert [(word.text, word.start_s, word.end_s) for word in shown] == [
        ("It", 0.0, 0.4),
        ("costs", 0.5, 0.9),
        ("$5.50", 1.0, 3.4),
        ("today.", 3.5, 3.9),
    ]


def test_written_words_of_one_group_share_its_time() -> None:
    spoken = spoken_text("in New York now", "en", [Pronunciation("New York", "noo york city")])
    shown = shown_words(spoken, heard("in noo york city now"))
    assert [word.text for word in shown] == ["in", "New", "York", "now"]
    assert shown[1].start_s == 0.5
    assert shown[1].end_s == shown[2].start_s == pytest.approx(0.5 + 1.4 * 4 / 9)
    assert (shown[2].end_s, shown[3].start_s) == (1.9, 2.0)


def test_spoken_words_may_be_cut_otherwise_than_the_text() -> None:
    spoken = spoken_text("今天 5 km", "zh")
    signs = [SpokenWord(sign, place * 0.2, place * 0.2 + 0.2) for place, sign in enumerate("今天5km")]
    shown = shown_words(spoken, signs)
    assert "".join(word.text for word in shown) == "今天5km"
    assert shown[-1].end_s == pytest.approx(1.0)


def test_other_words_are_not_taken_for_the_text() -> None:
    spoken = spoken_text("It costs $5.50", "en")
    assert not says_the_same(spoken, heard("It costs $5.50"))
    assert not says_the_same(spoken, [])


async def test_local_speech_is_shown_in_written_words() -> None:
    text = "On 3 May 1995, Dr. Wu paid $5.50 & ran 5 km, e.g. at 3pm."
    spoken = spoken_text(text, "en")
    speech = await LocalSpeaker().speak(SpeechRequest(spoken.text, "en"))
    assert speech.words is not None
    assert says_the_same(spoken, speech.words)
    shown = shown_words(spoken, speech.words)
    assert [word.text for word in shown] == text.split()
    for word, following in pairwise(shown):
        assert word.start_s < word.end_s <= following.start_s + 1e-9
