"""Words become decisions: where, when, what, and what not."""

import itertools

import pytest

from providers.local.pictures.brief import read
from providers.local.pictures.lexicon import lexicon, plain_words
from providers.local.pictures.palette import palettes
from providers.local.pictures.pen import Lighting, Pen
from providers.local.pictures.seeding import generator
from providers.local.pictures.settings import PAINTERS
from providers.local.pictures.subjects.catalogue import subjects
from providers.protocols.picture import ImageRequest


def asked(
    prompt: str, *, scene: str = "", negative: str = "", frame: int = 0, style: str = "", place: int = 0
) -> ImageRequest:
    return ImageRequest(prompt, negative, style, 270, 480, 7, 0, scene, place, frame)


@pytest.mark.parametrize(
    ("prompt", "hero"),
    [
        ("The history of lighthouses", "lighthouse"),
        ("Die Geschichte der Leuchttürme", "lighthouse"),
        ("A história dos faróis e do farol", "lighthouse"),
        ("El castillo del rey", "castle"),
        ("Les baleines et la baleine bleue", "whale"),
        ("Wale im Meer", "whale"),
        ("Where money comes from", "coins"),
        ("How the brain works", "brain"),
    ],
)
def test_five_languages_name_a_subject(prompt: str, hero: str) -> None:
    assert read(asked(prompt)).subjects[0] == hero


def test_a_longer_word_is_not_mistaken_for_a_short_one() -> None:
    found = lexicon().subjects.found(plain_words("a carpet, a catalogue and a barony"))
    assert not {"car", "cat", "bear"}.intersection(found)


def test_frames_share_the_scenes_place_time_and_palette() -> None:
    scene = "A harbour on the coast at night"
    one = read(asked("A lighthouse", scene=scene))
    other = read(asked("A dog in the snow", scene=scene, frame=1))
    assert (one.setting, one.time, one.palette) == (other.setting, other.time, other.palette)
    assert (one.setting, one.time) == ("sea", "night")
    assert one.subjects != other.subjects


def test_where_nothing_is_said_the_day_and_the_view_go_on_from_scene_to_scene() -> None:
    looks = [read(asked("A house", scene="A house", place=place)) for place in range(1, 6)]
    assert all(one.view != other.view for one, other in itertools.pairwise(looks))
    assert all(one.time != other.time for one, other in itertools.pairwise(looks))


def test_what_is_said_wins_over_the_scenes_place() -> None:
    for place in range(6):
        brief = read(asked("A house, close-up", scene="A house at night", place=place))
        assert (brief.view, brief.time) == ("close", "night")


def test_onlookers_take_a_thing_from_its_room_and_the_whole_scene_with_it() -> None:
    scene = "coffee, onlookers"
    one, other = read(asked("coffee, onlookers", scene=scene)), read(asked("coffee, wide view", scene=scene))
    assert one.setting == other.setting
    assert one.setting != "interior"
    assert read(asked("coffee in the kitchen, onlookers")).setting == "interior"
    assert read(asked("whales, onlookers")).setting == "underwater"


@pytest.mark.parametrize("negative", ["silhouette", "close-up"])
def test_a_forbidden_view_is_not_taken(negative: str) -> None:
    assert read(asked("A castle, silhouette, close-up", negative=negative)).view in {
        "close",
        "silhouette",
    } - {negative.removesuffix("-up")}


@pytest.mark.parametrize(
    ("prompt", "negative", "gone"),
    [("A castle and a dragon", "dragon", "dragon"), ("People at the bridge", "no people", "person")],
)
def test_what_is_not_wanted_is_not_shown(prompt: str, negative: str, gone: str) -> None:
    assert gone in read(asked(prompt)).subjects or gone == "person"
    assert gone not in read(asked(prompt, negative=negative)).subjects


def test_a_forbidden_place_and_time_are_avoided() -> None:
    brief = read(asked("A lighthouse by the sea at night", negative="sea, night"))
    assert brief.setting != "sea"
    assert brief.time != "night"


@pytest.mark.parametrize("setting", sorted(set(PAINTERS) - {"abstract"}))
def test_a_place_that_is_named_alone_is_inhabited(setting: str) -> None:
    place = {"volcanic": "lava field"}.get(setting, setting)
    assert read(asked(f"{place} at dawn")).subjects
    assert set(read(asked(f"{place} at dawn")).subjects) <= set(subjects())


def test_neon_is_for_those_who_ask_for_it() -> None:
    names = {read(asked(f"A road to place {i}")).palette.name for i in range(40)}
    assert len(names) > 4
    assert not names & {"neon", "cobalt neon"}
    assert "neon" in read(asked("A road", style="cyberpunk")).palette.name


def test_every_setting_can_be_painted_and_every_home_exists() -> None:
    assert set(lexicon().settings.names()) == set(PAINTERS)
    assert {home for subject in subjects().values() for home in subject.homes} <= set(PAINTERS)


def test_every_subject_has_a_word_and_every_palette_four_skies() -> None:
    assert set(subjects()) <= {*lexicon().subjects.names(), *lexicon().hints.names()}
    assert all(len(palette.sky) == 4 for palette in palettes())


@pytest.mark.parametrize("name", sorted(subjects()))
def test_every_subject_leaves_a_mark_inside_its_sheet(name: str) -> None:
    subject = subjects()[name]
    white = (255, 255, 255)
    lighting = Lighting(white, white, white, (0, 0, 0), depth=0.0, side=1.0, contrast=0.8)
    pen = Pen(120, subject.reach, lighting, (240, 180, 60))
    subject.draw(pen, generator("test", name))
    sheet = pen.finished().getchannel("A")
    box = sheet.getbbox()
    assert box is not None
    assert box[3] - box[1] > 50
    # What touches the sheet's upper edge would look cut off.
    assert sheet.crop((0, 0, sheet.width, 1)).getextrema()[1] < 40  # type: ignore[operator]  # one channel
