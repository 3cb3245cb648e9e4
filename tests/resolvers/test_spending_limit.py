"""What a person may spend with the installation's keys: shown to them, and held against their orders."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest_asyncio
from beanie import PydanticObjectId

from access.built_in_roles import SUPERADMIN
from documents.audit_entry import AuditEntry
from documents.jobs.job import Job, JobKind
from documents.jobs.personal_spending import WINDOW
from documents.jobs.usage_record import UsageRecord
from documents.writers_room.built_in_personas import EXPLAINER
from resolvers.context import Context
from schema.ids import document_gid
from tests.people import make_user
from tests.resolvers.conftest import Api
from tests.studio import Studio, make_project
from tests.writers_room import COST, Dreamer, Salon, Talker, open_salon

SPENDING = """{ viewer { spending {
  limit { micros } spent { micros currency } reserved { micros } left { micros } windowDays freesAt
} } }"""
OF_OTHERS = "query($id: ID!) { node(id: $id) { ... on User { spending { windowDays } } } }"
START = (
    """mutation($input: StartChatInput!) { startChat(input: $input) { chat { id } userErrors { code } } }"""
)
SAY = """mutation($input: SendChatMessageInput!) { sendChatMessage(input: $input) {
  job { id } userErrors { code field message } } }"""
PLAN = """mutation($input: MakeWeeklyPlanInput!) { makeWeeklyPlan(input: $input) {
  plan { id } userErrors { code field } } }"""
ESTIMATES = """query($id: ID!) {
  productionEstimate(projectId: $id) { exceedsSpendingLimit cost { micros } }
  generationEstimate(projectId: $id, kind: MUSIC) { exceedsSpendingLimit }
}"""
GRANT = """mutation($input: SetSpendingLimitInput!) { setSpendingLimit(input: $input) {
  user { spending { limit { micros } left { micros } } } userErrors { code field } } }"""
LIMIT = 3 * COST


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def installation(studio: Studio) -> AsyncIterator[None]:
    """One that pays for talks and plans, and for no more than three of them for anybody."""
    usual = studio.services
    open_salon(studio, Salon(Talker(), Dreamer()))
    studio.services = replace(studio.services, spending_per_user_micros=LIMIT)
    yield
    studio.services = usual


async def person(studio: Studio) -> Context:
    return await studio.context_of((await make_user()).id)


async def spent(who: Context, micros: int, *, ago: timedelta, whose: str = "INSTALLATION") -> UsageRecord:
    record = UsageRecord(
        id=PydanticObjectId(),
        owner_id=who.require_viewer().user_id,
        job_id=PydanticObjectId(),
        kind=JobKind.IMAGE,
        provider="salon",
        model="m",
        whose_key=whose,
        cost_micros=micros,
        currency="USD",
        is_priced=True,
        duration_ms=1,
        at=who.services.now() - ago,
    )
    await record.insert()
    return record


async def said(api: Api, who: Context) -> list[tuple[str, str | None]]:
    """What saying something in a new chat is refused with."""
    given = {"personaId": document_gid("Persona", EXPLAINER.id)}
    chat = (await api(who, START, input=given)).payload["chat"]["id"]
    return (await api(who, SAY, input={"chatId": chat, "text": "What do bees do?"})).user_codes


async def test_everybody_sees_how_they_stand_and_nobody_else_does(api: Api, studio: Studio) -> None:
    ana, bea = await person(studio), await person(studio)
    nothing = {"limit": {"micros": LIMIT}, "spent": {"micros": 0, "currency": "USD"}}
    nothing |= {"reserved": {"micros": 0}, "left": {"micros": LIMIT}, "windowDays": 30, "freesAt": None}
    assert (await api(ana, SPENDING)).payload["spending"] == nothing
    first = await spent(ana, COST, ago=timedelta(days=10))
    await spent(ana, 9 * COST, ago=timedelta(days=1), whose="USER")
    seen = (await api(ana, SPENDING)).payload["spending"]
    assert (seen["spent"]["micros"], seen["left"]["micros"]) == (COST, LIMIT - COST)
    assert seen["freesAt"][:16] == (first.at + WINDOW).isoformat()[:16]
    assert (await api(bea, SPENDING)).payload["spending"] == nothing
    asked = await api(bea, OF_OTHERS, id=document_gid("User", ana.require_viewer().user_id))
    assert asked.payload is None
    studio.services = replace(studio.services, spending_per_user_micros=None)
    free = await studio.context_of(ana.require_viewer().user_id)
    assert (await api(free, SPENDING)).payload["spending"]["left"] is None


async def test_an_order_that_cannot_fit_is_refused_before_it_is_stored(api: Api, studio: Studio) -> None:
    ana = await person(studio)
    assert await said(api, ana) == []
    await spent(ana, LIMIT, ago=timedelta(days=2))
    jobs = await Job.count()
    assert await said(api, ana) == [("SPENDING_LIMIT_EXCEEDED", None)]
    given = {"personaId": document_gid("Persona", EXPLAINER.id), "startsOn": "2027-01-04", "days": 2}
    planned = await api(ana, PLAN, input=given | {"brief": "Bees."})
    assert planned.user_codes == [("SPENDING_LIMIT_EXCEEDED", None)]
    assert await Job.count() == jobs
    assert await said(api, await person(studio)) == []


async def test_the_refusal_says_when_there_is_room_and_the_way_out(api: Api, studio: Studio) -> None:
    ana = await person(studio)
    first = await spent(ana, LIMIT, ago=timedelta(days=2))
    given = {"personaId": document_gid("Persona", EXPLAINER.id)}
    chat = (await api(ana, START, input=given)).payload["chat"]["id"]
    refused = (await api(ana, SAY, input={"chatId": chat, "text": "And wasps?"})).payload["userErrors"]
    (error,) = refused
    assert f"{first.at + WINDOW:%Y-%m-%d %H:%M} UTC" in error["message"]
    assert "saveProviderKey" in error["message"]


async def test_what_is_free_needs_no_room(api: Api, studio: Studio) -> None:
    ana = await person(studio)
    await spent(ana, 2 * LIMIT, ago=timedelta(days=2))
    project = await make_project(ana, topic="Bees")
    foreseen = (await api(ana, ESTIMATES, id=document_gid("Project", project.id))).data
    assert foreseen["productionEstimate"] == {"exceedsSpendingLimit": False, "cost": {"micros": 0}}
    assert foreseen["generationEstimate"] == {"exceedsSpendingLimit": False}


async def operator(studio: Studio) -> Context:
    return await studio.context_of((await make_user(role_id=SUPERADMIN.id)).id)


async def test_an_operator_gives_a_person_another_limit(api: Api, studio: Studio) -> None:
    boss, ana = await operator(studio), await person(studio)
    user_id = ana.require_viewer().user_id
    await spent(ana, LIMIT, ago=timedelta(days=2))
    given: dict[str, object] = {"userId": document_gid("User", user_id)}
    granted = await api(boss, GRANT, input=given | {"limitMicros": 2 * LIMIT})
    assert granted.payload["user"]["spending"] == {"limit": {"micros": 2 * LIMIT}, "left": {"micros": LIMIT}}
    assert await said(api, ana) == []
    entry = await AuditEntry.find_one({"action": "SPENDING_LIMIT_SET", "target_id": user_id})
    assert entry is not None
    await api(boss, GRANT, input=given | {"limitMicros": 0})
    assert await said(api, ana) == [("SPENDING_LIMIT_EXCEEDED", None)]
    usual = await api(boss, GRANT, input=given | {"limitMicros": None})
    assert usual.payload["user"]["spending"]["limit"] == {"micros": LIMIT}


async def test_only_operators_grant_and_only_what_can_be_meant(api: Api, studio: Studio) -> None:
    boss, ana = await operator(studio), await person(studio)
    given = {"userId": document_gid("User", ana.require_viewer().user_id), "limitMicros": 10**9}
    assert (await api(ana, GRANT, input=given)).codes == ["FORBIDDEN"]
    wrong = await api(boss, GRANT, input=given | {"limitMicros": -1})
    assert wrong.user_codes == [("INVALID", "input.limitMicros")]
    nobody = given | {"userId": document_gid("User", PydanticObjectId())}
    assert (await api(boss, GRANT, input=nobody)).codes == ["NOT_FOUND"]
    assert (await api(ana, SPENDING)).payload["spending"]["limit"] == {"micros": LIMIT}
