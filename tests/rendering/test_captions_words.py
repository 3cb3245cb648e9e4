import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from rendering.captions_words import caption_words, ends_sentence, joined_text, shown
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
        return ends_sentence(first, second)

    assert ends("done.", "Next")
    assert ends("done.”", "Next")
    assert ends("really?", "yes")
    assert not ends("etc.", "and")
    assert not ends("J.", "Smith")
    assert not ends("one,", "two")


def test_capitals_follow_the_language() -> None:
    def capitals(text: str, language: str) -> str:
        return shown(caption_words([spoken(text)], language)[0], language).text

    assert capitals("straße", "de") == "STRASSE"
    assert capitals("istanbul", "tr") == "İSTANBUL"
    assert capitals("γειά", "el") == "ΓΕΙΑ"
