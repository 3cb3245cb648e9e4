"""From the time of each character to the time of each word."""

import unicodedata
from itertools import pairwise

import pytest
from elevenlabs.types.audio_with_timestamps_response import AudioWithTimestampsResponse
from elevenlabs.types.character_alignment_response_model import CharacterAlignmentResponseModel
from hypothesis import given
from hypothesis import strategies as st

from providers.elevenlabs.words import words_of
from providers.protocols.speech import SpokenWord


def aligned(text: str, *, step_s: float = 0.1) -> CharacterAlignmentResponseModel:
    """Each character takes as long as any other."""
    count = len(text)
    return CharacterAlignmentResponseModel(
        characters=list(text),
        character_start_times_seconds=[index * step_s for index in range(count)],
        character_end_times_seconds=[(index + 1) * step_s for index in range(count)],
    )


def answer(
    alignment: CharacterAlignmentResponseModel | None,
    normalized: CharacterAlignmentResponseModel | None = None,
) -> AudioWithTimestampsResponse:
    return AudioWithTimestampsResponse.model_validate(
        {"audio_base64": "", "alignment": alignment, "normalized_alignment": normalized}
    )


def heard(words: tuple[SpokenWord, ...] | None) -> list[tuple[str, float, float]]:
    assert words is not None
    return [(word.text, round(word.start_s, 3), round(word.end_s, 3)) for word in words]


def test_each_word_has_the_time_of_its_first_and_last_character() -> None:
    assert heard(words_of(answer(aligned("Hi, you there")), "Hi, you there", "en")) == [
        ("Hi,", 0.0, 0.3),
        ("you", 0.4, 0.7),
        ("there", 0.8, 1.3),
    ]


def test_other_white_space_is_the_same_text() -> None:
    given_text = "\n One  two\tthree "
    assert [word[0] for word in heard(words_of(answer(aligned("One two three")), given_text, "en"))] == [
        "One",
        "two",
        "three",
    ]
    padded = words_of(answer(aligned("  One two ")), "One two", "en")
    assert heard(padded) == [("One", 0.2, 0.5), ("two", 0.6, 0.9)]


def test_numbers_that_are_spoken_as_words_share_the_time_between_their_neighbours() -> None:
    normalized = aligned("It costs thirty-five dollars today")
    words = heard(words_of(answer(None, normalized), "It costs $35 today", "en"))
    assert [word[0] for word in words] == ["It", "costs", "$35", "today"]
    assert words[0] == ("It", 0.0, 0.2)
    assert words[1] == ("costs", 0.3, 0.8)
    assert words[2][1:] == (0.8, 2.9)
    assert words[3] == ("today", 2.9, 3.4)


def test_the_written_texts_own_times_come_first() -> None:
    both = answer(aligned("I am 35"), aligned("I am thirty-five"))
    assert heard(words_of(both, "I am 35", "en"))[-1] == ("35", 0.5, 0.7)


@pytest.mark.parametrize(
    "alignment",
    [None, aligned(""), aligned("Something else was said here, by somebody")],
)
def test_no_times_are_no_words(alignment: CharacterAlignmentResponseModel | None) -> None:
    assert words_of(answer(alignment), "Zzz", "en") is None


def test_lists_of_other_lengths_are_not_believed() -> None:
    broken = CharacterAlignmentResponseModel(
        characters=["a", "b"], character_start_times_seconds=[0.0], character_end_times_seconds=[0.1]
    )
    assert words_of(answer(broken, aligned("ab")), "ab", "en") == (SpokenWord("ab", 0.0, 0.2),)


def test_entries_of_several_characters() -> None:
    spread = unicodedata.normalize("NFD", "é")
    alignment = CharacterAlignmentResponseModel(
        characters=["c", "a", "f", spread, " ", "👍🏽"],
        character_start_times_seconds=[0.0, 0.1, 0.2, 0.3, 0.4, 0.5],
        character_end_times_seconds=[0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
    )
    text = f"caf{spread} 👍🏽"
    assert heard(words_of(answer(alignment), text, "fr")) == [
        (f"caf{spread}", 0.0, 0.4),
        ("👍🏽", 0.5, 0.6),
    ]


def test_a_language_without_spaces() -> None:
    text = "今日は天気です。"
    words = words_of(answer(aligned(text)), text, "ja")
    assert words is not None
    assert len(words) > 1
    assert "".join(word.text for word in words) == text
    assert words[-1].end_s == pytest.approx(0.8)


@given(st.lists(st.text("abc,.-1'", min_size=1, max_size=6), min_size=1, max_size=12), st.booleans())
def test_every_word_once_in_order_and_never_back(written: list[str], changed: bool) -> None:  # noqa: FBT001
    text = " ".join(written)
    alignment = aligned(text.replace("1", "one") if changed else text)
    words = words_of(answer(alignment), text, "en")
    if words is None:
        assert changed
        return
    assert [word.text for word in words] == written
    assert all(one.end_s <= other.start_s + 1e-9 for one, other in pairwise(words))
    assert all(0 <= word.start_s <= word.end_s <= len(alignment.characters) * 0.1 + 1e-9 for word in words)
