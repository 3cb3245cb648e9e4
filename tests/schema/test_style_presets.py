"""Looks by name: listed with their words, and put into styles."""

import pytest

from documents.tree.style_preset import LOOKS
from tests.people import make_user
from tests.schema.desk import Desk, make_film

LOOK = "style { look }"


async def test_presets_are_listed_with_their_words(desk: Desk) -> None:
    person = await make_user()
    found = await desk.ask("{ stylePresets { preset words } }", by=person.id)
    assert found["stylePresets"] == [{"preset": each.value, "words": words} for each, words in LOOKS.items()]


@pytest.mark.parametrize(
    ("given", "look"),
    [
        ({"preset": "COMIC_BOOK"}, "comic book, bold ink outlines, halftone dots, flat colours"),
        (
            {"preset": "WATERCOLOUR", "look": " bees everywhere "},
            "watercolor painting, wet edges, paper texture, bees everywhere",
        ),
        ({"preset": None, "look": "ink"}, "ink"),
        ({"preset": "REALISM", "look": None}, "realistic photography, natural light, true colours"),
    ],
)
async def test_a_style_takes_a_presets_words_and_ones_own_behind_them(
    desk: Desk, given: dict[str, str | None], look: str
) -> None:
    film = await make_film()
    changed = await desk.change("updateStyle", {"projectId": film.id, **given}, LOOK, by=film.owner)
    assert (changed["style"], changed["userErrors"]) == ({"look": look}, [])
    made = await desk.change("createProject", {"style": given}, "project { style { look } }", by=film.owner)
    assert made["userErrors"] == []
    assert made["project"]["style"]["look"] == look


async def test_own_words_fit_behind_every_preset_and_no_more(desk: Desk) -> None:
    film = await make_film()
    for preset in LOOKS:
        given = {"projectId": film.id, "preset": preset.value, "look": "x" * 120}
        assert (await desk.change("updateStyle", given, LOOK, by=film.owner))["userErrors"] == []
    refused = await desk.change(
        "updateStyle",
        {"projectId": film.id, "preset": "CYBERPUNK_NEON", "look": "x" * 160},
        LOOK,
        by=film.owner,
    )
    assert [(each["code"], each["field"]) for each in refused["userErrors"]] == [("INVALID", "input.look")]
    nothing = await desk.change("updateStyle", {"projectId": film.id, "preset": None}, LOOK, by=film.owner)
    assert nothing["userErrors"][0]["code"] == "INVALID"
