"""Reference pictures of characters, ordered over the API and drawn by a worker."""

import io
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from beanie import PydanticObjectId
from PIL import Image as Picture
from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase

from documents.jobs.job import Job, JobKind, JobState
from documents.jobs.usage_record import UsageRecord
from documents.tree.asset import Origin, Provenance
from documents.writers_room import characters
from documents.writers_room.character import IMAGES_MAX, Character, CharacterImage
from providers.local.pictures.brief import read
from providers.local.pictures.maker import LocalImageMaker
from providers.protocols.picture import ImageRequest, MadeImage
from providers.protocols.prediction import Tab
from schema.ids import document_gid
from storage.object_store import ObjectStore
from tasks.making.character_image import draw_character
from tests.stand_ins.media import still
from tests.studio import stored_file
from tests.tasks.media_studio import MediaStudio, open_media_studio

SELECTION = "jobs { id kind nodeId projectId estimate { cost { micros } } }"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def studio(
    mongo_client: AsyncMongoClient[dict[str, Any]],
    database: AsyncDatabase[dict[str, Any]],
    redis_url: str,
    object_store: ObjectStore,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[MediaStudio]:
    async with open_media_studio(
        scratch=tmp_path_factory.mktemp("scratch"),
        objects=object_store,
        client=mongo_client,
        database=database,
        redis_url=redis_url,
        prefix=f"{database.name}:",
    ) as opened:
        yield opened


@pytest.fixture(autouse=True)
def fresh(studio: MediaStudio) -> None:
    studio.replicate.forget()


async def make_ada(studio: MediaStudio, **values: Any) -> Character:
    """A character of somebody new."""
    owner, now = PydanticObjectId(), studio.shop.now()
    given: dict[str, Any] = {"name": "Ada", "description": "red scarf, grey coat", "owner_id": owner}
    return await Character(**(given | values), created_by=owner, created_at=now, updated_at=now).insert()


async def picture(studio: MediaStudio, seed: int = 1, *, is_stored: bool = True) -> CharacterImage:
    file = stored_file(f"users/u/characters/c/{PydanticObjectId()}.png")
    if is_stored:
        await studio.shop.objects.put_bytes(file.key, still(32, 32, seed, "PNG"), "image/png")
    provenance = Provenance(origin=Origin.UPLOADED, created_at=studio.shop.now())
    return CharacterImage(file=file, width=32, height=32, provenance=provenance)


async def ask(studio: MediaStudio, ada: Character, **given: Any) -> dict[str, Any]:
    given = {"characterId": document_gid("Character", ada.id)} | given
    return await studio.desk.change("generateCharacterImages", given, SELECTION, by=ada.created_by)


async def jobs_of(ada: Character) -> list[Job]:
    return await Job.find({"node_id": ada.id}).sort("_id").to_list()


async def drawn(studio: MediaStudio, ada: Character, **given: Any) -> Character:
    """The character after an order was done."""
    payload = await ask(studio, ada, **given)
    assert payload["userErrors"] == []
    for job in await jobs_of(ada):
        await studio.run(job)
    return await now(ada)


async def now(ada: Character) -> Character:
    found = await characters.find(ada.id)
    assert found is not None
    return found


async def test_pictures_are_drawn_of_the_description_and_kept(studio: MediaStudio) -> None:
    ada = await make_ada(studio)
    payload = await ask(studio, ada, count=2, prompt="from the\nside")
    gid = document_gid("Character", ada.id)
    assert [(each["kind"], each["nodeId"], each["projectId"]) for each in payload["jobs"]] == [
        ("CHARACTER_IMAGE", gid, None)
    ] * 2
    for job in await jobs_of(ada):
        await studio.run(job)
    after = await now(ada)
    first, second = after.images
    assert first.file.sha256 != second.file.sha256
    assert first.provenance.seed != second.provenance.seed
    assert (first.title, first.width, first.height) == ("from the side", 768, 1024)
    assert first.file.key.startswith(f"users/{ada.owner_id}/characters/{ada.id}/")
    with Picture.open(io.BytesIO(await studio.bytes_of(first.file.key))) as shown:
        assert shown.size == (768, 1024)
    made = first.provenance
    assert (made.origin, made.provider, made.created_by) == (Origin.GENERATED, "local", ada.created_by)
    assert made.prompt is not None
    assert made.prompt.endswith("from the side. Character: Ada: red scarf, grey coat.")
    assert {job.state for job in await jobs_of(ada)} == {JobState.SUCCEEDED}
    assert after.revision == 2


@pytest.mark.parametrize(
    ("description", "hero"), [("red scarf, grey coat", "person"), ("a brown dog", "dog"), ("", "person")]
)
async def test_the_maker_without_a_key_draws_a_figure_where_the_words_name_nothing_else(
    studio: MediaStudio, monkeypatch: pytest.MonkeyPatch, description: str, hero: str
) -> None:
    asked: list[ImageRequest] = []
    make = LocalImageMaker.make

    async def heard(self: LocalImageMaker, request: ImageRequest, tab: Tab | None = None) -> MadeImage:
        asked.append(request)
        return await make(self, request, tab)

    monkeypatch.setattr(LocalImageMaker, "make", heard)
    await drawn(studio, await make_ada(studio, description=description), prompt="from the side")
    (request,) = asked
    assert read(request).subjects[0] == hero


async def test_each_order_brings_something_new_and_a_seed_brings_it_back(studio: MediaStudio) -> None:
    ada = await make_ada(studio)
    await drawn(studio, ada)
    first, second = (await drawn(studio, ada)).images
    third = (await drawn(studio, ada, seed=second.provenance.seed)).images[2]
    assert first.file.sha256 != second.file.sha256 == third.file.sha256


async def test_a_maker_that_takes_references_is_shown_the_first_three(studio: MediaStudio) -> None:
    images = [await picture(studio, number) for number in range(4)]
    ada = await make_ada(studio, images=images)
    payload = await ask(studio, ada, provider="replicate", prompt="smiling")
    assert payload["userErrors"] == []
    (job,) = await jobs_of(ada)
    assert payload["jobs"][0]["estimate"]["cost"]["micros"] == job.estimate.cost_micros
    await characters.remove_image(images[1].id, ada, now=studio.shop.now())
    await studio.run(job)
    (prediction,) = studio.replicate.predictions.values()
    assert len(prediction.body["input"]["image_input"]) == 2  # of those three, the ones that are still there
    assert "Character: Ada: red scarf, grey coat." in prediction.body["input"]["prompt"]
    assert len((await now(ada)).images) == 4
    (record,) = await UsageRecord.find({"job_id": job.id}).to_list()
    assert (record.owner_id, record.project_id, record.company_id) == (ada.created_by, None, None)


async def test_a_job_that_is_taken_over_draws_the_same_picture_once(studio: MediaStudio) -> None:
    ada = await make_ada(studio)
    await ask(studio, ada)
    (job,) = await jobs_of(ada)
    died = await draw_character(studio.shop, job, lambda *_, **__: None)
    before = await studio.bytes_of(died.result["key"])
    await studio.run(job)
    await studio.run(job)
    (image,) = (await now(ada)).images
    assert (str(image.id), image.file.key) == (died.result["image_id"], died.result["key"])
    assert await studio.bytes_of(image.file.key) == before


async def test_an_order_that_is_sent_twice_is_done_once(studio: MediaStudio) -> None:
    ada = await make_ada(studio)
    first = await ask(studio, ada, count=2, idempotencyKey="once")
    again = await ask(studio, ada, count=2, idempotencyKey="once")
    assert [each["id"] for each in again["jobs"]] == [each["id"] for each in first["jobs"]]
    assert len(await jobs_of(ada)) == 2


async def test_there_are_never_more_pictures_than_there_may_be(studio: MediaStudio) -> None:
    images = [await picture(studio, is_stored=False) for _ in range(IMAGES_MAX - 1)]
    ada = await make_ada(studio, images=images)
    refused = await ask(studio, ada, count=2)
    assert [(e["code"], e["field"]) for e in refused["userErrors"]] == [("LIMIT_EXCEEDED", "input.count")]
    assert await jobs_of(ada) == []
    await ask(studio, ada, provider="replicate")
    await characters.add_image(ada.id, await picture(studio), now=studio.shop.now())
    (job,) = await jobs_of(ada)
    await studio.run(job)
    (job,) = await jobs_of(ada)
    assert (job.state, job.error and job.error.code) == (JobState.FAILED, "LIMIT_EXCEEDED")
    assert studio.replicate.predictions == {}, "nothing is bought that there is no room for"
    assert len((await now(ada)).images) == IMAGES_MAX


async def test_pictures_on_their_way_take_room_as_well(studio: MediaStudio) -> None:
    ada = await make_ada(
        studio, images=[await picture(studio, is_stored=False) for _ in range(IMAGES_MAX - 4)]
    )
    assert (await ask(studio, ada, count=4))["userErrors"] == []
    refused = await ask(studio, ada, count=1)
    assert [each["code"] for each in refused["userErrors"]] == ["LIMIT_EXCEEDED"]
    assert len(await jobs_of(ada)) == 4


async def test_what_is_removed_meanwhile_is_not_drawn(studio: MediaStudio) -> None:
    ada = await make_ada(studio)
    await ask(studio, ada, provider="replicate")
    await characters.delete(ada.id, expected_revision=None, now=studio.shop.now())
    (job,) = await jobs_of(ada)
    await studio.run(job)
    (job,) = await jobs_of(ada)
    assert (job.state, job.error and job.error.code) == (JobState.FAILED, "NODE_GONE")
    assert studio.replicate.predictions == {}


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"count": 0}, "INVALID", "input.count"),
        ({"count": 5}, "INVALID", "input.count"),
        ({"count": 2**31 - 1}, "INVALID", "input.count"),
        ({"seed": -1}, "INVALID", "input.seed"),
        ({"seed": 1, "count": 2}, "INVALID", "input.count"),
        ({"prompt": "x" * 1_001}, "INVALID", "input.prompt"),
        ({"idempotencyKey": ""}, "INVALID", "input.idempotencyKey"),
        ({"provider": "nobody"}, "UNSUPPORTED", None),
    ],
)
async def test_orders_that_could_come_to_nothing_are_refused(
    studio: MediaStudio, given: dict[str, Any], code: str, field: str | None
) -> None:
    ada = await make_ada(studio)
    answer = await ask(studio, ada, **given)
    assert [(e["code"], e["field"]) for e in answer["userErrors"]] == [(code, field)]
    assert await Job.find({"kind": JobKind.CHARACTER_IMAGE, "owner_id": ada.created_by}).count() == 0


async def test_somebody_of_whom_nothing_is_known_is_not_drawn(studio: MediaStudio) -> None:
    nobody = await make_ada(studio, description="")
    answer = await ask(studio, nobody)
    assert [(e["code"], e["field"]) for e in answer["userErrors"]] == [("INVALID", "input.characterId")]
    assert (await ask(studio, nobody, prompt="a fox in a raincoat"))["userErrors"] == []
