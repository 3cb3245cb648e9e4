"""Earlier scripts as clients see them: listed, looked at, brought back; none to guests."""

from beanie import PydanticObjectId

from documents.projects.project_role import ProjectRole
from schema.ids import document_gid
from tests.schema.desk import Desk, make_film

VERSIONS = """query($id: ID!, $first: Int, $after: String) { project(id: $id) {
  scriptVersions(first: $first, after: $after) {
    nodes { id title sceneCount frameCount replacedAt scenes { title narrations } }
    pageInfo { hasNextPage endCursor } } } }"""
WRITE = {"title": "New", "scenes": [{"title": "Only", "frames": [{"narration": "Bees sleep."}]}]}


async def test_earlier_scripts_are_listed_the_last_one_first_and_brought_back(desk: Desk) -> None:
    film = await make_film()
    written = await desk.change(
        "writeScript", {"projectId": film.id} | WRITE, "script { title }", by=film.owner
    )
    assert written == {"script": {"title": "New"}, "userErrors": []}
    found = (await desk.ask(VERSIONS, by=film.owner, id=film.id, first=1))["project"]["scriptVersions"]
    [last] = found["nodes"]
    assert found["pageInfo"]["hasNextPage"] is True
    assert (last["title"], last["sceneCount"], last["frameCount"]) == (film.project.script.title, 2, 3)
    assert [each["title"] for each in last["scenes"]] == ["One", "Two"]
    assert last["scenes"][1]["narrations"] == ["They rest."]
    after = found["pageInfo"]["endCursor"]
    rest = (await desk.ask(VERSIONS, by=film.owner, id=film.id, after=after))["project"]["scriptVersions"]
    assert [each["title"] for each in rest["nodes"]] == ["Draft"]

    given = {"projectId": film.id, "versionId": last["id"]}
    shown = "script { scenes { id title frames { chosenImage { id } } } }"
    restored = await desk.change("restoreScript", given, shown, by=film.owner)
    first = restored["script"]["scenes"][0]
    assert (first["id"], first["title"]) == (film.gid(film.scenes[0]), "One")
    assert first["frames"][0]["chosenImage"]["id"] == film.gid(film.frame.images[0])
    again = (await desk.ask(VERSIONS, by=film.owner, id=film.id))["project"]["scriptVersions"]["nodes"]
    assert [each["title"] for each in again] == ["New", "Draft"]


async def test_a_version_of_another_project_is_not_there(desk: Desk) -> None:
    film, other = await make_film(), await make_film()
    before = await film.stored()
    for version in (other.beside["versionId"], document_gid("ScriptVersion", PydanticObjectId())):
        given = {"projectId": film.id, "versionId": version}
        answer = await desk.run(
            "mutation($i: RestoreScriptInput!) { restoreScript(input: $i) { script { title } } }",
            {"i": given},
            by=film.owner,
        )
        assert [each["extensions"]["code"] for each in answer["errors"]] == ["NOT_FOUND"]
    assert await film.stored() == before


async def test_who_may_only_look_sees_them_and_brings_back_none(desk: Desk) -> None:
    viewer = PydanticObjectId()
    film = await make_film(people={viewer: ProjectRole.VIEWER})
    found = (await desk.ask(VERSIONS, by=viewer, id=film.id))["project"]["scriptVersions"]["nodes"]
    assert [each["title"] for each in found] == ["Draft"]
    answer = await desk.run(
        "mutation($i: RestoreScriptInput!) { restoreScript(input: $i) { script { title } } }",
        {"i": {"projectId": film.id, "versionId": found[0]["id"]}},
        by=viewer,
    )
    assert [each["extensions"]["code"] for each in answer["errors"]] == ["FORBIDDEN"]
