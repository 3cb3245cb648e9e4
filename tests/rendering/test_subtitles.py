import pysubs2
from hypothesis import given
from hypothesis import strategies as st

from rendering.subtitles import MAX_COLUMNS, srt, subtitle_lines, web_vtt
from rendering.timeline import Word


def speech(text: str, word_s: float = 0.25) -> list[Word]:
    return [
        Word(text=word, start_s=index * word_s, end_s=(index + 1) * word_s)
        for index, word in enumerate(text.split())
    ]


def test_a_web_vtt_file_shows_markup_as_text() -> None:
    lines = subtitle_lines([speech("a <b>bold</b> & --> move")], "en")
    assert web_vtt(lines) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.550\na &lt;b&gt;bold&lt;/b&gt; &amp; --&gt; move\n"
    )


def test_a_subrip_file_numbers_its_cues() -> None:
    lines = subtitle_lines([speech("One two. Three four.", 1)], "en")
    assert srt(lines) == (
        "1\n00:00:00,000 --> 00:00:02,000\nOne two.\n\n2\n00:00:02,000 --> 00:00:04,300\nThree four.\n"
    )


def test_subrip_markup_is_made_plain_and_players_read_it_back() -> None:
    lines = subtitle_lines([speech(r"{\an8}up <i>x</i> 1<2 a-->b")], "en")
    text = srt(lines)
    for markup in ("{\\", "<i", "</", "-->b"):
        assert markup not in text
    assert "1<2" in text
    (event,) = pysubs2.SSAFile.from_string(text, format_="srt")
    assert event.plaintext.replace("\u200b", "").endswith("x</i> 1<2 a-->b")


def test_no_speech_gives_empty_files() -> None:
    assert subtitle_lines([], "en") == ()
    assert web_vtt(()) == "WEBVTT\n"
    assert srt(()) == ""


def test_words_at_one_instant_still_make_a_cue_that_lasts() -> None:
    utterance = [Word(text="One.", start_s=1, end_s=1), Word(text="Two.", start_s=1, end_s=1)]
    text = web_vtt(subtitle_lines([utterance], "en"))
    assert "00:00:01.000 --> 00:00:01.001\nOne.\n" in text


@given(st.lists(st.text("abcdefghij.,-<>&{}\\", min_size=1, max_size=30), min_size=1, max_size=40))
def test_cues_hold_two_rows_at_most_and_every_word(texts: list[str]) -> None:
    lines = subtitle_lines([speech(" ".join(texts))], "en")
    said = "".join("".join(word.text for word in line.words) for line in lines)
    assert said == "".join(texts)
    for line in lines:
        assert len(line.rows) <= 2
        assert all(len(" ".join(word.text for word in row)) <= MAX_COLUMNS for row in line.rows)


def test_japanese_rows_count_wide_characters_twice() -> None:
    text = "それからとても長い文章が続きますのでどうなるかを見てみましょうと言いました"
    lines = subtitle_lines([[Word(text=text, start_s=0, end_s=9)]], "ja")
    assert all(
        len("".join(word.text for word in row)) <= MAX_COLUMNS // 2 for line in lines for row in line.rows
    )
