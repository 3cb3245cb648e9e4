from pathlib import Path

import pytest

from rendering.fonts import FontShelf, MissingGlyphs, face_directory
from rendering.fonts_fetch import FontUnavailable
from rendering.fonts_shaping import Typesetter


@pytest.fixture
def shelf(tmp_path: Path) -> FontShelf:
    return FontShelf(tmp_path / "fonts", fetch=None)


@pytest.mark.parametrize(
    "text",
    [
        "The quick brown fox, 12:30 — “quoted” …",
        "Größer als Übermut: Straßen & Äpfel",
        "Não há ação sem emoção",
        "Γειά σου Κόσμε",  # noqa: RUF001 - Greek it is
        "Привет, мир! Їжак",
        "Zażółć gęślą jaźń",
        "İstanbul'da ığüş",
        "Tiếng Việt rất đẹp",
        "{\\b1} \\n <b> % 100€",
    ],
)
def test_latin_greek_and_cyrillic_need_nothing_fetched(shelf: FontShelf, text: str) -> None:
    (face,) = shelf.faces_for(text, "en")
    assert (face.family, face.weight) == ("Roboto Black", 900)
    assert all(face.covers(sign) for sign in text)


def test_missing_glyphs_are_named_with_their_script(shelf: FontShelf) -> None:
    with pytest.raises(MissingGlyphs, match=r"ሰ \(U\+1230\).*Ethiopic") as caught:
        shelf.faces_for("Selam ሰላም ሰላም", "am")
    assert caught.value.characters == ("ሰ", "ላ", "ም")
    assert caught.value.scripts == ("Ethiopic",)


def test_missing_lists_what_no_face_draws(shelf: FontShelf) -> None:
    assert shelf.missing("fine ሰ", "en") == ("ሰ",)
    assert shelf.missing("fine", "en") == ()


def test_a_font_that_cannot_be_fetched_is_named(shelf: FontShelf) -> None:
    with pytest.raises(FontUnavailable, match=r"@expo-google-fonts/noto-sans-jp@\d.*make fonts"):
        shelf.faces_for("こんにちは", "ja")


@pytest.mark.parametrize(
    ("language", "package"),
    [
        ("ja", "noto-sans-jp"),
        ("ko", "noto-sans-kr"),
        ("zh", "noto-sans-sc"),
        ("zh-Hans-CN", "noto-sans-sc"),
        ("zh-TW", "noto-sans-tc"),
        ("yue", "noto-sans-tc"),
        ("en", "noto-sans-sc"),
    ],
)
def test_language_decides_the_form_of_shared_characters(
    shelf: FontShelf, language: str, package: str
) -> None:
    with pytest.raises(FontUnavailable) as caught:
        shelf.faces_for("直骨", language)
    assert package in caught.value.package


def test_kana_beside_han_characters_make_them_japanese(shelf: FontShelf) -> None:
    with pytest.raises(FontUnavailable) as caught:
        shelf.faces_for("直す", "en")
    assert "noto-sans-jp" in caught.value.package


def test_face_directory_holds_the_faces_and_can_be_filled_twice(shelf: FontShelf, tmp_path: Path) -> None:
    (face,) = shelf.faces_for("a", "en")
    folder = face_directory([face], tmp_path / "used")
    face_directory([face], folder)
    assert [path.name for path in folder.iterdir()] == [f"{face.sha256}.ttf"]
    assert (folder / f"{face.sha256}.ttf").read_bytes() == face.path.read_bytes()


def test_signs_that_take_no_room_measure_nothing(shelf: FontShelf) -> None:
    typesetter = Typesetter(shelf.faces_for("ab", "en"), "en")
    assert typesetter.extent("").width == 0
    assert typesetter.extent("a\u200db").width == pytest.approx(typesetter.extent("ab").width)


def test_kerned_pairs_stand_closer(shelf: FontShelf) -> None:
    typesetter = Typesetter(shelf.faces_for("AV", "en"), "en")
    apart = typesetter.extent("A").width + typesetter.extent("V").width
    assert typesetter.extent("AV").width < apart
