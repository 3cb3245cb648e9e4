import re
import subprocess
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import rendering.runner
from rendering.captions import ass_document, caption_lines
from rendering.captions_ass import AssDocument, Event, centiseconds, document, escaped, set_text
from rendering.captions_effects import PlacedText
from rendering.captions_layout import place_rows, safe_area, visual_order
from rendering.captions_words import CaptionWord
from rendering.fonts import FontShelf, face_directory
from rendering.fonts_shaping import Typesetter
from rendering.timeline import CaptionPosition, CaptionPreset, CaptionStyle, TextEffect, VideoFormat, Word

SMALL = VideoFormat(width=270, height=480)
FACES = FontShelf(Path("unused"), fetch=None).faces_for("Latin", "en")
EVENT = re.compile(
    r"^Dialogue: (\d+),(\d+):(\d\d):(\d\d)\.(\d\d),(\d+):(\d\d):(\d\d)\.(\d\d),Text,,0,0,0,,(.*)$"
)

Picture = NDArray[np.uint8]
Draw = Callable[[AssDocument, float], Picture]


def speech(text: str, word_s: float = 0.4, start_s: float = 0.0) -> list[Word]:
    return [
        Word(text=word, start_s=start_s + index * word_s, end_s=start_s + (index + 1) * word_s)
        for index, word in enumerate(text.split())
    ]


def captioned(
    text: str, style: CaptionStyle, from_s: float = 0, to_s: float = 100, start_s: float = 0
) -> AssDocument:
    lines = caption_lines([speech(text, start_s=start_s)], style, SMALL, faces=FACES, language="en")
    return ass_document(lines, style, SMALL, from_s=from_s, to_s=to_s, faces=FACES, language="en")


def events(made: AssDocument) -> list[tuple[int, int, str]]:
    """Start and end in centiseconds, and the text, of each event."""
    found = []
    for line in made.text.splitlines():
        match = EVENT.match(line)
        if match:
            _, *times = (int(value) for value in match.groups()[:-1])
            start, end = (((h * 60 + m) * 60 + s) * 100 + cs for h, m, s, cs in (times[:4], times[4:]))
            found.append((start, end, match[10]))
    return found


@pytest.fixture
def draw(tmp_path: Path) -> Draw:
    def draw(made: AssDocument, at_s: float = 0.0) -> Picture:
        (tmp_path / "a.ass").write_text(made.text)
        fonts = face_directory(made.faces, tmp_path / "fonts")
        graph = (
            f"settb=1/1000,setpts={round(at_s * 1000)},format=rgb24,ass=filename=a.ass:fontsdir={fonts.name}"
        )
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostdin", "-f", "lavfi"]
        command += ["-i", f"color=0x203040:s={SMALL.width}x{SMALL.height}", "-vf", graph, "-frames:v", "1"]
        command += ["-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"]
        # As in a render: a machine's own fonts must not stand in for a missing one.
        alone = {"FONTCONFIG_FILE": str(Path(rendering.runner.__file__).with_name("no_fonts.conf"))}
        done = subprocess.run(command, cwd=tmp_path, env=alone, check=True, capture_output=True)
        assert b"failed to find any fallback" not in done.stderr, done.stderr.decode()
        picture = np.frombuffer(done.stdout, dtype=np.uint8)
        return picture.reshape(SMALL.height, SMALL.width, 3)

    return draw


def ink(picture: Picture) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what differs from the ground."""
    rows, columns = np.nonzero(np.abs(picture.astype(int) - picture[0, 0]).max(axis=2) > 40)
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


def literal(text: str) -> AssDocument:
    """The text drawn sign by sign, each an event of its own, so that no code can form."""
    typesetter = Typesetter(FACES, "en")
    made, x = [], 20.0
    for index in range(len(text)):
        x = 20 + typesetter.extent(text[:index]).width * 24
        drawn, faces = set_text(text[index], typesetter, 24)
        made.append(Event(0, 0, 100, f"{{\\an4\\pos({x:.2f},240)}}{drawn}", faces))
    return document(made, SMALL, language="en", from_s=0, to_s=1)


@pytest.mark.parametrize(
    "text", [r"{\b1}x", r"a\Nb", r"a\nb", r"a\hb", r"{\p1}m", r"\{x\}", "{", "}", "\\", r"\\N", r"{\c&H00&}"]
)
def test_text_like_codes_is_drawn_as_it_is(draw: Draw, text: str) -> None:
    typesetter = Typesetter(FACES, "en")
    drawn, faces = set_text(text, typesetter, 24)
    whole = Event(0, 0, 100, f"{{\\an4\\pos(20,240)}}{drawn}", faces)
    shown = draw(document([whole], SMALL, language="en", from_s=0, to_s=1), 0)
    apart = draw(literal(text), 0)
    np.testing.assert_allclose(ink(shown), ink(apart), atol=2)
    # Nearly the same pixels: kerning and sub-pixel places are all that may differ.
    assert np.abs(shown.astype(int) - apart).mean() < 1.0
    assert np.abs(shown.astype(int) - shown[0, 0]).sum() > 0


def test_the_spoken_word_alone_is_highlighted(draw: Draw) -> None:
    style = CaptionStyle(colour="#FFFFFF", highlight="#FF0000", max_words=2)
    made = captioned("left right", style)

    def red(at_s: float) -> NDArray[np.intp]:
        picture = draw(made, at_s)
        return np.flatnonzero(((picture[:, :, 0] > 200) & (picture[:, :, 1] < 60)).any(axis=0))

    first, second = red(0.2), red(0.6)
    assert len(first) > 20
    assert len(second) > 20
    assert first.max() < second.min()


@pytest.mark.parametrize("position", list(CaptionPosition))
@pytest.mark.parametrize("preset", [CaptionPreset.POP, CaptionPreset.KARAOKE, CaptionPreset.PLAIN])
def test_captions_stay_inside_the_safe_area(
    draw: Draw, position: CaptionPosition, preset: CaptionPreset
) -> None:
    style = CaptionStyle(preset=preset, position=position, size=0.12, uppercase=True)
    made = captioned("Wonderfully Donaudampfschifffahrtsgesellschaft unbelievable things", style)
    area = safe_area(SMALL)
    for at_s in (0.07, 0.47, 0.87, 1.27):
        left, top, right, bottom = ink(draw(made, at_s))
        assert area.left - 2 <= left < right <= area.right + 2
        assert area.top - 2 <= top < bottom <= area.bottom + 2


def test_the_picture_is_the_same_from_either_side_of_a_cut(draw: Draw) -> None:
    style = CaptionStyle(preset=CaptionPreset.POP)
    whole = captioned("one two three four five", style)
    piece = captioned("one two three four five", style, from_s=0.5, to_s=1.0)
    assert piece.event_count < whole.event_count
    for at_s in (0.5, 0.7, 0.85, 0.99):
        np.testing.assert_array_equal(draw(whole, at_s), draw(piece, at_s))


@settings(max_examples=40)
@given(st.floats(0, 6), st.floats(0.01, 3), st.sampled_from(list(CaptionPreset)))
def test_an_interval_holds_exactly_the_events_that_touch_it(
    from_s: float, length_s: float, preset: CaptionPreset
) -> None:
    style = CaptionStyle(preset=preset, background="#000000", max_words=3)
    text = "one two three four. five six seven eight nine ten"
    piece = events(captioned(text, style, from_s=from_s, to_s=from_s + length_s))
    whole = events(captioned(text, style))
    assert piece == [
        event for event in whole if event[0] < (from_s + length_s) * 100 and event[1] > from_s * 100
    ]


@settings(max_examples=40)
@given(st.lists(st.floats(0, 0.7), min_size=1, max_size=12), st.sampled_from(["pop", "karaoke", "plain"]))
def test_each_place_shows_one_thing_at_a_time_without_gaps(lengths_s: list[float], preset: str) -> None:
    words, at_s = [], 0.0
    for index, length_s in enumerate(lengths_s):
        words.append(Word(text=f"w{index}", start_s=at_s, end_s=at_s + length_s))
        at_s += length_s
    style = CaptionStyle(preset=CaptionPreset(preset), max_words=3)
    lines = caption_lines([words], style, SMALL, faces=FACES, language="en")
    made = ass_document(lines, style, SMALL, from_s=0, to_s=100, faces=FACES, language="en")
    shown: dict[str, list[tuple[int, int]]] = {}
    for start, end, text in events(made):
        shown.setdefault(text.rpartition("}")[2], []).append((start, end))
    for line in lines:
        for word in line.words:
            times = sorted(shown.get(word.text, []))
            if centiseconds(line.start_s) == centiseconds(line.end_s):
                assert times == []
                continue
            assert times[0][0] == centiseconds(line.start_s)
            assert times[-1][1] == centiseconds(line.end_s)
            assert all(before[1] == after[0] for before, after in pairwise(times))


def test_the_same_captions_give_the_same_document() -> None:
    style = CaptionStyle(preset=CaptionPreset.POP)
    assert captioned("the same again", style).text == captioned("the same again", style).text


def test_a_document_does_not_change_with_what_is_said_elsewhere() -> None:
    style = CaptionStyle()
    both = [speech("hello there."), speech("something else", start_s=9)]
    alone = caption_lines(both[:1], style, SMALL, faces=FACES, language="en")
    lines = caption_lines(both, style, SMALL, faces=FACES, language="en")
    made = [
        ass_document(some, style, SMALL, from_s=0, to_s=3, faces=FACES, language="en").text
        for some in (alone, lines)
    ]
    assert made[0] == made[1]


def test_no_preset_means_nothing_to_burn_in() -> None:
    made = captioned("silent", CaptionStyle(preset=CaptionPreset.NONE))
    assert (made.event_count, made.faces) == (0, ())


def test_a_document_names_the_faces_that_it_needs() -> None:
    made = captioned("hello", CaptionStyle())
    assert [face.family for face in made.faces] == ["Roboto Black"]
    assert "{\\fnRoboto Black\\fs" in made.text


def test_titles_are_drawn_whole_inside_the_safe_area(draw: Draw) -> None:
    area = safe_area(SMALL)
    for kind in ("title", "hook", "lower_third"):
        for text in ("Short", "A very long headline that goes on and on " * 5):
            effect = TextEffect.model_validate({"kind": kind, "text": text[:300], "background": "#C01030"})
            made = ass_document(
                (),
                CaptionStyle(),
                SMALL,
                from_s=0,
                to_s=3,
                faces=FACES,
                language="en",
                texts=[PlacedText(effect, 0, 3)],
            )
            left, top, right, bottom = ink(draw(made, 1.0))
            assert area.left - 3 <= left < right <= area.right + 3
            assert area.top - 3 <= top < bottom <= area.bottom + 3


def test_a_title_outside_of_the_interval_is_left_out() -> None:
    effect = TextEffect.model_validate({"kind": "title", "text": "Later"})
    made = ass_document(
        (),
        CaptionStyle(),
        SMALL,
        from_s=0,
        to_s=3,
        faces=FACES,
        language="en",
        texts=[PlacedText(effect, 3, 6)],
    )
    assert made.event_count == 0


def test_words_of_a_row_stand_apart_on_one_line() -> None:
    words = [CaptionWord("jumpy", 0, 1), CaptionWord("AVAST", 1, 2), CaptionWord("x", 2, 3)]
    (row,) = place_rows(
        [words],
        em=20,
        overhang=0,
        area=safe_area(SMALL),
        position=CaptionPosition.CENTER,
        typesetter=Typesetter(FACES, "en"),
    )
    assert len({word.y for word in row.words}) == 1
    for before, after in pairwise(row.words):
        assert before.x + before.width / 2 < after.x - after.width / 2


@pytest.mark.parametrize(
    ("words", "order"),
    [
        ("one two three", [0, 1, 2]),
        ("אחת שתיים שלוש", [2, 1, 0]),
        ("קנה iPhone 15 Pro היום", [4, 1, 2, 3, 0]),
        ("buy תפוח אדום 5 today", [0, 3, 2, 1, 4]),
        ("יש 15 10 כאן", [3, 2, 1, 0]),
        ("— שלום", [1, 0]),
        ("15 10", [0, 1]),
    ],
)
def test_words_stand_in_the_order_of_their_scripts(words: str, order: list[int]) -> None:
    assert visual_order(words.split()) == order


def test_escaping_leaves_plain_text_alone() -> None:
    assert escaped("100% “sure”, isn't it?") == "100% “sure”, isn't it?"


def test_emoji_sequences_stay_whole(draw: Draw, tmp_path: Path) -> None:
    shelf = FontShelf(tmp_path / "cache")
    for text in ("👨‍👩‍👧‍👦", "1️⃣", "🏳️‍🌈", "👍🏽"):
        faces = shelf.faces_for(text, "en")
        utterance = [Word(text=text, start_s=0, end_s=1)]
        style = CaptionStyle(size=0.15)
        lines = caption_lines([utterance], style, SMALL, faces=faces, language="en")
        made = ass_document(lines, style, SMALL, from_s=0, to_s=1, faces=faces, language="en")
        left, _, right, _ = ink(draw(made, 0.5))
        # One pictograph is hardly wider than its em; its parts side by side would be twice as wide.
        assert right - left < 1.6 * 0.15 * SMALL.width


def test_boxes_are_drawn_where_no_letter_is_latin(draw: Draw, tmp_path: Path) -> None:
    faces = FontShelf(tmp_path / "cache").faces_for("שלום", "he")
    style = CaptionStyle(background="#C01030")
    lines = caption_lines([[Word(text="שלום", start_s=0, end_s=1)]], style, SMALL, faces=faces, language="he")
    hook = TextEffect.model_validate({"kind": "hook", "text": "שלום", "background": "#10C030"})
    made = ass_document(
        lines,
        style,
        SMALL,
        from_s=0,
        to_s=1,
        faces=faces,
        language="he",
        texts=[PlacedText(hook, 0, 1)],
    )
    assert [face.family for face in made.faces] == ["Noto Sans Hebrew Black"]
    _, top, _, bottom = ink(draw(made, 0.5))
    assert top < SMALL.height / 4
    assert bottom > SMALL.height * 0.6
