import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rendering.captions_words import CaptionWord, caption_words, joined_text, shown, split_evenly
from rendering.timeline import Word

TEXTS = st.text(
    st.one_of(
        st.sampled_from("abc ABC.,!?äß{}\\\n「。、今日は天気 สวัสดี 한국어 مرحبا 👍🏽"),
        st.characters(exclude_categories=["Cs"]),
    ),
    min_size=1,
    max_size=20,
)
UTTERANCES = st.lists(
    st.builds(
        lambda text, start_s, length_s: Word(text=text, start_s=start_s, end_s=start_s + length_s),
        TEXTS,
        st.floats(0, 100),
        st.floats(0, 3),
    ),
    max_size=12,
)
LANGUAGES = st.sampled_from(["en", "ja", "zh", "zh-TW", "th", "ar", "ko", "fr", "tr"])


def spoken(text: str, start_s: float = 0, end_s: float = 1) -> Word:
    return Word(text=text, start_s=start_s, end_s=end_s)


def letters(text: str) -> str:
    """Return the letters and digits, decomposed: a letter and its mark may have been composed into one."""
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if sign.isalnum())


def test_what_cannot_be_seen_leaves_no_empty_word_behind() -> None:
    assert [
        word.text for word in caption_words([spoken("\x1b 0"), spoken("\x1b"), spoken("a \x07 b")], "en")
    ] == [
        "0",
        "a",
        "b",
    ]
    assert [word.text for word in caption_words([spoken("e\x1b\u0301")], "en")] == ["\u00e9"]


@given(UTTERANCES, LANGUAGES)
@example([spoken("\x1b 0")], "en")
def test_no_letter_is_lost_and_times_never_run_backwards(utterance: list[Word], language: str) -> None:
    words = caption_words(utterance, language)
    said = " ".join(word.text for word in utterance)
    assert letters("".join(word.text for word in words)) == letters(said)
    starts = [word.start_s for word in words]
    assert starts == sorted(starts)
    assert all(word.text and word.end_s >= word.start_s for word in words)


def test_japanese_is_cut_into_phrases_that_share_the_time() -> None:
    words = caption_words([spoken("今日は天気がいいですね。", 0, 12)], "ja")
    assert [word.text for word in words] == ["今日は", "天気が", "いいですね。"]
    assert [word.joined for word in words] == [False, True, True]
    assert [(word.start_s, word.end_s) for word in words] == [(0, 3), (3, 6), (6, 12)]


def test_single_characters_of_a_transcript_join_into_phrases() -> None:
    said = [spoken(sign, index, index + 1) for index, sign in enumerate("今日は天気が")]
    assert [(w.text, w.start_s, w.end_s) for w in caption_words(said, "ja")] == [
        ("今日は", 0, 3),
        ("天気が", 3, 6),
    ]


def test_chinese_and_thai_are_cut_without_spaces() -> None:
    assert len(caption_words([spoken("今天天气很好")], "zh")) > 1
    assert len(caption_words([spoken("สวัสดีครับวันนี้อากาศดี")], "th")) > 1


def test_korean_keeps_its_spaces() -> None:
    words = caption_words([spoken("안녕하세요"), spoken("여러분")], "ko")
    assert joined_text(words) == "안녕하세요 여러분"


def test_lonely_punctuation_joins_the_word_before_it() -> None:
    assert [w.text for w in caption_words([spoken("Well"), spoken(","), spoken("yes")], "en")] == [
        "Well,",
        "yes",
    ]
    assert caption_words([spoken("Bonjour"), spoken("!")], "fr")[0].text == "Bonjour\u202f!"


def test_sentences_end_at_stops_but_not_at_initials() -> None:
    def ends(text: str, following: str) -> bool:
        first, second = caption_words([spoken(text), spoken(following)], "en")
        assert not second.clings
        return first.ends_sentence

    assert ends("done.", "Next")
    assert ends("done.”", "Next")
    assert ends("really?", "yes")
    assert not ends("etc.", "and")
    assert not ends("J.", "Smith")
    assert not ends("one,", "two")


@pytest.mark.parametrize(
    ("language", "text", "sentences"),
    [
        ("en", "Dr. Wu met Mrs. Bee and Ms. Cee. They danced.", 2),
        ("en", "Then J. R. R. Tolkien came at 5 p.m. He sat down.", 2),
        ("en-GB", "It was St. John's day in 1995. All of Acme Inc. slept.", 2),
        (
            "de",
            "Prof. Dr. Meier kam am 3. Mai. Hr. Bach und Fr. Wu gingen, z. B. zu Nr. 5. Es war 1995. Ende.",
            4,
        ),
        ("fr", "M. Dupont et Mme. Curie partent. Le Dr. Wu reste.", 2),
        ("es", "El Sr. López y la Dra. Ruiz vinieron. Dña. Ana no.", 2),
        ("it", "Il Dott. Rossi e il Prof. Neri arrivano. Poi vanno.", 2),
        ("pt-BR", "O Dr. Silva e a Profa. Ana chegaram. Depois foram.", 2),
        ("nl", "Dhr. Jansen en mevr. De Vries kwamen. Prof. Bakker ook.", 2),
        ("pl", "Dr. Nowak i ks. Kowalski przyszli. Poszli do domu.", 2),
        ("ru", "А. С. Пушкин родился там. Проф. Иванов пришёл.", 2),  # noqa: RUF001 - Russian
        ("tr", "Dr. Ayşe geldi. Prof. Ali gitti.", 2),
        ("xx", "Dr. Wu came. He left.", 2),
    ],
)
def test_sentences_end_where_they_do_in_the_language(language: str, text: str, sentences: int) -> None:
    words = caption_words([spoken(word) for word in text.split()], language)
    assert sum(word.ends_sentence for word in words) == sentences
    assert words[-1].ends_sentence
    for word, following in pairwise(words):
        assert not (word.ends_sentence and word.clings)
        assert word.clings == (
            word.text.endswith(".") and not word.ends_sentence and not following.text.islower()
        )


def test_a_sentence_ends_with_the_last_part_of_a_cut_word() -> None:
    parts = list(split_evenly(CaptionWord("Honeybees.", 0, 1, ends_sentence=True), 3))
    assert [part.ends_sentence for part in parts] == [False, False, True]


def test_capitals_leave_sentences_as_they_were() -> None:
    words = caption_words([spoken("etc."), spoken("and"), spoken("Dr."), spoken("Wu")], "en")
    assert not any(shown(word, "en").ends_sentence for word in words)


def test_capitals_follow_the_language() -> None:
    def capitals(text: str, language: str) -> str:
        return shown(caption_words([spoken(text)], language)[0], language).text

    assert capitals("straße", "de") == "STRASSE"
    assert capitals("istanbul", "tr") == "İSTANBUL"
    assert capitals("γειά", "el") == "ΓΕΙΑ"
