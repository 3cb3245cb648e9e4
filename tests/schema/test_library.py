from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from beanie import PydanticObjectId

from documents.media import library
from documents.media.library import Asset
from documents.media.library_entry import LibraryEntry, LibraryKind
from documents.projects.project import Project
from documents.projects.project_role import ProjectRole
from documents.transaction import in_transaction
from documents.tree.asset import StoredFile
from documents.tree.brief import MusicTrack
from documents.tree.script import Clip, VoiceRecording, WordTimes, WordTiming
from schema.ids import document_gid
from tasks.making.library_assets import frame_picture, music, scene_film, voice_of
from tests.schema.desk import Desk, Film, made_from, make_film, make_image, mutation
from tests.schema.staff import make_firm, make_member

LIST = """query($search: String, $tags: [String!], $kinds: [LibraryKind!], $scope: LibraryScope! = MINE,
    $projectId: ID, $first: Int, $after: String, $last: Int, $before: String) {
  library(search: $search, tags: $tags, kinds: $kinds, scope: $scope, projectId: $projectId, first: $first,
      after: $after, last: $last, before: $before) {
    nodes { id kind text tags useCount } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
REUSED = """frame { chosenImageId images { id provenance { origin sourceId cost { micros } } file { sha256 } }
  voiceover { recording { words { text startS } wordTimes provenance { origin } } isStale } }
  scene { chosenClipId clips { id durationS provenance { origin } } }
  project { music { track { durationS } } }"""


async def enter(film: Film, asset: Asset) -> LibraryEntry:
    await in_transaction(lambda session: library.enter(film.project.id, asset, session=session))
    entry = await LibraryEntry.get(asset.id)
    assert entry is not None
    return entry


async def stored_picture(
    desk: Desk, film: Film, *, prompt: str | None = None, data: bytes = b"x"
) -> LibraryEntry:
    """A picture of the film's first frame, with its file, an hour younger than the one before."""
    image = make_image()
    key = f"projects/{film.project.id}/scenes/{film.scenes[0].id}/images/{image.id}.png"
    await desk.studio.services.objects.put_bytes(key, data, "image/png")
    image.file = StoredFile(key=key, sha256=data.hex(), size_bytes=len(data), mime_type="image/png")
    image.provenance.prompt = prompt
    image.provenance.created_at = datetime.now(UTC) + timedelta(hours=await LibraryEntry.count())
    return await enter(film, frame_picture(film.frame.id, image))


async def found(desk: Desk, by: PydanticObjectId, **variables: Any) -> list[str]:
    listed = await desk.ask(LIST, by=by, **variables)
    return [node["id"] for node in listed["library"]["nodes"]]


def gid(entry: LibraryEntry) -> str:
    return document_gid("LibraryEntry", entry.id)


async def test_entries_are_found_by_words_tags_and_kinds(desk: Desk) -> None:
    film = await make_film()
    bee = await stored_picture(desk, film, prompt="A bee in the Élysée garden")
    wasp = await stored_picture(desk, film, prompt="A wasp in the garden")
    clip = Clip(file=make_image().file, width=9, height=16, duration_s=2, provenance=made_from())
    clip.provenance.created_at = datetime(2020, 1, 1, tzinfo=UTC)
    moving = await enter(film, scene_film(film.scenes[1].id, clip))
    owner = film.owner
    assert await found(desk, owner) == [gid(wasp), gid(bee), gid(moving)]
    assert await found(desk, owner, search="GARDEN bee") == [gid(bee)]
    assert await found(desk, owner, search="elysee") == [gid(bee)]
    assert await found(desk, owner, search="gard") == []
    assert await found(desk, owner, search="dance") == [gid(wasp), gid(bee)]  # the narration
    assert await found(desk, owner, search="two") == [gid(moving)]  # the scene's title
    assert await found(desk, owner, kinds=["CLIP", "MUSIC"]) == [gid(moving)]
    changed = await desk.change(
        "updateLibraryEntry",
        {"entryId": gid(wasp), "tags": ["Best Of", "yellow", "yellow"], "expectedRevision": 0},
        "entry { tags revision }",
        by=owner,
    )
    assert changed["entry"] == {"tags": ["Best Of", "yellow"], "revision": 1}
    assert await found(desk, owner, tags=["best of"]) == [gid(wasp)]
    assert await found(desk, owner, tags=["best"]) == []
    assert await found(desk, owner, search="best garden", tags=["yellow"]) == [gid(wasp)]


async def test_pages_go_both_ways(desk: Desk) -> None:
    film = await make_film()
    entries = [await stored_picture(desk, film) for _ in range(5)]
    newest_first = [gid(entry) for entry in reversed(entries)]
    page = (await desk.ask(LIST, by=film.owner, first=2))["library"]
    assert [node["id"] for node in page["nodes"]] == newest_first[:2]
    assert page["pageInfo"]["hasNextPage"]
    after = page["pageInfo"]["endCursor"]
    assert await found(desk, film.owner, first=2, after=after) == newest_first[2:4]
    assert await found(desk, film.owner, last=2) == newest_first[3:]


@pytest.mark.parametrize(
    "query",
    [{"search": "bee garden"}, {"tags": ["x"]}, {}, {"kinds": [LibraryKind.MUSIC, LibraryKind.CLIP]}],
)
@pytest.mark.parametrize("whose", ["owner_id", "company_id", "project_id"])
async def test_lists_are_read_from_an_index_in_their_order(
    desk: Desk, query: dict[str, Any], whose: str
) -> None:
    await stored_picture(desk, await make_film())  # so that the index knows that an entry has many terms
    kinds = query.get("kinds") or list(LibraryKind)
    wanted: dict[str, Any] = {whose: PydanticObjectId(), "hidden_at": None, "kind": {"$in": list(kinds)}}
    terms = [*query.get("search", "").split(), *(f"#{tag}" for tag in query.get("tags", []))]
    if terms:
        wanted["$and"] = [{"terms": term} for term in terms]
    cursor = LibraryEntry.get_pymongo_collection().find(wanted).sort([("created_at", -1), ("_id", -1)])
    hint = f"{whose}_by_{'terms' if terms else 'kind'}"
    plan = str((await cursor.hint(hint).limit(21).explain())["queryPlanner"]["winningPlan"])
    assert "COLLSCAN" not in plan
    assert "'stage': 'SORT'" not in plan
    assert f"{whose}_by_" in plan


async def test_only_who_sees_the_project_sees_its_entries(desk: Desk) -> None:
    firm, stranger = await make_firm(), await make_film()
    member = await make_member(firm.company)
    film = await make_film(owner=firm.admin.id, company_id=firm.company.id)
    entry = await stored_picture(desk, film)
    node = "query($id: ID!) { node(id: $id) { id ... on LibraryEntry { file { url } } } }"
    assert await found(desk, member.id, scope="COMPANY") == [gid(entry)]
    assert await found(desk, member.id) == []
    assert (await desk.ask(node, by=member.id, id=gid(entry)))["node"]["file"]["url"]
    assert await found(desk, stranger.owner) == []
    assert (await desk.ask(node, by=stranger.owner, id=gid(entry)))["node"] is None
    for variables in ({"scope": "COMPANY"}, {"projectId": film.id}):
        answer = await desk.run(LIST, variables, by=stranger.owner)
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["NOT_FOUND"]


async def test_entries_follow_their_project(desk: Desk) -> None:
    firm = await make_firm()
    heir = await make_member(firm.company)
    film = await make_film(owner=firm.admin.id, people={heir.id: ProjectRole.EDITOR})
    entry = await stored_picture(desk, film)
    moved = await desk.change("moveProjectToCompany", {"projectId": film.id}, by=firm.admin.id)
    assert moved["userErrors"] == []
    assert await found(desk, heir.id, scope="COMPANY") == [gid(entry)]
    given = {"projectId": film.id, "userId": document_gid("User", heir.id)}
    assert (await desk.change("transferProject", given, by=firm.admin.id))["userErrors"] == []
    assert await found(desk, heir.id) == [gid(entry)]
    assert await found(desk, firm.admin.id) == []
    await desk.change("deleteProject", {"projectId": film.id}, by=heir.id)
    assert await found(desk, heir.id) == []
    await desk.change("restoreProject", {"projectId": film.id}, by=heir.id)
    assert await found(desk, heir.id) == [gid(entry)]


async def test_an_entry_that_lags_behind_its_project_is_not_shown(desk: Desk) -> None:
    film = await make_film()
    await stored_picture(desk, film)
    await Project.get_pymongo_collection().update_one(
        {"_id": film.project.id}, {"$set": {"owner_id": PydanticObjectId()}}
    )
    assert await found(desk, film.owner) == []


async def test_duplicates_are_those_that_one_may_see(desk: Desk) -> None:
    film, other = await make_film(), await make_film()
    bytes_ = str(PydanticObjectId()).encode()
    one, same = [await stored_picture(desk, film, data=bytes_) for _ in range(2)]
    await stored_picture(desk, other, data=bytes_)
    await stored_picture(desk, film, data=b"else")
    document = "query($id: ID!) { node(id: $id) { ... on LibraryEntry { duplicates { id } } } }"
    shown = await desk.ask(document, by=film.owner, id=gid(one))
    assert shown["node"]["duplicates"] == [{"id": gid(same)}]


async def test_a_picture_is_taken_as_a_candidate_and_costs_nothing(desk: Desk) -> None:
    film = await make_film()
    target = await make_film(owner=film.owner)
    entry = await stored_picture(desk, film, data=b"the picture")
    given = {"entryId": gid(entry), "frameId": target.gid(target.frame)}
    taken = await desk.change("reuseAsset", given, REUSED, by=film.owner)
    assert taken["userErrors"] == []
    image = taken["frame"]["images"][-1]
    assert taken["frame"]["chosenImageId"] == image["id"]
    assert image["provenance"] == {"origin": "REUSED", "sourceId": gid(entry), "cost": {"micros": 0}}
    stored = (await target.now()).script.scenes[0].frames[0].images[-1]
    assert stored.file.key != entry.file.key
    assert stored.file.key.startswith(f"projects/{target.project.id}/")
    assert await desk.studio.services.objects.get_bytes(stored.file.key) == b"the picture"
    again = await LibraryEntry.get(entry.id)
    assert again is not None
    assert again.use_count == 1
    assert again.last_used_at is not None


async def test_a_voice_is_taken_with_the_words_that_are_written_there(desk: Desk) -> None:
    film = await make_film()
    words = [WordTiming(text="Bees", start_s=0.1, end_s=0.5), WordTiming(text="dance.", start_s=0.6, end_s=1)]
    picture = await stored_picture(desk, film)
    recording = VoiceRecording(
        file=picture.file,
        duration_s=1.2,
        words=words,
        word_times=WordTimes.ALIGNED,
        provenance=made_from("ab" * 32),
    )
    entry = await enter(film, voice_of(film.frame.id, PydanticObjectId(), recording))
    await desk.change(
        "updateFrame", {"frameId": film.gid(film.frame), "narration": "Bees DANCE"}, by=film.owner
    )
    given = {"entryId": gid(entry), "frameId": film.gid(film.frame)}
    taken = await desk.change("reuseAsset", given, REUSED, by=film.owner)
    voice = taken["frame"]["voiceover"]
    assert voice["recording"]["words"] == [{"text": "Bees", "startS": 0.1}, {"text": "DANCE", "startS": 0.6}]
    assert voice["recording"]["wordTimes"] == "ALIGNED"
    assert not voice["isStale"]  # somebody chose it


async def test_clips_and_music_go_where_they_belong(desk: Desk) -> None:
    film = await make_film()
    file = (await stored_picture(desk, film)).file
    clip = Clip(file=file, width=9, height=16, duration_s=3.5, provenance=made_from())
    moving = await enter(film, scene_film(film.scenes[0].id, clip))
    given = {"entryId": gid(moving), "sceneId": film.gid(film.scenes[1])}
    taken = await desk.change("reuseAsset", given, REUSED, by=film.owner)
    (candidate,) = taken["scene"]["clips"]
    assert candidate["id"] == taken["scene"]["chosenClipId"]
    assert (candidate["durationS"], candidate["provenance"]) == (3.5, {"origin": "REUSED"})
    track = await enter(film, music(MusicTrack(file=file, duration_s=9, provenance=made_from())))
    given = {"entryId": gid(track), "projectId": film.id}
    taken = await desk.change("reuseAsset", given, REUSED, by=film.owner)
    assert taken["project"]["music"]["track"] == {"durationS": 9.0}
    before = await film.stored()
    for wrong in (
        {"entryId": gid(track), "frameId": film.gid(film.frame)},
        {"entryId": gid(moving), "projectId": film.id, "sceneId": film.gid(film.scenes[1])},
        {"entryId": gid(moving)},
    ):
        refused = await desk.change("reuseAsset", wrong, by=film.owner)
        assert [error["code"] for error in refused["userErrors"]] == ["INVALID"]
    assert await film.stored() == before


async def test_a_full_frame_takes_nothing_and_leaves_no_copy(desk: Desk) -> None:
    film = await make_film()
    entry = await stored_picture(desk, film)
    frame = film.gid(film.frame)
    given = {"entryId": gid(entry), "frameId": frame, "choose": False}
    for _ in range(desk.studio.services.caps.candidates_per_frame - 2):
        assert (await desk.change("reuseAsset", given, by=film.owner))["userErrors"] == []
    prefix = f"projects/{film.project.id}/"
    objects = desk.studio.services.objects
    before = [each.key async for each in objects.list(prefix)]
    refused = await desk.change("reuseAsset", given, by=film.owner)
    assert [error["code"] for error in refused["userErrors"]] == ["LIMIT_EXCEEDED"]
    assert [each.key async for each in objects.list(prefix)] == before


async def test_what_was_removed_in_the_meantime_is_not_there(desk: Desk) -> None:
    film = await make_film()
    entry = await stored_picture(desk, film)
    await desk.studio.services.objects.delete(entry.file.key)
    given = {"input": {"entryId": gid(entry), "frameId": film.gid(film.frame)}}
    answer = await desk.run(mutation("reuseAsset"), given, by=film.owner)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["NOT_FOUND"]
