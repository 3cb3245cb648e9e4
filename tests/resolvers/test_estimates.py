"""What voices, talks and plans would cost, told before they are made."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from beanie import PydanticObjectId

from access.provider_choice import ProviderChoice
from access.sealing import Sealing
from documents.jobs.job import Job, JobKind
from documents.projects.project import Project
from documents.writers_room.built_in_personas import KIDS_TEACHER
from providers.desk import ProviderDesk
from providers.local.service import LocalService
from providers.prices import Price
from providers.protocols.offer import Capability, Offer
from schema.ids import document_gid
from tasks.buying import steps
from tests.offers_alone import OfferAlone, OffersAlone
from tests.resolvers.conftest import Api
from tests.studio import Studio, make_frame, make_project

ONE = """query($id: ID!, $kind: JobKind!) { generationEstimate(projectId: $id, kind: $kind) {
  cost { micros } isPriced exceedsCeiling } }"""
WHOLE = """query($id: ID!) { productionEstimate(projectId: $id, stopAfter: ASSETS) {
  videoDurationS cost { micros } isPriced exceedsCeiling } }"""
SPEAK = """mutation($input: GenerateVoiceoversInput!) { generateVoiceovers(input: $input) {
  jobs { id } userErrors { code field } } }"""
COUNT = "$5.50"
SAID = "five dollars and fifty cents"
PER_CHARACTER, PER_SECOND = 1_000, 50_000  # micros


class Voices(OffersAlone):
    """Speakers and a transcriber that charge."""

    name = "voices"

    def __init__(self, *, times_words: bool = False, hears_for: int | None = PER_SECOND) -> None:
        price = Price(per_thousand_characters=Decimal(PER_CHARACTER) / 1_000)
        heard = () if hears_for is None else (("m", Price(per_second=Decimal(hears_for) / 1_000_000)),)
        speech = Offer(Capability.SPEECH, self.name, ("m",), prices=(("m", price),), times_words=times_words)
        hearing = Offer(Capability.TRANSCRIPTION, self.name, ("m",), prices=heard)
        words = Price(per_million_input_tokens=Decimal(1), per_million_output_tokens=Decimal(2))
        self._makers = {Capability.SPEECH: OfferAlone(speech), Capability.TRANSCRIPTION: OfferAlone(hearing)}
        for capability in (Capability.CHAT, Capability.PLAN, Capability.CHARACTER):
            self._makers[capability] = OfferAlone(
                Offer(capability, self.name, ("m",), prices=(("m", words),))
            )


@pytest.fixture(autouse=True)
def _usual_providers(studio: Studio) -> Iterator[None]:
    usual = studio.services
    yield
    studio.services = usual


def spoken_by(studio: Studio, voices: Voices) -> None:
    desk = ProviderDesk([voices, LocalService()], dict.fromkeys(Capability, "PROVIDERS"))
    choice = ProviderChoice(desk, Sealing({"s": "s" * 32}))
    studio.services = replace(studio.services, providers=choice)


async def told(studio: Studio, *, transcribes: bool, ceiling_micros: int | None = None) -> Project:
    project = await make_project(studio.context(), frames=[make_frame(narration=COUNT)])
    project.style.transcribe_voices = transcribes
    project.music.is_enabled = False
    project.budget.ceiling_micros = ceiling_micros
    await project.replace()
    return project


async def cost(api: Api, studio: Studio, project: Project) -> tuple[int, int, bool, bool]:
    """Of the voice, of the whole production, whether prices are known, whether the ceiling stops it."""
    owner = studio.context(project.owner_id)
    one = (await api(owner, ONE, id=document_gid("Project", project.id), kind="VOICEOVER")).payload
    whole = (await api(owner, WHOLE, id=document_gid("Project", project.id))).payload
    assert one["isPriced"] is whole["isPriced"]
    assert one["exceedsCeiling"] is whole["exceedsCeiling"]
    return one["cost"]["micros"], whole["cost"]["micros"], whole["isPriced"], whole["exceedsCeiling"]


VOICE = len(SAID) * PER_CHARACTER
HEARD = round(len(SAID) / 14 * PER_SECOND)


async def test_what_is_spoken_is_counted_and_not_what_is_written(api: Api, studio: Studio) -> None:
    spoken_by(studio, Voices())
    project = await told(studio, transcribes=False)
    assert await cost(api, studio, project) == (VOICE, VOICE, True, False)


async def test_a_transcript_is_counted_where_it_will_be_bought(api: Api, studio: Studio) -> None:
    spoken_by(studio, Voices())
    project = await told(studio, transcribes=True)
    assert await cost(api, studio, project) == (VOICE + HEARD, VOICE + HEARD, True, False)
    spoken_by(studio, Voices(times_words=True))
    assert await cost(api, studio, project) == (VOICE, VOICE, True, False)


async def test_a_given_text_is_counted_as_it_will_be_spoken(api: Api, studio: Studio) -> None:
    spoken_by(studio, Voices())
    project = await make_project(studio.context())
    project.brief.text = COUNT
    project.music.is_enabled = False
    project.style.transcribe_voices = True
    await project.replace()
    answer = await api(studio.context(project.owner_id), WHOLE, id=document_gid("Project", project.id))
    assert answer.payload["cost"]["micros"] == pytest.approx(VOICE + HEARD, abs=2)
    assert answer.payload["videoDurationS"] == pytest.approx(len(SAID) / 14, abs=1)


async def test_a_ceiling_that_pays_the_voice_alone_lets_it_be_spoken(api: Api, studio: Studio) -> None:
    spoken_by(studio, Voices())
    project = await told(studio, transcribes=True, ceiling_micros=VOICE)
    assert await cost(api, studio, project) == (VOICE + HEARD, VOICE + HEARD, True, False)
    given = {"projectId": document_gid("Project", project.id)}
    answer = await api(studio.context(project.owner_id), SPEAK, input=given)
    assert answer.user_codes == []
    (job,) = await Job.find({"project_id": project.id}).to_list()
    assert job.estimate.cost_micros == VOICE + HEARD
    dear = await told(studio, transcribes=True, ceiling_micros=VOICE - 1)
    assert (await cost(api, studio, dear))[3] is True
    given = {"projectId": document_gid("Project", dear.id)}
    answer = await api(studio.context(dear.owner_id), SPEAK, input=given)
    assert answer.user_codes == [("BUDGET_EXCEEDED", "input.projectId")]
    assert await Job.find({"project_id": dear.id}).count() == 0


async def test_a_transcript_without_a_price_is_said_and_stops_nothing(api: Api, studio: Studio) -> None:
    spoken_by(studio, Voices(hears_for=None))
    project = await told(studio, transcribes=True, ceiling_micros=VOICE)
    assert await cost(api, studio, project) == (VOICE, VOICE, False, False)


SAY = """mutation($input: SendChatMessageInput!) { sendChatMessage(input: $input) {
  job { id } userErrors { code field } } }"""
START = """mutation($input: StartChatInput!) { startChat(input: $input) {
  chat { id } userErrors { code field } } }"""
MAKE_PERSONA = """mutation($input: CreatePersonaInput!) { createPersona(input: $input) {
  persona { id } userErrors { code field } } }"""
PLAN = """mutation($input: MakeWeeklyPlanInput!) { makeWeeklyPlan(input: $input) {
  job { id } userErrors { code field } } }"""
RULES_TOKENS, USUAL_TOKENS, TOKENS_PER_VIDEO = 1_500, 500, 150
TEACHER = document_gid("Persona", KIDS_TEACHER.id)


async def newest(kind: JobKind, owner_id: PydanticObjectId) -> Job:
    (job,) = await Job.find({"owner_id": owner_id, "kind": kind.value}).sort("-_id").limit(1).to_list()
    return job


async def answer_cost(api: Api, context: Any, chat: dict[str, Any], text: str) -> int:
    started = await api(context, START, input=chat)
    said = await api(context, SAY, input={"chatId": started.payload["chat"]["id"], "text": text})
    assert said.user_codes == []
    job = await newest(JobKind.CHAT_REPLY, context.require_viewer().user_id)
    assert job.estimate.is_priced
    assert job.estimate.duration_s > 0
    return job.estimate.cost_micros


async def test_an_answer_in_a_chat_has_its_price(api: Api, studio: Studio) -> None:
    spoken_by(studio, Voices())
    context = studio.context()
    text = "How do I begin? " * 20
    given = (len(text.strip()) + len(KIDS_TEACHER.traits.instructions)) // 4 + RULES_TOKENS
    found = await answer_cost(api, context, {"personaId": TEACHER}, text)
    assert found == pytest.approx(given + 2 * USUAL_TOKENS, abs=2)
    film = await make_project(context, frames=[make_frame(narration="Bees dance. " * 100)])
    about = {"personaId": TEACHER, "projectId": document_gid("Project", film.id)}
    assert await answer_cost(api, context, about, text) > found + 1_200 // 4


async def test_a_persona_of_few_words_costs_less(api: Api, studio: Studio) -> None:
    spoken_by(studio, Voices())
    context = studio.context()
    traits = {"name": "Terse", "instructions": "Be brief.", "maxOutputTokens": 100}
    made = await api(context, MAKE_PERSONA, input=traits)
    found = await answer_cost(api, context, {"personaId": made.payload["persona"]["id"]}, "Why?")
    assert found == pytest.approx(RULES_TOKENS + len("Be brief.Why?") // 4 + 2 * 100, abs=2)


async def test_a_plan_has_its_price(api: Api, studio: Studio) -> None:
    spoken_by(studio, Voices())
    context = studio.context()
    given = {"personaId": TEACHER, "brief": "Bees", "startsOn": "2026-12-30", "days": 7, "perDay": 2}
    assert (await api(context, PLAN, input=given)).user_codes == []
    job = await newest(JobKind.WEEKLY_PLAN, context.require_viewer().user_id)
    told = (len("Bees") + len(KIDS_TEACHER.traits.instructions)) // 4 + RULES_TOKENS
    assert job.estimate.cost_micros == pytest.approx(told + 2 * 14 * TOKENS_PER_VIDEO, abs=2)
    assert job.estimate.is_priced


async def test_figures_are_read_beside_the_event_loop(
    api: Api, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    readers = []

    def read(_: object) -> int:
        readers.append(threading.current_thread())
        return 1

    monkeypatch.setattr(steps, "spoken_letters", read)
    spoken_by(studio, Voices())
    project = await told(studio, transcribes=False)
    who, gid = studio.context(user_id=project.owner_id), document_gid("Project", project.id)
    await api(who, ONE, id=gid, kind="VOICEOVER")
    await api(who, WHOLE, id=gid)
    assert (await api(who, SPEAK, input={"projectId": gid})).user_codes == []
    assert len(readers) >= 3
    assert threading.main_thread() not in readers
