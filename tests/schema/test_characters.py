"""Characters through the API: whose they are, what they change, and their pictures."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from beanie import PydanticObjectId

from access.permissions import Permission
from documents.projects.cast import Cast
from documents.tree.inputs import image_inputs
from documents.tree.media_inputs import clip_inputs
from documents.tree.script import ClipStart
from documents.writers_room.character import IMAGES_MAX, Character, CharacterImage
from schema.ids import document_gid
from storage.object_store import ObjectStore
from tasks.housekeeping.character_removal import QUIET, CharacterRemoval
from tests.schema.company_desk import make_admin, make_member
from tests.schema.desk import Desk, Film, made_from, make_film, make_image
from tests.studio import stored_file

SHOWN = (
    "character { id name description revision companyId images { id title file { url } } voice { voice } }"
)
LIST = """query($company: ID, $first: Int, $after: String) {
  characters(companyId: $company, first: $first, after: $after) {
    nodes { name } edges { cursor } pageInfo { hasNextPage endCursor }
  }
}"""
NODE = "query($id: ID!) { node(id: $id) { id ... on Character { name notes } } }"
PROMPTS = """query($id: ID!) { project(id: $id) {
  characters { name }
  script { scenes { characterIds assembledClipPrompt { prompt negativePrompt } clips { isStale } frames {
    speakerId assembledPrompt { prompt negativePrompt isEdited } images { isStale }
  } } }
} }"""


async def made(desk: Desk, by: PydanticObjectId, **values: Any) -> str:
    payload = await desk.change("createCharacter", {"name": "Ada"} | values, SHOWN, by=by)
    assert payload["userErrors"] == []
    return str(payload["character"]["id"])


async def stored(gid: str) -> dict[str, Any]:
    raw = [each async for each in Character.get_pymongo_collection().find()]
    (found,) = [each for each in raw if document_gid("Character", each["_id"]) == gid]
    return dict(found)


async def cast_in(desk: Desk, film: Film, *characters: str) -> dict[str, Any]:
    given = {"sceneId": film.gid(film.scenes[0]), "characterIds": list(characters)}
    return await desk.change("updateScene", given, "scene { characterIds }", by=film.owner)


async def test_a_character_is_made_changed_listed_and_removed(desk: Desk) -> None:
    ada, stranger = PydanticObjectId(), PydanticObjectId()
    gid = await made(desk, ada, description="$red scarf", voice={"voice": "en-gb", "speed": 1.1})
    given = {"characterId": gid, "notes": "$$ROOT", "voice": None, "expectedRevision": 0}
    changed = await desk.change("updateCharacter", given, SHOWN, by=ada)
    assert (changed["character"]["revision"], changed["character"]["voice"]) == (1, None)
    assert changed["character"]["description"] == "$red scarf"
    stale = await desk.change("updateCharacter", given, SHOWN, by=ada)
    assert (stale["userErrors"][0]["code"], stale["character"]["revision"]) == ("REVISION_CONFLICT", 1)
    assert (await desk.ask(NODE, by=ada, id=gid))["node"] == {"id": gid, "name": "Ada", "notes": "$$ROOT"}
    assert (await desk.ask(NODE, by=stranger, id=gid))["node"] is None
    assert (await desk.ask(LIST, by=stranger))["characters"]["nodes"] == []
    gone = await desk.change("deleteCharacter", {"characterId": gid}, "deletedCharacterId", by=ada)
    assert gone["deletedCharacterId"] == gid
    assert (await desk.ask(LIST, by=ada))["characters"]["nodes"] == []
    assert (await desk.ask(NODE, by=ada, id=gid))["node"] is None


async def test_characters_come_page_by_page_off_an_index(desk: Desk) -> None:
    ada = PydanticObjectId()
    for number in range(3):
        await made(desk, ada, name=f"C{number}")
    first = (await desk.ask(LIST, by=ada, first=2))["characters"]
    rest = (await desk.ask(LIST, by=ada, after=first["pageInfo"]["endCursor"]))["characters"]
    assert [each["name"] for each in (*first["nodes"], *rest["nodes"])] == ["C2", "C1", "C0"]
    assert (first["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]) == (True, False)
    found = Character.get_pymongo_collection().find({"owner_id": ada, "deleted_at": None})
    plan = await found.sort([("created_at", -1), ("_id", -1)]).explain()
    assert "newest_of_owner" in str(plan["queryPlanner"]["winningPlan"])
    assert "SORT'" not in str(plan["queryPlanner"]["winningPlan"])


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": ""}, "input.name"),
        ({"name": "a\nb"}, "input.name"),
        ({"description": "x" * 5_001}, "input.description"),
        ({"age": "x" * 201}, "input.age"),
        ({"notes": "\x07"}, "input.notes"),
        ({"voice": {"voice": ""}}, "input.voice.voice"),
        ({"voice": {"voice": "a", "speed": 3}}, "input.voice.speed"),
        ({"description": None}, "input.description"),
    ],
)
async def test_what_no_character_has_is_refused_by_its_field(
    desk: Desk, given: dict[str, Any], field: str
) -> None:
    by = PydanticObjectId()
    payload = await desk.change("createCharacter", {"name": "Ada"} | given, SHOWN, by=by)
    assert [(each["code"], each["field"]) for each in payload["userErrors"]] == [("INVALID", field)]
    assert await Character.get_pymongo_collection().find_one({"created_by": by}) is None


async def test_a_companys_characters_are_seen_by_members_and_changed_by_who_manages_assets(
    desk: Desk,
) -> None:
    admin, other = await make_admin(desk), await make_admin(desk)
    member = make_member(desk, admin.company_id)
    given = {"name": "Mascot", "companyId": admin.company}
    gid = (await admin.change("createCharacter", given, SHOWN))["character"]["id"]
    assert (await member.ask(LIST, company=admin.company))["characters"]["nodes"] == [{"name": "Mascot"}]
    assert (await member.ask(NODE, id=gid))["node"] is not None
    assert (await other.ask(NODE, id=gid))["node"] is None
    change = {"characterId": gid, "name": "Stolen"}
    assert await member.code("updateCharacter", change, SHOWN) == "FORBIDDEN"
    assert await member.code("createCharacter", given, SHOWN) == "FORBIDDEN"
    assert await other.code("updateCharacter", change, SHOWN) == "NOT_FOUND"
    assert await other.code("deleteCharacter", {"characterId": gid}) == "NOT_FOUND"
    assert await other.code("createCharacter", given, SHOWN) == "NOT_FOUND"
    admin.scopes = frozenset({Permission.COMPANY_VIEW, Permission.PROJECT_CREATE})
    assert await admin.code("updateCharacter", change, SHOWN) == "FORBIDDEN"
    assert (await stored(gid))["name"] == "Mascot"


async def test_a_scenes_characters_stand_in_its_prompts_and_their_change_makes_what_shows_them_stale(
    desk: Desk,
) -> None:
    film = await make_film()
    gid = await made(desk, film.owner, description="red scarf")
    assert (await cast_in(desk, film, gid, gid))["scene"]["characterIds"] == [gid]
    speaking = {"frameId": film.gid(film.frame), "speakerId": gid}
    spoken = await desk.change("updateFrame", speaking, "frame { speakerId }", by=film.owner)
    assert spoken["frame"]["speakerId"] == gid
    project = await film.now()
    scene = project.script.scenes[0]
    character = Character.model_validate(await stored(gid))
    inputs = image_inputs(project, scene, scene.frames[0], Cast({character.id: character}))
    filmed = clip_inputs(project, scene, Cast({character.id: character}), ClipStart.TEXT, 4.0)
    found = {
        "script.scenes.0.frames.0.images.0.provenance.inputs_hash": inputs.hash,
        "script.scenes.0.clips.0.provenance.inputs_hash": filmed.hash,
        "script.scenes.0.clips.0.start": ClipStart.TEXT,
        "script.scenes.0.clips.0.wanted_s": 4.0,
    }
    await project.get_pymongo_collection().update_one({"_id": project.id}, {"$set": found})
    told = (await desk.ask(PROMPTS, by=film.owner, id=film.id))["project"]
    shown = told["script"]["scenes"][0]
    frame = shown["frames"][0]
    assert shown["assembledClipPrompt"] == {
        "prompt": "a bee. Characters: Ada: red scarf. Style: cinematic",
        "negativePrompt": "",
    }
    assert shown["clips"][0]["isStale"] is False
    assert told["characters"] == [{"name": "Ada"}]
    assert frame["assembledPrompt"]["prompt"].startswith("a bee. Characters: Ada: red scarf. Scene: One.")
    assert frame["images"][0]["isStale"] is False
    await desk.change("updateCharacter", {"characterId": gid, "description": "blue"}, SHOWN, by=film.owner)
    told = (await desk.ask(PROMPTS, by=film.owner, id=film.id))["project"]
    assert told["script"]["scenes"][0]["frames"][0]["images"][0]["isStale"] is True
    assert told["script"]["scenes"][0]["clips"][0]["isStale"] is True
    acting = {"sceneId": film.gid(film.scenes[0]), "clipPrompt": "It takes off"}
    payload = await desk.change(
        "updateScene", acting, "scene { assembledClipPrompt { prompt } }", by=film.owner
    )
    sent = payload["scene"]["assembledClipPrompt"]["prompt"]
    assert sent == "It takes off. Characters: Ada: blue. Style: cinematic"
    edited = {"frameId": film.gid(film.frame), "optimisedPrompt": "Just bees"}
    payload = await desk.change(
        "updateFrame", edited, "frame { assembledPrompt { prompt isEdited } }", by=film.owner
    )
    assert payload["frame"]["assembledPrompt"] == {"prompt": "Just bees", "isEdited": True}
    back = {"frameId": film.gid(film.frame), "optimisedPrompt": None}
    payload = await desk.change("updateFrame", back, "frame { assembledPrompt { isEdited } }", by=film.owner)
    assert payload["frame"]["assembledPrompt"] == {"isEdited": False}


async def test_a_shows_characters_are_listed_by_it_and_no_strangers_show_is_named(desk: Desk) -> None:
    ada, stranger = PydanticObjectId(), PydanticObjectId()
    show = (await desk.change("createShow", {"name": "Bees"}, "show { id }", by=ada))["show"]["id"]
    gid = await made(desk, ada, showId=show)
    await made(desk, ada, name="Bo")
    listed = "query($show: ID) { characters(showId: $show) { nodes { id showId } } }"
    found = (await desk.ask(listed, by=ada, show=show))["characters"]["nodes"]
    assert found == [{"id": gid, "showId": show}]
    found = Character.get_pymongo_collection().find({"owner_id": ada, "show_id": 1, "deleted_at": None})
    plan = await found.sort([("created_at", -1), ("_id", -1)]).explain()
    assert "newest_of_owner_in_show" in str(plan["queryPlanner"]["winningPlan"])
    document = "mutation($input: CreateCharacterInput!) { createCharacter(input: $input) { __typename } }"
    answer = await desk.run(document, {"input": {"name": "Eve", "showId": show}}, by=stranger)
    assert [each["extensions"]["code"] for each in answer["errors"]] == ["NOT_FOUND"]


async def test_nobody_puts_a_strangers_character_into_a_scene(desk: Desk) -> None:
    film = await make_film()
    gid = await made(desk, PydanticObjectId())
    payload = await cast_in(desk, film, gid)
    assert [(e["code"], e["field"]) for e in payload["userErrors"]] == [("INVALID", "input.characterIds")]
    given = {"frameId": film.gid(film.frame), "speakerId": gid}
    payload = await desk.change("updateFrame", given, "frame { speakerId }", by=film.owner)
    assert [(e["code"], e["field"]) for e in payload["userErrors"]] == [("INVALID", "input.speakerId")]
    assert (await film.now()).script.scenes[0].character_ids == []


async def test_a_deleted_character_is_nowhere_any_more(desk: Desk) -> None:
    film = await make_film()
    gid = await made(desk, film.owner, description="red scarf")
    await cast_in(desk, film, gid)
    await desk.change("deleteCharacter", {"characterId": gid}, by=film.owner)
    told = (await desk.ask(PROMPTS, by=film.owner, id=film.id))["project"]
    assert told["characters"] == []
    assert "Ada" not in told["script"]["scenes"][0]["frames"][0]["assembledPrompt"]["prompt"]


async def film_with_picture(object_store: ObjectStore, owner: PydanticObjectId | None = None) -> Film:
    """A film whose first frame has a picture that is stored."""
    film = await make_film(owner)
    image = make_image(file=stored_file(f"projects/{film.project.id}/scenes/s/images/a.png"))
    await object_store.put_bytes(image.file.key, b"picture", "image/png")
    film.frame.images.append(image)
    path = "script.scenes.0.frames.0.images"
    await film.project.get_pymongo_collection().update_one(
        {"_id": film.project.id}, {"$push": {path: image.stored()}}
    )
    return film


async def test_a_candidate_is_kept_as_a_copy_and_goes_with_the_sweep(
    desk: Desk, object_store: ObjectStore
) -> None:
    film = await film_with_picture(object_store)
    gid = await made(desk, film.owner)
    given = {"characterId": gid, "imageId": film.gid(film.frame.images[-1]), "title": "from the side"}
    first = await desk.change("addCharacterImage", given, SHOWN, by=film.owner)
    second = await desk.change("addCharacterImage", given, SHOWN, by=film.owner)
    shown = [each["id"] for each in second["character"]["images"]]
    assert (len(shown), shown[0]) == (2, first["character"]["images"][0]["id"])
    order = {"characterId": gid, "imageIds": shown[::-1]}
    ordered = await desk.change("orderCharacterImages", order, SHOWN, by=film.owner)
    assert [each["id"] for each in ordered["character"]["images"]] == shown[::-1]
    wrong = await desk.change("orderCharacterImages", order | {"imageIds": shown[:1]}, SHOWN, by=film.owner)
    assert [each["field"] for each in wrong["userErrors"]] == ["input.imageIds"]
    character = Character.model_validate(await stored(gid))
    files = [each.file.key for each in character.images]
    assert all(key.startswith(f"users/{film.owner}/characters/{character.id}/") for key in files)
    assert [await object_store.get_bytes(key) for key in files] == [b"picture", b"picture"]
    removed = await desk.change(
        "removeCharacterImage", {"characterId": gid, "imageId": shown[1]}, SHOWN, by=film.owner
    )
    assert [each["id"] for each in removed["character"]["images"]] == [shown[0]]
    now = datetime.now(UTC)
    await CharacterRemoval(object_store, lambda: now).run()
    assert [await object_store.exists(key) for key in files] == [False, True]
    assert (await stored(gid))["dropped_keys"] == []
    await desk.change("deleteCharacter", {"characterId": gid}, by=film.owner)
    await CharacterRemoval(object_store, lambda: now).run()
    assert await object_store.exists(files[1])
    await CharacterRemoval(object_store, lambda: now + QUIET + timedelta(minutes=1)).run()
    assert not await object_store.exists(files[1])
    assert await Character.get(character.id) is None


async def test_pictures_of_a_character_have_a_limit_and_no_copy_is_left(
    desk: Desk, object_store: ObjectStore
) -> None:
    film = await film_with_picture(object_store)
    gid = await made(desk, film.owner)
    pictures = [
        CharacterImage(file=stored_file(), width=1, height=1, provenance=made_from()).stored()
        for _ in range(IMAGES_MAX)
    ]
    character = await stored(gid)
    await Character.get_pymongo_collection().update_one(
        {"_id": character["_id"]}, {"$set": {"images": pictures}}
    )
    given = {"characterId": gid, "imageId": film.gid(film.frame.images[-1])}
    payload = await desk.change("addCharacterImage", given, SHOWN, by=film.owner)
    assert [each["code"] for each in payload["userErrors"]] == ["LIMIT_EXCEEDED"]
    prefix = f"users/{film.owner}/characters/"
    assert [each.key async for each in object_store.list(prefix)] == []


async def test_a_picture_of_a_project_that_is_not_the_viewers_is_not_there(
    desk: Desk, object_store: ObjectStore
) -> None:
    film, thief = await film_with_picture(object_store), PydanticObjectId()
    gid = await made(desk, thief)
    given = {"input": {"characterId": gid, "imageId": film.gid(film.frame.images[-1])}}
    document = "mutation($input: AddCharacterImageInput!) { addCharacterImage(input: $input) { __typename } }"
    answer = await desk.run(document, given, by=thief)
    assert [each["extensions"]["code"] for each in answer["errors"]] == ["NOT_FOUND"]
