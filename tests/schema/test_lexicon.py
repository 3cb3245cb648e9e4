from typing import Any

from documents.tree.brief import Brief
from documents.tree.script import Frame, Scene, Script
from tests.schema.desk import Desk, Film, make_film, mutation
from tests.schema.staff import acts, make_firm, make_member

SPOKEN = "spokenText { text parts { written spoken } }"
FILM = f"query($id: ID!) {{ project(id: $id) {{ script {{ scenes {{ frames {{ {SPOKEN} }} }} }} }} }}"


async def spoken_frames(desk: Desk, film: Film) -> list[dict[str, Any]]:
    shown = await desk.ask(FILM, by=film.owner, id=film.id)
    return [
        frame["spokenText"] for scene in shown["project"]["script"]["scenes"] for frame in scene["frames"]
    ]


async def test_what_would_be_spoken_is_seen_before_it_is_bought(desk: Desk) -> None:
    own = Frame(narration="Bees, 3 of them.")
    own.voiceover.text = "Just bees, 3."
    frames = [Frame(narration="Dr. Wu walked 5 km."), own]
    film = await make_film(brief=Brief(language="en-GB"), script=Script(scenes=[Scene(frames=frames)]))
    first, second = await spoken_frames(desk, film)
    assert first["text"] == "Doctor Wu walked five kilometres."
    assert first["parts"] == [
        {"written": "Dr.", "spoken": "Doctor"},
        {"written": "Wu", "spoken": "Wu"},
        {"written": "walked", "spoken": "walked"},
        {"written": "5 km.", "spoken": "five kilometres."},
    ]
    assert second["text"] == "Just bees, 3."


async def test_a_projects_lexicon_goes_before_its_companys(desk: Desk) -> None:
    firm = await make_firm()
    entries = [
        {"written": "Wu", "spoken": "company woo"},
        {"written": "bees", "spoken": "beez", "language": "en"},
        {"written": "walk", "spoken": "gehen", "language": "de"},
    ]
    changed = await desk.change(
        "updateCompanyLexicon",
        {"companyId": firm.id, "entries": entries},
        "company { lexicon { written spoken language } revision }",
        by=firm.admin.id,
    )
    assert changed["userErrors"] == []
    assert changed["company"]["lexicon"] == [{"language": None} | entry for entry in entries]
    assert await acts(firm.company.id) == ["COMPANY_UPDATED"]
    film = await make_film(
        owner=firm.admin.id,
        company_id=firm.company.id,
        brief=Brief(language="en-US"),
        script=Script(scenes=[Scene(frames=[Frame(narration="Wu and Bees walk.")])]),
    )
    (spoken,) = await spoken_frames(desk, film)
    assert spoken["text"] == "company woo and beez walk."
    changed = await desk.change(
        "updateLexicon",
        {"projectId": film.id, "entries": [{"written": "Wu", "spoken": "woo"}]},
        "lexicon { entries { written } revision }",
        by=firm.admin.id,
    )
    assert changed["lexicon"] == {"entries": [{"written": "Wu"}], "revision": 1}
    (spoken,) = await spoken_frames(desk, film)
    assert spoken["text"] == "woo and beez walk."


async def test_entries_that_cannot_be_are_refused_with_their_place(desk: Desk) -> None:
    film, firm = await make_film(), await make_firm()
    before = await film.stored()
    bad = [{"written": "ok", "spoken": "ok"}, {"written": " ", "spoken": "x" * 201, "language": "English"}]
    places = ["input.entries.1.written", "input.entries.1.spoken", "input.entries.1.language"]
    refused = await desk.change("updateLexicon", {"projectId": film.id, "entries": bad}, by=film.owner)
    assert [(error["code"], error["field"]) for error in refused["userErrors"]] == [
        ("INVALID", place) for place in places
    ]
    assert await film.stored() == before
    given = {"companyId": firm.id, "entries": bad}
    refused = await desk.change("updateCompanyLexicon", given, by=firm.admin.id)
    assert [error["field"] for error in refused["userErrors"]] == places
    many = [{"written": f"w{number}", "spoken": "s"} for number in range(501)]
    refused = await desk.change("updateLexicon", {"projectId": film.id, "entries": many}, by=film.owner)
    assert [error["field"] for error in refused["userErrors"]] == ["input.entries"]


async def test_only_who_edits_the_company_changes_its_lexicon(desk: Desk) -> None:
    firm, other = await make_firm(), await make_firm()
    given = {"input": {"companyId": firm.id, "entries": []}}
    for person, code in ((await make_member(firm.company), "FORBIDDEN"), (other.admin, "NOT_FOUND")):
        answer = await desk.run(mutation("updateCompanyLexicon"), given, by=person.id)
        assert [error["extensions"]["code"] for error in answer["errors"]] == [code]


async def test_a_stale_revision_changes_no_lexicon(desk: Desk) -> None:
    firm = await make_firm()
    given = {"companyId": firm.id, "entries": [], "expectedRevision": 7}
    refused = await desk.change("updateCompanyLexicon", given, "company { revision }", by=firm.admin.id)
    assert [error["code"] for error in refused["userErrors"]] == ["REVISION_CONFLICT"]
    assert refused["company"] == {"revision": 0}
