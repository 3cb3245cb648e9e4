from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rendering.captions_lines import LINGER_S, break_lines
from rendering.captions_words import CaptionWord, caption_words


def columns(words: Sequence[CaptionWord]) -> float:
    return sum(len(word.text) + (not word.joined) for word in words) - (not words[0].joined)


def speech(text: str, word_s: float = 0.5) -> list[CaptionWord]:
    words = [
        CaptionWord(word, index * word_s, (index + 1) * word_s) for index, word in enumerate(text.split())
    ]
    return list(caption_words(words, "en"))


WORDS = st.lists(
    st.tuples(
        st.text("abcdefgh", min_size=1, max_size=14),
        st.sampled_from(["", "", "", "", ".", "!", ",", "?”"]),
        st.floats(0.05, 1),
        st.sampled_from([0, 0, 0, 0.1, 2]),
    ),
    max_size=30,
)


def timed(parts: list[tuple[str, str, float, float]]) -> list[CaptionWord]:
    words, at_s = [], 0.0
    for text, mark, length_s, pause_s in parts:
        words.append(CaptionWord(text + mark, at_s, at_s + length_s))
        at_s += length_s + pause_s
    return list(caption_words(words, "en"))


@given(WORDS, st.integers(1, 8))
def test_lines_keep_every_word_in_order_inside_the_width(
    parts: list[tuple[str, str, float, float]], max_words: int
) -> None:
    words = timed(parts)
    lines = break_lines([words], max_words=max_words, max_width=16, measure=columns)
    assert [word for line in lines for word in line.words] == words
    for line in lines:
        assert [word for row in line.rows for word in row] == list(line.words)
        assert 1 <= len(line.rows) <= 2
        assert len(line.words) <= max_words
        assert all(columns(row) <= 16 for row in line.rows)
        assert not any(word.ends_sentence for word in line.words[:-1])


@given(WORDS)
def test_lines_never_overlap_and_linger_at_most_a_moment(
    parts: list[tuple[str, str, float, float]],
) -> None:
    lines = break_lines([timed(parts)], max_words=4, max_width=16, measure=columns)
    for line, following in pairwise(lines):
        assert line.end_s <= following.start_s
    for line in lines:
        assert line.end_s <= line.words[-1].end_s + LINGER_S
        assert line.start_s == line.words[0].start_s


@given(WORDS, WORDS)
def test_an_utterance_breaks_the_same_whatever_follows(
    first: list[tuple[str, str, float, float]], second: list[tuple[str, str, float, float]]
) -> None:
    alone = break_lines([timed(first)], max_words=4, max_width=16, measure=columns)
    later = [CaptionWord(w.text, w.start_s + 1000, w.end_s + 1000) for w in timed(second)]
    both = break_lines([timed(first), later], max_words=4, max_width=16, measure=columns)
    assert both[: len(alone)] == alone


def test_a_line_without_a_gap_stays_until_the_next() -> None:
    lines = break_lines([speech("one two three four. Five six")], max_words=4, max_width=30, measure=columns)
    assert [(line.text, line.start_s, line.end_s) for line in lines] == [
        ("one two three four.", 0, 2),
        ("Five six", 2, 3 + LINGER_S),
    ]


def test_words_spread_evenly_and_break_at_commas() -> None:
    def texts(text: str, max_words: int) -> list[str]:
        lines = break_lines([speech(text)], max_words=max_words, max_width=40, measure=columns)
        return [line.text for line in lines]

    assert texts("alpha bravo gamma delta omega", 4) == ["alpha bravo gamma", "delta omega"] or texts(
        "alpha bravo gamma delta omega", 4
    ) == ["alpha bravo", "gamma delta omega"]
    assert texts("when rain falls, goats climb higher", 4) == ["when rain falls,", "goats climb higher"]


def test_a_short_word_does_not_dangle() -> None:
    lines = break_lines(
        [speech("goats live in the mountains forever")], max_words=4, max_width=40, measure=columns
    )
    assert [line.text for line in lines] == ["goats live", "in the mountains forever"]


def test_a_word_wider_than_two_rows_is_cut_and_nothing_of_it_lost() -> None:
    word = CaptionWord("x" * 100, 0, 10)
    lines = break_lines([[word]], max_words=4, max_width=16, measure=columns)
    assert "".join(part.text for line in lines for part in line.words) == word.text
    assert "".join(line.text for line in lines) == word.text
    assert lines[-1].words[-1].end_s == pytest.approx(10)


@pytest.mark.parametrize("max_words", [2, 3, 4, 5])
def test_titles_and_initials_stand_in_one_row_with_the_name(max_words: int) -> None:
    words = speech("Yesterday evening old Dr. Wu met Mrs. Bee and J. Smith near No. 5 again")
    for line in break_lines([words], max_words=max_words, max_width=14, measure=columns):
        for row in line.rows:
            assert not row[-1].clings, line.text


def test_a_title_stands_alone_where_each_word_does() -> None:
    lines = break_lines([speech("Dr. Wu came")], max_words=1, max_width=14, measure=columns)
    assert [line.text for line in lines] == ["Dr.", "Wu", "came"]
