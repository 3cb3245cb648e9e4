"""A company's car catalogue: atomic changes, and lists that are walks of an index."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from beanie import PydanticObjectId, init_beanie
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase

from documents import MODELS
from documents.companies import car_model_list, car_models
from documents.companies.car_model import (
    MEDIA_MAX,
    MODELS_MAX,
    CarMedia,
    CarMediaKind,
    CarModel,
    CarVariant,
    naming,
)
from documents.companies.car_model_list import ModelSpot
from documents.companies.company import Company
from documents.errors import CapReached, NodeMissing, RevisionStale
from documents.transaction import in_transaction
from tests.studio import stored_file

NOW = datetime(2026, 3, 1, tzinfo=UTC)
NAMES = ["e-Golf", "Golf", "Škoda Enyaq iV", "Polo Golf Edition", "Multivan", "GOLF Variant"]


@pytest.fixture(scope="module", autouse=True)
async def models(database: AsyncDatabase[dict[str, Any]]) -> None:
    await init_beanie(database=database, document_models=list(MODELS))


async def make_company(**values: Any) -> PydanticObjectId:
    given = {"name": "Acme", "created_by": PydanticObjectId(), "created_at": NOW, "updated_at": NOW}
    return (await Company(**(given | values)).insert()).id


async def make_model(company_id: PydanticObjectId, name: str = "Golf", **values: Any) -> CarModel:
    given = {"created_by": PydanticObjectId(), "created_at": NOW, "updated_at": NOW} | naming(name) | values
    model = CarModel(company_id=company_id, **given)

    async def add(session: AsyncClientSession) -> None:
        await car_models.add_model(model, session=session)

    await in_transaction(add)
    return model


def make_media(**values: Any) -> CarMedia:
    given = {"file": stored_file(), "kind": CarMediaKind.EXTERIOR, "created_by": PydanticObjectId()}
    return CarMedia(**(given | {"created_at": NOW} | values))


def make_variant(**values: Any) -> CarVariant:
    return CarVariant(**({"year": 2024, "trim": "GTI", "created_at": NOW} | values))


async def names(company_id: PydanticObjectId, search: str = "", **window: Any) -> list[str]:
    found, _ = await car_model_list.page(company_id, search=search, **({"size": 50} | window))
    return [model.name for model in found]


async def test_search_finds_the_beginning_of_any_word_whatever_case_and_accents() -> None:
    company = await make_company()
    for name in NAMES:
        await make_model(company, name)
    assert await names(company) == [
        "e-Golf",
        "Golf",
        "GOLF Variant",
        "Multivan",
        "Polo Golf Edition",
        "Škoda Enyaq iV",
    ]
    assert await names(company, "gol") == ["e-Golf", "Golf", "GOLF Variant", "Polo Golf Edition"]
    assert await names(company, "E golf") == ["e-Golf", "Polo Golf Edition"]
    assert await names(company, "skoda  IV") == ["Škoda Enyaq iV"]
    assert await names(company, "olf") == []
    assert await names(company, ".*") == await names(company)
    assert await names(await make_company(), "gol") == []


async def test_pages_meet_without_a_gap_in_both_directions() -> None:
    company = await make_company()
    for name in ["Golf"] * 5 + ["Golf Plus"] * 2:
        await make_model(company, name)
    whole, _ = await car_model_list.page(company, search="g", size=50)
    spots = [ModelSpot(model.name_key, model.id) for model in whole]
    seen: list[PydanticObjectId] = []
    after = None
    while True:
        found, has_more = await car_model_list.page(company, search="g", size=2, after=after)
        seen += [model.id for model in found]
        after = ModelSpot(found[-1].name_key, found[-1].id)
        if not has_more:
            break
    assert seen == [spot.id for spot in spots]
    last, has_more = await car_model_list.page(company, search="g", size=2, before=spots[4], from_end=True)
    assert ([model.id for model in last], has_more) == ([spots[2].id, spots[3].id], True)


@pytest.mark.parametrize("query", [{}, {"name_prefixes": "golf"}])
async def test_a_page_reads_no_more_than_it_shows(query: dict[str, Any]) -> None:
    company = await make_company()
    for _ in range(40):
        await make_model(company, "Golf")
    cursor = CarModel.get_pymongo_collection().find({"company_id": company, **query})
    plan = await cursor.sort([("name_key", 1), ("_id", 1)]).limit(10).explain()
    assert plan["executionStats"]["totalDocsExamined"] == 10
    assert "SORT" not in str(plan["queryPlanner"]["winningPlan"]).replace("'SORT_KEY", "")


async def test_companies_count_their_models_and_racing_adds_never_pass_the_cap() -> None:
    company = await make_company(car_model_count=MODELS_MAX - 2)
    results = await asyncio.gather(*(make_model(company) for _ in range(5)), return_exceptions=True)
    assert [type(each) for each in results if isinstance(each, Exception)] == [CapReached] * 3
    assert await CarModel.find({"company_id": company}).count() == 2
    model = next(each for each in results if isinstance(each, CarModel))
    await in_transaction(
        lambda session: car_models.remove_model(company, model.id, expected_revision=0, session=session)
    )
    light = await Company.light(company)
    assert light is not None
    assert light.car_model_count == MODELS_MAX - 1


async def test_variant_and_media_have_revisions_of_their_own() -> None:
    company = await make_company()
    model, variant, media = await make_model(company), make_variant(), make_media()
    await car_models.add_variant(company, model.id, make_variant(), now=NOW)
    await car_models.add_variant(company, model.id, variant, now=NOW)
    await car_models.attach_media(company, variant.id, media, now=NOW, session=None)
    await car_models.attach_media(company, variant.id, media, now=NOW, session=None)
    changed = await car_models.update_variant(
        company, variant.id, {"year": 2025}, expected_revision=0, now=NOW
    )
    assert (changed.year, changed.revision, changed.model_id) == (2025, 1, model.id)
    titled = await car_models.update_media(
        company, media.id, {"title": "Front"}, expected_revision=0, now=NOW
    )
    assert (titled.title, titled.revision, titled.variant_id) == ("Front", 1, variant.id)
    now = await car_models.with_model(company, model.id)
    assert now is not None
    assert (now.revision, [len(each.media) for each in now.variants]) == (0, [0, 1])
    with pytest.raises(RevisionStale) as stale:
        await car_models.update_media(company, media.id, {"title": "x"}, expected_revision=0, now=NOW)
    assert stale.value.current == titled


async def test_removing_gives_back_what_was_there() -> None:
    company = await make_company()
    model, variant, media = await make_model(company), make_variant(), make_media()
    await car_models.add_variant(company, model.id, variant, now=NOW)
    await car_models.attach_media(company, variant.id, media, now=NOW, session=None)
    other = make_media()
    await car_models.attach_media(company, variant.id, other, now=NOW, session=None)
    gone = await in_transaction(
        lambda session: car_models.remove_media(
            company, media.id, expected_revision=0, now=NOW, session=session
        )
    )
    assert gone.id == media.id
    left = await in_transaction(
        lambda session: car_models.remove_variant(
            company, variant.id, expected_revision=0, now=NOW, session=session
        )
    )
    assert [each.id for each in left.media] == [other.id]


async def test_other_companys_catalogue_is_out_of_reach() -> None:
    company, other = await make_company(), await make_company()
    model, variant, media = await make_model(company), make_variant(), make_media()
    await car_models.add_variant(company, model.id, variant, now=NOW)
    await car_models.attach_media(company, variant.id, media, now=NOW, session=None)
    before = await CarModel.get_pymongo_collection().find_one({"_id": model.id})
    refused = [
        car_models.rename_model(other, model.id, "x", expected_revision=None, now=NOW),
        car_models.add_variant(other, model.id, make_variant(), now=NOW),
        car_models.update_variant(other, variant.id, {"year": 1}, expected_revision=None, now=NOW),
        car_models.attach_media(other, variant.id, make_media(), now=NOW, session=None),
        car_models.update_media(other, media.id, {"title": "x"}, expected_revision=None, now=NOW),
    ]
    for each in refused:
        with pytest.raises(NodeMissing):
            await each
    assert await car_models.with_media(other, [media.id]) == {}
    assert await CarModel.get_pymongo_collection().find_one({"_id": model.id}) == before


async def test_racing_attachments_never_pass_the_cap_of_a_variant() -> None:
    company = await make_company()
    model = await make_model(company)
    variant = make_variant(media=[make_media() for _ in range(MEDIA_MAX - 2)])
    await car_models.add_variant(company, model.id, variant, now=NOW)
    attach = car_models.attach_media
    results = await asyncio.gather(
        *(attach(company, variant.id, make_media(), now=NOW, session=None) for _ in range(6)),
        return_exceptions=True,
    )
    assert [type(each) for each in results if each is not None] == [CapReached] * 4
