"""Personas through the API: versions kept, others kept out, the built-in ones left as they are."""

import asyncio
from typing import Any

import pytest
from beanie import PydanticObjectId

from documents.projects.project import Project
from documents.writers_room import built_in_personas
from documents.writers_room.built_in_personas import BUILT_IN, EXPLAINER
from documents.writers_room.persona import Persona, PersonaVersion, version_of
from providers.protocols.persona import Persona as Role
from schema.ids import any_ref, document_gid
from tasks.writing.personas import persona_for
from tests.schema.company_desk import Worker, make_admin, make_company, make_member
from tests.schema.desk import Desk, make_film

PERSONA = """persona {
  id name visibility isBuiltIn version revision instructions temperature parentId parentVersion
  versions { nodes { version name temperature reason changedById } }
}"""
LIST = """query($search: String, $category: String) {
  personas(search: $search, category: $category, first: 50) { nodes { name visibility } }
}"""


async def made(who: Worker, **values: Any) -> Any:
    given = {"name": "Bee", "instructions": "Buzz.", "temperature": 0.5} | values
    payload = await who.change("createPersona", given, PERSONA)
    assert payload["userErrors"] == []
    return payload["persona"]


async def names(who: Worker, **variables: Any) -> list[str]:
    return [each["name"] for each in (await who.ask(LIST, **variables))["personas"]["nodes"]]


@pytest.fixture
def person(desk: Desk) -> Worker:
    return make_member(desk, None)


async def test_each_change_of_what_a_model_is_told_is_kept_as_a_version(person: Worker) -> None:
    persona = await made(person)
    assert (persona["visibility"], persona["version"]) == ("PRIVATE", 1)
    given = {"personaId": persona["id"], "temperature": 0.9, "reason": "Livelier", "expectedRevision": 0}
    changed = (await person.change("updatePersona", given, PERSONA))["persona"]
    assert (changed["version"], changed["revision"], changed["temperature"]) == (2, 1, 0.9)
    stale = await person.change("updatePersona", given, PERSONA)
    assert (stale["userErrors"][0]["code"], stale["persona"]["version"]) == ("REVISION_CONFLICT", 2)
    off = {"personaId": persona["id"], "isActive": False}
    assert (await person.change("updatePersona", off, PERSONA))["persona"]["version"] == 2
    back = {"personaId": persona["id"], "version": 1}
    restored = (await person.change("restorePersonaVersion", back, PERSONA))["persona"]
    assert (restored["version"], restored["temperature"]) == (3, 0.5)
    by = document_gid("User", person.user_id)
    assert [(v["version"], v["temperature"], v["reason"]) for v in restored["versions"]["nodes"]] == [
        (3, 0.5, "Version 1 again."),
        (2, 0.9, "Livelier"),
        (1, 0.5, ""),
    ]
    assert {v["changedById"] for v in restored["versions"]["nodes"]} == {by}
    missing = await person.change("restorePersonaVersion", back | {"version": 9}, PERSONA)
    assert [(each["code"], each["field"]) for each in missing["userErrors"]] == [("INVALID", "input.version")]


async def test_changes_that_race_make_versions_without_gaps(person: Worker) -> None:
    persona = await made(person)
    await asyncio.gather(
        *(
            person.change("updatePersona", {"personaId": persona["id"], "name": f"Bee {number}"})
            for number in range(5)
        )
    )
    found = await PersonaVersion.find({"persona_id": any_ref(persona["id"], "id").oid}).to_list()
    assert sorted(each.version for each in found) == [1, 2, 3, 4, 5, 6]


async def test_built_in_personas_are_copied_and_not_changed(person: Worker) -> None:
    gid = document_gid("Persona", EXPLAINER.id)
    assert await person.code("updatePersona", {"personaId": gid, "name": "Mine"}) == "FORBIDDEN"
    assert await person.code("deletePersona", {"personaId": gid}) == "FORBIDDEN"
    copied = (await person.change("copyPersona", {"personaId": gid, "name": "Mine"}, PERSONA))["persona"]
    assert (copied["name"], copied["isBuiltIn"], copied["version"]) == ("Mine", False, 1)
    assert (copied["parentId"], copied["parentVersion"]) == (gid, 1)
    assert copied["instructions"] == EXPLAINER.traits.instructions
    assert await names(person, search="mine") == ["Mine"]
    assert await names(person, category="News") == ["News anchor"]
    everybodys = {each.traits.name for each in BUILT_IN}
    assert set(await names(person)) == everybodys | {"Mine"}


async def test_a_companys_personas_are_seen_by_members_and_changed_by_who_may(desk: Desk) -> None:
    company = await make_company()
    admin, member = await make_admin(desk, company), make_member(desk, company)
    persona = await made(admin, name="House voice", inCompany=True)
    assert persona["visibility"] == "COMPANY"
    assert await names(member, search="house") == ["House voice"]
    renamed = {"personaId": persona["id"], "name": "Ours"}
    assert await member.code("updatePersona", renamed) == "FORBIDDEN"
    assert await member.code("createPersona", {"name": "B", "instructions": "b", "inCompany": True}) == (
        "FORBIDDEN"
    )
    stranger = make_member(desk, await make_company())
    assert await stranger.code("updatePersona", renamed) == "NOT_FOUND"
    assert await stranger.code("copyPersona", {"personaId": persona["id"]}) == "NOT_FOUND"
    assert await names(stranger, search="house") == []
    assert (await admin.change("deletePersona", {"personaId": persona["id"]}, "deletedPersonaId"))[
        "deletedPersonaId"
    ] == persona["id"]
    assert await PersonaVersion.find_one({"persona_id": any_ref(persona["id"], "id").oid}) is None


async def test_a_project_keeps_the_version_that_it_was_given(desk: Desk, person: Worker) -> None:
    film = await make_film(person.user_id)
    persona = await made(person)
    selection = "project { personaId personaVersion }"
    given = {"projectId": film.id, "personaId": persona["id"]}
    set_to = await person.change("setProjectPersona", given, selection)
    assert set_to["project"] == {"personaId": persona["id"], "personaVersion": 1}
    await person.change("updatePersona", {"personaId": persona["id"], "instructions": "Hum."})
    assert await persona_for(await film.now()) == Role(name="Bee", instructions="Buzz.", temperature=0.5)
    newest = await person.change("setProjectPersona", given, selection)
    assert newest["project"]["personaVersion"] == 2
    wrong = await person.change("setProjectPersona", given | {"version": 7}, selection)
    assert wrong["userErrors"][0]["field"] == "input.version"
    await person.change("deletePersona", {"personaId": persona["id"]})
    assert await persona_for(await film.now()) is None
    none = await person.change("setProjectPersona", {"projectId": film.id}, selection)
    assert none["project"] == {"personaId": None, "personaVersion": None}
    stranger = make_member(desk, None)
    assert await stranger.code("setProjectPersona", given) == "NOT_FOUND"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": ""}, "input.name"),
        ({"instructions": " "}, "input.instructions"),
        ({"instructions": "a" * 10_001}, "input.instructions"),
        ({"temperature": 2.5}, "input.temperature"),
        ({"topP": -0.1}, "input.topP"),
        ({"topK": 0}, "input.topK"),
        ({"maxOutputTokens": 1}, "input.maxOutputTokens"),
        ({"tags": ["a\nb"]}, "input.tags.0"),
    ],
)
async def test_what_no_persona_may_be_is_refused(person: Worker, given: dict[str, Any], field: str) -> None:
    payload = await person.change("createPersona", {"name": "Bee", "instructions": "Buzz."} | given, PERSONA)
    assert [(each["code"], each["field"]) for each in payload["userErrors"]] == [("INVALID", field)]
    assert await Persona.find({"owner_id": person.user_id}).count() == 0


async def test_built_in_personas_are_renewed_and_never_set_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    del desk
    newer = built_in_personas.BuiltInPersona(
        EXPLAINER.traits.model_copy(update={"instructions": "Explain!"}), version=2
    )
    monkeypatch.setattr(built_in_personas, "BUILT_IN", (newer,))
    await asyncio.gather(*(built_in_personas.store_built_in_personas() for _ in range(3)))
    monkeypatch.setattr(built_in_personas, "BUILT_IN", BUILT_IN)
    await built_in_personas.store_built_in_personas()
    stored = await Persona.get(EXPLAINER.id)
    assert stored is not None
    assert (stored.version, stored.instructions) == (2, "Explain!")
    first = await version_of(EXPLAINER.id, 1)
    assert first is not None
    assert first.traits == EXPLAINER.traits
    await Persona.get_pymongo_collection().delete_one({"_id": EXPLAINER.id})
    await built_in_personas.store_built_in_personas()


async def test_a_project_of_nobodys_persona_has_none() -> None:
    now = PydanticObjectId().generation_time
    project = Project(title="Bees", owner_id=PydanticObjectId(), created_at=now, updated_at=now)
    assert await persona_for(project) is None
    project.persona_id = PydanticObjectId()
    assert await persona_for(project) is None
