"""Reading projects: whole, in pages, node by node."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from beanie import PydanticObjectId

from documents.projects.cast import Cast
from documents.projects.project import Project
from documents.projects.project_role import ProjectRole
from documents.tree import inputs
from documents.tree.script import VoiceRecording
from schema.ids import document_gid, tree_gid
from tests.schema.desk import Desk, Film, made_from, make_film, make_image
from tests.studio import stored_file

TREE = """query($id: ID!) { project(id: $id) {
  id title viewerRole ownerId brief { topic } style { captions { colour } } music { isEnabled isStale }
  timeline { clips { id frameId startS durationS transition { kind } } }
  uploads { id state sizeBytes targetId assetId }
  script { isStale scenes { id title frames { id narration chosenImageId
    chosenImage { id } images { id width isStale file { url sizeBytes } provenance { origin } }
    voiceover { id isStale recording { durationS words { text } } } } } } } }"""
LIST = """query($first: Int, $after: String, $last: Int, $before: String, $orderBy: ProjectOrder!,
  $scope: ProjectScope!, $filter: ProjectFilter) {
  projects(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy, scope: $scope,
    filter: $filter) {
    edges { cursor node { title } } nodes { title }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


async def test_project_is_read_down_to_its_pictures(desk: Desk) -> None:
    film = await make_film()
    project = (await desk.ask(TREE, by=film.owner, id=film.id))["project"]
    frame = project["script"]["scenes"][0]["frames"][0]
    assert project["id"] == film.id
    assert project["viewerRole"] == "OWNER"
    assert project["ownerId"] == document_gid("User", film.owner)
    assert frame["id"] == film.gid(film.frame)
    assert frame["chosenImage"]["id"] == frame["chosenImageId"] == film.gid(film.frame.images[0])
    assert frame["voiceover"]["id"] == film.gid(film.frame.voiceover)
    assert project["timeline"]["clips"][0]["frameId"] == film.gid(film.frame)
    assert project["uploads"][0]["targetId"] == film.gid(film.frame)


async def test_urls_are_signed_for_as_long_as_asked(desk: Desk) -> None:
    film = await make_film()
    document = "query($id: ID!) { node(id: $id) { ... on Image { file { url(expiresInS: 120) } } } }"
    answer = await desk.ask(document, by=film.owner, id=film.gid(film.frame.images[0]))
    url = answer["node"]["file"]["url"]
    assert url.startswith("https://studio.example/media/projects/p/a.png?expires=")
    for seconds in (59, 604_801, -5):
        refused = await desk.run(document.replace("120", str(seconds)), {
            "id": film.gid(film.frame.images[0])}, by=film.owner)  # fmt: skip
        assert refused["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "field": "expiresInS"}


@pytest.mark.parametrize("id_", ["", "garbage", "VXNlcg==", "é", "x" * 5_000])
@pytest.mark.parametrize("document", [
    "query($id: ID!) { node(id: $id) { id } }",
    "query($id: ID!) { nodes(ids: [$id]) { id } }",
    "query($id: ID!) { project(id: $id) { id } }",
])  # fmt: skip
async def test_garbage_is_no_id(desk: Desk, document: str, id_: str) -> None:
    answer = await desk.run(document, {"id": id_}, by=PydanticObjectId())
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["BAD_USER_INPUT"]


async def test_any_node_is_found_by_its_id(desk: Desk) -> None:
    film = await make_film()
    project = film.project
    assert project.timeline is not None
    nodes = [
        *film.scenes,
        film.frame,
        *film.frame.images,
        film.frame.voiceover,
        film.upload,
        project.timeline.clips[0],
    ]
    ids = [film.id, *(film.gid(node) for node in nodes)]
    document = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
    found = (await desk.ask(document, by=film.owner, ids=ids))["nodes"]
    assert [node["id"] for node in found] == ids
    assert [node["__typename"] for node in found] == ["Project", *(type(each).__name__ for each in nodes)]
    for each in ids:
        one = await desk.ask("query($id: ID!) { node(id: $id) { id } }", by=film.owner, id=each)
        assert one["node"]["id"] == each


async def test_foreign_and_unknown_nodes_are_null(desk: Desk) -> None:
    film = await make_film()
    ids = [
        film.id,
        film.gid(film.frame),
        document_gid("Project", PydanticObjectId()),
        document_gid("Nothing", PydanticObjectId()),
        document_gid("User", film.owner),
        tree_gid("Frame", film.project.id, PydanticObjectId()),
        tree_gid("Scene", film.project.id, film.frame.id),
    ]
    document = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    stranger = await desk.ask(document, by=PydanticObjectId(), ids=ids)
    assert stranger["nodes"] == [None] * len(ids)
    nobody = await desk.run(document, {"ids": ids}, by=None)
    assert nobody["data"]["nodes"] == [None] * len(ids)
    mine = await desk.ask(document, by=film.owner, ids=ids[2:])
    assert mine["nodes"] == [None] * len(ids[2:])


async def test_foreign_project_is_not_found(desk: Desk) -> None:
    film = await make_film()
    answer = await desk.run(TREE, {"id": film.id}, by=PydanticObjectId())
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["NOT_FOUND"]


async def test_viewer_of_a_shared_project_reads_it(desk: Desk) -> None:
    viewer = PydanticObjectId()
    film = await make_film(people={viewer: ProjectRole.VIEWER})
    assert (await desk.ask(TREE, by=viewer, id=film.id))["project"]["viewerRole"] == "VIEWER"


async def film_with_assets() -> Film:
    """Every asset says that it was made from what the project asks for now."""
    film = await make_film()
    scene, frame = film.scenes[0], film.frame
    drawn = make_image(provenance=made_from(inputs.image_inputs(film.project, scene, frame, Cast()).hash))
    frame.images.append(drawn)
    frame.voiceover.recording = VoiceRecording(
        file=stored_file(),
        duration_s=1,
        provenance=made_from(inputs.voice_inputs(film.project, frame, Cast()).hash),
    )
    await Project.get_pymongo_collection().update_one(
        {"_id": film.project.id}, {"$set": {"script": film.project.script.stored()}}
    )
    return film


def stale_in(frame: dict[str, Any]) -> list[bool]:
    return [*(image["isStale"] for image in frame["images"]), frame["voiceover"]["isStale"]]


async def test_assets_are_stale_once_what_they_were_made_from_changes(desk: Desk) -> None:
    film = await film_with_assets()
    selection = "frame { images { isStale } voiceover { isStale } }"
    project = (await desk.ask(TREE, by=film.owner, id=film.id))["project"]
    assert stale_in(project["script"]["scenes"][0]["frames"][0]) == [False, False, False, False]
    frame_id = film.gid(film.frame)
    same = await desk.change("updateFrame", {"frameId": frame_id, "cropX": 0.1}, selection, by=film.owner)
    assert stale_in(same["frame"]) == [False, False, False, False]
    drawn = await desk.change(
        "updateFrame", {"frameId": frame_id, "picturePrompt": "a wasp"}, selection, by=film.owner
    )
    assert stale_in(drawn["frame"]) == [False, False, True, False]
    await desk.change("updateBrief", {"projectId": film.id, "language": "pt"}, by=film.owner)
    project = (await desk.ask(TREE, by=film.owner, id=film.id))["project"]
    assert stale_in(project["script"]["scenes"][0]["frames"][0]) == [False, False, True, True]


async def test_two_changes_in_one_operation_see_each_other(desk: Desk) -> None:
    film = await film_with_assets()
    document = """mutation($id: ID!) {
      first: updateFrame(input: {frameId: $id, cropX: 0.2}) { frame { images { isStale } } }
      second: updateFrame(input: {frameId: $id, picturePrompt: "a wasp"}) { frame { images { isStale } } }
    }"""
    answer = await desk.ask(document, by=film.owner, id=film.gid(film.frame))
    assert [each["isStale"] for each in answer["first"]["frame"]["images"]] == [False, False, False]
    assert [each["isStale"] for each in answer["second"]["frame"]["images"]] == [False, False, True]


async def make_list(owner: PydanticObjectId, count: int) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(count):
        at = start + timedelta(hours=number // 2)  # two of a time: the id decides
        await make_film(owner, title=f"P{number}", created_at=at, updated_at=at)


def order(by: str, count: int) -> list[str]:
    titles = [f"P{number}" for number in range(count)]
    return titles if by == "TITLE" else titles[::-1]


@pytest.mark.parametrize("by", ["UPDATED_AT", "CREATED_AT", "TITLE"])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 9])
async def test_pages_give_each_project_once_in_both_directions(desk: Desk, by: str, size: int) -> None:
    owner = PydanticObjectId()
    await make_list(owner, 7)
    given: dict[str, Any] = {"orderBy": by, "scope": "MINE"}
    seen: list[str] = []
    after = None
    while True:
        page = (await desk.ask(LIST, by=owner, **given, first=size, after=after))["projects"]
        seen += [edge["node"]["title"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == order(by, 7)
    seen, before = [], None
    while True:
        page = (await desk.ask(LIST, by=owner, **given, last=size, before=before))["projects"]
        seen = [edge["node"]["title"] for edge in page["edges"]] + seen
        before = page["pageInfo"]["startCursor"]
        if not page["pageInfo"]["hasPreviousPage"]:
            break
    assert seen == order(by, 7)


async def test_lists_are_the_viewers_own_or_shared_with_the_viewer(desk: Desk) -> None:
    owner, friend = PydanticObjectId(), PydanticObjectId()
    await make_film(owner, title="Shared", people={friend: ProjectRole.VIEWER})
    await make_film(owner, title="Alone")
    await make_film(friend, title="Friend's", is_archived=True, tags=["bees"])
    given = {"orderBy": "TITLE"}

    async def titles(by: PydanticObjectId, scope: str, **wanted: Any) -> list[str]:
        page = await desk.ask(LIST, by=by, **given, scope=scope, filter=wanted)
        return [node["title"] for node in page["projects"]["nodes"]]

    assert await titles(owner, "MINE") == ["Alone", "Shared"]
    assert await titles(friend, "MINE") == ["Friend's"]
    assert await titles(friend, "SHARED") == ["Shared"]
    assert await titles(friend, "MINE", isArchived=False) == []
    assert await titles(friend, "MINE", tag="bees", status="DRAFT") == ["Friend's"]
    assert await titles(friend, "MINE", tag="$ne") == []
    assert await titles(friend, "MINE", isDeleted=True) == []


async def test_deleted_project_leaves_the_list_and_comes_back(desk: Desk) -> None:
    film = await make_film()
    given = {"orderBy": "TITLE", "scope": "MINE"}
    await desk.change("deleteProject", {"projectId": film.id}, by=film.owner)
    assert (await desk.ask(LIST, by=film.owner, **given))["projects"]["nodes"] == []
    deleted = await desk.ask(LIST, by=film.owner, **given, filter={"isDeleted": True})
    assert deleted["projects"]["nodes"] == [{"title": "Bees"}]
    stranger = await desk.run(
        "mutation($id: ID!) { restoreProject(input: {projectId: $id}) { project { id } } }",
        {"id": film.id},
        by=PydanticObjectId(),
    )
    assert [error["extensions"]["code"] for error in stranger["errors"]] == ["NOT_FOUND"]
    payload = await desk.change(
        "restoreProject",
        {"projectId": film.id},
        "project { deletedAt script { scenes { title } } }",
        by=film.owner,
    )
    assert payload["project"] == {
        "deletedAt": None,
        "script": {"scenes": [{"title": "One"}, {"title": "Two"}]},
    }


async def test_trees_of_a_list_are_loaded_only_where_they_are_asked_for(desk: Desk) -> None:
    film = await make_film()
    document = "{ projects { nodes { script { scenes { title } } timeline { revision } uploads { id } } } }"
    (node,) = (await desk.ask(document, by=film.owner))["projects"]["nodes"]
    assert [scene["title"] for scene in node["script"]["scenes"]] == ["One", "Two"]
    context = desk.studio.context(film.owner)
    light = await desk.schema.execute("{ projects { nodes { title } } }", context_value=context)
    assert light.errors is None
    assert film.project.id not in context.trees._known


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"first": 1, "last": 1}, "last"),
        ({"first": -1}, "first"),
        ({"last": 101}, "last"),
        ({"after": "garbage"}, "after"),
        ({"before": ""}, "before"),
        ({"after": "W10"}, "after"),
        ({"after": "WyJUSVRMRSIsMSwieCJd"}, "after"),
        ({"after": "x" * 9_000}, "after"),
        ({"after": "é"}, "after"),
        ({"filter": {"folderId": "garbage"}}, "filter.folderId"),
        ({"scope": "SHARED", "filter": {"isDeleted": True}}, "filter.isDeleted"),
    ],
)
async def test_page_that_makes_no_sense_names_the_argument(
    desk: Desk, given: dict[str, Any], field: str
) -> None:
    full = {"orderBy": "TITLE", "scope": "MINE"} | given
    answer = await desk.run(LIST, full, by=PydanticObjectId())
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["extensions"]["field"] == field


@pytest.mark.parametrize(
    "time",
    [
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2026-01-01T00:00:00",
        "2026-01-01",
        "10000-01-01T00:00:00+00:00",
        "",
    ],
)
async def test_time_that_does_not_exist_makes_no_cursor(desk: Desk, time: str) -> None:
    text = json.dumps(["CREATED_AT", time, str(PydanticObjectId())])
    cursor = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    for field in ("after", "before"):
        given = {"orderBy": "CREATED_AT", "scope": "MINE", field: cursor}
        (error,) = (await desk.run(LIST, given, by=PydanticObjectId()))["errors"]
        assert error["extensions"] == {"code": "BAD_USER_INPUT", "field": field}


async def test_cursor_of_another_order_is_refused(desk: Desk) -> None:
    film = await make_film()
    page = await desk.ask(LIST, by=film.owner, orderBy="TITLE", scope="MINE")
    cursor = page["projects"]["pageInfo"]["endCursor"]
    answer = await desk.run(LIST, {"orderBy": "CREATED_AT", "scope": "MINE", "after": cursor}, by=film.owner)
    assert answer["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "field": "after"}
    assert "another order" in answer["errors"][0]["message"]
