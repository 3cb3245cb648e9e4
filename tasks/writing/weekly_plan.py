"""Planning what to make on which day."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession

from access.authentication import viewer
from access.belongings import sees
from documents.companies import membership
from documents.jobs.job import Job
from documents.text import without_unprintable
from documents.writers_room import episodes, weekly_plan
from documents.writers_room.persona import Persona
from documents.writers_room.show import Show
from documents.writers_room.weekly_plan import PlanEntry, WeeklyPlan
from providers.protocols.chat import Plan, PlannedVideo, Planner, PlanRequest
from providers.protocols.persona import Persona as Role
from tasks.buying.amounts import Amounts, text_amounts
from tasks.buying.order import Order
from tasks.buying.provenance import took
from tasks.buying.purchases import buy, spoiled
from tasks.job_engine.derived import derived_id
from tasks.job_engine.work import Done, Hopeless, Report
from tasks.workshop import Workshop, ask
from tasks.writing.personas import persona_in
from tasks.writing.told_before import recent_subjects

_EPISODES: Final = 20
_LETTERS_PER_VIDEO: Final = 600
_TITLE_LENGTH: Final = 200
_TOPIC_LENGTH: Final = 2_000
_HOOK_LENGTH: Final = 500
_TAG_LENGTH: Final = 60
_TAGS: Final = 30


async def make_weekly_plan(shop: Workshop, job: Job, report: Report) -> Done:
    """Ask a persona for a plan and put it in its place."""
    plan = await WeeklyPlan.find_one({"job_id": job.id})
    if plan is None:
        raise Hopeless("PLAN_GONE", "The plan was deleted while it was being made.")
    persona = await persona_in(plan.persona_id, plan.persona_version)
    if persona is None:
        raise Hopeless("PERSONA_GONE", "The persona was deleted: ask another one for a plan.")
    report(0, 1, stage="planning")
    request, company_id = await plan_request(plan, persona)
    planner = await ask(_planner(shop, plan.owner_id, company_id))
    order = Order(
        name="plan",
        inputs=replace(request, avoid=()),  # what was told lately makes no plan out of date
        offer=planner.offer,
        model=None,
        amounts=plan_amounts(request),
        project=None,
        company_id=company_id,
    )
    made = await buy(shop, job, order, Plan, lambda _: planner.plan(request))
    await Persona.note_use(plan.persona_id, now=shop.now())
    entries = entries_of(job, plan, made)
    if not entries:
        why = "The persona planned nothing for these days: say more in the brief."
        raise await spoiled(shop, job, order, "PLAN_EMPTY", why)

    async def attach(session: AsyncClientSession) -> None:
        await weekly_plan.fill(plan.id, entries, now=shop.now(), session=session)

    return Done(
        result={"plan_id": str(plan.id), "entries": len(entries)},
        attach=attach,
        took=took(job, made.usage, units=1),
    )


async def plan_request(plan: WeeklyPlan, persona: Role) -> tuple[PlanRequest, PydanticObjectId | None]:
    """What a persona is asked for, and the company whose keys may pay for it; None for none."""
    show, company_id = await _show_of(plan)
    told = [] if show is None else await episodes.last_titles(show.id, whose(plan, show), most=_EPISODES)
    request = PlanRequest(
        persona=persona,
        brief=plan.brief,
        days=plan.calendar,
        language=plan.language,
        per_day=plan.per_day,
        audience=plan.audience,
        culture=plan.culture,
        show=None if show is None else f"{show.name}. {show.description}".strip(),
        avoid=tuple(dict.fromkeys([*told, *await recent_subjects(plan.owner_id, company_id)])),
    )
    return request, company_id


def plan_amounts(request: PlanRequest) -> Amounts:
    """Tokens of a plan with an idea of the usual length for each video."""
    given = len(request.brief) + len(request.persona.instructions) + sum(map(len, request.avoid))
    return text_amounts(given, len(request.days) * request.per_day * _LETTERS_PER_VIDEO)


async def _planner(
    shop: Workshop, owner_id: PydanticObjectId, company_id: PydanticObjectId | None
) -> Planner:
    return (await shop.providers.registry(owner_id, company_id)).planner()


async def _show_of(plan: WeeklyPlan) -> tuple[Show | None, PydanticObjectId | None]:
    """The show that is planned for, if its owner still sees it, and its company."""
    show = None if plan.show_id is None else await Show.get(plan.show_id)
    standing = await membership.standing(plan.owner_id)
    if show is None or standing is None or not sees(viewer(plan.owner_id, standing), show):
        return None, None
    return show, show.company_id


def whose(plan: WeeklyPlan, show: Show) -> Mapping[str, Any]:
    """Filter of the episodes whose titles a plan may know."""
    if show.company_id is None:
        return {"owner_id": plan.owner_id, "company_id": None}
    return {"company_id": show.company_id}


def entries_of(job: Job, plan: WeeklyPlan, made: Plan) -> list[PlanEntry]:
    """The ideas as they are stored: of the days that were asked for, no more a day than asked, by day."""
    taken: Counter[str] = Counter()
    entries = []
    for number, video in enumerate(made.videos):
        title, topic = _line(video.title, _TITLE_LENGTH), _text(video.topic, _TOPIC_LENGTH)
        if video.day in plan.calendar and taken[video.day] < plan.per_day and (title or topic):
            taken[video.day] += 1
            entries.append(_entry(derived_id(job.id, "entry", number), video, title=title, topic=topic))
    return sorted(entries, key=lambda entry: entry.day)


def _entry(entry_id: PydanticObjectId, video: PlannedVideo, *, title: str, topic: str) -> PlanEntry:
    tags = (_line(tag, _TAG_LENGTH).lstrip("#").strip() for tag in video.hashtags)
    return PlanEntry(
        id=entry_id,
        day=video.day,
        title=title or _line(topic, _TITLE_LENGTH),
        topic=topic or title,
        hook=_text(video.hook, _HOOK_LENGTH),
        hashtags=[tag for tag in dict.fromkeys(tags) if tag][:_TAGS],
    )


def _line(text: str, most: int) -> str:
    return " ".join(without_unprintable(text).split())[:most].strip()


def _text(text: str, most: int) -> str:
    return without_unprintable(text)[:most].strip()
