"""Shows through the API: episodes numbered once each, however many are added at once, and seen by who may."""

import asyncio
from typing import Any

import pytest
from beanie import PydanticObjectId

from documents.projects.project import Project
from documents.projects.project_role import ProjectRole
from documents.tree.style_preset import LOOKS
from documents.writers_room.built_in_personas import HISTORIAN
from documents.writers_room.show import Show
from schema.ids import any_ref, document_gid
from tasks.writing.told_before import as_episode, to_avoid
from tests.schema.company_desk import Worker, make_admin, make_company, make_member
from tests.schema.desk import Desk, make_film

SHOW = "show { id name stylePreset look language personaId isCompany revision }"
EPISODES = """query($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  show(id: $id) { episodes(first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { title episodeNumber } } pageInfo { hasNextPage hasPreviousPage endCursor }
  } }
}"""
PROJECT = """project {
  id title showId episodeNumber personaId personaVersion companyId
  brief { topic language audience culture } style { look voice }
}"""


@pytest.fixture
def person(desk: Desk) -> Worker:
    return make_member(desk, None)


async def made(who: Worker, **values: Any) -> Any:
    payload = await who.change("createShow", {"name": "Bees at work"} | values, SHOW)
    assert payload["userErrors"] == []
    return payload["show"]


async def episode(who: Worker, show: Any, **values: Any) -> Any:
    given = {"showId": show["id"], "topic": "The hive"} | values
    payload = await who.change("createEpisode", given, PROJECT)
    assert payload["userErrors"] == []
    return payload["project"]


async def titles(who: Worker, show: Any, **paging: Any) -> list[str]:
    found = (await who.ask(EPISODES, id=show["id"], **paging))["show"]["episodes"]
    return [edge["node"]["title"] for edge in found["edges"]]


async def stored(project: Any) -> Project:
    found = await Project.get(any_ref(project["id"], "id").oid)
    assert found is not None
    return found


async def test_a_show_is_made_changed_and_deleted_and_its_episodes_stay(person: Worker) -> None:
    show = await made(person, stylePreset="WATERCOLOUR", visualPrompt="pale yellow")
    assert show["look"] == "watercolor painting, wet edges, paper texture, pale yellow"
    given = {"showId": show["id"], "name": "Bees", "expectedRevision": 0}
    assert (await person.change("updateShow", given, SHOW))["show"]["revision"] == 1
    stale = await person.change("updateShow", given, SHOW)
    assert (stale["userErrors"][0]["code"], stale["show"]["name"]) == ("REVISION_CONFLICT", "Bees")
    one = await episode(person, show)
    gone = await person.change("deleteShow", {"showId": show["id"]}, "deletedShowId")
    assert gone["deletedShowId"] == show["id"]
    left = await stored(one)
    assert (left.show_id, left.episode_number, left.revision) == (None, None, 1)


async def test_an_episode_takes_over_what_the_show_says(person: Worker) -> None:
    historian = document_gid("Persona", HISTORIAN.id)
    about = {"language": "pt-BR", "audience": "teens", "culture": "Brazil", "voice": "en-gb"}
    show = await made(person, personaId=historian, stylePreset="ANIME", **about)
    first = await episode(person, show, topic="The queen")
    assert (first["title"], first["showId"], first["episodeNumber"]) == ("The queen", show["id"], 1)
    assert (first["personaId"], first["personaVersion"]) == (historian, HISTORIAN.version)
    assert first["brief"] == {
        "topic": "The queen",
        "language": "pt-BR",
        "audience": "teens",
        "culture": "Brazil",
    }
    assert first["style"] == {"look": show["look"], "voice": "en-gb"}
    second = await episode(person, show, title="Two", topic=None, text="Bees dance.")
    assert (second["title"], second["episodeNumber"]) == ("Two", 2)
    project = await stored(second)
    assert await as_episode(project) == 'This is episode 2 of the show "Bees at work".'
    assert await to_avoid(project, by=project.owner_id) == ("The queen",)
    assert await to_avoid(await stored(first), by=project.owner_id) == ("Two",)
    assert await to_avoid(await stored(first), by=PydanticObjectId()) == ()
    faulty = await person.change("createEpisode", {"showId": show["id"], "title": ""}, PROJECT)
    assert [each["field"] for each in faulty["userErrors"]] == ["input.title"]


async def test_episodes_that_are_added_at_once_get_a_number_each(person: Worker) -> None:
    show = await made(person)
    all_of_them = await asyncio.gather(*(episode(person, show, topic=f"No {n}") for n in range(6)))
    assert sorted(each["episodeNumber"] for each in all_of_them) == [1, 2, 3, 4, 5, 6]


async def test_a_number_is_taken_once_and_let_go_with_the_show(desk: Desk, person: Worker) -> None:
    show = await made(person)
    films = [await make_film(person.user_id) for _ in range(3)]

    async def put(number: int | None, film: int, **values: Any) -> Any:
        given = {"projectId": films[film].id, "showId": show["id"], "episodeNumber": number} | values
        return await person.change("setProjectEpisode", given, PROJECT)

    both = await asyncio.gather(put(7, 0), put(7, 1))
    codes = sorted(error["code"] for each in both for error in each["userErrors"])
    assert codes == ["TAKEN"]
    assert (await put(None, 2))["project"]["episodeNumber"] == 8
    assert (await put(None, 2))["project"]["episodeNumber"] == 8
    winner = 0 if both[0]["project"] else 1
    assert (await put(None, winner, showId=None))["project"]["showId"] is None
    assert (await put(7, 1 - winner))["project"]["episodeNumber"] == 7
    wrong = await put(0, 2)
    assert [(each["code"], each["field"]) for each in wrong["userErrors"]] == [
        ("INVALID", "input.episodeNumber")
    ]
    no_show = await put(3, 2, showId=None)
    assert no_show["userErrors"][0]["field"] == "input.episodeNumber"
    others = make_member(desk, None)
    mine = await make_film(others.user_id)
    assert await others.code("setProjectEpisode", {"projectId": mine.id, "showId": show["id"]}) == "NOT_FOUND"


async def test_episodes_come_page_by_page_in_both_directions(person: Worker) -> None:
    show = await made(person)
    for number in range(1, 6):
        await episode(person, show, topic=f"E{number}")
    first = (await person.ask(EPISODES, id=show["id"], first=2))["show"]["episodes"]
    assert [edge["node"]["title"] for edge in first["edges"]] == ["E1", "E2"]
    end = first["pageInfo"]["endCursor"]
    assert first["pageInfo"] == {"hasNextPage": True, "hasPreviousPage": False, "endCursor": end}
    assert await titles(person, show, first=9, after=end) == ["E3", "E4", "E5"]
    assert await titles(person, show, last=2) == ["E4", "E5"]
    assert await titles(person, show, last=9, before=end) == ["E1"]
    bad = await person.run(EPISODES, id=show["id"], after="RTE=")
    assert bad["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_of_a_companys_show_everybody_sees_the_episodes_that_they_may(desk: Desk) -> None:
    company = await make_company()
    admin, member = await make_admin(desk, company), make_member(desk, company)
    show = await made(admin, inCompany=True)
    assert show["isCompany"]
    assert await member.code("updateShow", {"showId": show["id"], "name": "Ours"}) == "FORBIDDEN"
    stranger = make_member(desk, await make_company())
    assert (await stranger.run(EPISODES, id=show["id"]))["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    guest = make_member(desk, None)
    owner = admin.user_id
    oid = any_ref(show["id"], "id").oid
    numbered: dict[str, Any] = {
        "show_id": oid,
        "title": "Shared",
        "people": {guest.user_id: ProjectRole.VIEWER},
    }
    await make_film(owner, company_id=company, episode_number=1, **numbered)
    await make_film(owner, show_id=oid, episode_number=2, title="Private")
    assert await titles(admin, show) == ["Shared", "Private"]
    assert await titles(member, show) == ["Shared"]


async def test_a_list_of_episodes_is_read_by_its_index(desk: Desk) -> None:
    del desk
    query = {"show_id": HISTORIAN.id, "episode_number": {"$gt": 0}, "deleted_at": None}
    plan = await Project.get_pymongo_collection().find(query).sort("episode_number").explain()
    assert "'indexName': 'episodes'" in str(plan["queryPlanner"]["winningPlan"])


def test_every_preset_leaves_room_for_own_words() -> None:
    assert max(len(look) for look in LOOKS.values()) <= 78


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": ""}, "input.name"),
        ({"language": "english"}, "input.language"),
        ({"visualPrompt": "a" * 121}, "input.visualPrompt"),
        ({"audience": "a\nb"}, "input.audience"),
    ],
)
async def test_what_no_show_may_be_is_refused(person: Worker, given: dict[str, Any], field: str) -> None:
    payload = await person.change("createShow", {"name": "Bees"} | given, SHOW)
    assert [(each["code"], each["field"]) for each in payload["userErrors"]] == [("INVALID", field)]
    assert await Show.find({"owner_id": person.user_id}).count() == 0


async def test_a_persona_that_one_does_not_see_writes_no_show(person: Worker) -> None:
    unknown = document_gid("Persona", any_ref(document_gid("User", person.user_id), "id").oid)
    assert await person.code("createShow", {"name": "Bees", "personaId": unknown}) == "NOT_FOUND"
