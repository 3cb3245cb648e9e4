"""Plans: asked for, put right, and turned into projects."""

from collections.abc import Mapping
from typing import Any, Final

from beanie import PydanticObjectId
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import BulkWriteError, DuplicateKeyError

from access.errors import NotFound
from access.permissions import Permission
from documents.jobs import job_list
from documents.jobs.job import QUEUE_OF, Job, JobKind
from documents.newest_first import Page, Window, page
from documents.projects.project import Project
from documents.transaction import in_transaction
from documents.writers_room import weekly_plan as stored
from documents.writers_room.weekly_plan import PlanEntry, WeeklyPlan
from providers.protocols.offer import Capability
from resolvers.companies.company_changes import answer
from resolvers.context import Context
from resolvers.fields import checked
from resolvers.jobs import job_room
from resolvers.jobs.generation import INTERACTIVE_PRIORITY
from resolvers.jobs.idempotency import key_fault
from resolvers.jobs.pricing import price_steps
from resolvers.jobs.providers import unsupported
from resolvers.outcome import Outcome, UserErrorCode
from resolvers.projects import projects
from resolvers.projects.projects import NewProject
from resolvers.tree.changes import nothing_given
from resolvers.writers_room import episodes, personas, shows
from tasks.buying.steps import Step
from tasks.job_engine.derived import derived_id
from tasks.writing.personas import persona_in
from tasks.writing.weekly_plan import plan_amounts, plan_request

_SHOWS: Final = ("language", "audience", "culture")
"""What a plan takes over from its show where nothing else is said."""


async def visible(context: Context, plan_id: PydanticObjectId) -> WeeklyPlan | None:
    """A plan of the viewer's own; None for any other."""
    viewer = context.require_viewer()
    found = await WeeklyPlan.get(plan_id)
    is_own = found is not None and found.owner_id == viewer.user_id
    return found if is_own and viewer.is_in_scope(Permission.ACCOUNT_VIEW) else None


async def load(context: Context, plan_id: PydanticObjectId) -> WeeklyPlan:
    """A plan of the viewer's own.

    Raises:
        NotFound: there is none.
    """
    found = await visible(context, plan_id)
    if found is None:
        raise NotFound("WeeklyPlan")
    return found


async def listed(context: Context, window: Window) -> Page[WeeklyPlan]:
    """A page of the viewer's plans, the newest first."""
    query = {"owner_id": context.require_viewer().user_id}
    return await page(WeeklyPlan, query, window, by="created_at")


async def make(
    context: Context,
    persona_id: PydanticObjectId,
    values: Mapping[str, Any],
    *,
    show_id: PydanticObjectId | None,
    idempotency_key: str | None,
) -> Outcome[WeeklyPlan]:
    """Have a persona plan what to make on which day, in a job of its own.

    Raises:
        NotFound: the viewer does not see the persona or the show.
    """
    persona = await personas.load(context, persona_id)
    show = None if show_id is None else await shows.load(context, show_id)
    if fault := key_fault(idempotency_key):
        return Outcome(user_errors=[fault])
    if idempotency_key is not None and (known := await _asked_before(context, idempotency_key)):
        return known
    of_show = {} if show is None else {name: getattr(show, name) for name in _SHOWS}
    given = {**of_show, **{name: value for name, value in values.items() if value is not None}}
    good, faults = checked(WeeklyPlan, given, at="input")
    if faults:
        return Outcome(user_errors=faults)
    viewer, now = context.require_viewer(), context.services.now()
    company_id = None if show is None else show.company_id
    registry = await context.services.providers.registry(viewer.user_id, company_id)
    if fault := unsupported(registry, Capability.PLAN, provider=None):
        return Outcome(user_errors=[fault])
    if full := await job_room.refusal(context, 1):
        return full
    role = await persona_in(persona_id, persona.version)
    if role is None:
        raise NotFound("Persona")
    job = _job(context, idempotency_key)
    plan = WeeklyPlan(
        **good,
        owner_id=viewer.user_id,
        persona_id=persona_id,
        persona_version=persona.version,
        show_id=show_id,
        job_id=job.id,
        created_at=now,
    )
    request, _ = await plan_request(plan, role)
    step = Step(job.kind, None, "", None, 1, amounts=plan_amounts(request))
    fault = await price_steps(context, registry, None, [job], [step])
    return Outcome(user_errors=[fault]) if fault else await _begin(context, plan, job)


async def _begin(context: Context, plan: WeeklyPlan, job: Job) -> Outcome[WeeklyPlan]:
    async def write(session: AsyncClientSession) -> None:
        await context.services.dispatcher.store([job], session)
        values = plan.model_dump(by_alias=True, exclude={"revision_id"})
        await WeeklyPlan.get_pymongo_collection().insert_one(values, session=session)

    try:
        await in_transaction(write)
    except BulkWriteError:  # the same order came twice at the same time
        key = job.idempotency_key
        again = None if key is None else await _asked_before(context, key)
        if again is None:
            raise
        return again
    await context.services.announcer.job(job)
    await context.services.dispatcher.admit(job.owner_id)
    return Outcome(plan)


def _job(context: Context, key: str | None) -> Job:
    job_id = PydanticObjectId()
    return Job(
        id=job_id,
        kind=JobKind.WEEKLY_PLAN,
        queue=QUEUE_OF[JobKind.WEEKLY_PLAN],
        owner_id=context.require_viewer().user_id,
        root_id=job_id,
        priority=INTERACTIVE_PRIORITY,
        idempotency_key=key,
        queued_at=context.services.now(),
    )


async def _asked_before(context: Context, key: str) -> Outcome[WeeklyPlan] | None:
    """What an order that was sent before came to; None for a new one."""
    job = await job_list.of_key(context.require_viewer().user_id, key)
    if job is None:
        return None
    plan = await WeeklyPlan.find_one({"job_id": job.id})
    if plan is not None:
        return Outcome(plan)
    text = f"This key was used for another {job.kind.value} job: take a new key for each new order."
    return Outcome.refused(UserErrorCode.INVALID, text, at="input.idempotencyKey")


async def update_entry(
    context: Context,
    plan_id: PydanticObjectId,
    entry_id: PydanticObjectId,
    values: Mapping[str, Any],
    *,
    expected_revision: int | None,
) -> Outcome[WeeklyPlan]:
    """Put an entry of a plan right.

    Raises:
        NotFound: the viewer has no such plan.
        NodeMissing: the plan has no such entry.
    """
    await load(context, plan_id)
    if not values:
        return nothing_given()
    good, faults = checked(PlanEntry, values, at="input")
    if faults:
        return Outcome(user_errors=faults)
    return await answer(stored.change_entry(plan_id, entry_id, good, expected_revision=expected_revision))


async def add_entry(
    context: Context, plan_id: PydanticObjectId, values: Mapping[str, Any], *, expected_revision: int | None
) -> Outcome[WeeklyPlan]:
    """Plan one more video, by hand.

    Raises:
        NotFound: the viewer has no such plan.
    """
    await load(context, plan_id)
    good, faults = checked(PlanEntry, values, at="input")
    if faults:
        return Outcome(user_errors=faults)
    return await answer(stored.add_entry(plan_id, PlanEntry(**good), expected_revision=expected_revision))


async def remove_entry(
    context: Context, plan_id: PydanticObjectId, entry_id: PydanticObjectId, *, expected_revision: int | None
) -> Outcome[WeeklyPlan]:
    """Take an entry out of a plan; a project that was made of it stays.

    Raises:
        NotFound: the viewer has no such plan.
        NodeMissing: the plan has no such entry.
    """
    await load(context, plan_id)
    return await answer(stored.remove_entry(plan_id, entry_id, expected_revision=expected_revision))


async def delete(context: Context, plan_id: PydanticObjectId) -> Outcome[WeeklyPlan]:
    """Remove a plan; one that is still being made is canceled. Projects that were made of it stay.

    Raises:
        NotFound: the viewer has no such plan.
    """
    plan = await load(context, plan_id)
    await WeeklyPlan.get_pymongo_collection().delete_one({"_id": plan_id})
    job = await Job.get(plan.job_id)
    if job is not None and not job.state.is_over:
        await context.services.dispatcher.cancel(job)
    return Outcome(plan)


async def make_project(
    context: Context, plan_id: PydanticObjectId, entry_id: PydanticObjectId, *, in_company: bool
) -> Outcome[Project]:
    """Make a project of an entry, once: asked again, the answer is that project.

    Args:
        context: the operation's.
        plan_id: which plan.
        entry_id: which of its entries.
        in_company: whether a project of no show is the viewer's company's, too.

    Raises:
        NotFound: the viewer has no such plan or entry.
    """
    plan = await load(context, plan_id)
    entry = plan.entry(entry_id)
    if entry is None:
        raise NotFound("WeeklyPlanEntry")
    # The id follows from the entry, so that two who ask at once make one project.
    project_id = derived_id("plan entry", plan.id, entry.id)
    if await Project.get(project_id) is None:
        try:
            outcome = await _made(context, plan, entry, project_id, in_company=in_company)
        except DuplicateKeyError:
            outcome = None
        if outcome is not None and outcome.user_errors:
            return outcome
    if entry.project_id is None:
        await stored.note_project(plan.id, entry.id, project_id)
    try:
        return Outcome(await context.projects.load(project_id, Permission.PROJECT_VIEW))
    except NotFound:
        text = "The project of this entry was deleted: restore it, or make a new one by hand."
        return Outcome.refused(UserErrorCode.INVALID, text, at="input.entryId")


async def _made(
    context: Context, plan: WeeklyPlan, entry: PlanEntry, project_id: PydanticObjectId, *, in_company: bool
) -> Outcome[Project]:
    own: dict[str, Any] = {"id": project_id, "title": entry.title, "tags": entry.hashtags}
    brief: dict[str, Any] = {
        "topic": entry.topic,
        "prompt": f"Open with: {entry.hook}" if entry.hook else None,
        "language": plan.language,
        "audience": plan.audience,
        "culture": plan.culture,
    }
    show = None if plan.show_id is None else await shows.visible(context, plan.show_id)
    if show is None or show.persona_id is None:
        own |= {"persona_id": plan.persona_id, "persona_version": plan.persona_version}
    if show is not None:
        return await episodes.create(context, show.id, own=own, brief=brief)
    return await projects.make(context, NewProject(own, brief, {}, {}), in_company=in_company)
